"""The table itself: Qt's table view, but painted in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from app.models.client_columns import Column
from app.ui.clients.cells import ARROW_ZONE_PX, CellPainter, Span
from app.ui.clients.columns import ColumnLayout
from app.ui.clients.delegates import EncodingDelegate, NoteDelegate
from app.ui.clients.header import ClientHeader
from app.ui.theme import theme
from app.ui.widgets.large import LargeView
from app.ui.widgets.tips import TipsInView
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from app.journal.refs import ClientRef
    from app.models.client_table import ClientTableModel

ROW_PX = 26

_Index = QModelIndex | QPersistentModelIndex


class ClientTableView(Worded, TipsInView, LargeView, QTableView):
    """Selection, header, keys, editing and accessibility are Qt's; the cells are painted here.

    Every data() call of an item view queues for the interpreter lock: under 50 flooding clients
    that made the window answer at p99 58 ms, one paintEvent for all cells at 13 ms.
    """

    menu_requested = Signal(object)  # QPoint, global
    rows_selected = Signal()
    delete_pressed = Signal()
    undo_pressed = Signal()

    def __init__(self, model: ClientTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clients = model
        self._cells = CellPainter()
        self._selected: frozenset[int] | None = None  # rows; made anew when somebody asks
        self._pressed: ClientRef | None = None  # where the mouse went down last
        self._on_arrow = False  # on the arrow of an encoding
        self.titles = ClientHeader(self)
        self.setHorizontalHeader(self.titles)
        self.setModel(model)
        self._set_behaviour()
        self.columns = ColumnLayout(self.horizontalHeader())
        self.columns.reset()
        self.setSortingEnabled(True)
        self._encodings, self._notes = EncodingDelegate(self), NoteDelegate(self)
        self.setItemDelegateForColumn(Column.ENCODING, self._encodings)
        self.setItemDelegateForColumn(Column.NOTE, self._notes)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        for moved in (model.layoutChanged, model.modelReset, model.rowsInserted, model.rowsRemoved):
            moved.connect(self._forget_selected)
        self.dress()

    def _set_behaviour(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)  # Tab leaves the table
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(rows.ResizeMode.Fixed)

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(theme().px(ROW_PX))
        rows.setDefaultSectionSize(theme().px(ROW_PX))
        self._cells.restyle()
        self.viewport().update()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setAccessibleName(tr("clients.heading"))
        self._cells.restyle()
        self._clients.retranslate()
        self.viewport().update()

    # -- painting --------------------------------------------------------------------------

    def visible_rows(self) -> tuple[int, int]:
        """Return the first and the last row on the screen; (0, -1) if there is none."""
        return self._rows_between(0, self.viewport().height() - 1)

    def row_rect(self, client: ClientRef) -> QRect | None:
        """Return where a client's row is in the viewport; None if it is out of sight."""
        row = self._clients.place(client)
        first, last = self.visible_rows()
        if row is None or not first <= row <= last:
            return None
        height = theme().px(ROW_PX)
        return QRect(0, self.rowViewportPosition(row), self.viewport().width(), height)

    def _rows_between(self, top: int, bottom: int) -> tuple[int, int]:
        first = self.rowAt(max(top, 0))
        if first < 0:
            return (0, -1)
        last = self.rowAt(bottom)
        return (first, last if last >= 0 else self._clients.rowCount() - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells that need it, without asking the model cell by cell."""
        viewport, area = self.viewport(), event.region().boundingRect()
        with QPainter(viewport) as painter:
            first, last = self._rows_between(area.top(), area.bottom())
            spans = self._spans(area)
            selected, height, width = self._selected_rows(), theme().px(ROW_PX), viewport.width()
            current = self.currentIndex().row() if self.hasFocus() else -1
            for row in range(first, last + 1):
                self._cells.paint_row(
                    painter,
                    self._clients.shown(row),
                    QRect(0, self.rowViewportPosition(row), width, height),
                    spans,
                    selected=row in selected,
                    current=row == current,
                )
            if not self._clients.rowCount():
                self._cells.paint_empty(painter, viewport.rect(), tr("clients.empty"))

    def _spans(self, area: QRect) -> list[Span]:
        header = self.horizontalHeader()
        spans = []
        for column in Column:
            left, width = header.sectionViewportPosition(column), header.sectionSize(column)
            if width and left <= area.right() and left + width > area.left():
                spans.append(Span(column, left, width))
        return spans

    def focusInEvent(self, event: object) -> None:
        """Mark where the keyboard is."""
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.viewport().update()

    def focusOutEvent(self, event: object) -> None:
        """The keyboard is elsewhere."""
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.viewport().update()

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Qt repaints two cells; the mark stands in front of the rows."""
        super().currentChanged(current, previous)
        for index in (current, previous):
            if index.isValid():
                top, height = self.rowViewportPosition(index.row()), theme().px(ROW_PX)
                self.viewport().update(0, top, self.viewport().width(), height)

    # -- selection -------------------------------------------------------------------------

    def selected_rows(self) -> list[int]:
        """Return the selected rows from top to bottom."""
        return sorted(self._selected_rows())

    def _selected_rows(self) -> frozenset[int]:
        if self._selected is None:
            # By ranges: asking row by row calls the model's flags() for every column of each.
            ranges = self.selectionModel().selection().toList()
            self._selected = frozenset(
                row for part in ranges for row in range(part.top(), part.bottom() + 1)
            )
        return self._selected

    def _forget_selected(self) -> None:
        self._selected = None

    def _on_selection(self) -> None:
        self._selected = None
        self.rows_selected.emit()

    def copy(self) -> None:
        """Copy the addresses of the selected clients, a line each."""
        lines = [str(self._clients.client(row).endpoint) for row in self.selected_rows()]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    # -- editing ---------------------------------------------------------------------------

    @property
    def is_editing(self) -> bool:
        """Whether a cell is being edited: then the rows must not move."""
        return self.state() == QAbstractItemView.State.EditingState

    def edit_note(self, row: int) -> None:
        """Let the user type a client's note; its column is shown for it."""
        self._edit(self._clients.index(row, Column.NOTE))

    def edit_encoding(self, row: int) -> None:
        """Open the list of encodings in a client's cell."""
        self._edit(self._clients.index(row, Column.ENCODING))

    def _edit(self, index: QModelIndex) -> None:
        if not index.flags() & Qt.ItemFlag.ItemIsEditable:
            return
        self.columns.show_column(Column(index.column()))
        self.updateGeometries()  # or the scroll bar would not reach a column just shown
        self.scrollTo(index)
        # Not setCurrentIndex: it would also reduce the selection to this row.
        self.selectionModel().setCurrentIndex(index, self.selectionModel().SelectionFlag.NoUpdate)
        self.edit(index)

    def finish_editing(self) -> None:
        """Take what is being typed; all rows are about to change."""
        if self.is_editing:
            self.setFocus()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember who is meant: the rows may move before the button is released."""
        super().mousePressEvent(event)
        at = event.position().toPoint()
        left = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        self._pressed, self._on_arrow = self._client_at(at), left and self._is_arrow(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """One click on an encoding's arrow opens the list; elsewhere a click only selects."""
        super().mouseReleaseEvent(event)
        pressed = self._clients.place(self._pressed) if self._pressed is not None else None
        if self._on_arrow and pressed is not None and self._is_arrow(event.position().toPoint()):
            self.edit_encoding(pressed)
        self._on_arrow = False

    def _client_at(self, at: QPoint) -> ClientRef | None:
        row = self.rowAt(at.y())
        return self._clients.client(row).ref if row >= 0 else None

    def _is_arrow(self, at: QPoint) -> bool:
        index = self.indexAt(at)
        cell = self.visualRect(index)
        is_encoding = index.isValid() and index.column() == Column.ENCODING
        return is_encoding and at.x() > cell.right() - theme().px(ARROW_ZONE_PX)

    # -- keys, menus, tips -----------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The table's own keys; the rest is Qt's."""
        key, row = event.key(), self.currentIndex().row()
        if key == Qt.Key.Key_F2 and row >= 0:
            self.edit_note(row)
        elif key == Qt.Key.Key_Down and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            if row >= 0:
                self.edit_encoding(row)
        elif key == Qt.Key.Key_Delete:
            self.delete_pressed.emit()
        elif key == Qt.Key.Key_Escape and self._selected_rows():
            self.clearSelection()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo_pressed.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Mouse or menu key: the panel makes the menu."""
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            cell = self.visualRect(self.currentIndex())
            at = self.viewport().mapToGlobal(cell.bottomLeft())
        self.menu_requested.emit(at)

    def tip_at(self, where: QPoint) -> str:
        """What the cell there tells."""
        index = self.indexAt(where)
        return str(index.data(Qt.ItemDataRole.ToolTipRole)) if index.isValid() else ""
