"""What lies beside the programs on Linux: for the menu, and to be clicked where they were unpacked.

`packaging/linux` has it as it stands: install.sh, and in `share` the entry of the menu, what
software centres show, the icon in fixed sizes, and what `packaging/manual.py` wrote.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from bundlelib.places import PACKAGING, ROOT

SOURCE = PACKAGING / "linux"
ENTRY = Path("share", "applications", "portside.desktop")
LIBRARY_LICENCES = Path("licences", "linux")
CLICKABLE = "Portside.desktop"
_SCALABLE = Path("share", "icons", "hicolor", "scalable", "apps", "portside.svg")
_DRAWING = ROOT / "resources" / "icons" / "portside.svg"

# %k is where the file itself lies: so it works wherever the folder is. Quoted as an argument, and
# once more as a value of the file ("Desktop Entry Specification").
_START_BESIDE = r'Exec=sh -c "exec \\"\\$(dirname \\"\\$1\\")/portside\\"" portside %k'


def place_desktop_files(folder: Path) -> None:
    """Put all of it into the bundle's `folder`. Raises OSError."""
    shutil.copytree(SOURCE, folder, dirs_exist_ok=True)
    (folder / _SCALABLE).parent.mkdir(parents=True)
    shutil.copy(_DRAWING, folder / _SCALABLE)
    entry = (folder / ENTRY).read_text("utf-8")
    clickable = folder / CLICKABLE
    clickable.write_text(
        re.sub(r"^Exec=.*$", lambda _: _START_BESIDE, entry, flags=re.MULTILINE), "utf-8"
    )
    clickable.chmod(0o755)  # desktops ask for it before they start what it says


def place_library_licences(folder: Path) -> None:
    """Put the licence texts of Debian's libraries that travel along beside the others.

    Each is called after its package; a library that is not from a package of Debian's is left out
    (Qt's, Python's: theirs are there). Raises OSError.
    """
    target = folder / LIBRARY_LICENCES
    for library in sorted((folder / "_internal").glob("lib*.so*")):
        package = "" if library.is_symlink() else _package_of(library.name)
        source = Path("/usr/share/doc", package, "copyright")
        if package and source.is_file():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / f"{package}.txt")


def _package_of(library: str) -> str:
    """Return Debian's package that has a library of this name; "" where none has, or no dpkg."""
    if not (program := shutil.which("dpkg-query")):
        return ""
    asked = [program, "--search", f"*/{library}"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    return said.partition("\n")[0].partition(":")[0].strip()
