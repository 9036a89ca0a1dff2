"""One exercise: its task, the student's text, Check, and how the checks went."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.models.task import Task, TaskSlot, join_tasks
from app.net.facts import ListenError
from app.teaching.exercises.playing import Cancelled
from app.teaching.exercises.trying import Sitting, Trial, try_checks
from app.teaching.programs.program import ProgramFault
from app.ui.classroom.editor import CodeEditor
from app.ui.classroom.exercises.outcome import OutcomeView
from app.ui.classroom.lessons.reader import Reader
from app.ui.theme import theme
from app.ui.widgets import OverflowBar, PlainLabel, SegmentedButtons
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.terms import without_stop
from app.wording.verdicts import calls_text, fault_sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QResizeEvent

    from app.teaching.exercises.shelf import Exercise
    from app.ui.classroom.exercises.display import CheckDisplay

SIDES = ("task", "results")
BESIDE_PX = 760  # of the design: from here on the task stands beside the text
_ICONS = {
    "contents": "show-all", "previous": "left", "next": "right", "cancel": "stop",
    "restart": "undo",
}  # fmt: skip
_KEYS = {"contents": "Alt+Up", "previous": "Alt+Left", "next": "Alt+Right"}


class WorkPage(Worded, QWidget):
    """Checks what stands in the editor, in a thread of its own. GUI thread."""

    wanted = Signal(str)  # contents, previous, next
    tried = Signal(str, list)  # an exercise's key, [(a check's id, whether it passed)]

    def __init__(
        self,
        check: QAction,
        tip_of: Callable[[str], str],
        display: Callable[[QObject], CheckDisplay],
    ) -> None:
        """`check` is the command that calls `check`; `tip_of` says what a task's link does."""
        super().__init__()
        self._display = display(self)
        self.exercise: Exercise | None = None
        self.reader, self.editor, self.outcome = Reader(tip_of), CodeEditor(), OutcomeView()
        self.state, self.place = PlainLabel(role="secondary"), PlainLabel(role="secondary")
        self.tools: dict[str, QAction] = {}
        self._bar = OverflowBar()
        self.sides = SegmentedButtons(
            [(side, f"exercises.{side}") for side in SIDES], name_key="exercises.sides"
        )
        self._splitter, self._read = QSplitter(), QStackedWidget()
        self._slot = TaskSlot(self)
        self._task: Task | None = None
        self._said: Callable[[], str] = str
        self._lay_out(check)
        self.sides.changed.connect(self.show_side)
        self._slot.done.connect(self._on_done)
        self._slot.failed.connect(self._on_failed)
        self._slot.busy_changed.connect(lambda _busy: self._show())
        self.dress()
        self._show()

    def _lay_out(self, check: QAction) -> None:
        # Where there is little room, what is used least goes behind ».
        self._add("contents")
        self._bar.add_widget(self.sides)
        self._bar.add_action(check)
        for name in ("cancel", "previous", "next"):
            self._add(name)
        self._bar.add_widget(self.place)
        self._add("restart")
        self.state.setWordWrap(True)
        for page in (self.reader, self.outcome):
            self._read.addWidget(page)
        self._splitter.addWidget(self._read)
        self._splitter.addWidget(self.editor)
        self._splitter.setSizes([200, 200])
        self._splitter.setChildrenCollapsible(False)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._bar)
        self._column.addWidget(self._splitter, 1)
        self._column.addWidget(self.state)

    def _add(self, name: str) -> None:
        action = QAction(theme().icon(_ICONS[name]), "", self)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setShortcut(_KEYS.get(name, ""))
        order = {"cancel": self.cancel, "restart": self.restart}.get(name)
        action.triggered.connect(lambda _on: order() if order else self.wanted.emit(name))
        self.tools[name] = action
        self.addAction(action)
        button = self._bar.add_action(action)
        if name in ("contents", "previous", "next"):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)

    def show_side(self, side: str) -> None:
        """Show the task, or the results, beside the text."""
        self.sides.set_value(side)
        self._read.setCurrentIndex(SIDES.index(side))

    # -- the exercise --------------------------------------------------------------------------

    def open(self, exercise: Exercise, text: str, *, with_solution: bool) -> None:
        """Show an exercise with the student's text."""
        self.put_away()
        self.exercise = exercise
        self.reader.close_lesson()  # the answer is folded anew
        self.show_task(exercise, with_solution=with_solution)
        self.editor.open_text(text)
        self.editor.show_faults(())
        self.outcome.clear_trials()
        self.show_side("task")
        self._say(lambda: tr("exercises.results_empty"))

    def show_task(self, exercise: Exercise, *, with_solution: bool) -> None:
        """Show its task, which may have changed, and below it what is folded, if it may be."""
        self.exercise = exercise
        answer = ""
        if with_solution:
            answer = exercise.task.answer
            if exercise.solution:
                fence = "`" * 12
                answer = f"{answer}\n\n{fence}python\n{exercise.solution.rstrip()}\n{fence}".strip()
        self.reader.open(replace(exercise.task, answer=answer), self.reader.paragraph)

    def restart(self) -> None:
        """Bring the starter back; one undo leads back."""
        if self.exercise is not None:
            self.editor.replace_text(self.exercise.starter)
            self.editor.setFocus()

    # -- checking ------------------------------------------------------------------------------

    @property
    def is_checking(self) -> bool:
        """Whether a check is at work."""
        return self._slot.is_busy

    def check(self) -> None:
        """Play all checks against what stands in the editor."""
        if self.exercise is None:
            return
        text, checks = self.editor.source, self.exercise.checks
        self.editor.show_faults(())
        self.outcome.clear_trials()
        self.show_side("results")

        display = self._display
        display.begin()

        def work(task: Task) -> ProgramFault | None:
            def begins(sitting: Sitting) -> None:
                display.begins(sitting)
                task.deliver(sitting)

            try:
                for trial in try_checks(
                    text, checks, task.cancelled, on_sitting=begins, on_calls=display.calls.poke
                ):
                    task.deliver(trial)
            except ProgramFault as fault:
                return fault
            except Cancelled:
                return None
            except ListenError as error:
                raise OSError(str(error)) from error
            return None

        self._task = task = Task("exercise", work, self)
        task.delivered.connect(lambda part: self._on_delivered(task, part))
        self._slot.start(task)
        self._say_checking()

    def cancel(self) -> None:
        """Check no more."""
        if self._slot.is_busy:
            self._task = None
            self._slot.cancel()
            self._say(lambda: tr("exercises.cancelled"))

    def undisplay(self) -> None:
        """Show the user's own server again; what runs goes on."""
        self._display.put_away()

    def put_away(self) -> None:
        """Nobody looks any more: check no more, and show the user's own server again."""
        self.cancel()
        self._display.put_away()

    def shut_down(self) -> None:
        """Check no more, and wait until no thread is left."""
        self._task = None
        self._slot.stop()
        join_tasks()  # no check begins any more that nobody would put away
        self._display.put_away()

    def _say_checking(self) -> None:
        assert self.exercise is not None
        count = len(self.exercise.checks)
        at = min(len(self.outcome.trials) + 1, count)
        self._say(lambda: tr("exercises.checking", at=at, n=count))

    def _on_delivered(self, task: Task, part: Sitting | Trial) -> None:
        if isinstance(part, Sitting):
            self._display.show(part)
        elif task is self._task:
            self._on_trial(part)

    def _on_trial(self, trial: Trial) -> None:
        self._display.ended(passed=trial.verdict.passed)
        self.outcome.add_trial(trial)
        self._mark()
        self._say_checking()

    def _mark(self) -> None:
        faults = {
            failed.fault.line: f"{fault_sentence(failed.fault)}\n{calls_text(failed.fault.calls)}"
            for trial in self.outcome.trials
            if not trial.verdict.passed
            for failed in trial.failures
        }
        self.editor.show_faults(faults.items())

    def _on_done(self, fault: ProgramFault | None) -> None:
        assert self.exercise is not None
        if fault is not None:
            self.outcome.show_fault(fault)
            self.editor.show_faults([(fault.line, fault_sentence(fault))])
            self.editor.go_to(fault.line)
            self._say(lambda: fault_sentence(fault))
            return
        passed = [(t.verdict.check.id, t.verdict.passed) for t in self.outcome.trials]
        count, good = len(passed), sum(ok for _, ok in passed)
        key = "all_passed" if good == count else "some_passed"
        self._say(lambda: tr(f"exercises.{key}", n=count, passed=good))
        self.tried.emit(self.exercise.key, passed)

    def _on_failed(self, reason: str) -> None:
        self._say(lambda: tr("exercises.check_failed", reason=without_stop(reason)))

    def _say(self, words: Callable[[], str]) -> None:
        self._said = words
        self._show()

    def _show(self) -> None:
        self.state.setText(self._said())
        self.tools["cancel"].setVisible(self._slot.is_busy)

    # -- looks ---------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The task beside the text, or above it."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        beside = self.width() >= theme().px(BESIDE_PX)
        wanted = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
        if self._splitter.orientation() is not wanted:
            self._splitter.setOrientation(wanted)
            self._splitter.setSizes([400, 600] if beside else [500, 500])

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        self._column.setSpacing(px(4))
        self.reader.setMinimumHeight(px(60))
        self.editor.setMinimumHeight(px(80))
        self.outcome.setMinimumHeight(px(60))
        self._fit()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        for name, action in self.tools.items():
            action.setText(tr(f"exercises.{name}"))
            tip = f"{name}_tip" if name not in ("previous", "next") else name
            keys = f" ({_KEYS[name]})" if name in ("previous", "next") else ""
            action.setToolTip(tr(f"exercises.{tip}") + keys)
        for side in SIDES:
            self.sides.button(side).setToolTip(tr(f"exercises.{side}_tip"))
        self._show()
