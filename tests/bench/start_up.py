"""From the start of the process to the first complete picture of its window, as the screen has it.

    python -m tests.bench.start_up [--pairs 7]                     from source
    python -m tests.bench.start_up --frozen FOLDER BARE_FOLDER     the packaged program

Portside and a bare window of PySide6 start by turns, on an X screen of their own (Xvfb, and the
extra `bench`); medians and their ratio are printed as one JSON line. A bare folder is made by
`python -m PyInstaller --noconfirm tests/bench/bare_window.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.screen import screen

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_S = 20.0
SETTLE_S = 1.0  # afterwards nothing may be missing that was not there at first
# Looked at again and again: the left edge, where both have text; a bare window shows its ground and
# the greys of one line.
STRIP_PX = 160
BARE_COLOURS, WHOLE_COLOURS = 3, 100
MOVED_SHARE = 0.02  # of the pixels: a caret that blinks, a clock


@dataclass(frozen=True)
class Program:
    """What is started, and how many colours the strip at its left has at least."""

    command: list[str]
    colours: int


@dataclass(frozen=True)
class Start:
    """One start: how long until the picture, and the share of pixels that came later."""

    seconds: float
    later_share: float


def from_source() -> tuple[Program, Program]:
    """Return Portside and the bare window, both run by this Python."""
    bare = str(Path(__file__).with_name("bare_window.py"))
    return (
        Program([sys.executable, "-P", "-m", "app"], WHOLE_COLOURS),
        Program([sys.executable, "-P", bare], BARE_COLOURS),
    )


def frozen(folder: Path, bare_folder: Path) -> tuple[Program, Program]:
    """Return both as PyInstaller built them."""
    return (
        Program([str(folder / "portside")], WHOLE_COLOURS),
        Program([str(bare_folder / "bare_window")], BARE_COLOURS),
    )


def start_up(programs: tuple[Program, Program], pairs: int = 7) -> dict[str, object]:
    """Return the figures of `pairs` starts of each, by turns; seconds."""
    with screen() as display, tempfile.TemporaryDirectory() as home:
        shown = Screen(display)
        for program in programs:
            shown.time_start(program, home)  # what is read from the disk is read now
        starts = [[shown.time_start(program, home) for program in programs] for _ in range(pairs)]
        shown.close()
    ours, bare = ([start.seconds for start in column] for column in zip(*starts, strict=True))
    return {
        "pairs": pairs,
        "portside_s": round(statistics.median(ours), 3),
        "bare_s": round(statistics.median(bare), 3),
        "ratio": round(statistics.median(ours) / statistics.median(bare), 2),
        "portside_all_s": [round(seconds, 3) for seconds in ours],
        "bare_all_s": [round(seconds, 3) for seconds in bare],
        "complete_at_once": max(pair[0].later_share for pair in starts) <= MOVED_SHARE,
    }


class Screen:
    """An X screen, whose pictures tell when a window is there."""

    def __init__(self, display: str) -> None:
        from Xlib.display import Display

        self._name = display
        self._x: Any = Display(display)
        self._root: Any = self._x.screen().root
        self._x.damage_query_version()
        self._damage = self._root.damage_create(3)  # one event when something was drawn: NonEmpty
        self._x.sync()

    def close(self) -> None:
        """Leave the screen."""
        self._x.close()

    def time_start(self, program: Program, home: str) -> Start:
        """Start `program`, wait for its picture, end it."""
        self._wait_for_picture(time.monotonic() + DEADLINE_S, most=1)
        variables = {
            **os.environ,
            "DISPLAY": self._name,
            "PORTSIDE_HOME": home,
            "PYTHONPATH": str(ROOT),
        }
        for name in ("QT_QPA_PLATFORM", "PYTHONDONTWRITEBYTECODE"):  # a user has neither
            variables.pop(name, None)
        begun_s = time.monotonic()
        process = subprocess.Popen(program.command, env=variables, stdin=subprocess.DEVNULL)
        try:
            seen_s = self._wait_for_picture(begun_s + DEADLINE_S, least=program.colours)
            first = self._picture()
            time.sleep(SETTLE_S)
            later = self._picture()
        finally:
            process.terminate()
            process.wait()
        moved = sum(a != b for a, b in zip(pixels(first), pixels(later), strict=True))
        return Start(seen_s - begun_s, moved / (len(first) // 4))

    def _wait_for_picture(self, until_s: float, *, least: int = 0, most: int = 1 << 32) -> float:
        """Return when the screen showed so many colours."""
        while True:
            self._damage_seen()
            seen_s = time.monotonic()
            if least <= len(set(pixels(self._picture(STRIP_PX)))) <= most:
                return seen_s
            if time.monotonic() > until_s:
                raise TimeoutError(f"no window with {least} colours")
            select.select([self._x], [], [], 0.05)

    def _damage_seen(self) -> None:
        """Forget what was drawn so far, so that the next drawing is told."""
        while self._x.pending_events():
            self._x.next_event()
        self._x.damage_subtract(self._damage, 0, 0)
        self._x.sync()

    def _picture(self, width: int = 0) -> bytes:
        size = self._root.get_geometry()
        image = self._root.get_image(0, 0, width or size.width, size.height, 2, 0xFFFFFFFF)
        return bytes(image.data)


def pixels(picture: bytes) -> Sequence[int]:
    """Return the pixels as numbers."""
    return memoryview(picture).cast("I")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--frozen", nargs=2, type=Path, metavar=("FOLDER", "BARE_FOLDER"))
    options = parser.parse_args()
    programs = frozen(*options.frozen) if options.frozen else from_source()
    sys.stdout.write(f"{json.dumps(start_up(programs, options.pairs))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
