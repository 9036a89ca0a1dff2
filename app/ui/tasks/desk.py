"""Where tasks meet the window: started from composer and commands, listed in a dock below."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog

from app.bridge.tasks import TaskBook
from app.models.task_list import TaskList
from app.net.tasks.sequence import Step
from app.net.tasks.task import Message
from app.text.compose import ComposeFault
from app.ui.composer.message_line import Tone
from app.ui.composer.target import Obstacle, TargetKind
from app.ui.composer.words import what_to_do
from app.ui.prepared.command import Command, needle_of
from app.ui.prepared.form import of_draft
from app.ui.tasks.forms import FileForm, RepeatForm, SequenceForm, TaskForm
from app.ui.tasks.panel import TaskPanel
from app.ui.theme import theme
from app.ui.widgets.titled_dock import TitledDock
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.sentences import compose_fault_sentence
from app.wording.tasks import target_text
from app.wording.terms import quoted_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.bridge.controller import Controller
    from app.bridge.tasks import Aims
    from app.net.reception import Reception
    from app.net.tasks.task import Task
    from app.ui.composer.target import TargetChoice
    from app.ui.window import MainWindow

_HEIGHT_PX = 150


class TaskDock(Worded, TitledDock):
    """Not seen before there is a task."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("tasks")
        self.hide()
        self.dress()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setWindowTitle(tr("tasks.title"))


class TaskDesk(QObject):
    """Asks how, and starts. GUI thread."""

    def __init__(self, window: MainWindow, controller: Controller) -> None:
        super().__init__(window)
        self._window, self._controller = window, controller
        self._path = ""  # of the file that was sent last
        self.book = TaskBook(controller.fleet)
        self.list = TaskList(self)
        self.dock = TaskDock()
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.dock)
        self.dock.hide()
        self.dock.visibilityChanged.connect(window.commands["show_tasks"].setChecked)
        self.book.added.connect(self._on_added)

    @cached_property
    def panel(self) -> TaskPanel:
        """The list; made when it is first shown."""
        panel = TaskPanel(self.list)
        self.dock.setWidget(panel)
        return panel

    def show(self, on: bool = True) -> None:
        """Unfold the list, or fold it."""
        if on:
            self.panel.show()
        self.dock.setVisible(on)
        if on:
            height = theme().px(_HEIGHT_PX)
            self._window.resizeDocks([self.dock], [height], Qt.Orientation.Vertical)
            self.panel.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_added(self, tasks: list[Task]) -> None:
        self.list.add(tasks)
        if not self.dock.isVisible():
            self.show()

    # -- starting ----------------------------------------------------------------------------

    def repeat(self) -> None:
        """Send what the composer holds again and again."""
        composer, draft = self._window.composer, self._window.composer.draft
        if not self._may_start(composer.obstacle()):
            return
        message, choice = Message(draft.text, draft.options), composer.target.aim("")
        try:
            self._try(message, choice)
        except ComposeFault as fault:
            composer.show_fault(fault)
            return
        form = self._asked(RepeatForm, tr("tasks.repeat_title"), choice)
        if form is not None:
            name = of_draft(draft).name or tr("tasks.kind_repeat")
            self.book.repeat(name, self._aims(choice), message, self._controller.settings)

    def send_file(self) -> None:
        """Send a file to whom the composer means."""
        target = self._window.composer.target
        obstacle = self._window.composer.obstacle()
        choice = target.aim("")
        # There need not be anything in the composer.
        if not self._may_start(None if obstacle is Obstacle.NOTHING_TYPED else obstacle):
            return
        form = self._asked(FileForm, tr("tasks.file_title"), choice)
        if isinstance(form, FileForm):
            self._path = form.path.text().strip()
            aims, settings = self._aims(choice), self._controller.settings
            self.book.send_file(Path(self._path).name, aims, self._path, settings)

    def run(self, commands: Sequence[Command], name: str) -> None:
        """Send prepared commands in order, each to whom it is for."""
        composer = self._window.composer
        choices = [composer.target.aim(command.target) for command in commands]
        is_open = any(post.is_open for post in self._controller.fleet.posts.values())
        blocked = [o for c in choices if (o := c.obstacle()) is not None]
        if not self._may_start(Obstacle.PORT_CLOSED if not is_open else next(iter(blocked), None)):
            return
        messages = [Message(c.draft.text, c.draft.options) for c in commands]
        for command, message, choice in zip(commands, messages, choices, strict=True):
            try:
                self._try(message, choice)
            except ComposeFault as fault:
                why = compose_fault_sentence(fault, command.draft.text)
                words = tr("prepared.cannot_send", name=quoted_text(command.name), why=why)
                composer.message.tell(words, Tone.ERROR)
                return
        if self._asked(SequenceForm, tr("tasks.sequence_title", name=name), choices[0]) is None:
            return
        pause_ms = self._controller.settings.sequence_pause_ms
        plans: dict[Reception, list[Step]] = {}
        for command, message, choice in zip(commands, messages, choices, strict=True):
            needle = needle_of(command.answer, command.answer_mode) if command.answer else None
            for server, clients in self._aims(choice):
                step = Step(command.name, message, clients, needle, pause_ms)
                plans.setdefault(server, []).append(step)
        self.book.run(name, plans, self._controller.settings)

    def _may_start(self, obstacle: Obstacle | None) -> bool:
        """Whether nothing is in the way; else it is said where sends are."""
        composer = self._window.composer
        if obstacle is not None:
            one = composer.target.one
            words = what_to_do(obstacle, one.number if one is not None else None)
            composer.message.tell(words, Tone.WARNING)
        elif composer.target.aim("").kind is TargetKind.ADDRESS:
            composer.message.tell(tr("tasks.no_address"), Tone.WARNING)
        else:
            return True
        return False

    def _try(self, message: Message, choice: TargetChoice) -> None:
        """Compose it for all who get it now. Raises ComposeFault."""
        for encoding in {self._controller.orders.encoding_of(c) for c in choice.clients()}:
            message.data(encoding)

    def _asked(self, kind: type[TaskForm], title: str, choice: TargetChoice) -> TaskForm | None:
        """Ask how, and keep it; None if it is not to be."""
        whom = tr("tasks.join").join(target_text(c, s.label) for s, c in self._aims(choice))
        settings = self._controller.settings
        form = kind(title, tr("tasks.whom", whom=whom), settings, self._window)
        if isinstance(form, FileForm):
            form.path.setText(self._path)
        accepted = form.exec() == QDialog.DialogCode.Accepted
        form.deleteLater()
        if not accepted:
            return None
        self._controller.change(**form.values)
        return form

    def _aims(self, choice: TargetChoice) -> Aims:
        everybody = choice.kind in (TargetKind.ALL, TargetKind.SERVER)
        aims_at = self.book.aims_at_all if everybody else self.book.aims_at
        return aims_at(choice.clients())
