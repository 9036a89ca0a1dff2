"""How large a file may become where the journal lies."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

FAT32_BYTES = (1 << 32) - 1


def largest_file(path: Path) -> int | None:
    """Return the most bytes that the file at `path` may have; None: no limit that would matter.

    The smaller of what the file system takes (FAT32 on a stick) and what this process may write.
    """
    if sys.platform == "win32":
        return _FAT_BYTES.get(_file_system_name(path))
    import resource

    limits = []
    process, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if process != resource.RLIM_INFINITY:
        limits.append(process)
    try:
        bits = os.pathconf(path.parent, "PC_FILESIZEBITS")
    except (OSError, ValueError):
        bits = 64
    if 0 < bits <= 33:  # Linux says 32 of FAT32, macOS 33
        limits.append(FAT32_BYTES if bits >= 32 else (1 << bits - 1) - 1)
    return min(limits, default=None)


def is_too_large(path: Path) -> bool:
    """Whether the journal at `path`, or its log, is as large as a file may be. Raises nothing."""
    largest = largest_file(path)
    if largest is None:
        return False
    for file in (path, path.with_name(path.name + "-wal")):
        with suppress(OSError):
            if file.stat().st_size + _NEAR_BYTES > largest:
                return True
    return False


_NEAR_BYTES = 64 * 1024
_FAT_BYTES = {"FAT32": FAT32_BYTES, "FAT": (1 << 31) - 1}


def _file_system_name(path: Path) -> str:
    """Return Windows' name of the file system; "" where it does not tell."""
    import ctypes

    kernel32 = getattr(ctypes, "windll").kernel32  # noqa: B009 - mypy off Windows knows no windll
    name = ctypes.create_unicode_buffer(64)
    root = path.absolute().anchor
    known = kernel32.GetVolumeInformationW(root, None, 0, None, None, None, name, len(name))
    return name.value if known else ""
