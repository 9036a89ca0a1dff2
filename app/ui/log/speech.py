"""The current row for screen readers.

The log is painted, so there is no item that a screen reader could visit. Instead the widget's
description is the current row as text, and every move announces it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from app.journal.entry import Kind
from app.text.hexa import format_hex
from app.text.visible import escaped
from app.wording import tr

if TYPE_CHECKING:
    from app.models.log_row import LogRow

SPOKEN_CHARS = 200  # more nobody listens to


def row_speech(row: LogRow, mode: str, comment: str | None = None) -> str:
    """Return what a row says, as one line of plain text; `comment`: it has a bookmark."""
    if comment is not None:
        return f"{tr('log.spoken_bookmark', comment=comment).rstrip()} {row_speech(row, mode)}"
    if not row.is_chunk:
        return " ".join(part for part in (row.time_text, row.client_text, row.text) if part)
    key = "log.spoken_received" if row.kind == Kind.IN else "log.spoken_sent"
    content = format_hex(row.data) if mode == "hex" else escaped(row.text)
    return tr(
        key,
        time=row.time_text,
        client=row.client_text,
        n=row.size_bytes,
        content=content[:SPOKEN_CHARS],
    )


def say_row(widget: QWidget, speech: str) -> None:
    """Make `speech` the widget's description, and let a screen reader say it."""
    widget.setAccessibleDescription(speech)
    if QAccessible.isActive():
        changed = QAccessibleEvent(widget, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(changed)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, speech))
