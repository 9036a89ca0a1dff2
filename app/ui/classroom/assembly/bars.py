"""Bars that grow: how many gave which answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import theme
from app.wording import tr

if TYPE_CHECKING:
    from app.teaching.roll.poll import Share

_MOST_PX, _LEAST_PX, _GAP_PX = 92, 26, 6
_COUNT = "100 · 100 %"


class Bars(QWidget):
    """A bar for each answer, as high as there is room. GUI thread."""

    def __init__(self) -> None:
        super().__init__()
        self._shares: list[Share] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self.updateGeometry)

    @property
    def shares(self) -> list[Share]:
        """What is shown."""
        return self._shares

    def show_shares(self, shares: list[Share]) -> None:
        """Show these."""
        if shares != self._shares:
            self._shares = shares
            self.setAccessibleDescription("; ".join(map(share_text, shares)))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Room for large bars."""
        return QSize(theme().px(300), theme().px(_MOST_PX) * max(len(self._shares), 1))

    def minimumSizeHint(self) -> QSize:
        """Room for all of them, small."""
        return QSize(theme().px(120), theme().px(_LEAST_PX) * max(len(self._shares), 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them."""
        if not self._shares:
            return
        px = theme().px
        height = min(self.height() // len(self._shares), px(_MOST_PX))
        font = QFont(theme().ui_font())
        font.setWeight(QFont.Weight.DemiBold)
        font.setPixelSize(max(int((height - px(_GAP_PX)) * 0.6), 12))
        metrics = QFontMetrics(font)
        counts = min(metrics.horizontalAdvance(_COUNT), self.width() // 2)
        letter = metrics.horizontalAdvance("M") + px(8) if self._shares[0].choice.letter else 0
        with QPainter(self) as painter:
            painter.setFont(font)
            for at, share in enumerate(self._shares):
                row = QRect(0, at * height, self.width(), height - px(_GAP_PX))
                self._paint(painter, row, share, letter, counts)

    def _paint(self, painter: QPainter, row: QRect, share: Share, letter: int, counts: int) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        metrics = painter.fontMetrics()
        painter.setPen(theme().colour("text"))
        painter.drawText(QRect(row.x(), row.y(), letter, row.height()), middle, share.choice.letter)
        track = row.adjusted(letter, 0, -counts - theme().px(8), 0)
        painter.fillRect(track, theme().colour("hover"))
        bar = QRect(track)
        bar.setWidth(track.width() * share.percent // 100)
        painter.fillRect(bar, theme().colour("lane_sending"))
        inside = track.adjusted(theme().px(8), 0, -theme().px(4), 0)
        words = metrics.elidedText(share.choice.words, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, middle, words)
        told = f"{share.votes} · {share.percent} %"
        right = QRect(row.right() - counts, row.y(), counts, row.height())
        painter.drawText(right, middle | Qt.AlignmentFlag.AlignRight, told)


def share_text(share: Share) -> str:
    """Return an answer with its count, for who listens."""
    answer = " ".join(part for part in share.choice if part)
    return tr("assembly.share", answer=answer, n=share.votes, percent=share.percent)
