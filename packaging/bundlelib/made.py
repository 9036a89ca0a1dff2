"""The folder and what is packed from it: names, packing, audit."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from installer.making import NoInstaller, find_makensis, make_installer

from app import __version__
from bundlelib import recipe
from bundlelib.audit import folder_faults, packed_faults, size_bytes, text_mb
from bundlelib.calls import Failure, Outcome
from bundlelib.packing import NO_TIME_S, make_portable_zip, make_tarball, write_check_sums
from bundlelib.places import SPEC

BUILD_S = 900
# The same sources make the same files: sets in one order, one time in whatever wants a time.
SAME = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": str(NO_TIME_S)}
_SYSTEMS = {"win32": "windows", "darwin": "macos"}
_MACHINES = {"amd64": "x64", "arm64": "arm64"}


def this_system() -> str:
    """Return the name of the system that we run on, as downloads have it."""
    return _SYSTEMS.get(sys.platform, "linux")


@dataclass(frozen=True)
class Made:
    """What a build for `system` ("windows", "linux", "macos") gives, all in the folder `out`."""

    system: str
    out: Path
    machine: str

    @classmethod
    def here(cls, out: Path) -> Made:
        """Return what a build on this system gives."""
        machine = platform.machine().lower()
        return cls(this_system(), out, _MACHINES.get(machine, machine))

    @property
    def folder(self) -> Path:
        """The folder with the programs, as it was built."""
        return self.out / recipe.FOLDER

    @property
    def archive(self) -> Path:
        """What is unpacked anywhere."""
        windows = self.system == "windows"
        return self.out / (self._stem + ("-portable.zip" if windows else ".tar.gz"))

    @property
    def installer(self) -> Path:
        """Windows only, and only where NSIS is installed."""
        return self.out / f"{self._stem}-setup.exe"

    @property
    def _stem(self) -> str:
        return f"{recipe.FOLDER}-{__version__}-{self.system}-{self.machine}"

    @property
    def packed(self) -> list[Path]:
        """The files to download that are there."""
        return [path for path in (self.archive, self.installer) if path.is_file()]

    @property
    def window_program(self) -> str:
        """The name of the program with the window, in the folder."""
        return "Portside.exe" if self.system == "windows" else "portside"

    @property
    def console_program(self) -> str:
        """The name of its twin, in the folder."""
        return "portside-console.exe" if self.system == "windows" else "portside-console"


def build(
    made: Made, scratch: Path, python: Callable[..., Outcome], path: Callable[[Path], str] = str
) -> None:
    """Let `python` run PyInstaller; `path` writes a path as it wants it. Raises Failure."""
    shutil.rmtree(made.out, ignore_errors=True)
    places = ["--distpath", path(made.out), "--workpath", path(scratch)]
    command = ["-m", "PyInstaller", "--noconfirm", *places, path(SPEC)]
    outcome = python(*command, deadline_s=BUILD_S)
    if outcome.code != 0 or not made.folder.is_dir():
        raise Failure(f"PyInstaller ended with {outcome.code}:\n{outcome.output[-3000:]}")


def pack(made: Made) -> str:
    """Make what people download. Raises Failure."""
    if made.system != "windows":
        make_tarball(made.folder, made.archive)
        return made.archive.name
    make_portable_zip(made.folder, made.archive)
    if find_makensis() is None:
        return "no installer: NSIS is not here"
    try:
        make_installer(made.folder, made.installer, version=__version__, icon=recipe.ICON)
    except NoInstaller as error:
        raise Failure(str(error)) from error
    return f"{made.archive.name}, {made.installer.name}"


def audit(made: Made) -> str:
    """Look at all that was made without running it. Raises Failure with every fault."""
    faults = folder_faults(made.folder, made.system)
    for packed in made.packed:
        faults += packed_faults(packed, made.system)
    if faults:
        raise Failure("\n".join(faults))
    sizes = [f"folder {text_mb(size_bytes(made.folder))}"]
    sizes += [f"{path.name} {text_mb(path.stat().st_size)}" for path in made.packed]
    return ", ".join(sizes)


def sum_up(made: Made) -> str:
    """Write the check sums of what people download."""
    return write_check_sums(made.packed).name
