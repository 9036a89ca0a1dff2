"""The arrows of the time line: from a call to what it brought about in another lane."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from app.ui.theme import theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from app.teaching.pairs import Pair
    from app.ui.classroom.timeline.scene import Scene

MOST = 150  # more than that nobody follows: then those of the chosen call alone
MOST_LANES = 40
_LOOKED_AT = 4_000
_GAP_PX = 7  # between two arrows from the same lane to the same other one
_HEAD_PX, _HEAD_HALF_PX = 7.0, 3.0


class Arrow(NamedTuple):
    """One pair, as a line between two lanes."""

    pair: Pair
    line: QLineF


class Arrows:
    """Chooses those to paint of one scene, and paints them."""

    def __init__(
        self, scene: Scene, x_of: Callable[[int], float], edge_of: Callable[[int, bool], float]
    ) -> None:
        """`edge_of`: the height of a row's boxes, their lower edge if the second is true."""
        self._scene, self._x_of, self._edge_of = scene, x_of, edge_of
        self._rows = {
            row.track.lane.number: at for at, row in enumerate(scene.rows) if row.track is not None
        }

    def quiet(self) -> list[Arrow]:
        """All that is in sight, thinned out; none where they are off, or too many."""
        scene = self._scene
        if not scene.arrows or len(self._rows) > MOST_LANES:
            return []
        window = scene.window
        pairs = scene.timeline.pairs.between(window.left_ns, window.right_ns)
        looked_at = list(islice(pairs, _LOOKED_AT))
        kept: dict[tuple[int, int, int], Arrow] = {}
        for arrow in self._lines(looked_at):
            cause, effect = arrow.pair
            place = int(arrow.line.x2() / theme().px(_GAP_PX))
            kept.setdefault((cause.lane, effect.lane, place), arrow)
        few = len(kept) <= MOST and len(looked_at) < _LOOKED_AT
        return list(kept.values()) if few else []

    def loud(self) -> list[Arrow]:
        """Those of the calls that are marked."""
        of = self._scene.timeline.pairs.pairs_of
        marked = (self._scene.pointed_at, self._scene.chosen, self._scene.at_cursor)
        calls = {call.id for call in marked if call is not None} | set(self._scene.spoken.calls)
        found = {(pair[0].id, pair[1].id): pair for call_id in calls for pair in of(call_id)}
        return list(self._lines(islice(found.values(), MOST)))

    def _lines(self, pairs: Iterable[Pair]) -> Iterator[Arrow]:
        until_ns = self._scene.until_ns
        for pair in pairs:
            here, there = self._rows.get(pair.cause.lane), self._rows.get(pair.effect.lane)
            if here is None or there is None or here == there or pair.end_ns > until_ns:
                continue
            down = here < there
            line = QLineF(
                self._x_of(pair.begin_ns), self._edge_of(here, down),
                self._x_of(pair.end_ns), self._edge_of(there, not down),
            )  # fmt: skip
            yield Arrow(pair, line)

    def paint(self, painter: QPainter) -> None:
        """Paint them over the lanes."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for arrows, width_px in ((self.quiet(), 1.0), (self.loud(), 2.0)):
            if arrows:
                self._paint(painter, arrows, width_px)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint(self, painter: QPainter, arrows: list[Arrow], width_px: float) -> None:
        colour = theme().colour("accent")
        painter.setPen(QPen(colour, theme().px(width_px)))
        painter.drawLines([arrow.line for arrow in arrows])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for arrow in arrows:
            painter.drawPolygon(_head(arrow.line, (width_px + 1) / 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _head(line: QLineF, size: float) -> QPolygonF:
    """The triangle at the end of a line."""
    along = line.unitVector()
    back = QPointF(along.dx(), along.dy()) * float(theme().px(_HEAD_PX)) * size
    across = QPointF(-along.dy(), along.dx()) * float(theme().px(_HEAD_HALF_PX)) * size
    foot = line.p2() - back
    return QPolygonF([line.p2(), foot + across, foot - across])
