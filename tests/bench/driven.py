"""The other end of the pipe to `driven_window`, and how a server is started and ended."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.bench.watching import TookTooLong, Watched

ROOT = Path(__file__).resolve().parents[2]
START_S = 30.0


class Child:
    """A process that answers in lines; gone, with all it started, when `end` returns."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, **(environment or {}), "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl+C is for us alone: we end our children in order
        )
        self._read = b""

    @property
    def watched(self) -> Watched:
        """The process from outside."""
        return Watched(self.process.pid)

    def line(self, longest_s: float) -> str:
        """Return its next line. Raises TookTooLong, EOFError."""
        assert self.process.stdout is not None
        until_s = time.monotonic() + longest_s
        ready = select.poll()  # select() knows no descriptors above 1,023
        ready.register(self.process.stdout, select.POLLIN)
        while b"\n" not in self._read:
            left_s = max(0.0, until_s - time.monotonic())
            if not ready.poll(left_s * 1000):
                raise TookTooLong(f"no answer within {longest_s:g} s")
            part = os.read(self.process.stdout.fileno(), 1 << 16)
            if not part:
                raise EOFError(f"it ended by itself with {self.process.wait()}")
            self._read += part
        line, self._read = self._read.split(b"\n", 1)
        return line.decode()

    def tell(self, text: str) -> None:
        """Give it a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def end(self, patience_s: float = 10.0) -> None:
        """Close its stdin, then ask, then force."""
        for close in (self._hang_up, self.process.terminate, self.process.kill):
            if self.process.poll() is not None:
                break
            close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience_s)
        self._hang_up()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _hang_up(self) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()


class Driven:
    """The running program with its window."""

    def __init__(self, child: Child, journal: Path) -> None:
        self._child = child
        self.journal = journal
        where = json.loads(child.line(START_S))
        self.port: int = where["port"]
        self.window: int = where["window"]  # the X server's number
        self.log: tuple[int, int, int, int] = tuple(where["log"])  # x, y, width, height therein
        self.watched = child.watched

    def do(self, order: str, longest_s: float = 60.0, **arguments: object) -> dict[str, Any]:
        """Have an order of `driven_window.Orders` done; return the answer."""
        self.ask(order, **arguments)
        return self.answer(longest_s)

    def ask(self, order: str, **arguments: object) -> None:
        """Begin an order whose answer is fetched later."""
        self._child.tell(json.dumps({"do": order, **arguments}))

    def answer(self, longest_s: float = 60.0) -> dict[str, Any]:
        """Return the answer to the oldest order that was asked."""
        answer: dict[str, Any] = json.loads(self._child.line(longest_s))
        return answer


class Bare:
    """A running `baseline_server`."""

    def __init__(self, child: Child) -> None:
        self.child = child
        found = re.search(r":(\d+)$", child.line(START_S))
        assert found
        self.port = int(found[1])
        self.watched = child.watched


@contextlib.contextmanager
def child(arguments: list[str], environment: Mapping[str, str] | None = None) -> Iterator[Child]:
    """A child that is gone when the block ends."""
    started = Child(arguments, environment)
    try:
        yield started
    finally:
        started.end()


@contextlib.contextmanager
def bare_server(*options: str) -> Iterator[Bare]:
    """The baseline: a thread for each client, and nothing else."""
    with child(["-m", "tests.bench.baseline_server", *options]) as started:
        try:
            yield Bare(started)
        finally:
            started.process.kill()  # it has no end of its own
