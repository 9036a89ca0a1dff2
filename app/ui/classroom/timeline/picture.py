"""The time line as a file for slides: PNG, or SVG whose text stays text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSaveFile, QSize
from PySide6.QtGui import QImage, QPainter

from app.ui.classroom.timeline.painting import TimelinePainter

if TYPE_CHECKING:
    from pathlib import Path

    from app.ui.classroom.timeline.painting import Scene

SHARPNESS = 2  # pixels of a PNG for one of the window
MOST_HEIGHT_PX = 8_000  # some 360 lanes


def save_picture(scene: Scene, path: Path) -> None:
    """Write all rows, in sight or not, into `path`; its ending decides how. Raises OSError."""
    painter = TimelinePainter()
    height = min(painter.axis + len(scene.rows) * painter.lane, MOST_HEIGHT_PX)
    whole = replace(scene, height=height, scrolled_y=0)
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        raise OSError(file.errorString())
    if path.suffix.lower() == ".svg":
        _write_svg(painter, whole, file)
    else:
        _write_png(painter, whole, file)
    if not file.commit():
        raise OSError(file.errorString())


def _write_png(painter: TimelinePainter, scene: Scene, file: QSaveFile) -> None:
    size = QSize(int(scene.width), int(scene.height)) * SHARPNESS
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(SHARPNESS)
    brush = QPainter(image)
    painter.paint(brush, scene)
    brush.end()
    image.save(file, "PNG")  # type: ignore[call-overload]  # bytes, as the stub asks, are refused


def _write_svg(painter: TimelinePainter, scene: Scene, file: QSaveFile) -> None:
    from PySide6.QtSvg import QSvgGenerator

    svg = QSvgGenerator()
    svg.setOutputDevice(file)
    svg.setSize(QSize(int(scene.width), int(scene.height)))
    svg.setViewBox(QRect(0, 0, int(scene.width), int(scene.height)))
    brush = QPainter(svg)
    painter.paint(brush, scene)
    brush.end()
