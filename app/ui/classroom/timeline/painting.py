"""Paints the time line: on the screen, into a picture, into an SVG file."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from app.teaching.call_text import call_text
from app.teaching.calls import Activity
from app.ui.classroom.timeline.arrows import Arrows
from app.ui.classroom.timeline.boxes import Chunks, Scale, joined
from app.ui.classroom.timeline.window import tick_text, ticks
from app.ui.classroom.timeline.words import heading_text
from app.ui.theme import theme
from app.wording import tr
from app.wording.lanes import lane_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.models.timeline import Row, Span, Timeline, Track
    from app.teaching.calls import Call
    from app.ui.classroom.timeline.scene import Scene

    Marks = dict[int, list[tuple[Call, float, bool]]]  # by lane: how wide, whether dashed

LANE_PX, AXIS_PX = 21, 18
LEAST_NAMES_PX, MOST_NAMES_PX, NAMES_SHARE = 96, 196, 0.22
LEGEND = (
    Activity.CONNECTING, Activity.ACCEPTING, Activity.RECEIVING, Activity.WORKING,
    Activity.SENDING, Activity.HELD, Activity.IDLE,
)  # fmt: skip
MOST_PLACES = 10  # of a backlog, so that one that waits is still seen
_TICK_PX = 90
_MOST_WIDTHS = 1_000
_TEXT_ROOM_PX = 48  # a span narrower than this has no words in it


class TimelinePainter:
    """Paints scenes. Fonts and sizes are those of the theme at `restyle`."""

    def __init__(self, *, keeps_pictures: bool = False) -> None:
        """`keeps_pictures`: of what has settled, for the next scene; not for what is to be text."""
        self._keeps_pictures = keeps_pictures
        self.restyle()

    def restyle(self) -> None:
        """Take over the theme's font and sizes."""
        px = theme().px
        self.font, self.mono = theme().ui_font(), theme().mono_font()
        self.mono.setPixelSize(max(round(self.mono.pixelSize() * 0.85), 9))
        self.lane, self.axis, self.names = px(LANE_PX), px(AXIS_PX), px(MOST_NAMES_PX)
        self._metrics, self._mono = QFontMetricsF(self.font), QFontMetricsF(self.mono)
        self._gap, self._least = px(3), px(_TEXT_ROOM_PX)
        self._rise = (self.lane - self._mono.height()) / 2 + self._mono.ascent()
        self._widths: dict[str, float] = {}
        self._names: dict[str, str] = {}  # as they are shown
        self._chunks = Chunks()

    def fit(self, width: float) -> None:
        """Leave the time most of so much room."""
        px = theme().px
        self.names = min(max(int(width * NAMES_SHARE), px(LEAST_NAMES_PX)), px(MOST_NAMES_PX))
        self._names.clear()

    def row_at(self, y: float, scrolled_y: int) -> int:
        """The index of the row at a height of the window; -1: the axis."""
        return int((y - self.axis + scrolled_y) // self.lane) if y >= self.axis else -1

    def moment_at(self, x: float, scene: Scene) -> int:
        """The moment at a place of the window."""
        passed = (x - self.names + self._left_px(scene)) * self._ns_per_px(scene)
        return scene.timeline.begin_ns + round(passed)

    def x_of(self, moment_ns: int, scene: Scene) -> float:
        """The place of a moment."""
        passed = (moment_ns - scene.timeline.begin_ns) / self._ns_per_px(scene)
        return self.names + passed - self._left_px(scene)

    def _left_px(self, scene: Scene) -> int:
        """How far the left edge is from the beginning: as time goes on, whole pixels move."""
        passed = scene.window.left_ns - scene.timeline.begin_ns
        return ceil(passed / self._ns_per_px(scene))

    def _ns_per_px(self, scene: Scene) -> float:
        return scene.window.span_ns / max(scene.width - self.names, 1)

    # -- painting ------------------------------------------------------------------------------

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Paint all of it."""
        painter.fillRect(QRectF(0, 0, scene.width, scene.height), theme().colour("surface"))
        self._paint_axis(painter, scene)
        self._paint_let_go(painter, scene)
        painter.setClipRect(QRectF(0, self.axis, scene.width, scene.height - self.axis))
        self._paint_stretch(painter, scene)
        self._chunks.begin(self._scale(painter, scene))
        first = scene.scrolled_y // self.lane
        last = first + int((scene.height - self.axis) // self.lane) + 2
        marks: Marks = {}
        for mark in scene.marked():
            marks.setdefault(mark[0].lane, []).append(mark)
        for index, row in enumerate(scene.rows[first:last], first):
            top = self.axis + index * self.lane - scene.scrolled_y
            if row.can_fold:
                self._paint_heading(painter, scene, row, top)
            elif row.track is None:
                self._paint_backlog(painter, scene, row, top)
            else:
                self._paint_lane(painter, scene, row, top)
                self._paint_marks(painter, scene, marks.get(row.track.lane.number, ()), top)
        painter.setClipRect(self._lanes_area(scene))
        Arrows(scene, lambda ns: self.x_of(ns, scene), self._edge_of(scene)).paint(painter)
        self._paint_step(painter, scene)
        painter.setClipping(False)

    def _lanes_area(self, scene: Scene) -> QRectF:
        return QRectF(self.names, self.axis, scene.width - self.names, scene.height - self.axis)

    def _edge_of(self, scene: Scene) -> Callable[[int, bool], float]:
        top, gap = self.axis - scene.scrolled_y, self._gap
        return lambda at, lower: top + (at + lower) * self.lane + (-gap if lower else gap)

    def _paint_axis(self, painter: QPainter, scene: Scene) -> None:
        begin_ns, window = scene.timeline.begin_ns, scene.window
        most = max(int((scene.width - self.names) / theme().px(_TICK_PX)), 1)
        step, moments = ticks(window.left_ns - begin_ns, window.right_ns - begin_ns, most)
        painter.setFont(self.font)
        for moment in moments:
            if moment < 0:
                continue
            x = self.x_of(begin_ns + moment, scene)
            painter.setPen(theme().colour("line"))
            painter.drawLine(int(x), self.axis, int(x), int(scene.height))
            painter.setPen(theme().colour("secondary"))
            text = f"{tick_text(moment, step)} s"
            width = self._metrics.horizontalAdvance(text)
            left = min(x - width / 2, scene.width - width - self._gap)  # whole at the right edge
            where = QRectF(left, 0, width + 1, self.axis)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_stretch(self, painter: QPainter, scene: Scene) -> None:
        """What has happened since the step before stands on another ground."""
        from_ns, to_ns = scene.spoken[:2]
        if to_ns:
            left = max(self.x_of(from_ns, scene), self.names)
            right = max(self.x_of(to_ns, scene), left)
            where = QRectF(left, self.axis, right - left, scene.height - self.axis)
            painter.fillRect(where, theme().colour("selection"))

    def _paint_step(self, painter: QPainter, scene: Scene) -> None:
        x = self.x_of(scene.spoken.to_ns, scene)
        if scene.spoken.to_ns and x >= self.names:
            painter.setPen(QPen(theme().colour("accent"), theme().px(1), Qt.PenStyle.DashLine))
            painter.drawLine(int(x), self.axis, int(x), int(scene.height))

    def _paint_heading(self, painter: QPainter, scene: Scene, row: Row, top: int) -> None:
        is_current = scene.cursor is not None and scene.cursor.is_at(row)
        ground = theme().colour("selection" if is_current else "window")
        painter.fillRect(QRectF(0, top, scene.width, self.lane), ground)
        painter.setFont(self.font)
        painter.setPen(theme().colour("secondary"))
        mark = "▸" if row.folded else "▾"
        text = f"{mark} {heading_text(row)}"
        if row.group == "running":
            text += "   " + activities_text(scene.timeline)
        where = QRectF(self._gap * 2, top, scene.width - self._gap * 4, self.lane)
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_lane(self, painter: QPainter, scene: Scene, row: Row, top: int) -> None:
        track = row.track
        assert track is not None
        if scene.cursor is not None and scene.cursor.is_at(row):
            painter.fillRect(QRectF(0, top, self.names, self.lane), theme().colour("selection"))
        self._paint_name(painter, lane_name(track.lane), bool(track.lane.end_ns), top)
        painter.setClipRect(self._lanes_area(scene))
        self._paint_spans(painter, scene, track, top)
        painter.setClipRect(QRectF(0, self.axis, scene.width, scene.height - self.axis))

    def _paint_marks(
        self, painter: QPainter, scene: Scene, marks: Iterable[tuple[Call, float, bool]], top: int
    ) -> None:
        """Frame calls."""
        for call, width_px, dashed in marks:
            style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
            painter.setPen(QPen(theme().colour("accent"), max(theme().px(width_px), 1), style))
            left = max(self.x_of(call.begin_ns, scene), self.names)
            right = min(self.x_of(call.end_ns, scene), scene.width)
            if right >= left:
                painter.drawRect(QRectF(left, top + 1, max(right - left, 3), self.lane - 3))

    def _paint_backlog(self, painter: QPainter, scene: Scene, row: Row, top: int) -> None:
        """How many wait to be accepted, as a height; where no other finds a place, in red."""
        if scene.cursor is not None and scene.cursor.is_at(row):
            painter.fillRect(QRectF(0, top, self.names, self.lane), theme().colour("selection"))
        self._paint_name(painter, tr("timeline.backlog"), False, top)
        backlog, window = scene.timeline.backlog, scene.window
        height = self.lane - 2 * self._gap
        tallest = max(backlog.most, min(backlog.places, MOST_PLACES))
        painter.setClipRect(self._lanes_area(scene))
        painter.setFont(self.mono)
        for waiting in backlog.spans(window.left_ns, min(window.right_ns, scene.timeline.now_ns)):
            is_full = backlog.is_full(waiting.clients)
            left, right = self.x_of(waiting.begin_ns, scene), self.x_of(waiting.end_ns, scene)
            tall = height * waiting.clients / tallest
            box = QRectF(left, top + self.lane - self._gap - tall, max(right - left, 1), tall)
            painter.fillRect(box, theme().colour("lane_held" if is_full else "lane_working"))
            words = tr(f"timeline.{'full' if is_full else 'waiting'}", n=waiting.clients)
            if self._width_of(words) + self._gap * 2 <= box.width():
                painter.setPen(theme().colour("text"))
                painter.drawText(
                    QPointF(max(left, self.names) + self._gap, top + self._rise), words
                )
        painter.setClipRect(QRectF(0, self.axis, scene.width, scene.height - self.axis))

    def _paint_name(self, painter: QPainter, name: str, ended: bool, top: int) -> None:
        painter.setFont(self.font)
        painter.setPen(theme().colour("secondary" if ended else "text"))
        room = self.names - self._gap * 4
        where = QRectF(self._gap * 2, top, room, self.lane)
        shown = self._names.get(name)
        if shown is None:
            shown = self._metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            self._names[name] = shown
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, shown)

    def _scale(self, painter: QPainter, scene: Scene) -> Scale:
        ratio = painter.device().devicePixelRatioF() if self._keeps_pictures else 0
        return Scale(
            scene.timeline, scene.timeline.begin_ns, self._ns_per_px(scene),
            self.lane - 2 * self._gap, self._least, int(ratio) if float(ratio).is_integer() else 0,
        )  # fmt: skip

    def _paint_spans(self, painter: QPainter, scene: Scene, track: Track, top: int) -> None:
        """Paint the boxes of each colour in one call, then the words in the wide ones."""
        left_px, worded = self._left_px(scene), []
        painter.setPen(Qt.PenStyle.NoPen)
        for chunk_px, chunk in self._chunks.of(track, left_px, scene.window.right_ns):
            chunk.paint(painter, self.names + chunk_px - left_px, top + self._gap)
            worded += chunk.worded
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme().colour("text"))
        painter.setFont(self.mono)
        least_ns = self._least * self._ns_per_px(scene)
        for span in joined(worded):
            if span.end_ns - span.begin_ns >= least_ns:
                self._paint_words(painter, scene, span, top)

    def _paint_words(self, painter: QPainter, scene: Scene, span: Span, top: int) -> None:
        words = call_text(span.call) if span.call else tr(f"timeline.{span.activity.value}")
        left = max(self.x_of(span.begin_ns, scene), self.names) + self._gap
        room = self.x_of(span.end_ns, scene) - self._gap - left
        if self._width_of(words) > room:
            words = self._mono.elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QPointF(left, top + self._rise), words)

    def _width_of(self, words: str) -> float:
        """Measured once: most calls read the same."""
        width = self._widths.get(words)
        if width is None:
            if len(self._widths) >= _MOST_WIDTHS:
                self._widths.clear()
            width = self._widths[words] = self._mono.horizontalAdvance(words)
        return width

    def _paint_let_go(self, painter: QPainter, scene: Scene) -> None:
        """Before this moment, calls were forgotten; said on the axis, where no lane is."""
        x = self.x_of(scene.timeline.oldest_ns, scene)
        if scene.timeline.let_go and x > self.names:
            painter.setPen(QPen(theme().colour("warning"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(int(x), self.axis, int(x), int(scene.height))
            text = tr("timeline.let_go", n=f"{scene.timeline.let_go:,}")
            shown = self._metrics.elidedText(text, Qt.TextElideMode.ElideLeft, x - self._gap)
            left = x - self._metrics.horizontalAdvance(shown) - self._gap
            where = QRectF(left, 0, x - left, self.axis)
            painter.fillRect(where, theme().colour("surface"))
            painter.setFont(self.font)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, shown)


def activities_text(timeline: Timeline) -> str:
    """What the running workers do now, in numbers."""
    counts = timeline.activities()
    return " · ".join(
        f"{tr(f'timeline.{activity.value}')} × {counts[activity]}"
        for activity in LEGEND
        if activity in counts
    )
