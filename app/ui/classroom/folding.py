"""The settings column, folded away while a class or the projector needs the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Folding:
    """Folds a widget away for as long as anybody has a reason, and puts it back. GUI thread."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._reasons: set[object] = set()
        self._shown_before = True

    def fold(self, reason: object) -> None:
        """Hide it; the user may show it meanwhile."""
        if not self._reasons:
            self._shown_before = not self._widget.isHidden()
        self._reasons.add(reason)
        self._widget.hide()

    def unfold(self, reason: object) -> None:
        """This reason is gone; with the last one, it is as it was before the first."""
        if reason in self._reasons:
            self._reasons.remove(reason)
            if not self._reasons:
                self._widget.setVisible(self._shown_before)

    def save(self) -> QByteArray:
        """How it is when nobody folds it."""
        shown = self._shown_before if self._reasons else not self._widget.isHidden()
        return QByteArray(b"shown" if shown else b"hidden")

    def restore(self, saved: QByteArray) -> None:
        """As `save` told."""
        self._widget.setVisible(saved != b"hidden")
