"""What a Linux program file (ELF) says of itself, read by pyelftools on any system."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.construct.core import ConstructError
from elftools.elf.dynamic import DynamicSegment, DynamicTag
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection

MAGIC = b"\x7fELF"

Version = tuple[int, ...]


class NotElf(Exception):
    """The file is no 64-bit Linux program file; the text says what is wrong with it."""


class ElfFile:
    """One program or library. Raises NotElf, OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as stream:
                file = ELFFile(stream)
                if (file.elfclass, file.little_endian) != (64, True):
                    raise NotElf(f"{path.name} is not for 64 bits, little end first")
                if any(part["p_offset"] + part["p_filesz"] > file.stream_len
                       for part in file.iter_segments()):  # fmt: skip
                    raise NotElf(f"{path.name} is cut off")
                self._read(file)
        except (ELFError, ConstructError, UnicodeDecodeError) as error:
            raise NotElf(f"{path.name} is no whole program file: {error}") from error

    def _read(self, file: ELFFile) -> None:
        self.machine: str = file["e_machine"]  # as the standard calls it: "EM_X86_64"
        parts = [part for part in file.iter_segments() if isinstance(part, DynamicSegment)]
        tags = [tag for part in parts for tag in part.iter_tags()]
        # The libraries it wants, by the names that the loader looks for.
        self.needs = [_name(tag, "needed") for tag in tags if tag.entry.d_tag == "DT_NEEDED"]
        # What others want it by; "" for a program or a plugin.
        names = [_name(tag, "soname") for tag in tags if tag.entry.d_tag == "DT_SONAME"]
        self.soname = names[0] if names else ""
        # The newest version that it wants of glibc, for example (2, 34); () for none.
        self.glibc: Version = max(_glibc_versions(file), default=())


def _name(tag: DynamicTag, kind: str) -> str:
    return str(getattr(tag, kind))  # set where the tag is of that kind


def _glibc_versions(file: ELFFile) -> Iterator[Version]:
    for section in file.iter_sections("SHT_GNU_verneed"):
        assert isinstance(section, GNUVerNeedSection)
        for _, versions in section.iter_versions():
            for version in versions:
                kind, _, number = version.name.partition("_")
                if kind == "GLIBC" and number[:1].isdigit():
                    yield tuple(int(part) for part in number.split("."))


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
