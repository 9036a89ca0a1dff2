"""What stands where on the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.ui.stage.foot import Foot
from app.ui.stage.memory import Memory, as_state, as_text
from app.ui.stage.pages import PAGES, PANES
from app.ui.stage.seen import BELOW, Seen
from app.ui.stage.story import Story
from app.ui.stage.top import Top
from app.ui.theme import theme
from app.ui.widgets.worded import Worded

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from app.ui.actions import Actions
    from app.ui.classroom.desk import Desk

LEAST_PX = QSize(320, 200)  # of the design's: below that something is cut


class Stage(Worded, QWidget):
    """The whole window in a class. GUI thread."""

    def __init__(self, desk: Desk, commands: Actions, menu: QMenu, memory: Memory) -> None:
        super().__init__()
        self._memory = memory
        self.setObjectName("stage")
        self.top, self.foot = Top(commands, menu), Foot(desk, commands)
        self.story, self.seen = Story(desk), Seen(desk, desk.log)
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        self.columns.addWidget(self.story)
        self.columns.addWidget(self.seen)
        self.columns.setCollapsible(1, False)
        self._sizes: dict[str, list[int]] = {}  # of the columns, for each page that was on show
        self._shown = ""
        self.notices_slot = QVBoxLayout()
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._middle = QVBoxLayout()
        self._middle.addWidget(self.columns, 1)
        self._column.addWidget(self.top)
        self._column.addLayout(self.notices_slot)
        self._column.addLayout(self._middle, 1)
        self._column.addWidget(self.foot)
        self._connect()
        self.dress()

    def _connect(self) -> None:
        self.top.page_chosen.connect(self.turn_to)
        self.story.turned.connect(self.top.pages.set_value)
        self.story.turned.connect(self._fit_columns)
        self.story.topic_changed.connect(self._on_topic)
        self.seen.below_chosen.connect(self._on_below)

    # -- the story ---------------------------------------------------------------------------------

    def turn_to(self, name: str) -> None:
        """Show a page of the story."""
        self.story.turn_to(name)
        self._memory.page = name

    def _fit_columns(self, name: str) -> None:
        """Give the page the width that it had, or that it asks for."""
        if self._shown:
            self._sizes[self._shown] = self.columns.sizes()
        self._shown, share = name, self.story.page.share
        self.columns.setSizes(self._sizes.get(name) or _shares(share))
        for at, part in enumerate(_shares(share)):
            self.columns.setStretchFactor(at, part)

    def _on_topic(self) -> None:
        """Show below what was chosen for it the last time."""
        if self.story.page.topic:
            wanted = self._memory.below.get(self.story.topic, "")
            self.seen.show_below(wanted if wanted in BELOW else BELOW[0])

    def _on_below(self, name: str) -> None:
        self._memory.below[self.story.topic] = name

    # -- showing -----------------------------------------------------------------------------------

    def reveal(self, name: str) -> None:
        """Show a page, a piece or a part of the window, and give it the keyboard."""
        if name in {spec.name for spec in PAGES}:
            self.turn_to(name)
            self.story.page.setFocus(Qt.FocusReason.ShortcutFocusReason)
            if not self.story.isAncestorOf(self.window().focusWidget() or self):
                self.story.page.focusNextChild()
        elif name in {spec.name for spec in PANES} or self.seen.pane.part(name):
            self.seen.show_pane(name).setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.seen.reveal(name)
            if name in BELOW:
                self._on_below(name)

    def piece(self, name: str) -> QWidget | None:
        """Return a page or a piece, if it was ever shown."""
        if name in self.seen.places:
            return self.seen.places[name].made
        return self.story.made(name) or self.seen.pane.part(name)

    def open(self) -> None:
        """The class begins: show everything as it was in the last one."""
        memory = self._memory
        names = [spec.name for spec in PAGES]
        self.story.turn_to(memory.page if memory.page in names else names[0])
        if memory.columns:
            self.columns.restoreState(as_state(memory.columns))
        if not (memory.rows and self.seen.rows.restoreState(as_state(memory.rows))):
            self.seen.rows.setSizes([425, 575])  # at 150 % on 1280×720: six lanes, eight lines
        for name, place in self.seen.places.items():
            place.remember(as_state(memory.away.get(name, "")))
            if name in memory.torn:
                place.tear_off()

    def keep(self) -> None:
        """Write down how it stands."""
        memory, places = self._memory, self.seen.places
        memory.columns = as_text(self.columns.saveState())
        memory.rows = as_text(self.seen.rows.saveState())
        memory.torn = [name for name, place in places.items() if place.is_torn]
        memory.away = {
            name: as_text(place.geometry_away)
            for name, place in places.items()
            if not place.geometry_away.isEmpty()
        }

    def close_up(self) -> None:
        """The class is over: take everything back."""
        self.keep()
        for place in self.seen.places.values():
            place.put_back()
        self.seen.close_pane()
        self.story.put_away()

    def shut_down(self) -> None:
        """The window closes: end what runs."""
        self.story.shut_down()
        self.seen.shut_down()

    # -- keys --------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What nothing on the stage wanted: Esc closes what lies on top; others are the story's."""
        if event.key() == Qt.Key.Key_Escape:
            if not (
                self.seen.close_detail()
                or self.seen.close_pane()
                or self.story.page.take_key(event.key())
            ):
                self.top.leave_button.click()
        elif not self.story.page.take_key(event.key()):
            super().keyPressEvent(event)

    # -- looks -------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        """Never more than a screen has: parts shrink, scroll or go behind »."""
        px = theme().px
        return QSize(px(LEAST_PX.width()), px(LEAST_PX.height()))

    def restyle(self) -> None:
        """Take over the sizes of the moment."""
        px = theme().px
        self._middle.setContentsMargins(px(4), 0, px(10), 0)


def _shares(share: float) -> list[int]:
    """Sizes of the columns: QSplitter shares its width out in these proportions."""
    return [round(1000 * share), round(1000 * (1 - share))]
