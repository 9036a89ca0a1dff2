"""One entry of the journal to one line of the console."""

from __future__ import annotations

from collections.abc import Callable

from app.journal.context import ContextDecoder
from app.journal.entry import Entry, Kind
from app.journal.reader import Reader
from app.net.facts import Endpoint
from app.text.visible import escaped
from app.wording import tr
from app.wording.amounts import moment_text
from app.wording.events import event_sentence

_ARROWS = {Kind.IN: "←", Kind.OUT: "→"}


class EntryLines:
    """Makes `2026-01-01 10:21:33.123 ← #1 192.168.1.7:64570 12 B 你好`, as an export does.

    For entries in their order: a client is forgotten with its last one. The reader's thread.
    """

    def __init__(
        self,
        reader: Reader,
        encoding_of: Callable[[int], str],
        server_of: Callable[[Entry], str] = lambda _entry: "",
    ) -> None:
        """`server_of` names an entry's server, where there are several."""
        self._reader = reader
        self._server_of = server_of
        self._decoder = ContextDecoder(reader, encoding_of)
        self._places: dict[int, str] = {}  # client_id -> "#1 192.168.1.7:64570"

    def line(self, entry: Entry) -> str:
        """Return the entry as text without control characters, and without a line feed."""
        moment = moment_text(entry.time_ns)
        place = self._place(entry)
        if entry.kind == Kind.OFFLINE:
            self._places.pop(entry.client_id, None)
            self._decoder.forget({entry.client_id})
        if entry.kind > Kind.OUT:
            return " ".join(filter(None, (moment, "·", place, escaped(event_sentence(entry)))))
        shown = self._decoder.decode(entry, limit_bytes=None)
        text = escaped(shown.text)
        if shown.waiting_bytes:  # a line once printed cannot be mended when the rest comes
            held = "".join(f"\\x{byte:02X}" for byte in shown.waiting)
            text += tr("console.waits", held=held, n=shown.waiting_bytes)
        return self.chunk_line(entry, len(entry.data), text)

    def chunk_line(self, entry: Entry, size_bytes: int, text: str) -> str:
        """Return the line of so many bytes that came, or went, with this entry."""
        arrow = _ARROWS[Kind(entry.kind)]
        place = self._place(entry)
        return f"{moment_text(entry.time_ns)} {arrow} {place} {size_bytes} B {text}"

    def _place(self, entry: Entry) -> str:
        client_id = entry.client_id
        if client_id == 0:  # the server itself
            return self._server_of(entry)
        place = self._places.get(client_id)
        if place is None:
            record = self._reader.client(client_id)
            place = f"{self._server_of(entry)} #{client_id}".strip()
            if record is not None:
                place += f" {Endpoint(record.host, record.port)}"
            self._places[client_id] = place
        return place
