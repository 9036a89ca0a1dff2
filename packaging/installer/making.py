"""One call: a bundle's folder in, an installer out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from bundlelib.audit import size_bytes

SCRIPT = Path(__file__).with_name("portside.nsi")
DEADLINE_S = 600

# Where NSIS is on Windows; its own installer does not put it on PATH.
_USUAL = Path(os.environ.get("PROGRAMFILES(X86)", "C:/Program Files (x86)")) / "NSIS"


class NoInstaller(Exception):
    """It could not be made; the text says why."""


def make_installer(folder: Path, output: Path, *, version: str, icon: Path) -> None:
    """Write an installer for the bundle in `folder` to `output`. Raises NoInstaller."""
    makensis = find_makensis()
    if makensis is None:
        raise NoInstaller("makensis is not there: install NSIS (Debian: apt-get install nsis)")
    with TemporaryDirectory(prefix="portside-nsis-") as scratch:
        items = Path(scratch) / "items.nsh"
        items.write_text(items_script(sorted(p.name for p in folder.iterdir())), encoding="utf-8")
        defines = {
            "TARGET": target_of(makensis),
            "SOURCE": folder.resolve(),
            "ITEMS": items,
            "OUTPUT": output.resolve(),
            "ICON": icon.resolve(),
            "VERSION": version,
            "VERSION4": four_numbers(version),
            "SIZE_KB": size_bytes(folder) // 1024,
        }
        command = [str(makensis), "-V2", "-WX", "-INPUTCHARSET", "UTF8"]
        command += [f"-D{name}={value}" for name, value in defines.items()]
        result = subprocess.run(
            [*command, str(SCRIPT)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=DEADLINE_S,
        )
    if result.returncode != 0:
        raise NoInstaller(result.stdout.decode("utf-8", "replace").strip())


def find_makensis() -> Path | None:
    """Return NSIS's compiler, or None where it is not installed."""
    found = shutil.which("makensis") or shutil.which("makensis", path=str(_USUAL))
    return Path(found) if found else None


def target_of(makensis: Path) -> str:
    """Return what the installer itself runs as: 64-bit where this NSIS can (Debian's does).

    Windows' own NSIS has 32-bit stubs only, which every 64-bit Windows runs; Wine here does not.
    """
    stubs = (Path("/usr/share/nsis/Stubs"), makensis.resolve().parent / "Stubs")
    if any((folder / "lzma_solid-amd64-unicode").exists() for folder in stubs):
        return "amd64-unicode"
    return "x86-unicode"


def items_script(names: list[str]) -> str:
    """Return NSIS code that does something to each of `names`."""
    lines = [f'  !insertmacro ${{DO}} "{name}"' for name in names]
    return "\n".join(["!macro EachItem DO", *lines, "!macroend", ""])


def four_numbers(version: str) -> str:
    """Return `version` as Windows wants it: 1.2.3rc1 becomes 1.2.3.0."""
    numbers = [found[0] for part in version.split(".") if (found := re.match(r"\d+", part))]
    return ".".join([*numbers, "0", "0", "0"][:4])
