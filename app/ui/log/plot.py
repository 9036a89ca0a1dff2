"""A field's values over time, painted: zoomed by the wheel, moved by dragging."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.models.frame_series import Points
from app.ui.theme import theme
from app.ui.widgets.worded import Worded
from app.wording import tr

_INKS = ("accent", "received", "warning", "error", "sent", "secondary")
_TICKS = 4
_ZOOM = 1.25


class PlotView(Worded, QWidget):
    """Lines of one field, one for each client. GUI thread."""

    def __init__(self, empty: str = "plot.none", parent: QWidget | None = None) -> None:
        """`empty`: the key of what is said while there is nothing to show."""
        super().__init__(parent)
        self._empty = empty
        self._lines: dict[int, Points] = {}
        self._span: tuple[float, float] | None = None  # s; None: all there is
        self._place_text: Callable[[float], str] = _clock
        self._dragged_from: tuple[float, tuple[float, float]] | None = None
        self.setAutoFillBackground(True)
        self.dress()

    def add(self, parts: list[Points]) -> None:
        """Take further values."""
        for part in parts:
            line = self._lines.setdefault(
                part.client_id, Points(part.client_id, array("d"), array("d"))
            )
            line.times.extend(part.times)
            line.values.extend(part.values)
        self.update()

    def show_lines(self, parts: list[Points], place_text: Callable[[float], str] | None) -> None:
        """Show these in the place of all others; `place_text` names places, None: by the clock."""
        if (place_text or _clock) is not self._place_text:
            self._span = None
        self._place_text = place_text or _clock
        self._lines.clear()
        self.add(parts)

    @property
    def count(self) -> int:
        """How many values there are."""
        return sum(len(line.times) for line in self._lines.values())

    def show_all(self) -> None:
        """Show all there is, also what comes."""
        self._span = None
        self.update()

    def _times(self) -> tuple[float, float]:
        if self._span is not None:
            return self._span
        first = min(line.times[0] for line in self._lines.values())
        last = max(line.times[-1] for line in self._lines.values())
        return first, max(last, first + 1e-3)

    @property
    def _box(self) -> QRectF:
        px = theme().px
        return QRectF(px(72), px(12), self.width() - px(88), self.height() - px(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint axes and lines."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme().colour("surface"))
            painter.setFont(theme().ui_font())
            if not self.count:
                painter.setPen(theme().colour("secondary"))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr(self._empty))
                return
            low, high = self._values()
            self._paint_axes(painter, low, high)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipRect(self._box)
            for number, line in enumerate(self._lines.values()):
                painter.setPen(QPen(theme().colour(_INKS[number % len(_INKS)]), 1.5))
                painter.drawPolyline(self._polygon(line, low, high))

    def _seen(self, line: Points) -> range:
        """The indices of a line that are in sight, and one beyond each end."""
        start, stop = self._times()
        first = max(bisect_left(line.times, start) - 1, 0)
        return range(first, min(bisect_right(line.times, stop) + 1, len(line.times)))

    def _values(self) -> tuple[float, float]:
        seen = [line.values[at] for line in self._lines.values() for at in self._seen(line)]
        low, high = min(seen, default=0.0), max(seen, default=1.0)
        pad = (high - low) * 0.05 or abs(high) * 0.05 or 1.0
        return low - pad if low < 0 else max(low - pad, 0.0), high + pad  # no rate is below 0

    def _polygon(self, line: Points, low: float, high: float) -> QPolygonF:
        """At most two points, the least and the greatest, for each pixel."""
        box, (start, stop) = self._box, self._times()
        seen = self._seen(line)
        step = max(len(seen) // max(int(box.width()), 1), 1)
        points = []
        for at in range(seen.start, seen.stop, step):
            part = range(at, min(at + step, seen.stop))
            value = line.values.__getitem__
            for index in sorted({min(part, key=value), max(part, key=value)}):
                x = box.left() + (line.times[index] - start) / (stop - start) * box.width()
                y = box.bottom() - (line.values[index] - low) / (high - low) * box.height()
                points.append(QPointF(x, y))
        return QPolygonF(points)

    def _paint_axes(self, painter: QPainter, low: float, high: float) -> None:
        box, (start, stop) = self._box, self._times()
        for tick in range(_TICKS + 1):
            part = tick / _TICKS
            y, x = box.bottom() - part * box.height(), box.left() + part * box.width()
            painter.setPen(theme().colour("line"))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(theme().colour("secondary"))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            place = QRectF(0, y - 12, box.left() - theme().px(6), 24)
            painter.drawText(place, right, f"{low + part * (high - low):.6g}")
            words = self._place_text(start + part * (stop - start))
            half = theme().px(50)
            left = min(max(x - half, 0), self.width() - 2 * half)
            place = QRectF(left, box.bottom() + theme().px(6), 2 * half, theme().px(20))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom where the mouse is."""
        if self.count and event.angleDelta().y():
            start, stop = self._times()
            at = self._time_at(event.position().x())
            by = 1 / _ZOOM if event.angleDelta().y() > 0 else _ZOOM
            if (stop - start) * by > 1e-3:
                self._span = (at - (at - start) * by, at + (stop - at) * by)
            self.update()

    def _time_at(self, x: float) -> float:
        box, (start, stop) = self._box, self._times()
        return start + (x - box.left()) / max(box.width(), 1) * (stop - start)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to move."""
        if self.count:
            self._dragged_from = (event.position().x(), self._times())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move along the time."""
        if self._dragged_from is not None:
            x, (start, stop) = self._dragged_from
            by = (x - event.position().x()) / max(self._box.width(), 1) * (stop - start)
            self._span = (start + by, stop + by)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The move has ended."""
        self._dragged_from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all again."""
        self.show_all()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setAccessibleName(tr("plot.title"))

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self.setMinimumSize(theme().px(320), theme().px(180))
        self.update()


def _clock(at_s: float) -> str:
    moment = datetime.fromtimestamp(at_s)
    return f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03}"
