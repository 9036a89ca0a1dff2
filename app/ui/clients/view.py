"""The table itself: Qt's table view, but painted in one call."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView, QWidget

from app.models.client_table import RIGHT_ALIGNED, ClientTableModel, Column
from app.net.facts import ClientState
from app.ui.clients.words import cell_text, column_title
from app.ui.theme import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent

    from app.models.client_row import ClientRow

ROW_PX = 26
PADDING_PX = 8
_WIDTHS_PX = {
    Column.NUMBER: 44, Column.ADDRESS: 180, Column.STATE: 118, Column.ENCODING: 100,
    Column.BYTES_IN: 84, Column.BYTES_OUT: 84, Column.WAITING: 84, Column.IDLE: 72,
    Column.REASON: 190, Column.THREAD: 200, Column.SINCE: 110, Column.NOTE: 160,
}  # fmt: skip
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_HIDDEN_AT_FIRST = (Column.THREAD, Column.SINCE, Column.NOTE)


class ClientTableView(QTableView):
    """Selection, header, keys and editing are Qt's; the cells are painted here.

    Every data() call of an item view queues for the interpreter lock: under 50 flooding clients
    that made the window answer at p99 58 ms, one paintEvent for all cells at 13 ms.
    """

    menu_requested = Signal(object)  # QPoint, global

    def __init__(self, model: ClientTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clients = model
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSortingEnabled(True)
        self.sortByColumn(Column.NUMBER, Qt.SortOrder.AscendingOrder)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setHighlightSections(False)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._choose_columns)
        for column in _HIDDEN_AT_FIRST:
            self.hideColumn(column)
        theme().changed.connect(self._restyle)
        self._restyle()
        for column, width in _WIDTHS_PX.items():
            self.setColumnWidth(column, theme().px(width))

    def _restyle(self) -> None:
        self.verticalHeader().setMinimumSectionSize(theme().px(ROW_PX))
        self.verticalHeader().setDefaultSectionSize(theme().px(ROW_PX))
        self.viewport().update()

    def visible_rows(self) -> tuple[int, int]:
        """The first and last row on screen; (0, -1) if there is none."""
        first = self.rowAt(0)
        if first < 0:
            return (0, -1)
        last = self.rowAt(self.viewport().height() - 1)
        return (first, last if last >= 0 else self._clients.rowCount() - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """All visible cells from the rows' values, without asking the model cell by cell."""
        painter = QPainter(self.viewport())
        first, last = self.visible_rows()
        header = self.horizontalHeader()
        columns = [
            (Column(logical), self.columnViewportPosition(logical), self.columnWidth(logical))
            for logical in range(header.count())
            if not self.isColumnHidden(logical)
        ]
        selection = self.selectionModel()
        now_ns = time.monotonic_ns()
        for at in range(first, last + 1):
            top, height = self.rowViewportPosition(at), self.rowHeight(at)
            if not event.rect().intersects(QRect(0, top, self.viewport().width(), height)):
                continue
            if selection.isRowSelected(at):
                area = QRect(0, top, self.viewport().width(), height)
                painter.fillRect(area, theme().colour("selection"))
            self._paint_row(painter, self._clients.row(at), columns, top, height, now_ns)
        current = self.currentIndex()
        if self.hasFocus() and current.isValid():
            painter.setPen(theme().colour("accent"))
            painter.drawRect(self.visualRect(current).adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_row(
        self,
        painter: QPainter,
        row: ClientRow,
        columns: list[tuple[Column, int, int]],
        top: int,
        height: int,
        now_ns: int,
    ) -> None:
        state = row.state
        plain = theme().colour("secondary" if state is ClientState.OFFLINE else "text")
        pad = theme().px(PADDING_PX)
        metrics = self.fontMetrics()
        for column, left, width in columns:
            painter.setPen(_state_colour(state) if column is Column.STATE else plain)
            text = cell_text(row, column, now_ns)
            if column is Column.ENCODING:
                text += "  ▾"
            cell = QRect(left + pad, top, width - 2 * pad, height)
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, cell.width())
            painter.drawText(cell, _RIGHT if column in RIGHT_ALIGNED else _LEFT, text)

    def copy(self) -> None:
        """Copy the addresses of the selected clients, a line each."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        text = "\n".join(str(self._clients.row(at).endpoint) for at in rows)
        if text:
            QGuiApplication.clipboard().setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 edits the note of the current client."""
        current = self.currentIndex()
        if event.key() == Qt.Key.Key_F2 and current.isValid():
            self.edit_note(current.row())
            return
        super().keyPressEvent(event)

    def edit_note(self, at: int) -> None:
        """Let the user type a client's note, in its column, which is shown for it."""
        self.showColumn(Column.NOTE)
        index = self._clients.index(at, Column.NOTE)
        self.scrollTo(index)
        self.setCurrentIndex(index)
        self.edit(index)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Mouse or menu key: the panel makes the menu."""
        at = event.globalPos()
        if event.reason() == event.Reason.Keyboard:
            at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        self.menu_requested.emit(at)

    def _choose_columns(self) -> None:
        menu = QMenu(self)
        header = self.horizontalHeader()
        for column in Column:
            action = menu.addAction(column_title(column))
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(column))
            action.setEnabled(column is not Column.ADDRESS)  # one must stay
            action.toggled.connect(
                lambda on, column=column: header.setSectionHidden(column, not on)
            )
        menu.exec(self.cursor().pos())
        menu.deleteLater()

    def changeEvent(self, event: QEvent) -> None:
        """New words at a language change."""
        if event.type() == QEvent.Type.LanguageChange:
            self._clients.headerDataChanged.emit(
                Qt.Orientation.Horizontal, 0, self._clients.columnCount() - 1
            )
            self.viewport().update()
        super().changeEvent(event)


def _state_colour(state: ClientState) -> QColor:
    token = {
        ClientState.ONLINE: "received",
        ClientState.WAITING_FOR_DISK: "warning",
        ClientState.WAITING_FOR_PEER: "warning",
        ClientState.OFFLINE: "secondary",
    }[state]
    return theme().colour(token)
