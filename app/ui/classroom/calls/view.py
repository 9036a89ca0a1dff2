"""The list of calls: a table of one column, its rows painted here.

Not a list view: that lays all rows out anew for every one that comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.models.call_export import seconds
from app.teaching.call_text import ARROW, call_text, result_text, whole_text
from app.ui.classroom.call_colours import call_token
from app.ui.classroom.tail import Tail
from app.ui.theme import set_role, theme
from app.ui.widgets.large import LargeView
from app.ui.widgets.tips import TipsInView
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.amounts import duration_text

if TYPE_CHECKING:
    from app.models.call_rows import CallRows

ROW_PX = 20
EDGE_PX = 3
_Index = QModelIndex | QPersistentModelIndex


class CallPainter(QStyledItemDelegate):
    """Paints a row: time, thread, call and result, duration."""

    def __init__(self, rows: CallRows, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows
        self.marked: frozenset[int] = frozenset()  # ids: what the words on show are about
        self.restyle()

    def restyle(self) -> None:
        """Take over the theme's font."""
        self.font = theme().mono_font()
        self.font.setPixelSize(max(round(self.font.pixelSize() * 0.95), 9))
        self._metrics = QFontMetrics(self.font)
        self._cell = self._metrics.horizontalAdvance("0")

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """All rows are the same."""
        return QSize(self._cell * 40, theme().px(ROW_PX))

    def paint(self, painter: QPainter, option: Any, index: _Index) -> None:
        """Paint the row."""
        row, area = index.row(), option.rect
        call = self._rows.call(row)
        if option.state & QStyle.StateFlag.State_Selected or call.id in self.marked:
            painter.fillRect(area, theme().colour("selection"))
        if call.id in self.marked:
            edge = QRect(area.left(), area.top(), theme().px(EDGE_PX), area.height())
            painter.fillRect(edge, theme().colour("accent"))
        painter.setFont(self.font)
        left = area.left() + self._cell
        cells = (
            (seconds(call, self._rows.recorder.started_ns)[:-3], 9, "secondary"),  # milliseconds
            (self._rows.thread_name(call.lane).split(" ")[0], 11, "text"),
        )
        for text, width, token in cells:
            self._write(
                painter, QRect(left, area.top(), width * self._cell, area.height()), text, token
            )
            left += (width + 1) * self._cell
        lasted = duration_text(call.end_ns - call.begin_ns)
        right = area.right() - 9 * self._cell
        room = QRect(left, area.top(), right - left, area.height())
        failed = isinstance(call.result, BaseException)
        token = call_token(call, "text")
        begun = self._write(painter, room, call_text(call), token)
        if result := result_text(call):
            rest = room.adjusted(begun, 0, 0, 0)
            self._write(painter, rest, f"{ARROW}{result}", token if failed else "text")
        where = QRect(right, area.top(), 8 * self._cell, area.height())
        self._write(painter, where, lasted, "secondary", Qt.AlignmentFlag.AlignRight)

    def _write(
        self,
        painter: QPainter,
        where: QRect,
        text: str,
        token: str,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> int:
        """Write what fits; return its width."""
        shown = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, where.width())
        painter.setPen(theme().colour(token))
        painter.drawText(where, side | Qt.AlignmentFlag.AlignVCenter, shown)
        return self._metrics.horizontalAdvance(shown)


class CallsView(Worded, TipsInView, LargeView, QTableView):
    """Follows its end until somebody scrolls back. GUI thread."""

    chosen = Signal(int)  # a call's id
    copy_requested = Signal()

    def __init__(self, rows: CallRows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._emptiness = ""
        self._painter = CallPainter(rows, self)
        set_role(self, "card")
        self.setModel(rows)
        self.setItemDelegate(self._painter)
        self._fit_rows()
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tail = Tail(self)
        rows.rowsInserted.connect(self._on_more)
        rows.modelReset.connect(self._on_more)
        rows.rowsRemoved.connect(self._on_let_go)
        self.clicked.connect(lambda index: self.chosen.emit(rows.call(index.row()).id))
        self.dress()

    def show_call(self, call_id: int) -> None:
        """Select a call and bring it into sight, if it is shown at all."""
        row = self._rows.row_of(call_id)
        if row is not None:
            self.tail.set_follows(False)
            index = self._rows.index(row)
            self.setCurrentIndex(index)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def mark(self, calls: frozenset[int]) -> None:
        """Mark calls, and bring them into sight, the first in any case."""
        self._painter.marked = calls
        rows = [row for call_id in sorted(calls) if (row := self._rows.row_of(call_id)) is not None]
        if rows:
            self.tail.set_follows(False)
            for row in (rows[-1], rows[0]):
                self.scrollTo(self._rows.index(row))
        self.viewport().update()

    def selected_ranges(self) -> list[tuple[int, int]]:
        """The first and the last row of each stretch that is selected, in order."""
        selection = self.selectionModel().selection()
        parts = [selection.at(at) for at in range(selection.size())]
        return sorted((part.top(), part.bottom()) for part in parts)

    def say(self, text: str) -> None:
        """Say why there is nothing to show; "" where there is something."""
        if text != self._emptiness:
            self._emptiness = text
            self.setAccessibleDescription(text)
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The calls, or why there are none."""
        super().paintEvent(event)
        if self._emptiness:
            gap = theme().px(ROW_PX)
            with QPainter(self.viewport()) as painter:
                painter.setPen(theme().colour("secondary"))
                where = self.viewport().rect().adjusted(gap, gap, -gap, -gap)
                flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(where, int(flags), self._emptiness)

    def _on_more(self) -> None:
        if self.tail.follows:
            with self.tail.quiet():
                self.scrollToBottom()  # it lays out first: the bar does not know its end yet

    def _on_let_go(self, _parent: QModelIndex, first: int, last: int) -> None:
        """What is read stays in sight while the oldest calls go."""
        if not self.tail.follows:
            bar = self.verticalScrollBar()
            gone_px = (last - first + 1) * self.verticalHeader().defaultSectionSize()
            with self.tail.quiet():
                bar.setValue(max(bar.value() - gone_px, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, choose, and go to the end."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.chosen.emit(self._rows.call(self.currentIndex().row()).id)
        elif event.key() == Qt.Key.Key_Home and self._rows.rowCount():
            self.setCurrentIndex(self._rows.index(0))
        elif event.key() == Qt.Key.Key_End:
            self.tail.set_follows(True)
        else:
            super().keyPressEvent(event)

    def tip_at(self, where: QPoint) -> str:
        """All of the call there."""
        index = self.indexAt(where)
        return self._hint(index.row()) if index.isValid() else ""

    def _hint(self, row: int) -> str:
        call, before = self._rows.call(row), self._rows.before(row)
        lasted = tr("timeline.lasted", time=duration_text(call.end_ns - call.begin_ns))
        lines = [self._rows.thread_name(call.lane), whole_text(call), lasted]
        lines += self._rows.partners(row)
        if before is not None:
            lines.append(tr("calls.since", time=duration_text(max(call.end_ns - before.end_ns, 0))))
        return "\n".join(lines)

    def _fit_rows(self) -> None:
        """One column as wide as the view, all rows of one height, no headers."""
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.hide()
        across.setStretchLastSection(True)
        down.hide()
        down.setMinimumSectionSize(1)
        down.setDefaultSectionSize(theme().px(ROW_PX))
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self._painter.restyle()
        self._fit_rows()
        self.viewport().update()
