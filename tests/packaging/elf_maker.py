"""Small Linux program files, made by hand: headers, names of libraries, versions of glibc."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

HEADER_BYTES, SEGMENT_BYTES, SECTION_BYTES = 64, 56, 64


def make_elf(
    path: Path,
    needs: Sequence[str] = (),
    *,
    soname: str = "",
    glibc: Sequence[str] = (),
    machine: int = 62,
) -> Path:
    """Write a file that has what an audit reads, and nothing to run."""
    names = bytearray(b"\0")
    head = HEADER_BYTES + 2 * SEGMENT_BYTES

    def name(text: str) -> int:
        names.extend(text.encode() + b"\0")
        return len(names) - len(text) - 1

    entries = [(1, name(library)) for library in needs]  # DT_NEEDED
    if soname:
        entries.append((14, name(soname)))
    versions = [name(f"GLIBC_{version}") for version in glibc]
    libc = name("libc.so.6")
    verneed = b""
    if versions:
        verneed = struct.pack("<HHIII", 1, len(versions), libc, 16, 0)
        for at in versions:
            verneed += struct.pack("<IHHII", 0, 0, 2, at, 16)
    body = bytes(names) + verneed
    entries.append((5, head))  # DT_STRTAB
    dynamic = b"".join(struct.pack("<qQ", *entry) for entry in [*entries, (0, 0)])
    at = head + len(body)
    total = at + len(dynamic)
    # kind, offset, size, the section with its names, number of entries
    sections = [(0, 0, 0, 0, 0), (3, head, len(names), 0, 0)]
    if versions:
        sections.append((0x6FFFFFFE, head + len(names), len(verneed), 1, 1))
    table = b"".join(
        struct.pack("<IIQQQQIIQQ", 0, kind, 0, place, place, size, link, info, 1, 0)
        for kind, place, size, link, info in sections
    )
    ident = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    counts = (HEADER_BYTES, SEGMENT_BYTES, 2, SECTION_BYTES, len(sections), 1)
    header = ident + struct.pack(
        "<HHIQQQIHHHHHH", 3, machine, 1, 0, HEADER_BYTES, total, 0, *counts
    )
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, 0, 0, total, total, 1)
    dynamic_segment = struct.pack("<IIQQQQQQ", 2, 6, at, at, at, len(dynamic), len(dynamic), 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header + load + dynamic_segment + body + dynamic + table)
    return path
