"""From the table's menu to the windows of a replay and of a comparison."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.models.log_task import reader_like
from app.models.run_compare import Run

if TYPE_CHECKING:
    from app.bridge.controller import Controller
    from app.journal.reader import Reader
    from app.journal.refs import ClientRef
    from app.ui.window import MainWindow


class Runs:
    """Finds what a client sent, live or in an old journal. GUI thread."""

    def __init__(self, window: MainWindow, controller: Controller) -> None:
        self._window, self._controller = window, controller

    def reader(self, client: ClientRef) -> Reader | None:
        """Return the GUI thread's reader of a client's journal, if it is still open."""
        readers = (self._controller.reader, self._window.log.rows.reader)
        return next((r for r in readers if r is not None and r.key is client.journal), None)

    def run(self, client: ClientRef) -> Run | None:
        """Return a client's run, read by the framing that the log reads it with."""
        reader = self.reader(client)
        if reader is None:
            return None
        record = reader.client(client.number)
        address = f" {record.host}:{record.port}" if record is not None else ""
        return Run(
            partial(reader_like, reader),
            client.number,
            f"#{client.number}{address}",
            record.encoding if record is not None else "utf-8",
            self._window.log.framing.framings.plan().framing_of(client.number),
        )


def show_replay(window: MainWindow, controller: Controller, client: ClientRef) -> None:
    """Offer to send again what a client sent."""
    from app.ui.replay.dialog import ReplayDialog

    runs = Runs(window, controller)
    if (reader := runs.reader(client)) is not None:
        ReplayDialog(runs, reader, client, controller, window.service.demos, window).show()


def show_comparison(window: MainWindow, controller: Controller, clients: list[ClientRef]) -> None:
    """Show two clients' runs side by side."""
    from app.ui.replay.compare import CompareDialog

    runs = Runs(window, controller)
    left, right = map(runs.run, clients)
    if left is not None and right is not None:
        CompareDialog(left, right, window).show()
