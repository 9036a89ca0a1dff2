"""The time line under the hand: wheel, mouse and keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.classroom.timeline.canvas import TimelineCanvas
from app.ui.classroom.timeline.words import (
    activity_words,
    backlog_words,
    call_words,
    moment_words,
    row_words,
)
from app.ui.log.speech import say_row
from app.ui.widgets.tips import TipsInView

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.models.timeline import Row
    from app.teaching.calls import Call

ZOOM_STEP = 1.25
PAN_SHARE = 0.1
NEAR_PX = 4
_K = Qt.Key


class TimelineView(TipsInView, TimelineCanvas):
    """Dragging moves the time, Ctrl and the wheel zoom, the arrows walk. GUI thread."""

    call_clicked = Signal(int)
    moment_dragged = Signal(object)  # the line of the step was dragged to there

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed: QPoint | None = None
        self._dragged = self._drags_step = False
        self._keys = self._key_table()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl: zoom where the pointer is. Shift: move in time. Otherwise: lanes."""
        turns = (event.angleDelta().y() or event.angleDelta().x()) / 120
        room = max(self.viewport().width() - self._painter.names, 1)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            share = (event.position().x() - self._painter.names) / room
            self.zoom(ZOOM_STEP**-turns, min(max(share, 0.0), 1.0))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(-turns * PAN_SHARE)
        else:
            super().wheelEvent(event)

    def _key_table(self) -> dict[Qt.Key, Callable[[], None]]:
        return {
            _K.Key_Plus: lambda: self.zoom(1 / ZOOM_STEP),
            _K.Key_Equal: lambda: self.zoom(1 / ZOOM_STEP),
            _K.Key_Minus: lambda: self.zoom(ZOOM_STEP),
            _K.Key_Home: self.fit,
            _K.Key_End: self.go_live,
            _K.Key_Up: lambda: self._step_rows(-1),
            _K.Key_Down: lambda: self._step_rows(1),
            _K.Key_Left: lambda: self._step_calls(-1),
            _K.Key_Right: lambda: self._step_calls(1),
            _K.Key_Return: self._choose_current,
            _K.Key_Enter: self._choose_current,
            _K.Key_Space: self._choose_current,
        }

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows walk from row to row and from call to call, with Shift they move in time.

        Enter chooses a call or folds a group; + and - zoom; Home is for everything, End for now.
        """
        key, pans = Qt.Key(event.key()), {_K.Key_Left: -PAN_SHARE, _K.Key_Right: PAN_SHARE}
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and key in pans:
            self.pan(pans[key])
        elif key not in self._keys or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        else:
            self._keys[key]()

    # -- the keyboard --------------------------------------------------------------------------

    def _current(self) -> Row | None:
        index = self._cursor.at(self._rows)
        return self._rows[index] if index >= 0 else None

    def _step_rows(self, step: int) -> None:
        if self._cursor.step_rows(self._rows, step, self.now_ns) is not None:
            self._show_cursor()

    def _step_calls(self, step: int) -> None:
        row = self._current()
        if row is None:
            self._step_rows(1)
        elif row.can_fold:
            self._fold(row, folded=step < 0)
        else:
            self._cursor.step_calls(row, step)
            self._show_cursor()

    def _choose_current(self) -> None:
        row, call = self._current(), self._cursor.call
        if row is not None and row.can_fold:
            self._fold(row, folded=not row.folded)
        elif call is not None:
            self._choose(call)

    def _show_cursor(self) -> None:
        """Bring it into sight, and say where it stands."""
        row, call = self._current(), self._cursor.call
        if row is None or self._timeline is None:
            return
        self._bring_into_sight(call)
        self.viewport().update()
        words = row_words(row, self._timeline, self.now_ns)
        if row.track is not None and call is not None:
            words = call_words(row.track, call, self._timeline)
        say_row(self, " · ".join(words))

    def _fold(self, row: Row, *, folded: bool) -> None:
        if self._timeline is None:
            return
        self._timeline.fold(row.group, folded=folded)
        self._rows = self._timeline.rows()
        self._fit_scroll_bar()
        self._show_cursor()
        self.viewport().update()

    def _choose(self, call: Call) -> None:
        self._chosen = call
        self.call_clicked.emit(call.id)
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard's place is shown."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard's place is shown no more."""
        super().focusOutEvent(event)
        self.viewport().update()

    # -- the mouse -----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag, or to click."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = event.position().toPoint(), False
            self._drags_step = self._is_on_step(self._pressed)

    def _is_on_step(self, where: QPoint) -> bool:
        scene = self.scene()
        if scene is None or not scene.spoken.to_ns:
            return False
        return abs(where.x() - self._painter.x_of(scene.spoken.to_ns, scene)) <= NEAR_PX

    def _point_at(self, where: QPoint) -> None:
        """The call under the mouse has its arrows, the line of the step can be dragged."""
        row = self._row_at(where)
        call = self._call_at(where, row) if row is not None else None
        if call is not self._pointed_at:
            self._pointed_at = call
            self.viewport().update()
        shape = Qt.CursorShape.SizeHorCursor if self._is_on_step(where) else None
        self.viewport().setCursor(shape) if shape else self.viewport().unsetCursor()

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse points at nothing any more."""
        super().leaveEvent(event)
        self._pointed_at = None
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the time along, or the line of the step along its steps."""
        here = event.position().toPoint()
        if self._pressed is None:
            self._point_at(here)
            return
        if self._drags_step:
            self._dragged = True
            if (scene := self.scene()) is not None:
                self.moment_dragged.emit(self._painter.moment_at(here.x(), scene))
            return
        by = here - self._pressed
        if not self._dragged and by.manhattanLength() < QApplication.startDragDistance():
            return
        self._dragged, self._pressed = True, here
        self.pan(-by.x() / max(self.viewport().width() - self._painter.names, 1))
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() - by.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses a call, or folds a group."""
        if self._pressed is not None and not self._dragged:
            self._click(event.position().toPoint())
        self._pressed = None

    def _click(self, where: QPoint) -> None:
        row = self._row_at(where)
        if row is None:
            return
        call = self._call_at(where, row)
        self._cursor.go_to(row, call)
        if row.can_fold:
            self._fold(row, folded=not row.folded)
        elif call is not None:
            self._choose(call)
        else:
            self.viewport().update()

    def _row_at(self, where: QPoint) -> Row | None:
        index = self._painter.row_at(where.y(), self.verticalScrollBar().value())
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def _call_at(self, where: QPoint, row: Row) -> Call | None:
        scene = self.scene()
        if scene is None or row.track is None or where.x() < self._painter.names:
            return None
        moment = self._painter.moment_at(where.x(), scene)
        near_ns = self._painter.moment_at(where.x() + NEAR_PX, scene) - moment
        return row.track.nearest(moment, near_ns)

    def tip_at(self, where: QPoint) -> str:
        """What is there: a call, what a thread does, or a moment."""
        row, timeline, scene = self._row_at(where), self._timeline, self.scene()
        if row is None or timeline is None or scene is None or row.can_fold:
            return ""
        if row.track is None:
            in_time = where.x() >= self._painter.names
            moment_ns = self._painter.moment_at(where.x(), scene) if in_time else self.now_ns
            return "\n".join(backlog_words(timeline, moment_ns))
        call = self._call_at(where, row)
        if call is not None:
            return "\n".join(call_words(row.track, call, timeline))
        if where.x() < self._painter.names:
            return "\n".join(activity_words(row.track))
        moment_ns = self._painter.moment_at(where.x(), scene)
        return "\n".join(moment_words(row.track, moment_ns, self.now_ns, timeline))
