"""A Wine prefix, its screen, and programs in it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from bundlelib.calls import Outcome, attempt, call, once
from bundlelib.screen import screen

from wine.places import HOME, PREFIX
from wine.shims import NAMES, ensure_shims

WINE = Path("/usr/lib/wine/wine64")  # Debian keeps it out of PATH
WINESERVER = Path("/usr/lib/wine/wineserver64")
USER_NAME = "tester"
_SETTLE_S = 60  # for Wine to end what it has started


@dataclass(frozen=True)
class Box:
    """A running screen and a prefix. Programs see Linux's files on drive Z:."""

    prefix: Path
    display: str

    @property
    def drive(self) -> Path:
        """Drive C: as Linux sees it."""
        return self.prefix / "drive_c"

    @property
    def user(self) -> Path:
        """The user's folder, with AppData in it."""
        return self.drive / "users" / USER_NAME

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return what a program in the box gets: nothing of the caller's own Python."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "QT_", "PORTSIDE_"))
        }
        return {
            **kept,
            "HOME": str(HOME),
            "WINEPREFIX": str(self.prefix),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            # No Mono, no Gecko; of mscms our own file and not Wine's.
            "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe=;mscms=n",
            "DISPLAY": self.display,
            "USER": USER_NAME,
            "LOGNAME": USER_NAME,
            # The locale decides how Wine reads file names; C would lose Chinese letters.
            "LC_ALL": "C.UTF-8",
            **(extra or {}),
        }

    def run(
        self,
        program: Path | str,
        *arguments: str | Path,
        deadline_s: float,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Outcome:
        """Run a Windows program to its end or its deadline; paths are given as Windows writes."""
        given = [windows(a) if isinstance(a, Path) else a for a in arguments]
        return attempt(
            [WINE, program, *given],
            deadline_s=deadline_s,
            folder=folder,
            environment=self.environment(environment),
        )

    def start(self, program: Path, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a Windows program and leave it running; `end_group` ends it."""
        return subprocess.Popen(
            [WINE, program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self.environment(),
            start_new_session=True,
        )


def windows(path: Path) -> str:
    """Return a Linux path as a program under Wine writes it."""
    return str(PureWindowsPath("Z:" + str(path.absolute())))


@contextmanager
def wine_box() -> Iterator[Box]:
    """Yield a box with a screen of its own; when left, nothing of Wine runs any more."""
    shims = ensure_shims()
    with screen() as display:
        box = Box(PREFIX, display)
        try:
            once(PREFIX, [*shims, Path(__file__)], lambda: _make(box, shims))
            # Wine's services start with the first program and keep its streams open.
            _quietly(box, "wineboot")
            yield box
        finally:
            for option in ("-k", "-w"):
                attempt([WINESERVER, option], deadline_s=_SETTLE_S, environment=box.environment())


def _make(box: Box, shims: list[Path]) -> None:
    for folder in (box.prefix, HOME):
        shutil.rmtree(folder, ignore_errors=True)
    (HOME / "Desktop").mkdir(parents=True)
    _quietly(box, "wineboot", "--init")
    _quietly(box, "winecfg", "-v", "win10")  # a new prefix is a Windows 7
    for shim in shims:
        assert shim.name in NAMES
        shutil.copy(shim, box.drive / "windows" / "system32")


def _quietly(box: Box, *command: str) -> None:
    call([WINE, *command], deadline_s=180, environment=box.environment())
