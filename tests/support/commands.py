"""The window's commands for one of its parts alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.actions import Actions

if TYPE_CHECKING:
    from app.ui.clients import ClientPanel
    from app.ui.log import LogPanel


def give_commands(panel: ClientPanel | LogPanel) -> Actions:
    """Make the commands that `panel` carries out, as the window does, and keep them true."""

    def explain() -> None:
        commands.explain(panel.why_not())

    commands = Actions(panel, {"copy": lambda: None, "receive": lambda: None} | panel.handlers())
    panel.take_commands(commands)
    panel.abilities_changed.connect(explain)
    commands.retranslate()
    explain()
    return commands
