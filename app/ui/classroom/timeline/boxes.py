"""The boxes of the lanes, in chunks of equal width: what has settled is worked out once.

A busy lane has hundreds of spans in sight, and a picture thirty such lanes, thirty times a second.
Chunks stand at whole pixels from the beginning of the recording, wherever the window is, so that
what was worked out for one picture is right in the next one, a little further left.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from app.models.timeline import Span
from app.ui.theme import theme

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.models.timeline import Timeline, Track
    from app.teaching.calls import Activity

CHUNK_PX = 64
STEP_PX = 2
_PART_PX = 6  # a span wider than this is parted from the next one


def colour_token(activity: Activity) -> str:
    """The token of an activity's colour."""
    return f"lane_{activity.value}"


class Scale(NamedTuple):
    """What all boxes of a picture depend on."""

    timeline: Timeline
    begin_ns: int  # of the recording
    ns_per_px: float
    height: int
    least_px: float  # a span narrower than this has no words
    sharpness: int  # pixels of the device for one; 0: not a whole number, or no pixels at all

    @property
    def step_ns(self) -> int:
        """What is shorter is painted together."""
        return ceil(self.ns_per_px * STEP_PX)


class Chunk(NamedTuple):
    """A stretch of one lane."""

    boxes: dict[Activity, list[QRectF]]  # from its upper left corner
    worded: list[Span]  # perhaps wide enough for words, with what goes on beyond the edges
    picture: QImage | None = None  # of the boxes

    def paint(self, painter: QPainter, left: float, top: float) -> None:
        """Paint the boxes; no pen is set."""
        if self.picture is not None:
            painter.drawImage(QPointF(left, top), self.picture)
            return
        painter.translate(left, top)
        for activity, boxes in self.boxes.items():
            painter.setBrush(theme().colour(colour_token(activity)))
            painter.drawRects(boxes)
        painter.translate(-left, -top)

    def pictured(self, height: int, sharpness: int) -> Chunk:
        """Return the same as a picture."""
        kind = QImage.Format.Format_ARGB32_Premultiplied
        picture = QImage(CHUNK_PX * sharpness, height * sharpness, kind)
        picture.setDevicePixelRatio(sharpness)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            painter.setPen(Qt.PenStyle.NoPen)
            self.paint(painter, 0, 0)
        return self._replace(boxes={}, picture=picture)


class Chunks:
    """Those of a picture; the next one takes over what it shows, too. One thread."""

    def __init__(self) -> None:
        self._scale: Scale | None = None
        self._oldest_ns = 0
        self._before: dict[tuple[int, int], Chunk] = {}  # by lane and place
        self._now: dict[tuple[int, int], Chunk] = {}

    def begin(self, scale: Scale) -> None:
        """Begin a picture: what the last one did not show is forgotten."""
        self._before = self._now if scale == self._scale else {}
        self._now, self._scale = {}, scale
        self._oldest_ns = scale.timeline.oldest_ns

    def of(self, track: Track, from_px: float, to_ns: int) -> Iterator[tuple[int, Chunk]]:
        """Yield a lane's chunks from a place to a moment, each with where it begins."""
        assert self._scale is not None
        begin_ns, per_px = self._scale[1:3]
        place = int(from_px // CHUNK_PX)
        while (left_ns := begin_ns + round(place * CHUNK_PX * per_px)) < to_ns:
            right_ns = begin_ns + round((place + 1) * CHUNK_PX * per_px)
            if self._is_settled(track, left_ns, right_ns):
                chunk = self._kept(track, place, left_ns, right_ns)
            else:
                chunk = self._made(track, left_ns, min(right_ns, to_ns))
            yield place * CHUNK_PX, chunk
            place += 1

    def _is_settled(self, track: Track, left_ns: int, right_ns: int) -> bool:
        """Whether no call in there is still to come, or to be forgotten."""
        assert self._scale is not None
        calls, after_ns = track.calls, right_ns + self._scale.step_ns
        return left_ns >= self._oldest_ns and bool(calls) and calls[-1].end_ns >= after_ns

    def _kept(self, track: Track, place: int, left_ns: int, right_ns: int) -> Chunk:
        """A picture is made when it is shown again: while a scale changes, none is."""
        assert self._scale is not None
        key, scale = (track.lane.number, place), self._scale
        chunk = self._before.get(key)
        if chunk is None:
            chunk = self._made(track, left_ns, right_ns)
        elif scale.sharpness and chunk.picture is None:
            chunk = chunk.pictured(scale.height, scale.sharpness)
        self._now[key] = chunk
        return chunk

    def _made(self, track: Track, left_ns: int, right_ns: int) -> Chunk:
        assert self._scale is not None
        per_px, height, least_px = self._scale[2:5]
        chunk = Chunk({}, [])
        known_ns = max(left_ns, self._oldest_ns)  # nothing is said of what was let go
        for span in track.spans(known_ns, right_ns, self._scale.step_ns):
            begin_ns, end_ns, activity, _call = span
            if begin_ns >= right_ns:
                break
            left = min((begin_ns - left_ns) / per_px, CHUNK_PX - 1)
            width = (min(end_ns, right_ns) - begin_ns) / per_px
            # One call after the other: a line between them, where there is room for it.
            if width > _PART_PX and end_ns < right_ns:
                width -= 1
            box = QRectF(left, 0, min(max(width, 1), CHUNK_PX - left), height)
            chunk.boxes.setdefault(activity, []).append(box)
            if width >= least_px or begin_ns <= left_ns or end_ns >= right_ns:
                chunk.worded.append(span)
        return chunk


def joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield what the edge of a chunk has parted as one again."""
    last: Span | None = None
    for span in spans:
        same = last is not None and last.call is span.call and last.activity is span.activity
        if last is not None and same and span.begin_ns <= last.end_ns:
            last = last._replace(end_ns=max(last.end_ns, span.end_ns))
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last
