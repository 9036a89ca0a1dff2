"""The pages at the left, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.stage.page import StoryPage
from app.ui.stage.pages import PAGES

if TYPE_CHECKING:
    from app.ui.classroom.desk import Desk


class Story(QWidget):
    """Makes each page when it is first shown. GUI thread."""

    turned = Signal(str)  # another page is on show
    topic_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._pages: dict[str, StoryPage] = {}
        self._name = ""
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)

    @property
    def name(self) -> str:
        """The page on show."""
        return self._name

    @property
    def page(self) -> StoryPage:
        """The page on show; not before the first `turn_to`."""
        return self._pages[self._name]

    @property
    def topic(self) -> str:
        """What the piece below the time line is remembered for."""
        return f"{self._name}:{self.page.topic}" if self._name else ""

    def turn_to(self, name: str) -> StoryPage:
        """Show a page."""
        if name != self._name:
            page = self._make(name)
            if self._name:
                self.page.leave()
                self.page.hide()
            self._name = name
            page.show()
            page.enter()
            self.turned.emit(name)
            self.topic_changed.emit()
        return self.page

    def made(self, name: str) -> StoryPage | None:
        """Return a page, if it was ever shown."""
        return self._pages.get(name)

    def step(self, step: int) -> None:
        """Show the page so far behind or before, round and round."""
        names = [spec.name for spec in PAGES]
        self.turn_to(names[(names.index(self._name) + step) % len(names)])

    def _make(self, name: str) -> StoryPage:
        page = self._pages.get(name)
        if page is None:
            spec = next(spec for spec in PAGES if spec.name == name)
            page = self._pages[name] = cast("StoryPage", spec.make(self._desk))
            page.topic_changed.connect(self.topic_changed)
            self._box.addWidget(page)
        return page

    def put_away(self) -> None:
        """The class is over."""
        for page in self._pages.values():
            page.put_away()

    def shut_down(self) -> None:
        """The window closes."""
        for page in self._pages.values():
            page.shut_down()
