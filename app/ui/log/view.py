"""The log as the user works with it: moving, selecting, copying, asking for more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QWidget

from app.ui.log.canvas import LogCanvas
from app.ui.log.keys import Move, move_of, target_row
from app.ui.widgets.tips import TipsInView
from app.wording import tr

if TYPE_CHECKING:
    from app.models.log_rows import LogRows

DRAG_SCROLL_MS = 40  # between two rows while the mouse is dragged beyond an edge


class LogView(TipsInView, LogCanvas):
    """A LogCanvas with keyboard, mouse and a voice. GUI thread."""

    detail_requested = Signal(object)  # an entry's id: an int that may exceed 32 bits
    current_changed = Signal(object)  # the same
    copy_requested = Signal()
    menu_requested = Signal(QPoint)  # in the screen's coordinates

    def __init__(self, rows: LogRows, parent: QWidget | None = None) -> None:
        super().__init__(rows, parent)
        self._pressed = False
        self._followed = False  # when the mouse was pressed
        self._drag_y = 0.0
        self._drag = QTimer(self, interval=DRAG_SCROLL_MS)
        self._drag.timeout.connect(self._on_drag_scroll)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        rows.altered.connect(self._on_rows_altered)
        self.dress()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        super().retranslate()
        self.setAccessibleName(tr("log.view_name"))

    def show_entry(self, entry_id: int) -> None:
        """Make an entry the current row, selected and in sight."""
        self.selection.select(entry_id)
        self.show_row(self._rows.row_of(entry_id), centred=True)
        self.viewport().update()
        self._tell_current()

    def select_all(self) -> None:
        """Select every row there is now."""
        if self._rows.count:
            last_row = self._rows.count - 1
            self.selection.select_all(self._rows.id_at(0), self._rows.id_at(last_row))
            self.viewport().update()

    def clear_selection(self) -> None:
        """Select nothing."""
        self.selection.clear()
        self.viewport().update()

    def forget_selection(self) -> None:
        """Select nothing, and have no current row: other rows come."""
        self.selection.current = None
        self.clear_selection()

    def _on_rows_altered(self) -> None:
        if not self._rows.count:
            self.forget_selection()

    def _choose(self, entry_id: int, *, extend: bool = False, only_move: bool = False) -> None:
        if only_move:
            self.selection.move_current(entry_id)
        elif extend:
            self.selection.extend_to(entry_id)
        else:
            self.selection.select(entry_id)
        self.viewport().update()
        self._tell_current()

    def _tell_current(self) -> None:
        entry_id = self.selection.current
        row = self._rows.row(entry_id) if entry_id is not None else None
        if row is not None:
            from app.ui.log.speech import row_speech, say_row  # not for the first paint

            say_row(self, row_speech(row, self.mode, self._painter.comment_of(row.id)))
            self.current_changed.emit(entry_id)

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, select, copy, scroll sideways, ask for the detail."""
        sideways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask_for_detail()
        elif (move := move_of(event)) is not None:
            self._move(move)
        elif sideways:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() + sideways * bar.singleStep())
        else:
            super().keyPressEvent(event)

    def _move(self, move: Move) -> None:
        if not self._rows.count:
            return
        current = self.selection.current
        at = None if current is None else self._rows.row_of(current)
        top, page = self.verticalScrollBar().value(), self.page_rows
        row = target_row(move, at, self._rows.count, page, top)
        self._choose(self._rows.id_at(row), extend=move.extend, only_move=move.only_move)
        self.show_row(row)

    def _ask_for_detail(self) -> None:
        if self.selection.current is not None:
            self.detail_requested.emit(self.selection.current)

    # Mouse

    def tip_at(self, where: QPoint) -> str:
        """The comment at a row's bookmark."""
        row_id = self._id_at(where.y())
        comment = self._painter.comment_of(row_id) if row_id is not None else None
        if comment is None:
            return ""
        return tr("log.bookmark_tip", comment=comment) if comment else tr("log.bookmark_tip_bare")

    def _id_at(self, y: float) -> int | None:
        """The id of the row painted at `y`; None below the last one."""
        index = int(y) // self._metrics.row_height
        return self._painted[max(index, 0)].id if index < len(self._painted) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select a row; with Shift all up to it, with Ctrl this one too."""
        entry_id = self._id_at(event.position().y())
        if entry_id is None:
            self.clear_selection()
        elif event.button() == Qt.MouseButton.RightButton:
            if entry_id not in self.selection:
                self._choose(entry_id)
        elif event.button() == Qt.MouseButton.LeftButton:
            # Rows must not run away under the mouse: following rests until the button is up.
            self._pressed, self._followed = True, self.follows
            self.set_follows(False)
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.selection.toggle(entry_id)
                self.viewport().update()
                self._tell_current()
            else:
                shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self._choose(entry_id, extend=bool(shift))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select what the mouse is dragged over; beyond an edge the rows come along."""
        if not self._pressed:
            return
        self._drag_y = event.position().y()
        if 0 <= self._drag_y < self.viewport().height():
            self._drag.stop()
            entry_id = self._id_at(self._drag_y)
            if entry_id is not None and entry_id != self.selection.current:
                self._choose(entry_id, extend=True)
        elif not self._drag.isActive():
            self._drag.start()

    def _on_drag_scroll(self) -> None:
        if not self._rows.count:
            return
        top, page = self.verticalScrollBar().value(), self.page_rows
        row = top - 1 if self._drag_y < 0 else top + page
        row = min(max(row, 0), self._rows.count - 1)
        self._followed = False
        self.show_row(row)
        self._choose(self._rows.id_at(row), extend=True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of a click or a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._end_press()

    def _end_press(self) -> None:
        if self._pressed:
            self._pressed = False
            self._drag.stop()
            if self._followed:
                self.set_follows(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Who is not seen gets no release."""
        super().hideEvent(event)
        self._end_press()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the detail of a row."""
        if event.button() == Qt.MouseButton.LeftButton:
            entry_id = self._id_at(event.position().y())
            if entry_id is not None:
                self._choose(entry_id)
                self._ask_for_detail()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu, where the mouse or the current row is."""
        where = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            where = self.viewport().mapToGlobal(QPoint(self._metrics.content_x, 0))
            ids = [row.id for row in self._painted]
            if self.selection.current in ids:
                below = ids.index(self.selection.current) + 1
                where += QPoint(0, below * self._metrics.row_height)
        self.menu_requested.emit(where)

    # Focus

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The current row is marked while the keys go here."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The mark of the current row goes. A popup or a locked screen gets the release, too."""
        super().focusOutEvent(event)
        self._end_press()
        self.viewport().update()
