"""A copy of the main file alone, and a whole copy: each can be read, and holds what was seen."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.journal.copying import copy_journal
from app.journal.entry import ClientRecord, Kind
from app.journal.errors import JournalUnreadable
from app.journal.journal import Journal
from app.journal.reader import Reader
from app.journal.shelf import Shelf
from tests.journal.crashes import kill_in_flood
from tests.support.wait import wait_until

Opened = Callable[..., Journal]
Reading = Callable[[Journal | Path], Reader]


def views_of(path: Path) -> list[tuple[int, bytes]]:
    """Ask as an outside tool does."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone()[0] >= 0
        connection.execute("SELECT host FROM clients").fetchall()
        return connection.execute("SELECT client_id, data FROM chunks ORDER BY id").fetchall()


def copied(path: Path) -> Path:
    """Copy the main file alone."""
    alone = path.with_name("alone.db")
    shutil.copy(path, alone)
    return alone


def test_the_file_has_its_tables_from_the_first_moment(opened: Opened) -> None:
    journal = opened()
    assert views_of(copied(journal.path)) == []


def test_at_rest_the_main_file_has_everything(opened: Opened, reading: Reading) -> None:
    journal = opened()
    reader = reading(journal)
    for round_ in range(3):
        journal.add_client(ClientRecord(round_, "10.0.0.1", 5, "gbk", 1))
        for number in range(10):
            journal.append(1, Kind.IN, b"%d" % number, number)
        reader.entries(1, 100)
        count = 10 * (round_ + 1)
        wait_until(lambda n=count: len(views_of(copied(journal.path))) == n)  # type: ignore[misc]
    assert len(reading(copied(journal.path)).clients()) == 3


def test_it_is_brought_up_to_date_also_while_something_always_comes(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.journal.writer.UNITE_EVERY_S", 0.3)
    journal = opened()
    ended = threading.Event()

    def poll() -> None:
        while not ended.wait(0.05):
            journal.append(1, Kind.IN, b"x")

    device = threading.Thread(target=poll)
    device.start()
    try:
        wait_until(lambda: len(views_of(copied(journal.path))) > 3)
    finally:
        ended.set()
        device.join()


RESTING = """
import sys, threading
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from app.journal.journal import Journal
journal = Journal(Path(sys.argv[1]))
for number in range(10):
    journal.append(1, 0, b"%d" % number, number)
print("there", flush=True)
threading.Event().wait()
"""


def test_killed_at_rest_the_main_file_alone_is_whole(path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", RESTING, str(path), str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stdout.readline() == b"there\n"
        try:
            wait_until(lambda: len(views_of(copied(path))) == 10)
        finally:
            child.kill()
    assert [data for _, data in views_of(copied(path))] == [b"%d" % n for n in range(10)]


def test_a_copy_in_a_flood_is_of_one_moment(tmp_path: Path, opened: Opened) -> None:
    journal = opened()
    ended = threading.Event()

    def flood(client_id: int) -> None:
        number = 0
        while not ended.is_set():
            journal.append(client_id, Kind.IN, b"%08d" % number * 100, number * 800)
            number += 1
            if journal.crowded:
                journal.wait_for_room()

    workers = [threading.Thread(target=flood, args=(number,)) for number in (1, 2)]
    for worker in workers:
        worker.start()
    try:
        wait_until(lambda: journal.stored_id > 20_000)
        target = tmp_path / "copy.db"
        seen_id = journal.last_id
        steps: list[tuple[int, int]] = []
        with closing(journal.reader()) as reader:
            size = copy_journal(reader, target, progress=lambda *step: steps.append(step))
    finally:
        ended.set()
        for worker in workers:
            worker.join()
    assert size == target.stat().st_size
    assert steps
    assert steps[-1][0] == steps[-1][1]
    with closing(Reader(target)) as copy:
        assert copy.last_id >= seen_id
        numbers = {1: 0, 2: 0}
        next_id = 1
        while entries := copy.entries(next_id, 5_000):
            for entry in entries:
                assert entry.data[:8] == b"%08d" % numbers[entry.client_id]
                numbers[entry.client_id] += 1
            next_id = entries[-1].id + 1
        assert next_id == copy.last_id + 1
        assert len(copy.matching_ids(frozenset({1}), None, 0, 10**7)) == numbers[1]
    assert not target.with_name("copy.db-wal").exists()
    assert stat.S_IMODE(target.stat().st_mode) & 0o077 == 0


def test_a_copy_has_what_was_only_in_memory(tmp_path: Path, opened: Opened) -> None:
    journal = opened()
    journal.append(1, Kind.IN, b"a moment ago")
    with closing(journal.reader()) as reader:
        copy_journal(reader, tmp_path / "copy.db")
    assert views_of(tmp_path / "copy.db") == [(1, b"a moment ago")]


def test_a_copy_of_an_old_journal_is_not_taken_for_crashed(tmp_path: Path, opened: Opened) -> None:
    shelf = Shelf(tmp_path / "shelf")
    target = shelf.new_path()
    journal = opened()
    journal.append(1, Kind.IN, b"x")
    wait_until(lambda: journal.stored_id == 1)
    with closing(journal.reader()) as reader:
        copy_journal(reader, target)
    assert shelf.crashed() == []
    again = target.with_name("again.db")
    with closing(Reader(target)) as reader:
        copy_journal(reader, again)
    assert views_of(again) == [(1, b"x")]


def test_a_copy_given_up_leaves_nothing(tmp_path: Path, opened: Opened) -> None:
    journal = opened()
    for number in range(2_000):
        journal.append(1, Kind.IN, bytes(4_000), number)
    wait_until(lambda: journal.stored_id == 2_000)
    target = tmp_path / "copy" / "copy.db"
    target.parent.mkdir()
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) > 1

    with closing(journal.reader()) as reader:
        assert copy_journal(reader, target, cancelled=cancelled) == 0
    assert list(target.parent.iterdir()) == []
    assert journal.close() == 0


def test_a_copy_goes_over_no_journal_in_use(tmp_path: Path, opened: Opened) -> None:
    journal = opened()
    other = Journal(tmp_path / "other.db")
    with closing(journal.reader()) as reader:
        for target in (journal.path, other.path):
            with pytest.raises(OSError, match="busy"):
                copy_journal(reader, target)
        with pytest.raises((OSError, JournalUnreadable)):
            copy_journal(reader, tmp_path / "nowhere" / "copy.db")
    other.close()
    assert journal.append(1, Kind.IN, b"x") == 1


def test_a_copy_takes_the_place_of_a_crashed_journal_whole(tmp_path: Path, opened: Opened) -> None:
    """The write-ahead log that lies beside the old file must not be taken for the copy's."""
    crashed = tmp_path / "crashed.db"
    kill_in_flood(crashed, 0)
    assert crashed.with_name("crashed.db-wal").stat().st_size > 0
    journal = opened()
    journal.append(1, Kind.IN, b"x")
    with closing(journal.reader()) as reader:
        copy_journal(reader, crashed)
    assert views_of(crashed) == [(1, b"x")]
