"""Files and folders that appear whole, or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app.paths import part_beside


@contextmanager
def whole_file(path: Path, cancelled: Callable[[], bool] = lambda: False) -> Iterator[BinaryIO]:
    """Open a file beside `path`, which takes its place at the end. Raises OSError.

    Cancelled or failed, nothing is left of it, and what was at `path` is as before. A pipe or a
    device is written to as it is.
    """
    path = Path(os.path.realpath(path))  # a link stays a link
    if path.exists() and not (path.is_file() or path.is_dir()):
        with path.open("wb") as file:
            yield file
        return
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    part = part_beside(path)
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if not cancelled():
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Path]:
    """Make a folder beside `path`, which takes its place at the end. Raises OSError.

    Cancelled or failed, nothing is left of it. What is at `path` already is never touched, unless
    it is an empty folder.
    """
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    part = part_beside(path)
    part.mkdir()
    try:
        yield part
        if not cancelled():
            if path.exists():
                path.rmdir()
            part.rename(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)
