"""The rows of a table of ours; where there are none, words say what would bring some."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QVBoxLayout

from app.ui.widgets.labels import PlainLabel


class RowsView(QTreeView):
    """Plain rows, any number of them selected; one column takes what room is left. GUI thread."""

    def __init__(self, table: QAbstractItemModel, widest: int, parent: Any = None) -> None:
        super().__init__(parent)
        self.setModel(table)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(widest, QHeaderView.ResizeMode.Stretch)
        self.nothing = PlainLabel("", self.viewport(), role="secondary")
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        QVBoxLayout(self.viewport()).addWidget(self.nothing)
        for changed in (table.modelReset, table.rowsInserted, table.rowsRemoved):
            changed.connect(lambda *_: self._look())
        self._look()

    def _look(self) -> None:
        self.nothing.setVisible(not self.model().rowCount())
