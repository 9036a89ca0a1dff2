"""A text with a margin left of its lines: their numbers, and what is marked there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.ui.classroom.source.margin import Margin
from app.ui.theme import theme
from app.ui.widgets.tips import TipsInView
from app.ui.widgets.worded import Worded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping


class LinedText(Worded, TipsInView, QPlainTextEdit):
    """Each line of it is a block: lines are not wrapped. GUI thread."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.standing: Mapping[int, int] = {}  # line -> how many threads stand there
        self._margin = Margin(self)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.updateRequest.connect(self._on_update)

    @property
    def faulty_lines(self) -> Collection[int]:
        """The lines with a mark that something is wrong there."""
        return ()

    def update_margin(self) -> None:
        """Paint anew what stands left of the lines."""
        self._margin.update()

    def lines_in_sight(self) -> Iterator[tuple[int, float, float]]:
        """Yield number, top and height of each line in sight."""
        block, offset = self.firstVisibleBlock(), self.contentOffset()
        while block.isValid():
            area = self.blockBoundingGeometry(block).translated(offset)
            if area.top() > self.viewport().height():
                break
            yield block.blockNumber() + 1, area.top(), area.height()
            block = block.next()

    def fit_margin(self) -> None:
        """Make room for the numbers of so many lines."""
        self.setViewportMargins(self._margin.width_for(self.blockCount()), 0, 0, 0)
        self._place_margin()

    def _place_margin(self) -> None:
        area = self.contentsRect()
        width = self._margin.width_for(self.blockCount())
        left = self.viewport().geometry().left() - width
        self._margin.setGeometry(QRect(left, area.top(), width, self.viewport().height()))

    def _on_update(self, area: QRect, moved_y: int) -> None:
        if moved_y:
            self._margin.scroll(0, moved_y)
        else:
            self._margin.update(0, area.y(), self._margin.width(), area.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The margin is as high as the text."""
        super().resizeEvent(event)
        self._place_margin()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self.setFont(theme().mono_font())
        self._margin.restyle()
        self.fit_margin()
