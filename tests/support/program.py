"""The program as a child process: what it says, and how it ends."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from tests.support.wait import PATIENCE_S, wait_until

ROOT = Path(__file__).resolve().parents[2]

# No display, whatever the machine has, and no plug-in that stands in for one.
NO_DISPLAY = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


class Program:
    """A running `python -m app`; its output is read in the background, line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.out: list[str] = []
        self.err: list[str] = []
        self._readers = [
            threading.Thread(target=_collect, args=pair)
            for pair in ((process.stdout, self.out), (process.stderr, self.err))
        ]
        for reader in self._readers:
            reader.start()

    @property
    def port(self) -> int:
        """The port it listens on; waits until it says so."""
        wait_until(lambda: self.said(r"^listening on "), PATIENCE_S, lambda: "\n".join(self.err))
        return int(next(line for line in self.out if line.startswith("listening")).split(":")[-1])

    def said(self, pattern: str) -> bool:
        """Whether a line of stdout matches."""
        return any(re.search(pattern, line) for line in list(self.out))

    def wait_said(self, pattern: str, timeout_s: float = PATIENCE_S) -> None:
        """Wait for a line of stdout that matches."""
        wait_until(lambda: self.said(pattern), timeout_s, lambda: "\n".join([*self.out, *self.err]))

    def type(self, line: str) -> None:
        """Type a line on its stdin."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def end(self, signal_number: int | None = None, timeout_s: float = PATIENCE_S) -> int:
        """Send a signal, if one is given, and wait for the end; return the exit code."""
        if signal_number is not None:
            self.process.send_signal(signal_number)
        code = self.process.wait(timeout_s)
        for reader in self._readers:
            reader.join()
        return code

    def clean_up(self) -> None:
        """Leave nothing behind, however the test went."""
        if self.process.poll() is None:
            self.process.kill()
        self.end()
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()


def _collect(pipe: IO[str] | None, lines: list[str]) -> None:
    if pipe is None:
        return
    with pipe:
        for line in pipe:
            lines.append(line.rstrip("\n"))  # noqa: PERF401 - one by one: others look meanwhile


@contextlib.contextmanager
def program(*options: str, stdin: int = subprocess.PIPE, display: str = "") -> Iterator[Program]:
    """Start the program in English, on an X display if one is named; gone when the block ends."""
    process = subprocess.Popen(
        command(*options),
        cwd=ROOT,
        env=environment() | ({"DISPLAY": display} if display else {}),
        text=True,
        encoding="utf-8",
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    running = Program(process)
    try:
        yield running
    finally:
        running.clean_up()


def command(*options: str) -> list[str]:
    """Return the command line of the program from its source."""
    return [sys.executable, "-m", "app", *options]


def environment() -> dict[str, str]:
    """Return the variables of a session without a display whose language is English."""
    kept = {name: value for name, value in os.environ.items() if name not in NO_DISPLAY}
    return kept | {"LANGUAGE": "en", "PYTHONUTF8": "1"}
