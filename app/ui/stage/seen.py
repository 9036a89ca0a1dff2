"""What is seen: whose server it is, the time line, and below it one other piece."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.stage.pages import PANES, SEEN
from app.ui.stage.pane import Pane
from app.ui.stage.place import Place
from app.ui.theme import set_role, theme
from app.ui.widgets import ElidedLabel, SegmentedButtons
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.ui.classroom.desk import Desk
    from app.ui.log import LogPanel

LOG = "log"
AROUND_PX = 28  # what is between and around the tabs and their tools
TOOLS_PX = 112  # of the row of the title: the dot, a », the button that tears off
_FIRST, *_OTHERS = SEEN
BELOW = (*(spec.name for spec in _OTHERS), LOG)


class Seen(Worded, QWidget):
    """The right side of the stage. GUI thread."""

    below_chosen = Signal(str)  # by the user

    def __init__(self, desk: Desk, log: LogPanel) -> None:
        """`log` is the window's; it is lent for the time of a class."""
        super().__init__()
        self._desk = desk
        self._log = log
        self.title = Title(desk)
        self.places: dict[str, Place] = {}
        for spec in SEEN:
            self.places[spec.name] = Place(spec.name, partial(spec.make, desk), self)
        self.places[LOG] = Place(LOG, lambda: log, self)
        self.tabs = SegmentedButtons(
            [(name, f"classroom.tab_{name}") for name in BELOW], name_key="classroom.below"
        )
        self.pane = Pane()
        self.rows = QSplitter(Qt.Orientation.Vertical)
        self._detail: QDockWidget | None = None
        self._below = QWidget()
        self._under = QVBoxLayout(self._below)
        self._column = QVBoxLayout(self)
        self._lay_out()
        self._connect()
        self.dress()
        self._show_below(BELOW[0])

    def _lay_out(self) -> None:
        self._tear_first, self._tear_below = self._tear_button(), self._tear_button()
        self._tear_first.clicked.connect(lambda: self.tear(_FIRST.name))
        self._tear_below.clicked.connect(lambda: self.tear(self.tabs.value))
        self.title.add(self._tear_first)
        self._tabs_row = QWidget()
        self._head = QHBoxLayout(self._tabs_row)
        self._head.addWidget(self.tabs)
        self._head.addStretch(1)  # beside it, the tools of the piece
        self._head.addWidget(self._tear_below)
        self._under.addWidget(self._tabs_row)
        self._tabs_row.installEventFilter(self)
        for name in BELOW:
            self._under.addWidget(self.places[name], 1)
            self.places[name].hide()
        self._under.addWidget(self.pane, 1)
        for widget, stretch in ((self.places[_FIRST.name], 43), (self._below, 57)):
            self.rows.addWidget(widget)
            self.rows.setStretchFactor(self.rows.count() - 1, stretch)
            self.rows.setCollapsible(self.rows.count() - 1, False)
        self._column.addWidget(self.title)
        self._column.addWidget(self.rows, 1)

    def _tear_button(self) -> QToolButton:
        button = QToolButton()
        button.setIcon(theme().icon("float"))
        button.setAutoRaise(True)
        return button

    def _connect(self) -> None:
        self.tabs.changed.connect(self._on_tab)
        self.pane.closed.connect(self.close_pane)
        for place in self.places.values():
            place.changed.connect(self._on_place)

    # -- below the time line -----------------------------------------------------------------------

    @property
    def below(self) -> str:
        """The piece below the time line."""
        return self.tabs.value

    def show_below(self, name: str) -> None:
        """Show a piece below the time line; tells nobody."""
        self.tabs.set_value(name)
        self._show_below(name)

    def _on_tab(self, name: str) -> None:
        self._show_below(name)
        self.below_chosen.emit(name)

    def _show_below(self, name: str) -> None:
        covered = self.pane.isVisibleTo(self._below)
        self._tabs_row.setVisible(not covered)
        for other in BELOW:
            self.places[other].setVisible(other == name and not covered)
        self._on_place()

    def _on_place(self) -> None:
        self._show_bars()
        self._show_tearing()

    def _show_bars(self) -> None:
        """Give the tools of what is shown the room beside its tab or its title."""
        for name, place in self.places.items():
            bar = place.bar
            if bar is not None:
                row = self.title.row if name == _FIRST.name else self._head
                if row.indexOf(bar) < 0:
                    row.insertWidget(row.count() - 1, bar, 100)
                bar.setVisible(name in (_FIRST.name, self.below))

    def show_pane(self, name: str) -> QWidget:
        """Show a part of the window, or the demo clients, for a while in the place of that."""
        self.close_detail()
        spec = next((spec for spec in PANES if spec.name == name), None)
        part = self.pane.show_part(name, partial(spec.make, self._desk) if spec else None)
        self._show_below(self.below)
        return part

    def close_pane(self) -> bool:
        """Show again what was below the time line; False: nothing was in its place."""
        if not self.pane.isVisibleTo(self._below):
            return False
        self.pane.hide()
        self._show_below(self.below)
        self.tabs.setFocus()
        return True

    def lend_detail(self, dock: QDockWidget) -> None:
        """Take the detail of a row of the log: it covers everything while it is shown."""
        self._detail = dock
        self._column.addWidget(dock, 1)
        dock.hide()
        dock.visibilityChanged.connect(self._show_first)

    def give_back(self, lent: Iterable[str]) -> None:
        """These parts of the window are about to go back to it."""
        if self._detail is not None:
            self._detail.visibilityChanged.disconnect(self._show_first)
        self._detail = None
        self._show_first()
        self.pane.forget(lent)
        self.places[LOG].release()

    def _show_first(self) -> None:
        self.rows.setVisible(self._detail is None or self._detail.isHidden())

    def close_detail(self) -> bool:
        """Show again what the detail covers; False: it covers nothing."""
        if self._detail is None or self._detail.isHidden():
            return False
        self._detail.hide()
        return True

    def reveal(self, name: str) -> None:
        """Show a piece, and give it the keyboard."""
        self.close_detail()
        if name in BELOW:
            self.pane.hide()
            self.show_below(name)
        self.places[name].reveal()

    # -- windows of their own ----------------------------------------------------------------------

    def tear(self, name: str) -> None:
        """Tear a piece off, or take it back."""
        place = self.places[name]
        if place.is_torn:
            place.put_back()
        else:
            place.tear_off()

    def _show_tearing(self) -> None:
        for button, name in (
            (self._tear_first, _FIRST.name), (self._tear_below, self.tabs.value),
        ):  # fmt: skip
            torn = self.places[name].is_torn
            tip = tr("classroom.put_back" if torn else "classroom.tear_off")
            button.setToolTip(f"{tr(f'classroom.{name}')}: {tip}")
            button.setAccessibleName(button.toolTip())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The row of the tabs has another width, or one of its parts wants another."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._fit_tabs()
        return super().eventFilter(watched, event)

    def _fit_tabs(self) -> None:
        """Where the tabs have no room they go into a menu; their names are never cut."""
        bar = self.places[self.below].bar
        tools_px = bar.minimumSizeHint().width() if bar is not None else 0
        beside_px = tools_px + self._tear_below.sizeHint().width() + theme().px(AROUND_PX)
        self.tabs.fold(self.tabs.whole_px > self._tabs_row.width() - beside_px)

    def shut_down(self) -> None:
        """End what the pieces have running; the window closes."""
        for place in self.places.values():
            place.shut_down()

    # -- looks -------------------------------------------------------------------------------------

    def restyle(self) -> None:
        """Take over the sizes of the moment."""
        px = theme().px
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(1))
        self._under.setContentsMargins(0, 0, 0, 0)
        self._under.setSpacing(px(1))
        self._head.setContentsMargins(px(2), 0, px(2), 0)

    def retranslate(self) -> None:
        """Fetch the words of the language."""
        self._show_tearing()


