"""Window geometry, splitters and columns between two starts: one JSON text in the settings."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QByteArray

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Kept(NamedTuple):
    """How to save a part, and how to restore it; Qt checks what it is given."""

    save: Callable[[], QByteArray]
    restore: Callable[[QByteArray], object]


def pack(parts: Mapping[str, Kept]) -> str:
    """What each part wants to find again, as one text."""
    return json.dumps(
        {name: b64encode(part.save().data()).decode("ascii") for name, part in parts.items()}
    )


def unpack(text: str, parts: Mapping[str, Kept]) -> bool:
    """Give each part what it saved; False if the text is damaged (the rest is restored)."""
    if not text:
        return True
    try:
        saved = json.loads(text)
        blobs = {name: b64decode(saved[name]) for name in parts if name in saved}
    except (ValueError, TypeError, RecursionError):
        return False
    for name, blob in blobs.items():
        parts[name].restore(QByteArray(blob))
    return True
