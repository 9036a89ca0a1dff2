"""The folder of journals: what is kept, what goes, what is never touched."""

from __future__ import annotations

import os
import re
import threading
import time
from pathlib import Path

import pytest

from app.journal.entry import Kind
from app.journal.errors import JournalBusy, JournalUnreadable
from app.journal.journal import Journal
from app.journal.lock import lock_path
from app.journal.shelf import Shelf
from tests.journal.crashes import kill_in_flood

NOW_S = 1_800_000_000


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "journals")


def put(shelf: Shelf, age: int, size_bytes: int = 0) -> Path:
    path = shelf.new_path()
    journal = Journal(path)
    journal.append(1, Kind.IN, bytes(size_bytes))
    journal.close()
    os.utime(path, (NOW_S - age, NOW_S - age))
    return path


def test_each_run_has_a_file_of_its_own(shelf: Shelf) -> None:
    paths = {put(shelf, age) for age in range(3)}
    assert len(paths) == 3
    for path in paths:
        assert path.parent == shelf.folder
        assert re.fullmatch(rf"portside-\d{{8}}-\d{{6}}-{os.getpid()}(-\d+)?\.db", path.name)


def test_they_are_listed_newest_first(shelf: Shelf) -> None:
    paths = [put(shelf, age) for age in (5, 1, 3)]
    (shelf.folder / "portside-notes.txt").write_text("not a journal")
    (shelf.folder / "portside-broken.db").write_bytes(b"\x00" * 100)
    os.utime(shelf.folder / "portside-broken.db", (1, 1))
    items = shelf.journals()
    assert [item.path for item in items[:3]] == [paths[1], paths[2], paths[0]]
    first, broken = items[0], items[3]
    assert (first.entries, first.in_use, first.crashed) == (1, False, False)
    assert first.size_bytes == first.path.stat().st_size
    assert first.first_ns > 0
    assert (broken.entries, broken.first_ns, broken.crashed) == (0, 0, False)
    assert Shelf(shelf.folder / "nowhere").journals() == []


def test_their_number_costs_none_of_them(shelf: Shelf) -> None:
    paths = {put(shelf, age) for age in range(30)}
    assert shelf.prune(age_s=1e12) == 0
    assert {item.path for item in shelf.journals()} == paths


def test_those_of_long_ago_go(shelf: Shelf) -> None:
    now_s = time.time()
    paths = [put(shelf, age) for age in range(3)]
    for path, age_s in zip(paths, (10, 500, 5_000), strict=True):
        os.utime(path, (now_s - age_s, now_s - age_s))
    assert shelf.prune(age_s=1_000) == 1
    assert {item.path for item in shelf.journals()} == set(paths[:2])


def test_a_crashed_journal_is_never_deleted_before_it_is_settled(shelf: Shelf) -> None:
    crashed = shelf.new_path()
    kill_in_flood(crashed, 0.05)
    unreadable = shelf.folder / "portside-unreadable.db"
    unreadable.write_bytes(b"it may hold anything")
    for path in (crashed, unreadable):
        os.utime(path, (1, 1))
    newer = [put(shelf, age) for age in range(3)]
    assert shelf.prune(total_bytes=0, age_s=0) == len(newer)
    assert {item.path for item in shelf.journals()} == {crashed, unreadable}
    shelf.settle(crashed)
    assert shelf.prune(total_bytes=0, age_s=0) == 1
    assert {item.path for item in shelf.journals()} == {unreadable}


def test_settling_what_is_gone_makes_nothing(shelf: Shelf) -> None:
    path = put(shelf, 0)
    path.unlink()
    with pytest.raises(JournalUnreadable):
        shelf.settle(path)
    assert list(shelf.folder.iterdir()) == []


def test_a_folder_that_changes_while_it_is_looked_through(shelf: Shelf) -> None:
    """Another process takes its write-ahead log over at any moment."""
    path = shelf.new_path()
    ended = threading.Event()

    def work() -> None:
        while not ended.is_set():
            try:
                journal = Journal(path)
            except JournalBusy:  # somebody is just asking whether it is in use
                continue
            journal.append(1, Kind.IN, b"x")
            journal.close()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for _ in range(100):
            assert len(shelf.journals()) <= 1
    finally:
        ended.set()
        worker.join()


def test_not_more_than_so_many_bytes_are_kept(shelf: Shelf) -> None:
    paths = [put(shelf, age, size_bytes=500_000) for age in range(5)]
    each = paths[0].stat().st_size
    assert shelf.prune(total_bytes=each * 3, age_s=1e12) == 2
    assert {item.path for item in shelf.journals()} == set(paths[:3])


def test_a_journal_in_use_is_never_deleted(shelf: Shelf) -> None:
    path = shelf.new_path()
    journal = Journal(path)
    os.utime(path, (1, 1))
    put(shelf, 0)
    (item,) = [item for item in shelf.journals() if item.path == path]
    assert item.in_use
    assert not item.crashed
    assert shelf.prune(total_bytes=0) == 1
    with pytest.raises(JournalBusy):
        shelf.delete(path)
    with pytest.raises(JournalBusy):
        shelf.settle(path)
    journal.append(1, Kind.IN, b"still here")
    assert journal.close() == 0
    os.utime(path, (1, 1))
    assert shelf.prune(total_bytes=0) == 1
    assert shelf.journals() == []


def test_a_lock_left_behind_is_no_lock(shelf: Shelf) -> None:
    path = put(shelf, 0)
    lock_path(path).write_text("12345")
    assert not shelf.journals()[0].in_use
    Journal(path).close()
    lock_path(path).touch()
    shelf.delete(path)
    assert list(shelf.folder.iterdir()) == []


def test_deleting_takes_what_lies_beside(shelf: Shelf) -> None:
    path = put(shelf, 0)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).touch()
    shelf.delete(path)
    assert list(shelf.folder.iterdir()) == []
    with pytest.raises(FileNotFoundError):
        shelf.delete(path)
    assert list(shelf.folder.iterdir()) == []
