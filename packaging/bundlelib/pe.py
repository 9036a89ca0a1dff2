"""What a Windows program file (PE) says of itself, read by pefile on any system."""

from __future__ import annotations

from pathlib import Path

import pefile  # type: ignore[import-untyped]

X64: int = pefile.MACHINE_TYPE["IMAGE_FILE_MACHINE_AMD64"]
WINDOW: int = pefile.SUBSYSTEM_TYPE["IMAGE_SUBSYSTEM_WINDOWS_GUI"]
CONSOLE: int = pefile.SUBSYSTEM_TYPE["IMAGE_SUBSYSTEM_WINDOWS_CUI"]
SUFFIXES = (".exe", ".dll", ".pyd")

SECTION_BYTES = 40  # in the table of sections

_READ = [
    pefile.DIRECTORY_ENTRY[f"IMAGE_DIRECTORY_ENTRY_{name}"]
    for name in ("IMPORT", "DELAY_IMPORT", "RESOURCE")
]
# Wine writes it into the DOS header of each DLL of its own.
_WINE_MARKS = (b"Wine builtin DLL", b"Wine placeholder DLL")
_AFTER_DOS_HEADER = slice(0x40, 0x60)

Version = tuple[int, int, int, int]


class NotPe(Exception):
    """The file is no Windows program file; the text says what is wrong with it."""


class PeFile:
    """One .exe, .dll or .pyd. Raises NotPe, OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        data = path.read_bytes()
        try:
            with pefile.PE(data=data, fast_load=True) as file:
                if _end(file) > len(data):  # pefile reads on, as Windows does not
                    raise NotPe(f"{path.name} is cut off")
                file.parse_data_directories(_READ)
                self.machine: int = file.FILE_HEADER.Machine
                optional = file.OPTIONAL_HEADER
                self.is_64_bit: bool = optional.Magic == pefile.OPTIONAL_HEADER_MAGIC_PE_PLUS
                self.linker = (optional.MajorLinkerVersion, optional.MinorLinkerVersion)
                self.subsystem: int = optional.Subsystem
                # The names it takes from each DLL (in lower case), at its start or later. Names
                # taken by number are left out, the DLL is not.
                self.imports = _imports(file)
                # As its properties show it; None where it has none.
                self.version = _version(file)
        except (pefile.PEFormatError, AttributeError) as error:
            raise NotPe(f"{path.name} is no whole program file: {error}") from error
        # Whether it is one of Wine's stand-ins for a Windows DLL.
        self.made_by_wine = data[_AFTER_DOS_HEADER].startswith(_WINE_MARKS)


def _end(file: pefile.PE) -> int:
    """Return how long the file must be to have all its headers and sections."""
    headers = file.FILE_HEADER
    table = file.OPTIONAL_HEADER.get_file_offset() + headers.SizeOfOptionalHeader
    sections: list[int] = [part.PointerToRawData + part.SizeOfRawData for part in file.sections]
    return max([int(table) + SECTION_BYTES * int(headers.NumberOfSections), *sections])


def _imports(file: pefile.PE) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind in ("IMPORT", "DELAY_IMPORT"):
        for dll in getattr(file, f"DIRECTORY_ENTRY_{kind}", ()):
            names = [entry.name.decode("ascii") for entry in dll.imports if entry.name]
            found.setdefault(dll.dll.decode("ascii").lower(), []).extend(names)
    return found


def _version(file: pefile.PE) -> Version | None:
    for fixed in getattr(file, "VS_FIXEDFILEINFO", ()):
        high, low = fixed.FileVersionMS, fixed.FileVersionLS
        return (high >> 16, high & 0xFFFF, low >> 16, low & 0xFFFF)
    return None


def pe_files(folder: Path) -> list[Path]:
    """Return every program file under `folder`, sorted."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
