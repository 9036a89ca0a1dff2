"""Where sharing meets the window: a file is written, or looked at, taken over, and taken back."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.models.task import Task, TaskSlot
from app.settings import MOST_SERVERS
from app.ui.files import file_to_open
from app.ui.saving import Saving
from app.ui.servers import UNDO_MS
from app.ui.widgets import FootBanner
from app.wording import tr
from app.wording.servers import server_title
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.bridge.controller import Controller
    from app.ui.prepared.command import Command
    from app.ui.sharing.shared import Shared
    from app.ui.window import MainWindow

_KINDS = "JSON (*.json)"
_UNFIT = re.compile(r"[^\w.-]+")  # in a file's name, on any system


class ShareDesk(QObject):
    """One file at a time. GUI thread."""

    def __init__(self, window: MainWindow, controller: Controller) -> None:
        super().__init__(window)
        self._window, self._controller = window, controller
        self._toast = FootBanner(window.setup, shown_ms=UNDO_MS)
        self._saving = Saving(self._toast, window.setup)
        self._reading = TaskSlot(self)
        self._path: Path

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands do."""
        return {"export_server": self.give, "import_server": self.choose}

    def why_not(self) -> dict[str, str]:
        """For each command, the key of why it can do nothing now; "" where it can."""
        full = len(self._controller.settings.servers) >= MOST_SERVERS
        return {"import_server": "servers.why_full" if full else ""}

    # -- out ---------------------------------------------------------------------------------

    def give(self) -> None:
        """Ask what goes with the selected server, and where to."""
        from app.reply.rules import RuleFault, RuleSet, read_rules
        from app.ui.sharing.dialogs import GiveDialog
        from app.wording.rules import rule_fault_sentence

        if not self._window.setup.commit_fields():
            return
        profile = self._controller.settings.server
        commands = self._window.prepared.table.commands
        try:
            rules = read_rules(profile.reply_rules) if profile.reply_rules else RuleSet()
        except RuleFault as fault:
            words = rule_fault_sentence(fault)
            self._toast.say_error(lambda: words)
            return
        title = server_title(profile)
        dialog = GiveDialog(title, len(rules.rules), len(commands), self._window)
        accepted = dialog.exec()
        with_rules, with_commands = dialog.rules.isChecked(), dialog.commands.isChecked()
        dialog.deleteLater()
        if not accepted:
            return
        name = f"{_UNFIT.sub('-', title)}.portside.json"
        path = self._saving.ask(tr("sharing.give_title"), name, _KINDS)
        if path is not None:
            self.give_to(path, with_rules=with_rules, commands=commands if with_commands else ())

    def give_to(self, path: Path, *, with_rules: bool, commands: tuple[Command, ...]) -> None:
        """Write the selected server into a file, in the background."""
        from app.models.file_task import FileTask
        from app.ui.sharing.shared import written

        text = written(self._controller.settings.server, commands, with_rules=with_rules)
        task = FileTask("share-server", path, iter([text.encode()]), parent=self)
        self._saving.write(task, path, lambda _count: tr("sharing.given", path=str(path)))

    # -- in ----------------------------------------------------------------------------------

    def choose(self) -> None:
        """Let the user choose a file, and look at it."""
        path = file_to_open(self._window, tr("sharing.take_title"), _KINDS)
        if path is not None:
            self.look_at(path)

    def look_at(self, path: Path) -> None:
        """Read a file in the background, then ask whether it is wanted."""
        from app.reply.rules import RuleFault
        from app.ui.prepared.command import CommandFault
        from app.ui.sharing.shared import ShareFault, shared_in
        from app.ui.sharing.words import fault_sentence

        def work(_task: Task) -> object:
            try:
                return shared_in(path)
            except (ShareFault, RuleFault, CommandFault, OSError) as error:
                return fault_sentence(error, path.name)

        def failed(why: str) -> None:
            reason = without_stop(why)
            self._toast.say_error(
                lambda: tr("sharing.fault_unreadable", name=path.name, reason=reason)
            )

        task = Task("read-shared", work, self)
        self._path = path
        task.done.connect(self._on_read)
        task.failed.connect(failed)
        self._reading.start(task)

    def _on_read(self, found: Shared | str) -> None:
        if isinstance(found, str):
            self._toast.say_error(lambda: found)
            return
        from app.reply.book import built_in_kit
        from app.ui.sharing.dialogs import TakeDialog
        from app.ui.sharing.words import rows_of

        find_kit = self._controller.fleet.find_kit or built_in_kit
        dialog = TakeDialog(self._path.name, rows_of(found, find_kit), self._window)
        accepted, answers = dialog.exec(), dialog.answers.isChecked()
        dialog.deleteLater()
        if accepted:
            self.take(found, answers=answers)

    def take(self, shared: Shared, *, answers: bool) -> None:
        """Add the server, closed, and its commands; a button takes both back."""
        from app.ui.sharing.shared import taken_over

        server_id = self._window.servers.adopt(taken_over(shared, answers=answers))
        if not server_id:
            return
        table = self._window.prepared.table
        before = table.commands
        table.insert(len(before), shared.commands)
        added = table.commands[len(before) :]
        title = server_title(self._controller.settings.server)
        back = partial(self._take_back, server_id, added)
        self._toast.offer(
            lambda: tr("sharing.taken", server=title, n=len(added)),
            lambda: tr("servers.undo"),
            back,
        )

    def _take_back(self, server_id: int, added: tuple[Command, ...]) -> None:
        self._toast.hide()
        settings, table = self._controller.settings, self._window.prepared.table
        mine = set(map(id, added))
        table.remove(at for at, command in enumerate(table.commands) if id(command) in mine)
        rest = tuple(each for each in settings.servers if each.server_id != server_id)
        if rest and len(rest) < len(settings.servers):
            gone = settings.selected_id == server_id
            chosen = rest[-1].server_id if gone else settings.selected_id
            self._controller.change(servers=rest, selected_id=chosen)
