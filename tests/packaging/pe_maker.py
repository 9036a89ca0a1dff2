"""Small Windows program files, made by hand: headers, one section, imports, a version."""

from __future__ import annotations

import struct
from pathlib import Path

ADDRESS = 0x1000  # where the section lies in memory
OFFSET = 0x400  # and in the file
FIXED_BYTES = 52  # of VS_FIXEDFILEINFO
Version = tuple[int, int, int, int]


def make_pe(
    path: Path,
    imports: dict[str, list[str]] | None = None,
    *,
    machine: int = 0x8664,
    subsystem: int = 2,
    linker: tuple[int, int] = (14, 44),
    version: Version | None = None,
    wine: bool = False,
) -> Path:
    """Write a file that has what an audit reads, and nothing to run."""
    body = bytearray()
    import_place = _add_imports(body, imports or {})
    resource_place = _add_version(body, version) if version else 0
    mark = b"Wine builtin DLL\0" if wine else b""
    head = bytearray(b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x80) + mark.ljust(0x40, b"\0"))
    head += b"PE\0\0" + struct.pack("<HHIIIHH", machine, 1, 0, 0, 0, 240, 0x22)
    optional = bytearray(112)
    struct.pack_into("<HBB", optional, 0, 0x20B, *linker)
    struct.pack_into("<H", optional, 68, subsystem)
    struct.pack_into("<I", optional, 108, 16)
    directories = [(0, 0)] * 16
    directories[1] = (import_place, 1)
    directories[2] = (resource_place, 1)
    head += optional + b"".join(struct.pack("<II", *entry) for entry in directories)
    size = len(body)
    head += b".data\0\0\0" + struct.pack("<IIII16x", size, ADDRESS, size, OFFSET)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(head).ljust(OFFSET, b"\0") + bytes(body))
    return path


def _add(body: bytearray, data: bytes) -> int:
    """Append `data`; return its address."""
    address = ADDRESS + len(body)
    body += data
    return address


def _add_imports(body: bytearray, imports: dict[str, list[str]]) -> int:
    table = b""
    for dll, names in imports.items():
        hints = [_add(body, b"\0\0" + name.encode() + b"\0") for name in names]
        by_number = 1 << 63 | 7  # one more, without a name
        thunks = _add(body, struct.pack(f"<{len(hints) + 2}Q", *hints, by_number, 0))
        table += struct.pack("<IIIII", thunks, 0, 0, _add(body, dll.encode() + b"\0"), thunks)
    return _add(body, table + bytes(20))


def _add_version(body: bytearray, version: Version) -> int:
    """Append a tree of one resource: kind, name, language, data."""
    a, b, c, d = version
    numbers = (0xFEEF04BD, 0x10000, a << 16 | b, c << 16 | d)
    fixed = struct.pack("<IIII", *numbers).ljust(FIXED_BYTES, b"\0")
    head = struct.pack("<HHH", 40 + FIXED_BYTES, FIXED_BYTES, 0)
    text = "VS_VERSION_INFO\0".encode("utf-16-le")
    data = _add(body, (head + text).ljust(40, b"\0") + fixed)
    levels = b""
    for level, number in enumerate((16, 1, 1033)):
        below = (level + 1) * 24 | (0 if level == 2 else 1 << 31)
        levels += struct.pack("<12xHHII", 0, 1, number, below)
    return _add(body, levels + struct.pack("<IIII", data, 40 + FIXED_BYTES, 0, 0))
