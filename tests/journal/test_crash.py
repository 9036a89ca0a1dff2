"""kill -9 in the middle of a flood: the file opens, and holds all but the last moment."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.journal.entry import Kind
from app.journal.intake import BUDGET_BYTES
from app.journal.journal import Journal
from app.journal.reader import Reader
from app.journal.shelf import Shelf
from tests.journal.crash_child import CHUNK_BYTES
from tests.journal.crashes import check_prefix, kill_in_flood

Opened = Callable[..., Journal]
Reading = Callable[[Journal | Path], Reader]

# What waits for the disk. It is 0.1 s at most, as tests/bench measures: a busy machine may stop a
# process for longer, but not let more of it wait.
LOST_BYTES = BUDGET_BYTES * 1.1


@pytest.mark.parametrize("after_s", [0.05, 0.2, 0.5])
def test_a_killed_flood_leaves_an_unbroken_prefix(after_s: float, path: Path) -> None:
    left = check_prefix(path, kill_in_flood(path, after_s))
    assert left.entries > 1_000
    assert left.lost * CHUNK_BYTES < LOST_BYTES


def test_a_crashed_journal_is_offered_settled_and_appended_to(
    tmp_path: Path, reading: Reading
) -> None:
    shelf = Shelf(tmp_path)
    path = shelf.new_path()
    kill_in_flood(path, 0.05)
    (item,) = shelf.crashed()
    assert item.path == path
    assert item.entries > 0
    assert not item.in_use
    reader = reading(path)
    last_id = reader.last_id
    assert last_id == item.entries
    reader.close()
    shelf.settle(path)
    assert shelf.crashed() == []
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    journal = Journal(path)
    assert journal.append(99, Kind.IN, b"more") == last_id + 1
    journal.close()
    assert [entry.data for entry in reading(path).back(99, Kind.IN, last_id + 2, 5)] == [b"more"]


def test_going_on_with_a_crashed_journal_settles_it(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    path = shelf.new_path()
    kill_in_flood(path, 0.05)
    journal = Journal(path)
    with closing(journal.reader()) as reader:
        entries = reader.entries(reader.first_id, reader.last_id)
        known = {*reader.clients(), *(entry.client_id for entry in entries)}
    assert known
    assert journal.new_client_id() > max(known)
    assert shelf.crashed() == []
    journal.close()
    assert shelf.crashed() == []
