"""Where the runs take place: a screen of our own, and a fresh program for each run."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.driven import Driven, child
from tests.support.screen import screen, window_manager


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


@contextlib.contextmanager
def stage() -> Iterator[Stage]:
    """The screen and the folder; everything is gone when the block ends."""
    with contextlib.ExitStack() as stack:
        display = os.environ["DISPLAY"] = stack.enter_context(screen())
        os.environ.pop("QT_QPA_PLATFORM", None)
        os.environ.pop("WAYLAND_DISPLAY", None)
        stack.enter_context(window_manager(display))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="portside-bench-"))
        yield Stage(Path(folder))
