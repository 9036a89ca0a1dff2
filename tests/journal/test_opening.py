"""Where a journal may lie, who may read it, and folders where processes share no memory."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from app.journal.entry import ClientRecord, Kind
from app.journal.errors import JournalUnreadable, Unreadable
from app.journal.journal import Journal
from app.journal.lock import lock_path
from app.journal.opening import file_uri
from app.journal.reader import Reader
from app.journal.shelf import Shelf
from tests.support.wait import wait_until

Opened = Callable[..., Journal]
Reading = Callable[[Journal | Path], Reader]

posix = pytest.mark.skipif(sys.platform == "win32", reason="rights and links as POSIX has them")


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (PureWindowsPath(r"C:\Users\李\a b.db"), "file:///C:/Users/%E6%9D%8E/a%20b.db?mode=ro"),
        (PureWindowsPath(r"\\nas\share\x.db"), "file:////nas/share/x.db?mode=ro"),
        (PureWindowsPath(r"\\nas\c$\50%#1.db"), "file:////nas/c%24/50%25%231.db?mode=ro"),
        (PureWindowsPath(r"\\?\C:\long\x.db"), "file:////%3F/C:/long/x.db?mode=ro"),
        (PurePosixPath("/home/me/x.db"), "file:///home/me/x.db?mode=ro"),
        (PurePosixPath("/a?b#c%20d&e=f/x.db"), "file:///a%3Fb%23c%2520d%26e%3Df/x.db?mode=ro"),
        (PurePosixPath("//nas/x.db"), "file:////nas/x.db?mode=ro"),
    ],
)
def test_every_path_has_an_address(path: PurePath, uri: str) -> None:
    assert file_uri(path, "ro") == uri


@pytest.mark.parametrize(
    "name", ["a?mode=rw.db", "50%41 #1.db", "c&cache=shared.db", "日志 é.db", "file:x.db"]
)
def test_a_journal_of_any_name_is_written_and_read(
    name: str, tmp_path: Path, reading: Reading
) -> None:
    if sys.platform == "win32" and set("?:") & set(name):
        pytest.skip("no such name there")
    journal = Journal(tmp_path / name)
    journal.append(1, Kind.IN, b"x")
    wait_until(lambda: journal.stored_id == 1)
    live = journal.reader()
    assert live.entries(1, 1)[0].data == b"x"
    live.close()
    journal.close()
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert reading(tmp_path / name).last_id == 1


@posix
def test_a_name_that_is_no_text(tmp_path: Path, reading: Reading) -> None:
    path = Path(os.fsdecode(bytes(tmp_path) + b"/\xff\xfe.db"))
    Journal(path).close()
    assert reading(path).last_id == 0


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def generous() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@posix
@pytest.mark.usefixtures("generous")
def test_nobody_else_reads_a_journal(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "made" / "journals")
    path = shelf.new_path()
    journal = Journal(path)
    journal.append(1, Kind.IN, b"password")
    wait_until(lambda: journal.stored_id == 1)
    reader = journal.reader()
    reader.entries(1, 1)
    found = {file.name.removeprefix(path.name): mode_of(file) for file in shelf.folder.iterdir()}
    assert found == {"": 0o600, "-wal": 0o600, "-shm": 0o600, ".lock": 0o600}
    assert mode_of(shelf.folder) == mode_of(shelf.folder.parent) == 0o700
    reader.close()
    journal.close()
    assert mode_of(path) == 0o600


@posix
@pytest.mark.usefixtures("generous")
def test_what_is_there_keeps_its_rights(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o755)
    path = Shelf(folder).new_path()
    path.touch(0o640)
    Journal(path).close()
    assert mode_of(folder) == 0o755
    assert mode_of(path) == 0o640


def without_shared_memory(journal: Path, how: str) -> None:
    """Let SQLite fail to map the file through which processes share a write-ahead log's index."""
    index = journal.with_name(journal.name + "-shm")
    if how == "folder":
        index.mkdir()
    else:
        index.symlink_to("/nowhere/at/all")


def fill(journal: Journal) -> None:
    journal.add_client(ClientRecord(1, "::1", 1, "gbk", 1))
    for number in range(2_000):
        journal.append(1, Kind.IN, b"%d" % number, number)
    wait_until(lambda: journal.stored_id >= 2_000)


@posix
@pytest.mark.parametrize("how", ["folder", "link"])
def test_a_share_without_shared_memory_takes_a_journal(
    how: str, path: Path, opened: Opened, reading: Reading
) -> None:
    without_shared_memory(path, how)
    journal = opened()
    live = reading(journal)
    fill(journal)
    assert not path.with_name(path.name + "-wal").exists()
    assert [int(entry.data) for entry in live.entries(1, 9_999)] == list(range(2_000))
    assert len(live.matching_ids(frozenset({1}), None, 0, 9_999)) == 2_000
    assert live.client(1) is not None
    assert journal.health.fault is None
    assert journal.close() == 0
    assert reading(path).last_id == 2_000


@posix
@pytest.mark.parametrize("how", ["folder", "link"])
def test_a_crashed_journal_goes_on_where_memory_is_not_shared(
    how: str, tmp_path: Path, opened: Opened, reading: Reading, path: Path
) -> None:
    elsewhere = Journal(tmp_path / "elsewhere.db")
    fill(elsewhere)
    for suffix in ("", "-wal"):
        shutil.copy(f"{elsewhere.path}{suffix}", f"{path}{suffix}")
    elsewhere.close()
    without_shared_memory(path, how)
    journal = opened()
    assert journal.append(1, Kind.IN, b"more") == 2_001
    assert len(reading(journal).entries(1, 9_999)) == 2_001


@posix
def test_what_an_interrupted_write_left_is_not_shown_as_whole(path: Path) -> None:
    """Beside a plain journal lies what would be needed to undo a half-written transaction."""
    without_shared_memory(path, "folder")
    Journal(path).close()
    path.with_name(path.name + "-shm").rmdir()
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode=DELETE")
        writer.execute("PRAGMA cache_size=1")
        writer.execute("PRAGMA cache_spill=1")
        writer.execute("BEGIN")
        writer.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
            " INSERT INTO entry SELECT i, 1, 1, 1, 0, 0, '', zeroblob(4000) FROM n"
        )
        copy = path.with_name("copy.db")
        for suffix in ("", "-journal"):
            shutil.copy(f"{path}{suffix}", f"{copy}{suffix}")
    with pytest.raises(JournalUnreadable) as caught:
        Reader(copy)
    assert caught.value.fault == Unreadable.CANNOT_OPEN
    journal = Journal(copy)
    assert journal.last_id == 0
    journal.close()


@posix
def test_a_folder_that_takes_nothing_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x" / "journal.db"
    path.parent.mkdir()
    lock_path(path).mkdir()
    with pytest.raises(JournalUnreadable):
        Journal(path)
    assert [file.name for file in path.parent.iterdir()] == ["journal.db.lock"]
