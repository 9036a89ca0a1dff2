"""A quiet hint when a client's bytes are clearly not in the chosen encoding."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.journal.entry import Kind
from app.text.guess import suggest_encoding

if TYPE_CHECKING:
    from app.bridge.controller import Controller

SAMPLE_BYTES = 2048
ENOUGH_BYTES = 32  # before that, every guess is a gamble
LOOK_S = 0.004  # a look stays far below one frame, however many clients there are


class EncodingHints(QObject):
    """Looks once a second at a few clients that have said enough to be judged.

    A client is judged when it first has ENOUGH_BYTES and again when it has eight times as much,
    so a greeting in ASCII does not settle the matter. GUI thread.
    """

    suggested = Signal(int, str)  # client_id, encoding

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._judged_at: dict[int, int] = {}  # client_id -> bytes it had when last judged
        self._seen_bytes = 0  # received in all when last looked

    def look(self) -> None:
        """Judge clients for LOOK_S, the newest first, at least one; idle clients cost nothing."""
        journal = self._controller.journal
        if journal is None or journal.bytes_in == self._seen_bytes:
            return
        self._seen_bytes = journal.bytes_in
        until_s = time.monotonic() + LOOK_S
        for client_id, session in reversed(self._controller.sessions.items()):
            have = session.bytes_in
            if have < ENOUGH_BYTES or have < 8 * self._judged_at.get(client_id, 0):
                continue
            self._judge(client_id, have)
            if time.monotonic() > until_s:
                self._seen_bytes = -1  # the others at the next look
                return

    def _judge(self, client_id: int, have_bytes: int) -> None:
        self._judged_at[client_id] = have_bytes
        reader = self._controller.reader
        if reader is None or have_bytes > 1 << 30:
            return
        newest = reader.back(client_id, Kind.IN, reader.last_id + 1, 32)
        sample = b"".join(entry.data for entry in reversed(newest))[-SAMPLE_BYTES:]
        encoding = suggest_encoding(sample, self._controller.encoding_of(client_id))
        if encoding is not None:
            self.suggested.emit(client_id, encoding)

    def forget(self, client_id: int) -> None:
        """The user chose: judge again only when much more has come."""
        session = self._controller.sessions.get(client_id)
        self._judged_at[client_id] = session.bytes_in if session else 0

    def clear(self) -> None:
        """Another journal, other clients."""
        self._judged_at.clear()
        self._seen_bytes = 0