class Title(Worded, QWidget):
    """Whose server is on display, how it stands, and the way back to the user's own."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._dot, self._title, self._facts = ElidedLabel("●"), ElidedLabel(), ElidedLabel()
        self._back = QPushButton()
        self._dot.setFixedWidth(self._dot.fontMetrics().horizontalAdvance("●") + 2)
        set_role(self._title, "heading")
        set_role(self._facts, "secondary")
        set_role(self._back, "link")
        self._back.clicked.connect(lambda: desk.show_exhibit(None))
        self.row = QHBoxLayout(self)
        self.row.addWidget(self._dot)
        self.row.addWidget(self._title)
        self.row.addWidget(self._facts)
        self.row.addStretch(1)
        self.row.addWidget(self._back)
        controller = desk.controller
        for changed in (
            desk.exhibit_changed, desk.news, controller.state_changed, controller.ticked,
            controller.clients_joined, controller.clients_left,
        ):  # fmt: skip
            changed.connect(self.refresh)
        self.dress()

    @property
    def text(self) -> str:
        """What is said."""
        return f"{self._title.text()} {self._facts.text()}".strip()

    def add(self, button: QToolButton) -> None:
        """Add a button at the right end."""
        self.row.addWidget(button)

    def refresh(self) -> None:
        """Say how it stands now."""
        exhibit = self._desk.exhibit
        token = "received" if exhibit.is_alive else "secondary"
        colour = f"color: {theme().colour(token).name()}"
        if self._dot.styleSheet() != colour:
            self._dot.setStyleSheet(colour)
        self._dot.setFixedWidth(self._dot.fontMetrics().horizontalAdvance("●") + 2)
        self._title.setText(exhibit.title())
        self._facts.setText(" · ".join(exhibit.facts()))
        self._back.setVisible(not exhibit.is_own)
        self._keep_title()
        self.setAccessibleName(self.text)

    def _keep_title(self) -> None:
        """Tools go behind » before the address is cut."""
        whole_px = self._title.fontMetrics().horizontalAdvance(self._title.text()) + 2
        back_px = self._back.sizeHint().width() if self._back.isVisibleTo(self) else 0
        room = self.width() - back_px - theme().px(TOOLS_PX)
        self._title.setMinimumWidth(min(whole_px, max(room, 0)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is another share for the title."""
        super().resizeEvent(event)
        self._keep_title()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        self.row.setContentsMargins(px(4), 0, px(4), 0)
        self.row.setSpacing(px(6))
        self.refresh()

    def retranslate(self) -> None:
        """Fetch the words of the language."""
        self._back.setText(tr("classroom.back_to_own"))
        self._back.setToolTip(tr("classroom.back_to_own_tip"))
        self.refresh()
