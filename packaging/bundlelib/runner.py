"""Running what was built here, as a user without any Python would; `wine.box` runs it elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from bundlelib.calls import Outcome, attempt

# What would lead a program to a Python, a Qt or libraries that are not its own.
_MISLEADING = ("PYTHON", "QT_", "LD_", "DYLD_", "PORTSIDE_", "VIRTUAL_ENV", "_MEI", "_PYI")
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


class Runner(Protocol):
    """Whatever can run a program of a bundle."""

    def run(self, program: Path | str, *arguments: str | Path, deadline_s: float) -> Outcome:
        """Run a program to its end or its deadline."""

    def start(self, program: Path, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a program and leave it running; `end_group` ends it."""


class Here:
    """This system; on Linux with the X screen `display`, "" for none; `more`: variables."""

    def __init__(
        self, display: str = "", home: Path | None = None, more: Mapping[str, str] | None = None
    ) -> None:
        self._more = {**(more or {}), **({"DISPLAY": display} if display else {})}
        if home is not None:
            self._more["HOME"] = str(home)

    @property
    def environment(self) -> Mapping[str, str]:
        """What a program gets: nothing of the caller's own Python or screen."""
        hidden = _MISLEADING + (_SCREENS if sys.platform == "linux" else ())
        kept = {n: value for n, value in os.environ.items() if not n.startswith(hidden)}
        return {**kept, **self._more}

    def run(self, program: Path | str, *arguments: str | Path, deadline_s: float) -> Outcome:
        """Run a program to its end or its deadline."""
        command = [program, *arguments]
        return attempt(command, deadline_s=deadline_s, environment=self.environment)

    def start(self, program: Path, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a program and leave it running; `end_group` ends it."""
        return subprocess.Popen(
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self.environment,
            start_new_session=True,
        )
