"""A view of so many rows that nobody may walk through all of them on the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractItemView

if TYPE_CHECKING:
    _View = QAbstractItemView
else:
    _View = object


class LargeView(_View):
    """To be named before Qt's class. GUI thread."""

    def keyboardSearch(self, search: str) -> None:
        """Do nothing with letters typed by mistake: Qt looks for them row by row, in the model."""
