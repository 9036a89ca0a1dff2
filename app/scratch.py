"""Folders for what a run of something writes and nobody keeps: gone with it, or at a later start.

Each has a lock in it, which the system frees when its process dies. So what a killed program left
is known by its lock, and no other folder of the user's is ever taken for one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "portside-"
_LOCK = ".portside.lock"
_YOUNG_S = 60.0  # its lock may be about to be taken


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Make a folder of this user's alone, deleted after the block. Any thread. Raises OSError."""
    from filelock import FileLock

    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        lock = FileLock(Path(name) / _LOCK, timeout=0, mode=0o600, thread_local=False)
        with suppress(OSError, NotImplementedError):  # without it nobody clears after us
            lock.acquire()
        try:
            yield Path(name)
        finally:
            lock.release()


def clear_scratch() -> None:
    """Delete the folders of this user's programs that were killed. Any thread; raises nothing."""
    with suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIX):
                with suppress(OSError, NotImplementedError):
                    _clear(entry)


def _clear(entry: os.DirEntry[str]) -> None:
    from filelock import FileLock, Timeout

    lock, state = Path(entry.path) / _LOCK, entry.stat(follow_symlinks=False)
    if not entry.is_dir(follow_symlinks=False) or state.st_mtime > time.time() - _YOUNG_S:
        return
    if not lock.is_file() or (os.name == "posix" and state.st_uid != os.getuid()):
        return
    with suppress(Timeout):
        with FileLock(lock, timeout=0, mode=0o600):
            pass  # its process is gone, and nobody takes its name again
        shutil.rmtree(entry.path, ignore_errors=True)
