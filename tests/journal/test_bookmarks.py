"""Bookmarks in a journal: kept, pruned with their entries, and written into an old file too."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from app.journal.bookmarks import mark_file
from app.journal.entry import Bookmark, Kind
from app.journal.errors import JournalBusy, JournalUnreadable
from app.journal.journal import Journal
from app.journal.reader import Reader
from app.journal.schema import VERSION, version_of
from tests.journal.hostile import make
from tests.support.wait import wait_until

ROOT = Path(__file__).resolve().parents[2]


def marks(path: Path) -> dict[int, str]:
    with closing(Reader(path)) as reader:
        return reader.bookmarks()


def test_a_bookmark_is_known_at_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "live.db"
    with closing(Journal(path)) as journal, closing(journal.reader()) as reader:
        for number in range(5):
            journal.append(1, Kind.IN, b"x", number)
        for entry_id, comment in (
            (4, "here \ud800"),
            (2, ""),
            (3, "gone"),
            (3, None),
            (2, "泵坏了"),
        ):
            journal.set_bookmark(Bookmark(entry_id, comment))
        assert reader.bookmarks() == {2: "泵坏了", 4: "here ?"}
        wait_until(lambda: not reader.ledger.waiting())  # type: ignore[union-attr]
        assert reader.bookmarks() == {2: "泵坏了", 4: "here ?"}
        journal.set_bookmark(Bookmark(2, None))
        assert reader.bookmarks() == {4: "here ?"}
    assert marks(path) == {4: "here ?"}
    with closing(sqlite3.connect(path)) as plain:
        rows = plain.execute("SELECT entry_id, client_id, comment FROM bookmarks").fetchall()
    assert rows == [(4, 1, "here ?")]


def test_a_bookmark_goes_with_its_entry(tmp_path: Path) -> None:
    path = tmp_path / "small.db"
    with (
        closing(Journal(path, limit_bytes=400_000)) as journal,
        closing(journal.reader()) as reader,
    ):
        journal.append(1, Kind.IN, b"first", 0)
        journal.set_bookmark(Bookmark(1, "the first"))
        while journal.first_id == 1:
            journal.append(1, Kind.IN, bytes(1_000), 0)
            journal.wait_for_room()
        assert reader.bookmarks() == {}
        journal.set_bookmark(Bookmark(1, "too late"))
        journal.set_bookmark(Bookmark(journal.last_id, "the last"))
        last_id = journal.last_id
        assert reader.bookmarks() == {last_id: "the last"}
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("SELECT * FROM bookmark").fetchall() == [(last_id, "the last")]


def test_a_mark_at_an_entry_that_was_never_stored_is_nobody_elses(tmp_path: Path) -> None:
    path = tmp_path / "crashed.db"
    with closing(Journal(path)) as journal:
        journal.append(1, Kind.IN, b"x", 0)
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute("INSERT INTO bookmark VALUES (2, 'lost')")
    with closing(Journal(path)) as journal:
        journal.append(1, Kind.IN, b"y", 1)
        with closing(journal.reader()) as reader:
            assert reader.bookmarks() == {}


def test_an_old_file_is_marked_while_it_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    make(path)
    with closing(Reader(path)) as shown:
        entries = shown.entries(1, 1_000)
        assert shown.bookmarks() == {}
        assert mark_file(path, [Bookmark(2, "seen"), Bookmark(3, "")]) == {2: "seen", 3: ""}
        assert mark_file(path, [Bookmark(3, None)]) == {2: "seen"}
        assert shown.bookmarks() == {2: "seen"}
        assert shown.entries(1, 1_000) == entries
        assert list(shown.clients()) == [1, 2, 3]
    with closing(sqlite3.connect(path)) as plain:
        assert version_of(plain) == VERSION
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_journal_in_use_is_its_writers(tmp_path: Path) -> None:
    path = tmp_path / "live.db"
    with closing(Journal(path)) as journal:
        journal.append(1, Kind.IN, b"x", 0)
        with pytest.raises(JournalBusy):
            mark_file(path, [Bookmark(1, "mine")])
    assert marks(path) == {}


def test_what_cannot_be_written_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    make(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")  # who holds it does so longer than anybody waits
        before = path.read_bytes()
        with pytest.raises(JournalUnreadable, match="locked"):
            mark_file(path, [Bookmark(1, "no")])
        assert path.read_bytes() == before
    (tmp_path / "text.db").write_text("not a journal")
    with pytest.raises(JournalUnreadable):
        mark_file(tmp_path / "text.db", [Bookmark(1, "no")])


AS_NOBODY = """
import os, sys, filelock, logging
from pathlib import Path
from app.journal.bookmarks import mark_file
from app.journal.entry import Bookmark
from app.journal.errors import JournalUnreadable
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    mark_file(Path(sys.argv[1]), [Bookmark(1, "no")])
except JournalUnreadable as error:
    print(error.system_text)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such permissions")
def test_a_read_only_folder_says_so() -> None:
    with tempfile.TemporaryDirectory() as name:  # not below tmp_path: nobody may enter its parents
        path = Path(name) / "old.db"
        make(path)
        before = path.read_bytes()
        path.chmod(0o444)
        path.parent.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, str(path)], cwd=ROOT, capture_output=True, text=True
        )
        path.parent.chmod(0o755)
        assert (done.stdout, done.stderr) == ("Permission denied\n", "")
        assert path.read_bytes() == before
        assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="RLIMIT_FSIZE")
def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    make(path)
    before = path.read_bytes()
    program = f"""
import resource, signal
from pathlib import Path
from app.journal.bookmarks import mark_file
from app.journal.entry import Bookmark
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({len(before)}, {len(before)}))
mark_file(Path({str(path)!r}), [Bookmark(n, "x" * 1000) for n in range(1, 100)])
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert "JournalUnreadable" in done.stderr
    assert marks(path) == {}
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
