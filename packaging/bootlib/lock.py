"""One bootstrap at a time: a lock that the system takes back when its holder dies."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

RETRY_S = 0.2


@contextmanager
def only_one(path: Path) -> Iterator[IO[bytes]]:
    """Hold the lock at `path`; wait, and say so, while another process holds it.

    The open file is yielded: a child process that inherits it keeps the lock alive (POSIX). So a
    pip whose parent was killed is waited for too.
    """
    with path.open("ab") as file:
        if not _try(file):
            print("bootstrap: another one is at work, waiting for it …", file=sys.stderr)
            while not _try(file):
                time.sleep(RETRY_S)
        yield file


if sys.platform == "win32":
    import msvcrt

    def _try(file: IO[bytes]) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
