"""A disk that is full or fails: everything is kept, retried, and stored when there is room."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.journal.entry import ClientRecord, Kind
from app.journal.journal import Journal
from app.journal.reader import Reader
from tests.support.wait import wait_until

Opened = Callable[..., Journal]
Reading = Callable[[Journal | Path], Reader]


class SmallDisk:
    """Lets the file grow to a number of pages, which can be changed at any time."""

    def __init__(self, pages: int) -> None:
        self.pages = pages
        self._set: Callable[[], object] = lambda: None

    def configure(self, connection: sqlite3.Connection) -> None:
        def limit(statement: str) -> None:
            if statement.startswith(("BEGIN", "INSERT")):
                self._set()

        def set_limit() -> None:
            connection.set_trace_callback(None)
            connection.execute(f"PRAGMA max_page_count={self.pages}")
            connection.set_trace_callback(limit)

        self._set = set_limit
        set_limit()


def test_all_resumes_when_there_is_room_again(opened: Opened, reading: Reading) -> None:
    news: list[int] = []
    disk = SmallDisk(pages=20)
    journal = opened(configure=disk.configure, on_news=lambda: news.append(1))
    reader = reading(journal)
    journal.add_client(ClientRecord(1, "::1", 1, "gbk", 1))
    count = 0
    while journal.health.fault is None or not journal.crowded:
        journal.append(1, Kind.IN, b"%06d" % count * 1_000, count)
        count += 1
        if journal.crowded:
            wait_until(lambda: journal.health.fault or not journal.crowded)
    assert journal.health.fault == "full"
    assert journal.health.problem == "database or disk is full"
    assert [entry.data[:6] for entry in reader.entries(count, 1)] == [b"%06d" % (count - 1)]
    assert not reader.entries(1, 2)[0].offset
    journal.rearm_news()
    before = len(news)
    disk.pages = 100_000
    wait_until(lambda: journal.stored_id == count)
    wait_until(lambda: journal.health.problem is None and not journal.crowded)
    wait_until(lambda: len(news) > before)
    journal.close()
    old = reading(journal.path)
    found = [int(entry.data[:6]) for entry in old.entries(1, count)]
    assert found == list(range(count))
    assert old.client(1) is not None


def test_closing_on_a_full_disk_says_what_is_lost(opened: Opened, reading: Reading) -> None:
    disk = SmallDisk(pages=20)
    journal = opened(configure=disk.configure)
    for _ in range(10):
        journal.append(1, Kind.IN, bytes(100_000))
    wait_until(lambda: journal.health.fault == "full")
    stored = journal.stored_id
    assert journal.close(deadline_s=0.1) == 10 - stored > 0
    assert reading(journal.path).last_id == stored


def test_what_a_failing_commit_stored_is_not_stored_twice(opened: Opened, reading: Reading) -> None:
    """A COMMIT can fail after the rows are safe; the retry finds them in the file."""
    failed: list[str] = []

    def configure(connection: sqlite3.Connection) -> None:
        journal_write = connection.execute

        def after_commit(statement: str) -> None:
            if statement == "COMMIT" and not failed:
                failed.append(statement)
                connection.set_trace_callback(None)
                journal_write("COMMIT")  # the rows are safe, and the COMMIT under way must fail
                connection.set_trace_callback(after_commit)

        connection.set_trace_callback(after_commit)

    faults: list[str | None] = []
    journal = opened(configure=configure)

    def noted(error: sqlite3.Error | None) -> None:
        journal._note_problem(error)
        faults.append(journal.health.fault)

    journal._writer._on_problem = noted
    for number in range(100):
        journal.append(1, Kind.IN, b"%d" % number)
    # More than one statement: there is a COMMIT.
    journal.add_client(ClientRecord(1, "::1", 1, "gbk", 1))
    wait_until(lambda: journal.stored_id == 100)
    wait_until(lambda: faults == ["failing", None])
    journal.close()
    assert [int(e.data) for e in reading(journal.path).entries(1, 200)] == list(range(100))


def limited(folder: Path, how: str) -> dict[str, Any]:
    """Let a child process work below a limit that the system keeps; return what it tells."""
    script = Path(__file__).with_name("limited_child.py")
    done = subprocess.run(
        [sys.executable, str(script), str(folder / "journal.db"), how],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
@pytest.mark.parametrize("how", ["large", "small", "mixed", "reading"])
def test_a_flood_goes_on_below_the_file_size_limit(how: str, tmp_path: Path) -> None:
    """The oldest go before the system refuses, as on FAT32 at 4 GiB: here at 16 MiB less a byte."""
    told = limited(tmp_path, how)
    assert told["faults"] == []
    assert told["lost"] == 0
    assert told["pruned"]
    assert told["unbroken"]
    assert max(told["sizes"].values()) < 16 * 1024 * 1024


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
def test_a_real_file_size_limit(tmp_path: Path) -> None:
    """The system itself refuses to let the file grow, then allows it: nothing is lost."""
    told = limited(tmp_path, "late")
    assert told["fault"] == "too_large"
    assert told["problem"]
    assert told["lost"] == 0
    assert told["numbers_ok"]


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be deleted there")
def test_a_file_deleted_while_it_is_written_is_said(opened: Opened) -> None:
    journal = opened()
    journal.append(1, Kind.IN, b"x")
    wait_until(lambda: journal.stored_id == 1)
    assert journal.health.fault is None
    journal.path.unlink()
    journal.append(1, Kind.IN, b"x")
    wait_until(lambda: journal.health.fault == "gone")
    assert journal.health.problem == str(journal.path)
    assert not journal.full  # nobody waits for it


def test_a_tool_that_locks_the_file_is_waited_for(opened: Opened) -> None:
    journal = opened()
    with closing(sqlite3.connect(journal.path, isolation_level=None)) as tool:
        tool.execute("BEGIN IMMEDIATE")
        journal.append(1, Kind.IN, b"x")
        wait_until(lambda: journal.health.fault == "failing")
        tool.execute("COMMIT")
    wait_until(lambda: journal.stored_id == 1 and journal.health.fault is None)
