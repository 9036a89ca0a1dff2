"""What is found again in the next class."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, field

from PySide6.QtCore import QByteArray


@dataclass
class Memory:
    """States of splitters and geometries are base64 of what Qt saves."""

    page: str = ""  # of the story
    below: dict[str, str] = field(default_factory=dict)  # by topic: the piece below the time line
    away: dict[str, str] = field(default_factory=dict)  # by piece: where its window was
    torn: list[str] = field(default_factory=list)  # pieces that were away at the end
    columns: str = ""
    rows: str = ""

    def save(self) -> QByteArray:
        """Return all of it."""
        return QByteArray(json.dumps(asdict(self)).encode())

    def restore(self, saved: QByteArray) -> None:
        """Take what `save` returned, as far as it is whole."""
        try:
            found = json.loads(bytes(saved.data()))
        except (ValueError, RecursionError):
            return
        for name, default in asdict(Memory()).items():
            value = found.get(name) if isinstance(found, dict) else None
            if isinstance(value, type(default)):
                setattr(self, name, value)


def as_text(state: QByteArray) -> str:
    """Return what Qt saved, as text."""
    return b64encode(state.data()).decode("ascii")


def as_state(text: str) -> QByteArray:
    """Return what Qt can restore; what is damaged it refuses itself."""
    try:
        return QByteArray(b64decode(text))
    except ValueError:
        return QByteArray()
