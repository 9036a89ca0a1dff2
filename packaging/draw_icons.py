#!/usr/bin/env python3
"""Draw the icons of Windows and of Linux's desktops from the program's SVG: `draw_icons.py`.

At 24 pixels and below a drawing of its own is used: fewer, thicker lines on whole pixels.
The format: Microsoft's "Icons", with BMP up to 128 pixels and PNG at 256, as Windows wants it.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
LARGE = HERE.parent / "resources" / "icons" / "portside.svg"
SMALL = HERE / "portside-small.svg"
ICO = HERE / "windows" / "portside.ico"
HICOLOR = HERE / "linux" / "share" / "icons" / "hicolor"  # freedesktop.org's "Icon Theme"
SIZES = (16, 24, 32, 48, 64, 128, 256)
SMALL_UP_TO = 24


def main() -> None:
    """Write the icon with all sizes, and one file for each."""
    application = QGuiApplication([])
    for size in SIZES:
        output = HICOLOR / f"{size}x{size}" / "apps" / "portside.png"
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(as_png(drawn(size)))
    ICO.write_bytes(as_ico())
    application.quit()


def as_ico() -> bytes:
    """Return all sizes in one file, as Windows reads it."""
    entries = [(size, encoded(drawn(size))) for size in SIZES]
    head = struct.pack("<HHH", 0, 1, len(entries))
    offset = len(head) + 16 * len(entries)
    body = b""
    for size, data in entries:
        side = size % 256  # 0 stands for 256
        head += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(data), offset + len(body))
        body += data
    return head + body


def drawn(size: int) -> QImage:
    """Return the icon with `size` pixels on each side."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    source = SMALL if size <= SMALL_UP_TO else LARGE
    QSvgRenderer(str(source)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


def encoded(image: QImage) -> bytes:
    """Return one image as it stands in an icon file."""
    if image.width() >= 256:
        return as_png(image)
    side = image.width()
    rows = [bytes(image.constScanLine(y))[: 4 * side] for y in reversed(range(side))]  # upwards
    mask_bytes = (
        (side + 31) // 32 * 4 * side
    )  # unused beside an alpha channel, but it must be there
    header = struct.pack("<IiiHHIIiiII", 40, side, 2 * side, 1, 32, 0, 0, 0, 0, 0, 0)
    return header + b"".join(rows) + bytes(mask_bytes)


def as_png(image: QImage) -> bytes:
    """Return one image as a file of its own."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())


if __name__ == "__main__":
    main()
