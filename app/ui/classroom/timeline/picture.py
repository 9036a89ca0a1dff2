"""The time line as a file for slides: PNG, or SVG whose text stays text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from app.ui.classroom.timeline.legend import paint_legend
from app.ui.classroom.timeline.painting import TimelinePainter
from app.ui.theme import theme
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.ui.classroom.timeline.scene import Scene

SHARPNESS = 2  # pixels of a PNG for one of the window, unless it is higher than any slide:
SHARP_HEIGHT_PX = 2_000  # four times as many take four times as long
MOST_HEIGHT_PX = 8_000  # some 360 lanes
_QUALITY = 85  # of a PNG: how little time is spent on making it small; nothing is lost


def picture_of(scene: Scene, suffix: str) -> Iterator[bytes]:
    """Return all rows, in sight or not, as the pieces of a file, which any thread may ask for.

    They are painted there. `suffix` decides how: `.svg`, or PNG. Below the rows stands what the
    colours mean, and how many rows are left out, if any.
    """
    rows = [row._replace(track=row.track.still()) if row.track else row for row in scene.rows]
    still = replace(scene, timeline=scene.timeline.still(), rows=rows, window=replace(scene.window))
    return _pieces(still, suffix)


def _pieces(scene: Scene, suffix: str) -> Iterator[bytes]:
    painter = TimelinePainter()
    painter.fit(scene.width)
    kept = scene.rows[: MOST_HEIGHT_PX // painter.lane]
    height = painter.axis + len(kept) * painter.lane
    whole = replace(scene, rows=kept, height=height, scrolled_y=0)
    size = QSize(int(scene.width), height + painter.lane * 2)

    def paint(brush: QPainter) -> None:
        painter.paint(brush, whole)
        _paint_foot(brush, painter, whole, len(scene.rows) - len(kept))

    yield _svg(paint, size) if suffix.lower() == ".svg" else _png(paint, size)


def _paint_foot(brush: QPainter, painter: TimelinePainter, scene: Scene, left_out: int) -> None:
    foot = QRectF(0, scene.height, scene.width, painter.lane * 2)
    brush.fillRect(foot, theme().colour("surface"))
    brush.setFont(painter.font)
    paint_legend(brush, foot.adjusted(painter.names, 0, 0, 0))
    if left_out:
        brush.setPen(theme().colour("secondary"))
        where = foot.adjusted(theme().px(6), 0, 0, 0)
        brush.drawText(where, Qt.AlignmentFlag.AlignVCenter, tr("timeline.left_out", n=left_out))


def _png(paint: Callable[[QPainter], None], size: QSize) -> bytes:
    sharpness = SHARPNESS if size.height() <= SHARP_HEIGHT_PX else 1
    image = QImage(size * sharpness, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(sharpness)
    with QPainter(image) as brush:
        paint(brush)
    file = QBuffer()
    file.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(file, "PNG", _QUALITY)  # type: ignore[call-overload]  # the stub asks for bytes
    return bytes(file.data().data())


def _svg(paint: Callable[[QPainter], None], size: QSize) -> bytes:
    from PySide6.QtSvg import QSvgGenerator

    file = QBuffer()
    svg = QSvgGenerator()
    svg.setOutputDevice(file)
    svg.setSize(size)
    svg.setViewBox(QRect(QPoint(0, 0), size))
    with QPainter(svg) as brush:
        paint(brush)
    return bytes(file.data().data())
