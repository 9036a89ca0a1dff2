"""What a Windows program file (PE) says of itself, read on any system.

Only what an audit asks: for which processor it is, which DLLs it wants and by which names, its
version, and whether Wine made it. The format: Microsoft's "PE Format" page on learn.microsoft.com.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

X64 = 0x8664
WINDOW, CONSOLE = 2, 3  # the subsystems
SUFFIXES = (".exe", ".dll", ".pyd")

_PE32_PLUS = 0x20B
_IMPORT, _RESOURCE, _DELAY_IMPORT = 1, 2, 13  # places in the table of data directories
_VERSION_RESOURCE = 16
_FIXED_VERSION = struct.pack("<I", 0xFEEF04BD)  # begins VS_FIXEDFILEINFO
_BY_ORDINAL = 1 << 63
_SECTION_BYTES = 40
# Wine writes it into the DOS header of each DLL of its own.
_WINE_MARKS = (b"Wine builtin DLL", b"Wine placeholder DLL")

Version = tuple[int, int, int, int]


class NotPe(Exception):
    """The file is no 64-bit Windows program file; the text says what is wrong with it."""


@dataclass(frozen=True)
class Section:
    """A part of the file, and where it lies in memory."""

    address: int
    size: int
    offset: int


class PeFile:
    """One .exe, .dll or .pyd. Raises NotPe, OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._data = path.read_bytes()
        try:
            self._read_headers()
            # The names it takes from each DLL (in lower case), at its start or later. Names taken
            # by number are left out, the DLL is not.
            self.imports = self._read_imports()
            # As its properties show it; None where it has none.
            self.version = self._read_version()
        except (struct.error, ValueError) as error:
            raise NotPe(f"{path.name} is cut off or damaged: {error}") from error

    def _read_headers(self) -> None:
        data = self._data
        if data[:2] != b"MZ":
            raise NotPe(f"{self.path.name} does not begin with MZ")
        (start,) = struct.unpack_from("<I", data, 0x3C)
        if data[start : start + 4] != b"PE\0\0":
            raise NotPe(f"{self.path.name} has no PE header")
        self.machine, count, optional_bytes = struct.unpack_from("<HH12xH", data, start + 4)
        optional = start + 24
        magic, *linker = struct.unpack_from("<HBB", data, optional)
        self.is_64_bit = magic == _PE32_PLUS
        self.linker: tuple[int, int] = (linker[0], linker[1])
        (self.subsystem,) = struct.unpack_from("<H", data, optional + 68)
        directories = optional + (112 if self.is_64_bit else 96)
        (known,) = struct.unpack_from("<I", data, directories - 4)
        self._directories = [
            struct.unpack_from("<II", data, directories + 8 * index) for index in range(known)
        ]
        table = optional + optional_bytes
        self._sections = [_section(data, table + _SECTION_BYTES * index) for index in range(count)]

    @property
    def made_by_wine(self) -> bool:
        """Whether it is one of Wine's stand-ins for a Windows DLL."""
        return self._data[0x40:0x60].startswith(_WINE_MARKS)

    def _read_imports(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        # (directory, bytes of an entry, offset of the DLL's name, offset of the names' table)
        for index, size, name_at, table_at in ((_IMPORT, 20, 12, 0), (_DELAY_IMPORT, 32, 4, 16)):
            place = self._directory(index)
            while place and (name := self._number(place + name_at)):
                names = self._number(place + table_at) or self._number(place + 16)
                found.setdefault(self._text(name).lower(), []).extend(self._names(names))
                place += size
        return found

    def _read_version(self) -> Version | None:
        place = self._resource(_VERSION_RESOURCE)
        if place is None:
            return None
        fixed = self._data.find(_FIXED_VERSION, place, place + 256)
        if fixed < 0:
            return None
        high, low = struct.unpack_from("<II", self._data, fixed + 8)
        return (high >> 16, high & 0xFFFF, low >> 16, low & 0xFFFF)

    # -- finding one's way --------------------------------------------------------------------

    def _directory(self, index: int) -> int:
        """Return the address of a data directory, 0 where there is none."""
        return int(self._directories[index][0]) if index < len(self._directories) else 0

    def _offset(self, address: int) -> int:
        """Return where in the file lies what is at `address` in memory."""
        for section in self._sections:
            if section.address <= address < section.address + section.size:
                return address - section.address + section.offset
        raise NotPe(f"{self.path.name}: nothing lies at address {address:#x}")

    def _number(self, address: int) -> int:
        (number,) = struct.unpack_from("<I", self._data, self._offset(address))
        return int(number)

    def _text(self, address: int) -> str:
        start = self._offset(address)
        return self._data[start : self._data.index(b"\0", start)].decode("ascii")

    def _names(self, address: int) -> list[str]:
        names = []
        offset = self._offset(address)
        while (entry := struct.unpack_from("<Q", self._data, offset)[0]) != 0:
            if not entry & _BY_ORDINAL:
                names.append(self._text(entry + 2))  # after a hint of two bytes
            offset += 8
        return names

    def _resource(self, kind: int) -> int | None:
        """Return the file offset of the first resource of a kind: kind, name, language, data."""
        root = self._directory(_RESOURCE)
        if not root:
            return None
        base = self._offset(root)
        table, wanted = base, kind
        for _ in range(3):
            named, numbered = struct.unpack_from("<HH", self._data, table + 12)
            entries = [
                struct.unpack_from("<II", self._data, table + 16 + 8 * index)
                for index in range(named + numbered)
            ]
            fitting = [place for number, place in entries if wanted in (number, 0)]
            if not fitting:
                return None
            table, wanted = base + (fitting[0] & 0x7FFFFFFF), 0
        return self._offset(self._number_at(table))

    def _number_at(self, offset: int) -> int:
        (number,) = struct.unpack_from("<I", self._data, offset)
        return int(number)


def _section(data: bytes, at: int) -> Section:
    memory_bytes, address, file_bytes, offset = struct.unpack_from("<IIII", data, at + 8)
    return Section(address, max(memory_bytes, file_bytes), offset)


def pe_files(folder: Path) -> list[Path]:
    """Return every program file under `folder`, sorted."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
