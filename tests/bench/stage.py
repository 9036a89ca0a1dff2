"""Where the runs take place: a screen of our own, and a fresh program for each run."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.driven import Driven, child

SCREEN = "1920x1080x24"
ADVICE = "apt-get install -y --no-install-recommends xvfb openbox"


class NoScreen(Exception):
    """There is no Xvfb; the text says how to come by one."""


class Stage:
    """A folder on disk, and the programs that are started in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._runs = 0

    @contextlib.contextmanager
    def window(self, **settings: object) -> Iterator[Driven]:
        """The program with its window and a fresh journal; both are gone when the block ends."""
        self._runs += 1
        home = self.folder / f"run{self._runs}"
        home.mkdir()
        journal = home / "journal.db"
        arguments = ["-m", "tests.bench.driven_window", str(journal), json.dumps(settings)]
        try:
            with child(arguments, {"PORTSIDE_HOME": str(home), "LANGUAGE": "en"}) as started:
                yield Driven(started, journal)
        finally:
            shutil.rmtree(home)


def window_manager() -> str | None:
    """Which one can be started. Pings are answered without one too."""
    return "openbox" if shutil.which("openbox") else None


@contextlib.contextmanager
def stage() -> Iterator[Stage]:
    """The screen and the folder; everything is gone when the block ends."""
    with contextlib.ExitStack() as stack:
        os.environ["DISPLAY"] = stack.enter_context(screen())
        os.environ.pop("QT_QPA_PLATFORM", None)
        os.environ.pop("WAYLAND_DISPLAY", None)
        manager = window_manager()
        if manager:
            stack.enter_context(_running([manager]))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="portside-bench-"))
        yield Stage(Path(folder))


@contextlib.contextmanager
def screen() -> Iterator[str]:
    """Start an X server that chooses a free number itself, and yield its name."""
    if not shutil.which("Xvfb"):
        raise NoScreen(f"the window is shown on an X server of its own, Xvfb: {ADVICE}")
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with os.fdopen(read_end) as said, _running(command, write_end):
        os.close(write_end)
        yield f":{said.readline().strip()}"


@contextlib.contextmanager
def _running(command: list[str], *keep: int) -> Iterator[None]:
    process = subprocess.Popen(
        command,
        pass_fds=keep,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()
