"""Where the commands meet the window: kept in their file, sent by a click or a key."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut

from app.net.facts import AddressError
from app.text.compose import ComposeFault
from app.ui.composer.message_line import Tone
from app.ui.composer.target import Obstacle
from app.ui.composer.words import what_to_do
from app.ui.theme import theme
from app.ui.widgets.titled_dock import TitledDock
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.sentences import compose_fault_sentence
from app.wording.servers import address_fault_sentence
from app.wording.terms import quoted_text, without_stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bridge.controller import Controller
    from app.paths import Places
    from app.ui.prepared.command import Command
    from app.ui.prepared.panel import CommandPanel
    from app.ui.prepared.table import CommandTable
    from app.ui.window import MainWindow

_KEYS = 9
_WIDTH_PX = 330
_STORE_MS = 500  # after the last change


class CommandDock(Worded, TitledDock):
    """Folded at first."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("prepared")
        self.hide()
        self.dress()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setWindowTitle(tr("prepared.title"))


class CommandDesk(QObject):
    """Keeps the commands, which are read when they are first wanted. GUI thread."""

    def __init__(self, window: MainWindow, controller: Controller, places: Places) -> None:
        super().__init__(window)
        self._window, self._controller = window, controller
        self._path = places.config_dir / "commands.json"
        self._unsaved = False
        self.dock = CommandDock()
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self.dock.hide()
        self.dock.visibilityChanged.connect(self._on_visible)
        self._store = QTimer(self, singleShot=True, interval=_STORE_MS)
        self._store.timeout.connect(self._save)
        for n in range(_KEYS):
            keys = QShortcut(QKeySequence(f"Alt+Shift+{n + 1}"), window)
            keys.activated.connect(partial(self.send, n))

    # -- made when they are first wanted -----------------------------------------------------

    @cached_property
    def table(self) -> CommandTable:
        """The commands."""
        from app.ui.prepared.files import load
        from app.ui.prepared.table import CommandTable

        table = CommandTable(self)
        commands, complaint = load(self._path)
        table.load(commands)
        table.changed.connect(self._on_changed)
        if complaint:
            self._window.notices.say_warning(lambda: complaint)
        return table

    @cached_property
    def panel(self) -> CommandPanel:
        """What shows them."""
        from app.ui.prepared.panel import CommandPanel

        panel = CommandPanel(self.table)
        panel.send_requested.connect(self.send)
        panel.recall_requested.connect(self.recall)
        panel.keep_requested.connect(self.keep)
        panel.run_requested.connect(self._window.sending.run)
        self.dock.setWidget(panel)
        width = theme().px(_WIDTH_PX)
        self._window.resizeDocks([self.dock], [width], Qt.Orientation.Horizontal)
        return panel

    def _on_visible(self, visible: bool) -> None:
        if visible:
            self.panel.show()
        self._window.commands["show_commands"].setChecked(visible)

    # -- the window's side -------------------------------------------------------------------

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands over them do."""
        return {"show_commands": self.show, "keep_command": self.keep}

    def why_not(self) -> dict[str, str]:
        """They always can."""
        return {}

    def show(self, on: bool = True) -> None:
        """Unfold the panel, or fold it."""
        if on:
            self.panel.show()
            self.dock.raise_()
        self.dock.setVisible(on)
        if on:
            self.panel.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- sending -----------------------------------------------------------------------------

    def send(self, place: int) -> None:
        """Send a command as the composer would send it, and say there what became of it."""
        composer, commands = self._window.composer, self.table.commands
        if place >= len(commands):
            composer.message.tell(tr("prepared.no_command", n=place + 1), Tone.WARNING)
            return
        command = commands[place]
        aim = composer.target.aim(command.target)
        is_open = any(post.is_open for post in self._controller.fleet.posts.values())
        obstacle = aim.obstacle() if is_open else Obstacle.PORT_CLOSED
        if obstacle is not None:
            one = aim.one.number if aim.one is not None else None
            composer.message.tell(what_to_do(obstacle, one), Tone.WARNING)
            return
        composer.message.forget_report()
        draft = command.draft
        try:
            report = self._controller.orders.send(draft.text, draft.options, aim.whom())
        except ComposeFault as fault:
            self._refuse(command, compose_fault_sentence(fault, draft.text))
        except AddressError as error:
            self._refuse(command, address_fault_sentence(error))
        else:
            if report is not None:
                composer.show_sent(report)

    def _refuse(self, command: Command, why: str) -> None:
        words = tr("prepared.cannot_send", name=quoted_text(command.name), why=why)
        self._window.composer.message.tell(words, Tone.ERROR)

    def recall(self, command: Command) -> None:
        """Put a command's message into the composer."""
        self._window.composer.recall(command.draft)

    def keep(self) -> None:
        """Let what the composer holds be kept as a command."""
        from app.ui.prepared.form import of_draft

        self.show()
        self.panel.write(of_draft(self._window.composer.draft))

    # -- keeping -----------------------------------------------------------------------------

    def _on_changed(self) -> None:
        self._unsaved = True
        self._store.start()

    def _save(self) -> None:
        from app.ui.prepared.files import store

        try:
            store(self._path, self.table.commands)
        except OSError as error:
            words = {"file": str(self._path), "reason": without_stop(str(error.strerror))}
            self._window.notices.say_error(lambda: tr("prepared.not_kept", **words))
        else:
            self._unsaved = False

    def shut_down(self) -> None:
        """The program ends: what was changed last is kept."""
        self._store.stop()
        if self._unsaved:
            self._save()
