"""The picture of the time line: a scroll area that paints the lanes in sight in one call."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from app.ui.classroom.exhibit import Spoken
from app.ui.classroom.timeline.cursor import Cursor
from app.ui.classroom.timeline.painting import TimelinePainter
from app.ui.classroom.timeline.scene import Scene
from app.ui.classroom.timeline.window import TimeWindow
from app.ui.theme import set_role, theme

if TYPE_CHECKING:
    from app.models.timeline import Row, Timeline
    from app.teaching.calls import Call

LANES_HINT = 6


class TimelineCanvas(QAbstractScrollArea):
    """Lanes, painted, and the stretch of time that is in sight. GUI thread."""

    window_changed = Signal()  # it follows or no longer does

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.window_ = TimeWindow()
        self.paused = False
        self.paint_s = 0.0  # what the last painting took
        self._timeline: Timeline | None = None
        self._rows: list[Row] = []
        self._painter = TimelinePainter(keeps_pictures=True)
        self._chosen: Call | None = None
        self._frozen_ns = 0
        self._keeps_whole = False
        self._spoken = Spoken()
        self._pointed_at: Call | None = None  # by the mouse
        self._arrows = True
        self._cursor = Cursor()
        set_role(self, "card")
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(self.viewport().update)
        theme().changed.connect(self.restyle)

    # -- what is shown -------------------------------------------------------------------------

    def set_timeline(self, timeline: Timeline) -> None:
        """Show this one, from its beginning."""
        self._timeline = timeline
        self._chosen, self._cursor, self._spoken = None, Cursor(), Spoken()
        self._pointed_at = None
        self.refresh()

    @property
    def rows(self) -> list[Row]:
        """The rows, in sight or not."""
        return self._rows

    @property
    def now_ns(self) -> int:
        """The newest moment on show."""
        if self.paused or self._timeline is None:
            return self._frozen_ns
        return self._timeline.now_ns

    def keep_whole(self, on: bool) -> None:
        """Show everything there is as it grows, until the user looks closer."""
        self._keeps_whole = on
        self.refresh()

    def mark(self, spoken: Spoken) -> None:
        """Mark what the words on show are about, and the moment of the step."""
        self._spoken = spoken
        self.viewport().update()

    def show_arrows(self, on: bool) -> None:
        """Show which call led to which; what is marked has its arrows in any case."""
        self._arrows = on
        self.viewport().update()

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
        if self._keeps_whole and not self.paused:
            self.window_.fit(self._timeline.oldest_ns, self.now_ns)
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
            self._chosen, self._cursor if self.hasFocus() else None, self._spoken,
            self._pointed_at, self._arrows,
        )  # fmt: skip

    def choose(self, call: Call | None) -> None:
        """Mark a call and bring it into sight."""
        self._chosen = call
        if call is not None:
            for row in self._rows:
                if row.track is not None and row.track.lane.number == call.lane:
                    self._cursor.go_to(row, call)
            self._bring_into_sight(call)
        self.viewport().update()

    def _bring_into_sight(self, call: Call | None) -> None:
        """Show the row of the cursor, and a call's stretch of time."""
        bar, top = self.verticalScrollBar(), self._cursor.at(self._rows) * self._painter.lane
        if not bar.value() <= top <= bar.value() + bar.pageStep() - self._painter.lane:
            bar.setValue(top - bar.pageStep() // 2)
        if call is not None:
            self._keeps_whole = self._keeps_whole and self.window_.has(call.begin_ns, call.end_ns)
            self.window_.show(call.begin_ns, call.end_ns)
            self.window_changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint every lane in sight."""
        scene, begun = self.scene(), time.perf_counter()
        if scene is not None:
            with QPainter(self.viewport()) as painter:
                self._painter.paint(painter, scene)
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
        self._keeps_whole = False
        self.window_.advance(self.now_ns)
        self.window_changed.emit()
        self.viewport().update()

    # -- sizes ---------------------------------------------------------------------------------

    def _fit_scroll_bar(self) -> None:
        bar, page = self.verticalScrollBar(), self.viewport().height() - self._painter.axis
        bar.setPageStep(max(page, 1))
        bar.setSingleStep(self._painter.lane)
        bar.setRange(0, max(len(self._rows) * self._painter.lane - page, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another number of lanes fits."""
        super().resizeEvent(event)
        self._painter.fit(self.viewport().width())
        self._fit_scroll_bar()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self._painter.restyle()
        self._painter.fit(self.viewport().width())
        self._fit_scroll_bar()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Some lanes."""
        return QSize(theme().px(600), self._painter.axis + LANES_HINT * self._painter.lane)
