"""What is sent: as the composer holds it, or a row of the log once more, changed or not."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.journal.refs import ClientRef
from app.net.facts import AddressError
from app.text.compose import ComposeFault, ComposeOptions
from app.text.hexa import format_hex
from app.ui.composer.conversion import CannotConvert, convert
from app.ui.composer.editor import MOST_CHARACTERS
from app.ui.composer.history import Draft
from app.wording import tr
from app.wording.amounts import size_text
from app.wording.servers import address_fault_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.bridge.controller import Controller
    from app.bridge.orders import Destination
    from app.models.log_row import LogRow
    from app.net.facts import SendReport
    from app.ui.prepared.command import Command
    from app.ui.tasks.desk import TaskDesk
    from app.ui.window import MainWindow

_MOST_BYTES = MOST_CHARACTERS // 3  # as hex, in the composer


class Sending(QObject):
    """Between composer, log and orders. GUI thread."""

    def __init__(self, window: MainWindow, controller: Controller) -> None:
        super().__init__(window)
        self._window, self._controller = window, controller
        window.composer.send_requested.connect(self._send)
        window.log.row_wanted.connect(self._on_row)

    # -- what sends by itself ----------------------------------------------------------------

    @cached_property
    def tasks(self) -> TaskDesk:
        """Starts it and lists it; made when it is first wanted."""
        from app.ui.tasks.desk import TaskDesk

        return TaskDesk(self._window, self._controller)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the commands over tasks do."""
        return {
            "repeat_message": lambda: self.tasks.repeat(),
            "send_file": lambda: self.tasks.send_file(),
            "show_tasks": lambda on: self.tasks.show(on),
        }

    def why_not(self) -> dict[str, str]:
        """They say themselves what is in the way."""
        return {}

    def run(self, commands: list[Command], name: str) -> None:
        """Send prepared commands in order."""
        self.tasks.run(commands, name)

    # -- once --------------------------------------------------------------------------------

    def _send(
        self, text: str, options: ComposeOptions, whom: Sequence[ClientRef] | Destination
    ) -> None:
        try:
            self._tell(self._controller.orders.send(text, options, whom))
        except ComposeFault as fault:
            self._window.composer.show_fault(fault)
        except AddressError as error:
            self._window.composer.refuse(address_fault_sentence(error))

    def _on_row(self, what: str, row: LogRow, data: bytes) -> None:
        journal = self._window.log.journal
        if journal is None:
            return
        client = ClientRef(journal, row.client_id)
        if what == "again":
            self.send_again(client, data)
        elif what == "edit":
            self.edit(client, data, row.encoding)

    def send_again(self, client: ClientRef, data: bytes) -> None:
        """Send these bytes to their client once more, as they are."""
        self._tell(self._controller.orders.send_again(data, client))

    def _tell(self, report: SendReport | None) -> None:
        if report is not None:
            self._window.composer.show_sent(report)

    def edit(self, client: ClientRef, data: bytes, encoding: str) -> None:
        """Put bytes into the composer, and mean their client if it may be meant."""
        if len(data) > _MOST_BYTES:
            words = {"size": size_text(len(data)), "most": size_text(_MOST_BYTES)}
            self._window.notices.say_warning(lambda: tr("log.too_long_to_edit", **words))
            return
        draft = draft_of(data, encoding)
        journal, orders = self._controller.journal, self._controller.orders
        if journal is not None and journal.key is client.journal:
            self._window.composer.target.choose([client])
            if orders.encoding_of(client) == encoding:
                draft = Draft(draft.text, replace(draft.options, encoding=""))
        self._window.composer.recall(draft)


def draft_of(data: bytes, encoding: str) -> Draft:
    """Return bytes as text in an encoding, as text with escapes, or as hex: the first that holds.

    Composed again, it gives the very bytes.
    """
    spelt = format_hex(data)
    as_hex = ComposeOptions(encoding, mode="hex")
    for escapes in (False, True):
        try:
            text = convert(spelt, replace(as_hex, escapes=escapes), "text", [encoding])
        except CannotConvert:
            continue
        return Draft(text, ComposeOptions(encoding, escapes=escapes))
    return Draft(spelt, as_hex)
