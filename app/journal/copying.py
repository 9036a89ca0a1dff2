"""A whole copy of a journal in one file, also of one that is being written."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from time import monotonic, sleep

from app.journal.lock import is_locked
from app.journal.opening import connect, connect_reader, make_file
from app.journal.reader import Reader
from app.journal.sqlite_errors import error_text
from app.paths import part_beside

_STEP_PAGES = 256  # 4 MiB between two looks at `cancelled`
_STORED_IN_S = 2.0  # so long what is in memory is waited for: ten times what the writer takes


class _Cancelled(Exception):
    """Out of SQLite's loop."""


def copy_journal(
    reader: Reader,
    target: Path,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Write the journal of `reader` to `target`, as it is now; return the copy's bytes.

    What is written meanwhile is not in it. The file appears whole or, if `cancelled()` or after an
    error, not at all. Raises OSError and JournalUnreadable. Slow: call it in a thread of its own.
    """
    if target.exists() and (target.samefile(reader.path) or is_locked(target)):
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(target))
    part = part_beside(target)
    make_file(part)
    with ExitStack() as undo:
        undo.callback(part.unlink, missing_ok=True)
        try:
            _write(reader, part, cancelled, progress)
        except sqlite3.Error as error:
            raise OSError(errno.EIO, error_text(error), str(part)) from error
        except _Cancelled:
            return 0
        size = part.stat().st_size
        for suffix in ("-wal", "-shm", "-journal"):  # of what was there before
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        part.replace(target)
    return size


def _write(
    reader: Reader, part: Path, cancelled: Callable[[], bool], progress: Callable[[int, int], None]
) -> None:
    def on_step(_status: int, left: int, pages: int) -> None:
        if cancelled():
            raise _Cancelled
        progress(pages - left, pages)

    with (
        closing(connect_reader(reader.path, reader.live)) as source,
        closing(connect(part, "rw")) as copy,
    ):
        if reader.live:
            _wait_for(source, reader.last_id)
        # Within a transaction of its own the copy is of one moment, and is not begun anew whenever
        # something is written.
        source.execute("BEGIN")
        source.execute("SELECT max(id) FROM entry").fetchall()
        source.backup(copy, pages=_STEP_PAGES, progress=on_step)
        source.execute("COMMIT")
        # A plain file that any tool can read, whose run is over.
        copy.execute("PRAGMA journal_mode=DELETE").fetchall()
        copy.execute("UPDATE run SET closed_ns = max(opened_ns, 1) WHERE closed_ns = 0")


def _wait_for(source: sqlite3.Connection, last_id: int) -> None:
    """Wait until the entry is stored that the user has seen; not for ever: the disk may be full."""
    until_s = monotonic() + _STORED_IN_S
    while monotonic() < until_s:
        if (source.execute("SELECT max(id) FROM entry").fetchone()[0] or 0) >= last_id:
            return
        sleep(0.02)
