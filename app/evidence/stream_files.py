"""The files into which one stream goes, one after the other: each byte once, come what may.

Written without a buffer, so that what has been taken is known to the byte. After an error the file
is opened anew and cut to that length. No file that was there before is ever touched.
Sorted by name they are the stream: each is numbered within the second in which it began.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

_FLAGS = os.O_WRONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_MOST_NAMES = 10_000  # of one second


class StreamFiles:
    """Grows by `write`. One thread at a time."""

    def __init__(self, new_path: Callable[[int], Path], rotate_bytes: int = 0) -> None:
        """`new_path`: where a file goes, by the wall clock of its first byte, ns; numbered there.

        A file holds at most `rotate_bytes`; 0: any number.
        """
        self._new_path = new_path
        self._rotate_bytes = rotate_bytes
        self._path: Path | None = None  # of the last file
        self._fd = -1
        self.size_bytes = 0  # of the last file
        self.began_ns = 0  # wall clock of its first byte
        self.files = 0

    @property
    def is_open(self) -> bool:
        """Whether a descriptor is in use."""
        return self._fd >= 0

    def write(self, data: memoryview, time_ns: int) -> int:
        """Write the first part of `data`, and return its size, at least 1 byte.

        Raises OSError: then nothing of it is in a file, and the same may be given again.
        """
        if self._is_full() or not self._is_there():
            self.rotate()
        if self._path is None:
            self._make(time_ns)
        room = self._rotate_bytes - self.size_bytes if self._rotate_bytes else len(data)
        try:
            taken = os.write(self._fd, data[: min(room, len(data))])
        except OSError as error:
            self.close()
            if error.errno != errno.EFBIG or not self.size_bytes:
                raise
            self.rotate()  # FAT32 takes no more than 4 GiB
            return self.write(data, time_ns)
        self.size_bytes += taken
        return taken

    def rotate(self) -> None:
        """What comes next goes into another file."""
        self.close()
        self._path = None
        self.size_bytes = 0

    def close(self) -> None:
        """Give the descriptor back; the next `write` goes on where this one ended."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def _is_full(self) -> bool:
        return bool(self._rotate_bytes) and self.size_bytes >= self._rotate_bytes

    def _is_there(self) -> bool:
        """Whether the file is what it was, open; somebody may have deleted it meanwhile."""
        if self._path is None:
            return True
        try:
            if self._fd < 0:
                self._fd = os.open(self._path, _FLAGS)
                os.ftruncate(self._fd, self.size_bytes)  # of a write that failed, perhaps
                os.lseek(self._fd, self.size_bytes, os.SEEK_SET)
            return os.fstat(self._fd).st_nlink > 0
        except FileNotFoundError:
            return False

    def _make(self, time_ns: int) -> None:
        path = self._new_path(time_ns)
        for n in range(1, _MOST_NAMES):
            one = path.with_stem(f"{path.stem}-{n:04}")
            try:
                self._fd = os.open(one, _FLAGS | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                continue
            self._path, self.began_ns, self.size_bytes = one, time_ns, 0
            self.files += 1
            return
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
