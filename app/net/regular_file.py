"""A file that a rule or a task sends: one that ends, and whose reading waits for nobody."""

from __future__ import annotations

import errno
import stat
from pathlib import Path
from typing import BinaryIO


class NoFile(OSError):
    """It is no regular file: nobody knows how long it is, or whether it ever ends."""


def open_file(path: str) -> BinaryIO:
    """Open a regular file, unbuffered. Raises OSError, NoFile; never waits for a pipe's writer."""
    where = Path(path).expanduser()
    if not stat.S_ISREG(where.stat().st_mode):  # not opened at all: that has effects on devices
        raise NoFile(errno.EINVAL, "no regular file", path)
    return where.open("rb", buffering=0)
