"""What a Linux program file (ELF) says of itself, read on any system.

Only what an audit asks: for which processor it is, which libraries it wants, and how new a C
library. The format: "System V ABI", chapters 4 and 5; versions: "Linux Standard Base", 10.7.
"""

from __future__ import annotations

import struct
from pathlib import Path

X64, ARM64 = 62, 183  # the machines
MAGIC = b"\x7fELF"

_LOAD, _DYNAMIC = 1, 2  # kinds of a program header
_NEEDED, _STRTAB, _SONAME, _VERNEED, _VERNEEDNUM = 1, 5, 14, 0x6FFFFFFE, 0x6FFFFFFF
_IDENT = struct.Struct("<4sBB")  # magic, 64-bit, little endian
_64_BIT, _LITTLE = 2, 1

Version = tuple[int, ...]


class NotElf(Exception):
    """The file is no 64-bit Linux program file; the text says what is wrong with it."""


class ElfFile:
    """One program or library. Raises NotElf, OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._data = path.read_bytes()
        try:
            self._read_headers()
            dynamic = self._read_dynamic()
            self._names = self._offset(dynamic[_STRTAB][0]) if _STRTAB in dynamic else 0
            # The libraries it wants, by the names that the loader looks for.
            self.needs = [self._text(at) for at in dynamic.get(_NEEDED, ())]
            # What others want it by; "" for a program or a plugin.
            self.soname = self._text(dynamic[_SONAME][0]) if _SONAME in dynamic else ""
            # The newest version that it wants of glibc, for example (2, 34); () for none.
            self.glibc = max(self._glibc_versions(dynamic), default=())
        except (struct.error, ValueError, IndexError) as error:
            raise NotElf(f"{path.name} is cut off or damaged: {error}") from error

    def _read_headers(self) -> None:
        magic, bits, order = _IDENT.unpack_from(self._data.ljust(_IDENT.size, b"\0"))
        if magic != MAGIC:
            raise NotElf(f"{self.path.name} does not begin with ELF")
        if (bits, order) != (_64_BIT, _LITTLE):
            raise NotElf(f"{self.path.name} is not for 64 bits, little end first")
        self.machine = self._number("<H", 18)
        table, size, count = self._number("<Q", 32), self._number("<H", 54), self._number("<H", 56)
        # kind, offset in the file, address in memory, size in the file
        self._segments = [
            struct.unpack_from("<I4xQQ8xQ", self._data, table + size * index)
            for index in range(count)
        ]

    def _read_dynamic(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for kind, offset, _, size in self._segments:
            if offset + size > len(self._data):
                raise ValueError("a part of it is missing")
            if kind == _DYNAMIC:
                for tag, value in struct.iter_unpack("<qQ", self._data[offset : offset + size]):
                    found.setdefault(tag, []).append(value)
        return found

    def _glibc_versions(self, dynamic: dict[int, list[int]]) -> list[Version]:
        found = []
        at = self._offset(dynamic[_VERNEED][0]) if _VERNEED in dynamic else 0
        for _ in range(dynamic.get(_VERNEEDNUM, [0])[0]):
            count, first, following = struct.unpack_from("<2xH4xII", self._data, at)
            entry = at + first
            for _ in range(count):
                name, step = struct.unpack_from("<8xII", self._data, entry)
                kind, _, number = self._text(name).partition("_")
                if kind == "GLIBC" and number[:1].isdigit():
                    found.append(tuple(int(part) for part in number.split(".")))
                entry += step
            at += following
        return found

    # -- finding one's way --------------------------------------------------------------------

    def _offset(self, address: int) -> int:
        """Return where in the file lies what is at `address` in memory."""
        for kind, offset, start, size in self._segments:
            if kind == _LOAD and start <= address < start + size:
                return int(address - start + offset)
        raise ValueError(f"nothing lies at address {address:#x}")

    def _number(self, how: str, at: int) -> int:
        return int(struct.unpack_from(how, self._data, at)[0])

    def _text(self, at: int) -> str:
        start = self._names + at
        return self._data[start : self._data.index(b"\0", start)].decode("ascii")


def elf_files(folder: Path) -> list[Path]:
    """Return every program and library under `folder`, sorted; links to others are left out."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and is_elf(path)
    )


def is_elf(path: Path) -> bool:
    """Whether a file begins as a Linux program file does. Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC
