"""Where the window's rules meet the controller: opened, made of a row, put to work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bridge.controller import Controller
    from app.frames.kits import Kit
    from app.models.log_row import LogRow
    from app.reply.book import RuleBook
    from app.ui.rules.dialog import RulesDialog
    from app.ui.window import MainWindow


class RuleDesk(QObject):
    """Keeps the rules' window, which is made when it is first wanted. GUI thread."""

    def __init__(self, window: MainWindow, controller: Controller) -> None:
        super().__init__(window)
        self._window, self._controller = window, controller
        self.dialog: RulesDialog | None = None
        window.setup.reply.rules_wanted.connect(self.open)
        window.log.row_wanted.connect(self._on_row)
        controller.settings_changed.connect(self._follow)
        controller.fleet.find_kit = self._find_kit

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands do."""
        return {"rules": self.open}

    def why_not(self) -> dict[str, str]:
        """They always can."""
        return {}

    def open(self) -> RulesDialog:
        """Show the rules of the selected server."""
        if self.dialog is None:
            from app.ui.rules.dialog import RulesDialog  # not for the first paint
            from app.ui.rules.recording import RuleRecording

            self.dialog = RulesDialog(self._live_book, self._window, self._find_kit)
            self.dialog.changed.connect(self._on_changed)
            RuleRecording(self.dialog, self._window.log.rows)
        self._follow()
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        return self.dialog

    def make(self, row: LogRow, data: bytes) -> None:
        """Make a rule that means the bytes of a row."""
        from app.reply.rules import rule_of

        self.open().add(rule_of(data, row.text if len(data) == len(row.data) else ""), data)

    def _on_row(self, what: str, row: LogRow, data: bytes) -> None:
        if what == "rule":
            self.make(row, data)

    def close(self) -> None:
        """The program ends."""
        if self.dialog is not None:
            self.dialog.close()

    def _on_changed(self, rules: str) -> None:
        """Rules that somebody edits are to answer: the first change puts them to work."""
        values: dict[str, object] = {"reply_rules": rules}
        server = self._controller.settings.server
        if server.reply_mode != "rules" and not server.reply_rules:
            values["reply_mode"] = "rules"
        self._controller.change(**values)

    def _follow(self) -> None:
        if self.dialog is not None:
            server = self._controller.settings.server
            self.dialog.show_rules(server.reply_rules, server.framing, server.encoding)

    def _find_kit(self, name: str) -> Kit | None:
        kits = self._window.log.framing.framings.kits
        return kits.find(name) if kits is not None else None

    def _live_book(self) -> RuleBook | None:
        from app.reply.book import book_of

        settings = self._controller.settings
        post = self._controller.fleet.posts.get(settings.server.server_id)
        server = post.server if post is not None else None
        return book_of(server.shared.reply) if server is not None else None
