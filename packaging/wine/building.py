"""The folder, the portable zip and the installer, from the same spec as on Windows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bundlelib import recipe
from bundlelib.audit import folder_faults, packed_faults
from bundlelib.packing import make_portable_zip, write_check_sums
from installer.making import NoInstaller, make_installer

from app import __version__
from wine.box import Box, windows
from wine.calls import Failure
from wine.places import OUT, ROOT, WORK
from wine.python import PYTHON_EXE

DEADLINE_S = 600
_SPEC = ROOT / "packaging" / "portside.spec"
_NAME = f"{recipe.FOLDER}-{__version__}-windows-x64"


@dataclass(frozen=True)
class Made:
    """What a build gives."""

    folder: Path = OUT / recipe.FOLDER
    zip: Path = OUT / f"{_NAME}-portable.zip"
    installer: Path = OUT / f"{_NAME}-setup.exe"


def build_folder(box: Box, made: Made) -> None:
    """Build the bundle by PyInstaller in Python for Windows. Raises Failure."""
    places = ["--distpath", windows(OUT), "--workpath", windows(WORK / "pyinstaller")]
    command = ["-m", "PyInstaller", "--noconfirm", *places, windows(_SPEC)]
    outcome = box.run(PYTHON_EXE, *command, deadline_s=DEADLINE_S)
    if outcome.code != 0 or not made.folder.is_dir():
        raise Failure(f"PyInstaller ended with {outcome.code}:\n{outcome.output[-3000:]}")


def pack(made: Made) -> None:
    """Make the zip, the installer and their check sums. Raises Failure."""
    make_portable_zip(made.folder, made.zip)
    try:
        make_installer(made.folder, made.installer, version=__version__, icon=recipe.ICON)
    except NoInstaller as error:
        raise Failure(str(error)) from error
    write_check_sums([made.zip, made.installer])


def audit(made: Made) -> None:
    """Look at all that was made without running it. Raises Failure with every fault."""
    faults = folder_faults(made.folder, "windows")
    faults += packed_faults(made.zip) + packed_faults(made.installer)
    if faults:
        raise Failure("\n".join(faults))
