"""The folder of journals: a file for each run, the oldest deleted, the crashed ones offered."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from time import time
from typing import NamedTuple

from app.journal.errors import JournalError, JournalUnreadable, Unreadable
from app.journal.lock import is_locked, release_lock, take_lock
from app.journal.opening import connect_reader, connect_writer
from app.journal.schema import TIME_NS
from app.journal.sqlite_errors import SqliteErrors, unreadable
from app.paths import make_folder

KEPT_BYTES = 10 * 1024**3
KEPT_S = 365 * 86_400

_PATTERN = "portside-*.db"


class ShelfItem(NamedTuple):
    """One journal in the folder."""

    path: Path
    size_bytes: int  # with its write-ahead log
    modified: float  # seconds since the epoch
    in_use: bool  # some process has it locked
    crashed: bool  # its program ended without closing it, and nobody has settled that
    settled: bool  # it can be read, and all its runs are over
    first_ns: int  # wall clock of its oldest entry; 0 if it has none or cannot be read
    entries: int  # 0 if it cannot be read


class Shelf:
    """Looks after one folder; keeps nothing in memory. Any thread, one at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def new_path(self) -> Path:
        """Return where this run's journal goes; make the folder. Raises OSError."""
        make_folder(self.folder)
        name = f"portside-{datetime.now():%Y%m%d-%H%M%S}-{os.getpid()}"
        path = self.folder / f"{name}.db"
        number = 1
        while path.exists():
            number += 1
            path = self.folder / f"{name}-{number}.db"
        return path

    def journals(self) -> list[ShelfItem]:
        """Return what is in the folder, the newest first."""
        return sorted(self._items(), key=lambda item: item.modified, reverse=True)

    def crashed(self) -> list[ShelfItem]:
        """Return the journals whose program died, the newest first."""
        return [item for item in self.journals() if item.crashed]

    def settle(self, path: Path) -> None:
        """The user knows that this journal's program died: do not offer it again.

        Raises JournalBusy if it is in use, JournalUnreadable if it cannot be read.
        """
        lock = take_lock(path)
        try:
            if not path.is_file():  # or it would be made
                raise JournalUnreadable(path, Unreadable.CANNOT_OPEN, "no such file")
            with closing(connect_writer(path)) as connection:
                connection.execute(
                    "UPDATE run SET closed_ns = coalesce("
                    "(SELECT time_ns FROM entry ORDER BY id DESC LIMIT 1), opened_ns)"
                    " WHERE closed_ns = 0"
                )
                connection.execute("PRAGMA journal_mode=DELETE").fetchall()
        except SqliteErrors as error:
            raise unreadable(path, error) from error
        finally:
            release_lock(lock)

    def prune(self, total_bytes: int = KEPT_BYTES, age_s: float = KEPT_S) -> int:
        """Delete the oldest journals beyond `total_bytes`, and those older; return how many.

        Only those that ended in order, or whose end the user has been told of: the others are
        counted and stay.
        """
        deleted = size_bytes = 0
        for item in self.journals():
            size_bytes += item.size_bytes
            if item.settled and (size_bytes > total_bytes or time() - item.modified > age_s):
                deleted += self._deleted(item)
        return deleted

    def _deleted(self, item: ShelfItem) -> bool:
        try:
            self.delete(item.path)
        except (JournalError, OSError):  # taken into use a moment ago, or not ours to delete
            return False
        return True

    def delete(self, path: Path) -> None:
        """Delete a journal and the files beside it. Raises JournalBusy or OSError."""
        try:
            lock = take_lock(path)
        except JournalUnreadable as error:
            raise PermissionError(str(error)) from error
        try:
            path.unlink()
            for suffix in ("-wal", "-shm", "-journal"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        finally:
            release_lock(lock)

    def _items(self) -> Iterator[ShelfItem]:
        for path in self.folder.glob(_PATTERN):
            try:
                state = path.stat()
            except OSError:  # deleted a moment ago
                continue
            in_use = is_locked(path)
            open_runs, first_ns, entries = _summary(path) or (None, 0, 0)
            yield ShelfItem(
                path,
                state.st_size + _size_of_log(path),
                state.st_mtime,
                in_use,
                bool(open_runs) and not in_use,
                open_runs == 0 and not in_use,
                first_ns,
                entries,
            )


def _size_of_log(path: Path) -> int:
    try:
        return path.with_name(path.name + "-wal").stat().st_size
    except OSError:  # mostly there is none, or another process has just taken it over
        return 0


def _summary(path: Path) -> tuple[int, int, int] | None:
    """Return the runs that were not closed, the oldest entry's time, the number of entries."""
    try:
        with closing(connect_reader(path, live=False)) as connection:
            return connection.execute(  # type: ignore[no-any-return]
                "SELECT (SELECT count(*) FROM run WHERE closed_ns = 0),"
                f" coalesce((SELECT {TIME_NS} FROM entry ORDER BY id LIMIT 1), 0),"
                " coalesce((SELECT max(id) FROM entry) - (SELECT min(id) FROM entry) + 1, 0) & -1"
            ).fetchone()
    except (JournalUnreadable, *SqliteErrors):
        return None
