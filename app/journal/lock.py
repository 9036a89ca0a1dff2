"""The lock beside a journal in use: never pruned, never offered as crashed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app.journal.errors import JournalBusy, JournalUnreadable, Unreadable

if TYPE_CHECKING:
    from filelock import BaseFileLock


PATIENCE_S = 0.04


def lock_path(journal: Path) -> Path:
    """Return where the lock of `journal` is."""
    return journal.with_name(journal.name + ".lock")


def take_lock(journal: Path) -> BaseFileLock:
    """Lock `journal` for this process; raise JournalBusy, or JournalUnreadable if it cannot be.

    The system frees the lock when its process dies, so a file left behind is not a lock. Whoever
    asks `is_locked` has it for a moment: that is waited for.
    """
    from filelock import FileLock, Timeout  # not needed for the first window

    if not journal.parent.is_dir():  # filelock would make it
        raise JournalUnreadable(journal, Unreadable.CANNOT_OPEN, "no such folder")
    lock = FileLock(lock_path(journal), timeout=PATIENCE_S, mode=0o600, thread_local=False)
    try:
        lock.acquire(poll_interval=PATIENCE_S / 4)
    except Timeout as error:
        raise JournalBusy(journal) from error
    except (OSError, NotImplementedError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise JournalUnreadable(journal, Unreadable.CANNOT_OPEN, why) from error
    return lock


def release_lock(lock: BaseFileLock) -> None:
    """Free the lock and remove its file.

    While it is held, so that nobody can hold a file that is removed: who opened it before and
    locks it now notices that it has no name any more, and begins again.
    """
    with suppress(OSError):  # Windows does not remove an open file; there filelock does it
        Path(lock.lock_file).unlink()
    lock.release()


def is_locked(journal: Path) -> bool:
    """Whether some process has `journal` in use. Raises nothing."""
    if not lock_path(journal).exists():
        return False
    try:
        release_lock(take_lock(journal))
    except JournalBusy:
        return True
    except JournalUnreadable:  # a folder that we cannot write: nobody else's lock that we know of
        return False
    return False
