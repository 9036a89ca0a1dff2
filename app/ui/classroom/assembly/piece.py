"""The page of the class: where to dial, who is here, a poll."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from app.bridge.assembly import Assembly
from app.bridge.controller import ServerState
from app.models.file_task import FileTask
from app.models.roll_export import file_bytes, poll_csv, roll_csv
from app.teaching.roll.roll import Presence
from app.ui.classroom.assembly.asking import AskingPage
from app.ui.classroom.assembly.join import JoinPage
from app.ui.classroom.assembly.people import PeoplePage
from app.ui.saving import Saving
from app.ui.stage.page import StoryPage
from app.ui.theme import theme
from app.ui.widgets import FootBanner, PlainLabel, SegmentedButtons
from app.ui.widgets.pace import Pace
from app.wording import tr

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QShowEvent

    from app.ui.classroom.desk import Desk

REFRESH_MS = 150  # sixty answers at once are one picture
TABS = ("join", "people", "poll")


class AssemblyPiece(StoryPage):
    """Hears the class from the first time it is shown until the class is over. GUI thread."""

    key = "assembly"
    share = 0.6

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.assembly = Assembly(desk.controller, self)
        self.tabs = SegmentedButtons(
            [(name, f"assembly.tab_{name}") for name in TABS], name_key="classroom.assembly"
        )
        self.join, self.people, self.asking = JoinPage(), PeoplePage(), AskingPage()
        self._pages = dict(zip(TABS, (self.join, self.people, self.asking), strict=True))
        self._stack, self._why = QStackedWidget(), PlainLabel(role="secondary")
        self._pace = Pace(self._refresh, REFRESH_MS, self)
        self._lay_out()
        self.notice = FootBanner(self._stack)
        self.saving = Saving(self.notice, self)
        self._connect()
        self.dress()

    def _lay_out(self) -> None:
        self._why.setWordWrap(True)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.tabs, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._why)
        self._column.addWidget(self._stack, 1)
        for page in self._pages.values():
            self._stack.addWidget(page)

    def _connect(self) -> None:
        controller = self._desk.controller
        self.tabs.changed.connect(self.show_tab)
        self.join.open_port.clicked.connect(self._desk.service.open)
        self.join.changed.connect(lambda name, on: controller.change(**{name: on}))
        self.asking.changed.connect(lambda name, value: controller.change(**{name: value}))
        self.asking.started.connect(self.start_poll)
        self.people.wanted.connect(self._on_wanted)
        self.asking.wanted.connect(self._on_wanted)
        self.assembly.changed.connect(self._pace.ask)
        controller.ticked.connect(self._pace.ask)
        controller.settings_changed.connect(self._follow)
        controller.state_changed.connect(self._on_state)

    # -- the page --------------------------------------------------------------------------------

    @property
    def topic(self) -> str:
        """There is one."""
        return "class"

    def enter(self) -> None:
        """Hear the class from now on."""
        self.assembly.begin()
        self._follow()

    def put_away(self) -> None:
        """The class is over."""
        self.assembly.end()

    def shut_down(self) -> None:
        """The window closes."""
        self.assembly.end()
        self._pace.stop()
        self.saving.stop()

    def show_tab(self, name: str) -> None:
        """Show one of TABS."""
        self.tabs.set_value(name)
        self._stack.setCurrentWidget(self._pages[name])
        self._refresh()

    def press_on(self) -> None:
        """Open the port; then ask, or stop asking."""
        if self._desk.controller.state is not ServerState.OPEN:
            self._desk.service.open()
        elif self.tabs.value != "poll":
            self.show_tab("poll")
            self.asking.question.setFocus()
        elif self.assembly.poll is None:
            self.start_poll()
        elif self.assembly.poll.is_running:
            self.assembly.stop_poll()
        else:
            self._ask_anew()

    def stop(self) -> None:
        """End the poll."""
        self.assembly.stop_poll()

    def showEvent(self, event: QShowEvent) -> None:
        """The class may have begun anew on this page."""
        super().showEvent(event)
        self.enter()

    # -- keeping up ------------------------------------------------------------------------------

    def _on_state(self) -> None:
        self.join.show_endpoints(self.assembly.addresses(), self.assembly.scheme)
        self._refresh()

    def _follow(self) -> None:
        settings = self._desk.controller.settings
        self.join.show_values(settings)
        self.asking.show_values(settings)
        self._on_state()

    def _refresh(self) -> None:
        """Bring the tab on show up to date: the others are when they are shown."""
        if not self.isVisible():
            return
        self._say_what_hears()
        pupils, poll = self.assembly.roll.pupils, self.assembly.poll
        counts = Counter(pupil.presence for pupil in pupils)
        match self.tabs.value:
            case "join":
                self.join.show_count(self._counts_text(counts))
            case "people":
                self.people.count.set_text(self._counts_text(counts))
                hidden = poll is None or (poll.is_running and self.asking.hides.isChecked())
                self.people.show_roll(pupils, {} if hidden or poll is None else poll.answers)
            case "poll":
                missing = [
                    pupil.name or str(pupil.session.client_id)
                    for pupil in self.assembly.unanswered()
                ]
                self.asking.show_poll(poll, missing)

    def _counts_text(self, counts: Counter[Presence]) -> str:
        told = [tr("assembly.count_here", n=counts[Presence.HERE])]
        if counts[Presence.BROWSER]:
            told.append(tr("assembly.count_browser", n=counts[Presence.BROWSER]))
        if counts[Presence.LEFT]:
            told.append(tr("assembly.count_left", n=counts[Presence.LEFT]))
        return " · ".join(told)

    def _say_what_hears(self) -> None:
        server = self._desk.controller.server
        is_hosted = server is not None and server.shared.program is not None
        self._why.setText(tr("assembly.hosted") if is_hosted else "")
        self._why.setVisible(is_hosted)

    # -- orders ----------------------------------------------------------------------------------

    def start_poll(self) -> None:
        """Ask what stands in the fields."""
        settings, asking = self._desk.controller.settings, self.asking
        self.assembly.start_poll(
            " ".join(asking.question.text().split()), asking.choices(),
            first_counts=settings.poll_first_counts,
        )  # fmt: skip
        asking.hides.setFocus()

    def _ask_anew(self) -> None:
        self.assembly.clear_poll()
        self._refresh()
        self.asking.question.setFocus()
        self.asking.question.selectAll()

    def _on_wanted(self, name: str) -> None:
        match name:
            case "copy":
                self._copy(self._roll_csv(), "copied")
            case "export":
                self._export()
            case "forget":
                self.assembly.forget_left()
            case "poll_stop":
                self.assembly.stop_poll()
            case "poll_again":
                self._ask_anew()
            case "poll_copy" if self.assembly.poll is not None:
                self._copy(poll_csv(self.assembly.poll), "poll_copied")

    def _copy(self, text: str, words: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.notice.say(lambda: tr(f"assembly.{words}"))

    def _roll_csv(self) -> str:
        poll = self.assembly.poll
        return roll_csv(self.people.chosen(), poll.answers if poll is not None else {})

    def _export(self) -> None:
        path = self.saving.ask(tr("assembly.export"), "class.csv", "CSV (*.csv)")
        if path is not None:
            self.export_to(path)

    def export_to(self, path: Path) -> None:
        """Write the roll as CSV, in the background."""
        task = FileTask("roll-export", path, [file_bytes(self._roll_csv())], parent=self)
        self.saving.write(task, path, lambda _pieces: tr("saving.done", path=str(path)))

    # -- looks -----------------------------------------------------------------------------------

    def restyle(self) -> None:
        """Take over the sizes of the moment."""
        px = theme().px
        self._column.setContentsMargins(px(8), px(4), px(8), px(8))
        self._column.setSpacing(px(6))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        for name in TABS:
            self.tabs.button(name).setToolTip(tr(f"assembly.tab_{name}_tip"))
        self._refresh()
