"""The list of the experiments beside the page of the chosen one, or one of them at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout

from app.bridge.laboratory import Laboratory
from app.ui.classroom.experiments.chooser import Chooser
from app.ui.classroom.experiments.exhibit import ExperimentExhibit
from app.ui.classroom.experiments.page import ExperimentPage
from app.ui.stage.page import StoryPage
from app.ui.theme import theme
from app.ui.widgets import PlainLabel
from app.wording import tr
from app.wording.experiments import words_of

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from app.teaching.experiments.performance import Performance
    from app.ui.classroom.desk import Desk

# Of the design's pixels: from here on the list stands beside the page, so wide.
BESIDE_PX, LIST_PX = 640, 250
_SCRUBS: dict[int, int] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_GO_ON = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ExperimentsPiece(StoryPage):
    """Chooses experiments and runs them, whether the port is open or not. GUI thread."""

    key = "experiments"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._controller = desk.controller
        self._desk = desk
        self._expected: ExperimentExhibit | None = None  # it is not on display yet
        self.laboratory = Laboratory(self, keeps=True)
        self.chooser = Chooser(self.laboratory.experiments)
        self.page = ExperimentPage(
            self.laboratory, step_by_step=self._controller.settings.experiment_steps
        )
        self.list_button, self._place = QToolButton(), PlainLabel(role="secondary")
        self.previous_button, self.following_button = QToolButton(), QToolButton()
        self._is_beside = False
        self._lists = False  # the list is shown instead of the page, for want of room
        self._lay_out()
        self._connect()
        self.dress()
        self.choose(self.laboratory.experiments[0].id)
        self._arrange()

    def _lay_out(self) -> None:
        self._top = QHBoxLayout()
        for widget, icon in (
            (self.list_button, "list"), (self._place, ""),
            (self.previous_button, "chevron-left"), (self.following_button, "chevron-right"),
        ):  # fmt: skip
            if isinstance(widget, QToolButton):
                widget.setIcon(theme().icon(icon, on_token="link"))
                widget.setAutoRaise(True)
            self._top.addWidget(widget, 0 if icon else 1)
        self._place.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.list_button.setCheckable(True)
        self.list_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        both = QHBoxLayout()
        both.addWidget(self.chooser)
        both.addWidget(self.page, 1)
        self._both = both
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._top)
        self._column.addLayout(both, 1)

    def _connect(self) -> None:
        change = self._controller.change
        self.page.step_by_step_changed.connect(lambda on: change(experiment_steps=on))
        self.page.show_requested.connect(self.choose)
        self.chooser.chosen.connect(self.choose)
        self.laboratory.changed.connect(self._show_marks)
        self.laboratory.began.connect(self._expect)
        self.laboratory.changed.connect(self._display)
        self.laboratory.calls_arrived.connect(self._display)
        self._desk.moment_wanted.connect(self._look_back_at)
        self.list_button.clicked.connect(self._show_list)
        self.previous_button.clicked.connect(lambda: self._turn(-1))
        self.following_button.clicked.connect(lambda: self._turn(1))

    # -- what can be asked of it -------------------------------------------------------------------

    @property
    def topic(self) -> str:
        """The chosen experiment."""
        return self.page.experiment.id

    def choose(self, experiment_id: str) -> None:
        """Show an experiment, not run; one that does not exist changes nothing."""
        found = [e for e in self.laboratory.experiments if e.id == experiment_id]
        if found:
            if found[0] is not self.page.experiment and self.laboratory.running is None:
                self._undisplay()
            self.page.show_experiment(found[0])
            self.chooser.show_chosen(experiment_id)
            self._show_list(False)
            self.retranslate()
            self.topic_changed.emit()

    def press_on(self) -> None:
        """Run the chosen experiment; while it waits for the next step, take that."""
        if self.laboratory.running is not None:
            self.laboratory.go_on()
        else:
            self._show_list(False)
            self.page.run()

    def put_away(self) -> None:
        """Nobody looks any more: end what runs."""
        self._undisplay()
        self.laboratory.cancel()

    def leave(self) -> None:
        """What runs goes on unseen."""
        self._undisplay()

    def shut_down(self) -> None:
        """End what runs, and wait for that; the window closes."""
        self._undisplay()
        self.laboratory.close()

    # -- on display --------------------------------------------------------------------------------

    def _expect(self, performance: Performance) -> None:
        """A run has begun: it is on display as soon as there is anything to see."""
        if self._expected is not None:
            self._expected.let_go()
        self._expected = ExperimentExhibit(performance)

    def _display(self) -> None:
        if self._expected is not None and self._expected.is_ready:
            expected, self._expected = self._expected, None
            self._desk.show_exhibit(expected)
        elif not self._desk.exhibit.is_own:
            self._desk.news.emit()
        if isinstance(self._desk.exhibit, ExperimentExhibit):
            self._mark(self._desk.exhibit)

    def _mark(self, exhibit: ExperimentExhibit) -> None:
        """Mark in the time line what the step of now speaks of, or the one looked back at."""
        self._desk.speak_of(exhibit.spoken(self.page.looked_at))

    def _undisplay(self) -> None:
        """Show the user's own server again, and let go what was recorded."""
        expected, self._expected = self._expected, None
        if expected is not None:
            expected.let_go()
        if isinstance(self._desk.exhibit, ExperimentExhibit):
            self._desk.show_exhibit(None)

    # -- choosing ----------------------------------------------------------------------------------

    def _neighbour(self, step: int) -> str:
        """Return the id of the one that stands so far before or behind; "" at the end."""
        all_ = self.laboratory.experiments
        at = all_.index(self.page.experiment) + step
        return all_[at].id if 0 <= at < len(all_) else ""

    def _turn(self, step: int) -> None:
        self.choose(self._neighbour(step))

    def _show_list(self, on: bool) -> None:
        self._lists = on
        self._arrange()
        if on:
            self.chooser.setFocus()
        elif self.chooser.hasFocus() and not self._is_beside:
            self.page.run_button.setFocus()

    def _arrange(self) -> None:
        """Show the list, the page or both, as there is room and wish."""
        self.list_button.setChecked(self._lists)
        self.list_button.setVisible(not self._is_beside)
        page_hidden = self._lists and not self._is_beside
        self.chooser.setVisible(self._is_beside or self._lists)
        self.chooser.setMaximumWidth(theme().px(LIST_PX) if self._is_beside else 16_777_215)
        self.page.setVisible(not page_hidden)

    def _show_marks(self) -> None:
        self.chooser.show_runs(self.laboratory.last_run)

    def take_key(self, key: int) -> bool:
        """Space and Enter take the next step, Esc cancels: wherever on the stage the focus is.

        After the end, ← and → go back and forth along the steps, Home and End to the outermost.
        """
        running = self.laboratory.running
        if running is not None and key in _GO_ON:
            self.laboratory.go_on()
        elif running is not None and key == Qt.Key.Key_Escape:
            self.laboratory.cancel()
        elif self._lists and key == Qt.Key.Key_Escape:
            self._show_list(False)
        elif key in (*_SCRUBS, Qt.Key.Key_Home, Qt.Key.Key_End):
            return self._scrub(key)
        else:
            return False
        return True

    def _scrub(self, key: int) -> bool:
        """Look back, step by step, at what is on display; False: it runs, or is not there."""
        exhibit = self._desk.exhibit
        if not isinstance(exhibit, ExperimentExhibit) or exhibit.is_alive:
            return False
        last, at = len(exhibit.performance.steps) - 1, self.page.looked_at
        beside = last if at < 0 else min(max(at + _SCRUBS.get(key, 0), 0), last)
        self._look_back({Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}.get(Qt.Key(key), beside))
        return True

    def _look_back_at(self, moment_ns: int) -> None:
        """The line of the step was dragged to a moment."""
        exhibit = self._desk.exhibit
        if isinstance(exhibit, ExperimentExhibit) and not exhibit.is_alive:
            self._look_back(exhibit.step_at(moment_ns))

    def _look_back(self, step: int) -> None:
        exhibit = self._desk.exhibit
        if step >= 0 and isinstance(exhibit, ExperimentExhibit):
            self.page.look_back(step)
            self._mark(exhibit)

    # -- looks -------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There may be room for both now, or no more."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        beside = self.width() >= theme().px(BESIDE_PX)
        if beside is not self._is_beside:
            self._is_beside = beside
            self._lists = False
            self._arrange()

    def minimumSizeHint(self) -> QSize:
        """Any width is enough: what is in it breaks its lines, shortens or goes behind »."""
        return QSize(theme().px(200), super().minimumSizeHint().height())

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        self._column.setContentsMargins(px(10), px(4), px(10), px(10))
        self._column.setSpacing(px(4))
        self._top.setSpacing(px(4))
        self._both.setSpacing(px(10))
        self._fit()
        self._arrange()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        all_, chosen = self.laboratory.experiments, self.page.experiment
        place = all_.index(chosen) + 1
        self._place.setText(f"{place} / {len(all_)}")
        self._place.setToolTip(tr("laboratory.place", at=place, n=len(all_)))
        self.list_button.setText(tr("laboratory.all"))
        self.list_button.setToolTip(tr("laboratory.all_tip", n=len(all_)))
        for button, step, name in (
            (self.previous_button, -1, "previous"), (self.following_button, 1, "following"),
        ):  # fmt: skip
            neighbour = self._neighbour(step)
            button.setEnabled(bool(neighbour))
            title = words_of(neighbour, "title") if neighbour else ""
            button.setToolTip(tr(f"laboratory.{name}_tip", title=title) if neighbour else "")
            button.setAccessibleName(tr(f"laboratory.{name}"))
