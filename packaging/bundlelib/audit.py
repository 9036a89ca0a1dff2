"""What must hold for a bundle before anybody gets it; a fault is one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bundlelib.elf_audit import elf_faults
from bundlelib.pe_audit import pe_faults, unneeded
from bundlelib.sbom import NAME as SBOM

# The most that each may take, in bytes.
MB = 1_000_000
FOLDER_BYTES = {"windows": 85 * MB, "linux": 140 * MB, "macos": 140 * MB}
ARCHIVE_BYTES = {"windows": 34 * MB, "linux": 58 * MB, "macos": 58 * MB}
INSTALLER_BYTES = 26 * MB

LICENCES = frozenset({SBOM}) | frozenset(
    f"{name}.txt"
    for name in (
        "GPL-3.0",
        "LGPL-3.0",
        "LICENSE",
        "NOTICE",
        "Python",
        "OpenSSL",
        "SQLite",
        "anycrc",
        "cffi",
        "cryptography",
        "filelock",
        "platformdirs",
        "psutil",
        "regex",
        "segno",
    )
)
# Qt loads these by name.
_PLUGINS = ("qwindows.dll", "qoffscreen.dll", "qsvg.dll", "qsvgicon.dll")
# For building programs, not for running them; data of a user who tried the folder out.
_STRANGERS = ("*.pdb", "*.lib", "*.pyi", "*.prl", "portside-data", "portable.txt", "__pycache__")


def folder_faults(folder: Path, system: str) -> list[str]:
    """Return what is wrong with a bundle's folder for `system` ("windows", "linux", "macos")."""
    faults = list(_common_faults(folder, system))
    if system == "windows":
        faults += pe_faults(folder)
        faults += [f"{name}: nothing wants it" for name in unneeded(folder, _PLUGINS)]
    if system == "linux":
        faults += elf_faults(folder)
    return faults


def packed_faults(packed: Path, system: str) -> list[str]:
    """Return what is wrong with a zip, tar.gz or installer: nothing, or its size."""
    size = packed.stat().st_size
    limit = INSTALLER_BYTES if packed.suffix == ".exe" else ARCHIVE_BYTES[system]
    return [] if size <= limit else [f"{packed.name}: {text_mb(size)}, more than {text_mb(limit)}"]


def size_bytes(folder: Path) -> int:
    """Return what all files under `folder` take; a link takes nothing."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return sum(path.stat().st_size for path in files)


def text_mb(size: int) -> str:
    """Return a number of bytes as people read it."""
    return f"{size / MB:.1f} MB"


def _common_faults(folder: Path, system: str) -> Iterable[str]:
    missing = LICENCES - {path.name for path in (folder / "licences").glob("*")}
    if missing:
        yield f"licences: {', '.join(sorted(missing))} missing"
    size, limit = size_bytes(folder), FOLDER_BYTES[system]
    if size > limit:
        yield f"the folder takes {text_mb(size)}, more than {text_mb(limit)}"
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() and not path.exists():
            yield f"{path.relative_to(folder).as_posix()}: leads nowhere"
    for pattern in _STRANGERS:
        for path in sorted(folder.rglob(pattern)):
            yield f"{path.relative_to(folder).as_posix()}: does not belong into a bundle"
