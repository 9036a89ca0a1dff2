"""Which encoding a client's bytes are shown in, for a background thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.journal.reader import Reader


class JournalEncodings:
    """The encodings that a journal remembers, below those that the user chose since.

    Asking the window's own objects from another thread is not allowed, hence this. Belongs to the
    thread of its reader.
    """

    def __init__(self, reader: Reader, chosen: Mapping[int, str], default: str) -> None:
        """`chosen`: client_id → encoding, nobody changes it any more; `default`: of strangers."""
        self._reader = reader
        self._chosen = chosen
        self._default = default
        self._known: dict[int, str] = {}

    def of(self, client_id: int) -> str:
        """Return the name of a client's encoding."""
        found = self._chosen.get(client_id) or self._known.get(client_id)
        if found is None:
            record = self._reader.client(client_id)
            found = self._known[client_id] = record.encoding if record else self._default
        return found

    def names(self) -> set[str]:
        """Return every name that `of` may return."""
        return {self._default, *self._chosen.values(), *self._reader.encodings()}
