"""A quiet hint when a client's bytes are clearly not in the chosen encoding."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.journal.entry import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.bridge.controller import Controller
    from app.journal.refs import ClientRef

SAMPLE_BYTES = 2048
ENOUGH_BYTES = 32  # before that, every guess is a gamble
LOOK_S = 0.004  # a look stays far below one frame, however many clients there are


class EncodingHints(QObject):
    """Looks once a second at a few clients that have said enough to be judged.

    A client is judged when it first has ENOUGH_BYTES and again when it has eight times as much,
    so a greeting in ASCII does not settle the matter. GUI thread.
    """

    suggested = Signal(object, str)  # ClientRef, encoding
    sampled = Signal(object, bytes)  # ClientRef, what it sent last, from a chunk's first byte on

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._judged_at: dict[ClientRef, int] = {}  # the bytes it had when last judged
        self._seen_bytes = 0  # received in all when last looked

    def look(self) -> None:
        """Judge clients for LOOK_S, the newest first, at least one; idle clients cost nothing."""
        journal = self._controller.journal
        if journal is None or journal.bytes_in == self._seen_bytes:
            return
        self._seen_bytes = journal.bytes_in
        until_s = time.monotonic() + LOOK_S
        for client, session in reversed(self._controller.sessions.items()):
            have = session.bytes_in
            if have < ENOUGH_BYTES or have < 8 * self._judged_at.get(client, 0):
                continue
            self._judge(client, have)
            if time.monotonic() > until_s:
                self._seen_bytes = -1  # the others at the next look
                return

    def _judge(self, client: ClientRef, have_bytes: int) -> None:
        self._judged_at[client] = have_bytes
        reader = self._controller.reader
        if reader is None or have_bytes > 1 << 30:
            return
        from app.text.guess import suggest_encoding

        newest = reader.back(client.number, Kind.IN, reader.last_id + 1, 32)
        whole = b"".join(entry.data for entry in reversed(newest))
        sample = whole[-SAMPLE_BYTES:]
        encoding = suggest_encoding(sample, self._controller.orders.encoding_of(client))
        if encoding is not None:
            self.suggested.emit(client, encoding)
        self.sampled.emit(client, whole[:SAMPLE_BYTES])

    def forget(self, clients: Iterable[ClientRef]) -> None:
        """The user chose: judge these again only when much more has come."""
        for client in clients:
            session = self._controller.sessions.get(client)
            self._judged_at[client] = session.bytes_in if session else 0

    def clear(self) -> None:
        """Another journal, other clients."""
        self._judged_at.clear()
        self._seen_bytes = 0
