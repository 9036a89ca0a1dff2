"""The time line itself: a scroll area that paints the lanes in sight in one call."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QToolTip, QWidget

from app.teaching.call_text import call_text, whole_text
from app.teaching.calls import Activity, activity_of
from app.ui.classroom.timeline.painting import Scene, TimelinePainter
from app.ui.classroom.timeline.window import TimeWindow, duration_text
from app.ui.theme import set_role, theme
from app.ui.widgets.labels import plain_tooltip
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.models.timeline import Row, Timeline, Track
    from app.teaching.calls import Call

ZOOM_STEP = 1.25
PAN_SHARE = 0.1
NEAR_PX = 4
LANES_HINT = 6
_K = Qt.Key


class TimelineView(QAbstractScrollArea):
    """Lanes, painted. Dragging moves the time, Ctrl and the wheel zoom. GUI thread."""

    call_clicked = Signal(int)
    window_changed = Signal()  # it follows or no longer does

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.window_ = TimeWindow()
        self.paused = False
        self.paint_s = 0.0  # what the last painting took
        self._timeline: Timeline | None = None
        self._rows: list[Row] = []
        self._painter = TimelinePainter()
        self._chosen: Call | None = None
        self._pressed: QPoint | None = None
        self._dragged = False
        self._frozen_ns = 0
        self._keys = self._key_table()
        set_role(self, "card")
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(self.viewport().update)
        theme().changed.connect(self._restyle)

    # -- what is shown -------------------------------------------------------------------------

    def set_timeline(self, timeline: Timeline) -> None:
        """Show this one, from its beginning."""
        self._timeline = timeline
        self._chosen = None
        self.refresh()

    @property
    def rows(self) -> list[Row]:
        """The rows, in sight or not."""
        return self._rows

    @property
    def now_ns(self) -> int:
        """The newest moment on show."""
        return self._frozen_ns if self.paused else time.monotonic_ns()

    def pause(self, on: bool) -> None:
        """Hold the picture; recording goes on."""
        self._frozen_ns = self.now_ns
        self.paused = on
        self.refresh()

    def refresh(self) -> None:
        """Take over what is new, and paint."""
        if self._timeline is None:
            return
        # Also while paused: a call that was open at that moment has an end by now.
        self._timeline.update()
        if not self.paused:
            self._rows = self._timeline.rows()
        self.window_.advance(self.now_ns)
        self._fit_scroll_bar()
        self.viewport().update()

    def scene(self) -> Scene | None:
        """What is in sight."""
        if self._timeline is None:
            return None
        area, scrolled = self.viewport().size(), self.verticalScrollBar().value()
        return Scene(
            self._timeline, self._rows, self.window_, area.width(), area.height(), scrolled,
            self._chosen,
        )  # fmt: skip

    def choose(self, call: Call | None) -> None:
        """Mark a call and bring it into sight."""
        self._chosen = call
        if call is not None:
            self.window_.show(call.begin_ns, call.end_ns)
            self._scroll_to_lane(call.lane)
            self.window_changed.emit()
        self.viewport().update()

    def _scroll_to_lane(self, lane_number: int) -> None:
        for index, row in enumerate(self._rows):
            if row.track is not None and row.track.lane.number == lane_number:
                bar, top = self.verticalScrollBar(), index * self._painter.lane
                if not bar.value() <= top <= bar.value() + bar.pageStep() - self._painter.lane:
                    bar.setValue(top - bar.pageStep() // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint every lane in sight."""
        scene, begun = self.scene(), time.perf_counter()
        if scene is not None:
            painter = QPainter(self.viewport())
            self._painter.paint(painter, scene)
            painter.end()
            self.paint_s = time.perf_counter() - begun

    # -- moving --------------------------------------------------------------------------------

    def zoom(self, factor: float, share: float = 1.0) -> None:
        """Show `factor` times as much time."""
        self.window_.zoom(factor, share)
        self._moved()

    def pan(self, share: float) -> None:
        """Move by so much of the width, to later if positive."""
        self.window_.pan(round(self.window_.span_ns * share), self.now_ns)
        self._moved()

    def fit(self) -> None:
        """Show everything that is kept."""
        if self._timeline is not None:
            self.window_.fit(self._timeline.oldest_ns, self.now_ns)
            self._moved()

    def go_live(self) -> None:
        """Follow the newest moment."""
        self.window_.follows = True
        self._moved()

    def _moved(self) -> None:
        self.window_.advance(self.now_ns)
        self.window_changed.emit()
        self.viewport().update()

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
        bar = self.verticalScrollBar()
        return {
            _K.Key_Plus: lambda: self.zoom(1 / ZOOM_STEP),
            _K.Key_Equal: lambda: self.zoom(1 / ZOOM_STEP),
            _K.Key_Minus: lambda: self.zoom(ZOOM_STEP),
            _K.Key_Left: lambda: self.pan(-PAN_SHARE),
            _K.Key_Right: lambda: self.pan(PAN_SHARE),
            _K.Key_Home: self.fit,
            _K.Key_End: self.go_live,
            _K.Key_Up: lambda: bar.setValue(bar.value() - self._painter.lane),
            _K.Key_Down: lambda: bar.setValue(bar.value() + self._painter.lane),
        }

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and -, the arrows, Home for everything, End for now."""
        order = self._keys.get(Qt.Key(event.key()))
        if order is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        else:
            order()

    # -- the mouse -----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag, or to click."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = event.position().toPoint(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the time along."""
        if self._pressed is None:
            return
        here = event.position().toPoint()
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
        if row is None or self._timeline is None:
            return
        if row.track is None:
            self._timeline.fold(row.group, folded=not row.folded)
            self._rows = self._timeline.rows()
            self._fit_scroll_bar()
            self.viewport().update()
        elif (call := self._call_at(where, row)) is not None:
            self._chosen = call
            self.call_clicked.emit(call.id)
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

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell what is under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self._hint(event.pos())
            QToolTip.showText(event.globalPos(), plain_tooltip(text) if text else "", self)
            return True
        return super().viewportEvent(event)

    def _hint(self, where: QPoint) -> str:
        row, timeline = self._row_at(where), self._timeline
        if row is None or row.track is None or timeline is None:
            return ""
        lane, call = row.track.lane, self._call_at(where, row)
        if call is None:
            return "\n".join((lane.name, *self._without_call(where, row.track)))
        lasted = tr("timeline.lasted", time=duration_text(call.end_ns - call.begin_ns))
        since = tr("timeline.at", time=duration_text(call.begin_ns - timeline.begin_ns))
        return f"{lane.name}\n{whole_text(call)}\n{lasted} · {since}"

    def _without_call(self, where: QPoint, track: Track) -> list[str]:
        """What a thread does where no call has returned: it is in one, or between two."""
        scene, opened = self.scene(), track.lane.open
        if scene is None or where.x() < self._painter.names:
            return [tr(f"timeline.{track.lane.activity.value}")]
        moment = self._painter.moment_at(where.x(), scene)
        if moment < scene.timeline.begin_ns:
            return [tr("timeline.not_recorded")]  # it may have run for long
        if opened is not None and opened.begin_ns <= moment <= self.now_ns:
            so_far = duration_text(self.now_ns - opened.begin_ns)
            doing = tr(f"timeline.{activity_of(track.lane, opened.name).value}")
            return [call_text(opened), f"{doing} · {tr('timeline.so_far', time=so_far)}"]
        runs = track.lane.begin_ns <= moment <= (track.lane.end_ns or self.now_ns)
        return [tr(f"timeline.{Activity.WORKING if runs else 'not_there'}")]

    # -- sizes ---------------------------------------------------------------------------------

    def _fit_scroll_bar(self) -> None:
        bar, page = self.verticalScrollBar(), self.viewport().height() - self._painter.axis
        bar.setPageStep(max(page, 1))
        bar.setSingleStep(self._painter.lane)
        bar.setRange(0, max(len(self._rows) * self._painter.lane - page, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another number of lanes fits."""
        super().resizeEvent(event)
        self._fit_scroll_bar()

    def _restyle(self) -> None:
        self._painter.restyle()
        self._fit_scroll_bar()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Some lanes."""
        return QSize(theme().px(600), self._painter.axis + LANES_HINT * self._painter.lane)
