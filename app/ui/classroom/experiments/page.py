"""One experiment: its buttons, where it stands, and what it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui.classroom.experiments.view import StoryView
from app.ui.theme import set_role, theme
from app.ui.widgets import OverflowBar, PlainLabel
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.experiment_report import report_text
from app.wording.experiments import words_of

if TYPE_CHECKING:
    from app.bridge.laboratory import Laboratory
    from app.teaching.experiments.catalogue import Experiment

# Who pressed "next" once too often must not lose the result to another run.
REST_MS = 800


class ExperimentPage(Worded, QWidget):
    """Runs the experiment that it shows. GUI thread."""

    step_by_step_changed = Signal(bool)
    show_requested = Signal(str)  # another experiment: the one that runs

    def __init__(self, laboratory: Laboratory, *, step_by_step: bool) -> None:
        super().__init__()
        self._laboratory = laboratory
        self.experiment: Experiment = laboratory.experiments[0]
        self.view = StoryView()
        self.run_button, self.next_button = QPushButton(), QPushButton()
        self.cancel_button, self.copy_button = QPushButton(), QPushButton()
        self.step_by_step = QCheckBox()
        self.step_by_step.setChecked(step_by_step)
        self._status, self._show_running = PlainLabel(role="secondary"), QPushButton()
        self._status.setWordWrap(True)
        self._was_copied = False
        self.looked_at = -1  # a step, looking back; -1: none
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.refresh)
        self._ran = False  # when we looked last
        self._lay_out()
        self._connect()
        self.dress()

    def _lay_out(self) -> None:
        bar = OverflowBar()
        for button, icon, role in (
            (self.run_button, "play", "primary"),
            (self.next_button, "chevron-right", "primary"),
            (self.cancel_button, "stop", ""),
        ):
            button.setIcon(theme().icon(icon, "on_accent" if role else "text"))
            set_role(button, role)
            bar.add_widget(button)
        self.copy_button.setIcon(theme().icon("copy"))
        bar.add_widget(self.step_by_step)
        bar.add_widget(self.copy_button)
        set_role(self._show_running, "link")
        card = QFrame()
        set_role(card, "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.view)
        self._under = QHBoxLayout()
        self._under.addWidget(self._status, 1)
        self._under.addWidget(self._show_running)
        self._column = QVBoxLayout(self)
        self._column.addWidget(bar)
        self._column.addLayout(self._under)
        self._column.addWidget(card, 1)

    def _connect(self) -> None:
        laboratory = self._laboratory
        laboratory.changed.connect(self.refresh)
        self.run_button.clicked.connect(self.run)
        self.next_button.clicked.connect(laboratory.go_on)
        self.cancel_button.clicked.connect(laboratory.cancel)
        self.copy_button.clicked.connect(self.copy_result)
        self.view.copy_requested.connect(self.copy_result)
        self.step_by_step.toggled.connect(laboratory.set_step_by_step)
        self.step_by_step.toggled.connect(self.step_by_step_changed)
        self.step_by_step.toggled.connect(self.refresh)
        self._show_running.clicked.connect(self._on_show_running)

    # -- what it does ------------------------------------------------------------------------------

    def show_experiment(self, experiment: Experiment) -> None:
        """Show this one from now on; whatever runs goes on."""
        if experiment is not self.experiment:
            self.looked_at = -1
        self.experiment = experiment
        self._was_copied = False
        self.refresh()

    def run(self) -> None:
        """Run it, unless one runs or has ended just now."""
        if self._rest.isActive():
            return
        if self._laboratory.run(self.experiment.id, step_by_step=self.step_by_step.isChecked()):
            self._was_copied, self.looked_at = False, -1
            self.refresh()
            (self.next_button if self.step_by_step.isChecked() else self.view).setFocus()

    def look_back(self, step: int) -> None:
        """Mark a step of the last run; -1: none."""
        if step != self.looked_at:
            self.looked_at = step
            self.refresh()

    def copy_result(self) -> None:
        """Put the last run on the clipboard, as text for a lab report."""
        run = self._laboratory.last_run(self.experiment.id)
        if run is not None and run.is_over:
            QGuiApplication.clipboard().setText(report_text(run))
            self._was_copied = True
            self.refresh()

    def _on_show_running(self) -> None:
        if self._laboratory.running is not None:
            self.show_requested.emit(self._laboratory.running.experiment.id)

    # -- what is shown -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show how things stand."""
        running, run = self._laboratory.running, self._laboratory.last_run(self.experiment.id)
        if self._ran and running is None:
            self._rest.start()
        self._ran = running is not None
        mine = running is not None and running is run
        by_steps = mine and self.step_by_step.isChecked()
        buttons = (self.run_button, self.next_button, self.cancel_button)
        had_focus = any(button.hasFocus() for button in buttons)
        self.run_button.setText(tr("laboratory.run" if run is None else "laboratory.run_again"))
        self.run_button.setEnabled(running is None and not self._rest.isActive())
        self.next_button.setVisible(by_steps)
        self.run_button.setVisible(not by_steps)
        self.cancel_button.setVisible(mine)
        self.cancel_button.setEnabled(running is not None and not running.is_ending)
        self.copy_button.setVisible(run is not None and run.is_over)
        self._show_status()
        self.view.show_story(self.experiment, run, self.looked_at)
        if had_focus and not any(b.isEnabled() and b.isVisible() and b.hasFocus() for b in buttons):
            self.view.setFocus()

    def _show_status(self) -> None:
        """Say where it stands, if it stands anywhere."""
        running = self._laboratory.running
        mine = running is not None and running.experiment is self.experiment
        text = tr("laboratory.copied") if self._was_copied else ""
        if running is not None:
            steps = running.experiment.steps
            other = tr("laboratory.other_runs", title=words_of(running.experiment.id, "title"))
            at = tr("laboratory.progress", at=len(running.steps), n=len(steps))
            text = at if mine else other
        self._status.setText(text)
        self._status.setVisible(bool(text))
        self._show_running.setVisible(running is not None and not mine)

    # -- looks -------------------------------------------------------------------------------------

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme().px(6))
        self._under.setSpacing(theme().px(6))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        for button, name in (
            (self.run_button, "run"), (self.next_button, "next"), (self.cancel_button, "cancel"),
            (self.step_by_step, "step_by_step"), (self.copy_button, "copy"),
        ):  # fmt: skip
            button.setToolTip(tr(f"laboratory.{name}_tip"))
        self.next_button.setText(tr("laboratory.next"))
        self.cancel_button.setText(tr("common.cancel"))
        self.step_by_step.setText(tr("laboratory.step_by_step"))
        self.copy_button.setText(tr("laboratory.copy"))
        self._show_running.setText(tr("laboratory.show_running"))
        self.refresh()
