"""A worker that is busy with its first message, for as long as the experiment wants."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from app.reply import ChunkReply

if TYPE_CHECKING:
    from app.teaching.experiments.lab import Lab


class Busy(ChunkReply):
    """A reply that says nothing; the worker is in it until `go_on`."""

    def __init__(self, lab: Lab) -> None:
        self.is_busy = threading.Event()
        self._may_go_on = threading.Event()
        self._lab = lab

    def __call__(self, encoding: str, chunk: bytes, /) -> bytes:
        """Compute for long. Thread: the worker."""
        self.is_busy.set()
        self._may_go_on.wait()
        return b""

    def guard(self) -> None:
        """Let the worker go on also when the experiment ends early; after the bench is made."""
        self._lab.belongings.callback(self.go_on)

    def go_on(self) -> None:
        """The answer is found."""
        self._may_go_on.set()
