"""Icons: SVG files with `currentColor`, drawn when needed, in the colours of the moment.

The engine asks for its colour when it paints. So a button keeps its QIcon when light becomes dark,
and a file is read and rendered only for what is on the screen, in exactly the pixels of that
screen.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache

from app.paths import resource

ColourOf = Callable[[str], str]
"""A token's colour now, as `#RRGGBB`."""


@cache
def svg_source(name: str) -> bytes:
    """Return the SVG of icon `name` as stored; raise OSError where there is none."""
    return resource(f"icons/{name}.svg").read_bytes()


def svg_in(name: str, colour: str) -> bytes:
    """Return the SVG of icon `name` with its lines in `colour` (`#RRGGBB`)."""
    return svg_source(name).replace(b"currentColor", colour.encode("ascii"))


# The QIcon that asked for a clone owns it, but PySide6 (6.11) deletes what `clone` returns with its
# last reference in Python, under the icon's feet. Clones are few: nobody here adds to an icon.
_clones: list[QIconEngine] = []


class LineIconEngine(QIconEngine):
    """Draws one icon of ours."""

    def __init__(self, name: str, token: str, on_token: str, colour_of: ColourOf) -> None:
        """Draw icon `name` in the colour of `token`; of `on_token` while its button is checked."""
        super().__init__()
        self._name = name
        self._token = token
        self._on_token = on_token
        self._colour_of = colour_of

    def clone(self) -> QIconEngine:
        """Return an engine that draws the same (QIcon asks for it when it detaches)."""
        engine = LineIconEngine(self._name, self._token, self._on_token, self._colour_of)
        _clones.append(engine)
        return engine

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw into `rect`, in the painter's own resolution."""
        scale = painter.device().devicePixelRatio()
        drawn = self._drawn(rect.size() * scale, mode, state)
        drawn.setDevicePixelRatio(scale)
        painter.drawPixmap(rect.topLeft(), drawn)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the icon in `size` real pixels."""
        return QPixmap(self._drawn(size, mode, state))

    def _drawn(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        if size.isEmpty():  # a button squeezed to nothing
            return QPixmap()
        token = self._on_token if state == QIcon.State.On else self._token
        if mode == QIcon.Mode.Disabled:
            token = "disabled_text"
        colour = self._colour_of(token)
        key = f"portside {self._name} {colour} {size.width()} {size.height()}"
        found = QPixmap()
        if QPixmapCache.find(key, found):
            return found
        made = render_svg(svg_in(self._name, colour), size)
        QPixmapCache.insert(key, made)
        return made


def render_svg(source: bytes, size: QSize) -> QPixmap:
    """Return `source` drawn in the middle of `size` real pixels, transparent around it."""
    from PySide6.QtSvg import QSvgRenderer  # 2 ms that a start without icons does not pay

    drawn = QPixmap(size)
    drawn.fill(Qt.GlobalColor.transparent)
    side = min(size.width(), size.height())
    corner = QPoint((size.width() - side) // 2, (size.height() - side) // 2)
    with QPainter(drawn) as painter:
        QSvgRenderer(source).render(painter, QRectF(QRect(corner, QSize(side, side))))
    return drawn
