"""Files that are no journals, journals that cannot be written, and the size limit."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.journal.entry import ClientRecord, Entry, Kind
from app.journal.errors import JournalUnreadable, Unreadable
from app.journal.journal import Journal
from app.journal.reader import Reader
from tests.support.wait import wait_until

Opened = Callable[..., Journal]
Reading = Callable[[Journal | Path], Reader]


def foreign_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE entry(id)")


def damaged_journal(path: Path) -> None:
    journal = Journal(path)
    for number in range(3_000):
        journal.append(1, Kind.IN, b"x" * 200, number * 200)
    journal.close()
    content = bytearray(path.read_bytes())
    content[100:400] = b"\xff" * 300  # the table of contents, behind a header that is sound
    path.write_bytes(content)


def later_journal(path: Path) -> None:
    Journal(path).close()
    with closing(sqlite3.connect(path)) as later:
        later.execute("PRAGMA user_version=99")


MAKERS: list[tuple[Callable[[Path], object], Unreadable]] = [
    (lambda path: path.write_bytes(os.urandom(50_000)), Unreadable.NOT_A_JOURNAL),
    (lambda path: path.write_text("hello"), Unreadable.NOT_A_JOURNAL),
    (foreign_database, Unreadable.NOT_A_JOURNAL),
    (damaged_journal, Unreadable.DAMAGED),
    (later_journal, Unreadable.NEWER),
    (lambda path: path.mkdir(), Unreadable.CANNOT_OPEN),
]


@pytest.mark.parametrize(("make", "fault"), MAKERS)
def test_what_is_no_journal_is_refused_and_not_touched(
    make: Callable[[Path], object], fault: Unreadable, path: Path
) -> None:
    make(path)
    before = path.read_bytes() if path.is_file() else None
    for use in (Journal, Reader):
        with pytest.raises(JournalUnreadable) as caught:
            use(path)
        assert caught.value.fault == fault
        assert caught.value.path == path
    if before is not None:
        assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_missing_file_is_not_made_by_reading(path: Path) -> None:
    with pytest.raises(JournalUnreadable) as caught:
        Reader(path)
    assert caught.value.fault == Unreadable.CANNOT_OPEN
    assert not path.exists()


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(JournalUnreadable) as caught:
        Journal(tmp_path / "nowhere" / "journal.db")
    assert caught.value.fault == Unreadable.CANNOT_OPEN


def test_an_empty_file_becomes_a_journal(path: Path, opened: Opened) -> None:
    path.touch()
    assert opened().append(1, Kind.IN, b"x") == 1


READ_AS_NOBODY = """
import os, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from app.journal.reader import Reader
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
assert not os.access(Path(sys.argv[1]).parent, os.W_OK)
reader = Reader(Path(sys.argv[1]))
print(len(reader.entries(1, 1000)), reader.matching_ids(frozenset({1}), None, 0, 9)[0])
reader.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such permissions")
@pytest.mark.parametrize("left", ["closed", "as_it_was"])
def test_an_old_journal_opens_from_a_read_only_folder(left: str, tmp_path: Path) -> None:
    import tempfile

    # Not below tmp_path, whose parents nobody else may enter.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = tmp_path / "journal.db"
        journal = Journal(source)
        for number in range(500):
            journal.append(1, Kind.IN, b"x", number)
        if left == "closed":
            journal.close()
            shutil.copy(source, folder / "journal.db")
        else:  # as a crash leaves it: with its write-ahead log
            wait_until(lambda: journal.stored_id == 500)
            for file in tmp_path.iterdir():
                shutil.copy(file, folder / file.name)
            journal.close()
        for file in folder.iterdir():
            file.chmod(0o444)
        folder.chmod(0o555)
        root = Path(__file__).resolve().parents[2]
        done = subprocess.run(
            [sys.executable, "-c", READ_AS_NOBODY, str(folder / "journal.db"), str(root)],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        folder.chmod(0o755)
        assert done.stdout == "500 1\n", done.stderr


def test_the_oldest_go_beyond_the_limit(opened: Opened, reading: Reading, path: Path) -> None:
    limit_bytes = 2_000_000
    journal = opened(limit_bytes=limit_bytes)
    reader = reading(journal)
    for number in range(20_000):
        journal.append(1 + number % 3, Kind.IN, b"%06d" % number * 100, number * 600)
        if journal.crowded:
            journal.wait_for_room()
        if number == 10_000:
            wait_until(lambda: journal.stored_id >= 10_000)
    wait_until(lambda: journal.stored_id == journal.last_id)
    wait_until(lambda: journal.waiting_bytes == 0)
    assert journal.size_bytes <= limit_bytes * 1.1
    assert journal.first_id > 10_000
    first_id, last_id = reader.first_id, reader.last_id
    entries = reader.entries(1, 50_000)
    assert [entry.id for entry in entries] == list(range(first_id, last_id + 1))
    assert reader.matching_ids(frozenset({1}), None, 0, 1)[0] >= first_id
    told = [entry.detail for entry in entries if entry.kind == Kind.PRUNED]
    journal.close()
    assert path.stat().st_size <= limit_bytes * 3
    old = reading(path)
    assert old.first_id == first_id
    assert [e.id for e in old.entries(0, 99_999)] == list(range(first_id, old.last_id + 1))
    for detail in told:
        assert detail["count"] > 0
        assert detail["size_bytes"] > 0


def test_the_log_says_how_many_went(opened: Opened, reading: Reading) -> None:
    journal = opened(limit_bytes=300_000)
    for number in range(2_000):
        journal.append(1, Kind.IN, bytes(1_000), number * 1_000)
    wait_until(lambda: journal.first_id > 1)
    reader = reading(journal)

    def told() -> list[Entry]:  # also between those that still came in
        entries = reader.entries(reader.first_id, 3_000)
        return [entry for entry in entries if entry.kind == Kind.PRUNED]

    wait_until(told)
    event = told()[-1]
    assert event.detail["count"] >= 1
    assert event.client_id == 0


def test_clients_go_with_their_entries(opened: Opened, reading: Reading) -> None:
    """Many come and go; who is still there, or has entries left, keeps his address."""
    limit_bytes = 1_000_000
    journal = opened(limit_bytes=limit_bytes)
    journal.add_client(ClientRecord(1, "10.0.0.1", 1, "gbk", 1))
    for number in range(2, 20_000):
        journal.add_client(ClientRecord(number, "10.0.0.2", 5, "gbk", 1))
        journal.append_event(number, Kind.ONLINE)
        journal.append(number, Kind.IN, b"hello")
        journal.update_client(number, closed_ns=2, reason="fin")
        journal.append_event(number, Kind.OFFLINE, reason="fin", unsent_bytes=0, error="")
        if number % 500 == 0:
            wait_until(lambda: journal.stored_id == journal.last_id)
    wait_until(lambda: journal.stored_id == journal.last_id)
    assert journal.size_bytes <= limit_bytes * 1.2
    assert journal.first_id > 10_000
    reader = reading(journal)
    known = reader.clients()
    assert 1 in known  # online all the time
    assert len(known) < 15_000
    left = {entry.client_id for entry in reader.entries(journal.first_id, 100_000)} - {0}
    assert left <= set(known)
    assert len(known) <= len(left) + 2
