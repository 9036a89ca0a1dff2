"""What sends by itself: started for clients of open servers, and remembered when it has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.net.tasks.file import SendFile
from app.net.tasks.repeat import Repeat
from app.net.tasks.sequence import Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.bridge.fleet import Fleet
    from app.journal.refs import ClientRef
    from app.net.reception import Reception
    from app.net.tasks.sequence import Step
    from app.net.tasks.task import Message, Task
    from app.settings import Settings

Aims = list[tuple["Reception", "tuple[ClientRef, ...] | None"]]
"""A server, and which of its clients; None: whoever is online when something is sent."""


class TaskBook(QObject):
    """A task belongs to one server: what is for clients of several becomes one for each.

    GUI thread; nothing here waits.
    """

    added = Signal(list)  # list[Task]

    def __init__(self, fleet: Fleet) -> None:
        super().__init__(fleet)
        self._fleet = fleet

    def aims_at(self, clients: Iterable[ClientRef]) -> Aims:
        """Return these clients, each with its server; those who have gone are left out."""
        found: dict[Reception, list[ClientRef]] = {}
        for client in clients:
            if (server := self._fleet.server_of(client)) is not None:
                found.setdefault(server, []).append(client)
        return [(server, tuple(some)) for server, some in found.items()]

    def aims_at_all(self, clients: Iterable[ClientRef]) -> Aims:
        """Return the servers of these clients, with whoever is online there at the time."""
        return [(server, None) for server, _ in self.aims_at(clients)]

    def repeat(self, name: str, aims: Aims, message: Message, settings: Settings) -> None:
        """Send a message again and again."""
        every_ms, times = settings.repeat_ms, settings.repeat_times
        self._start([Repeat(name, s, clients, message, every_ms, times) for s, clients in aims])

    def run(self, name: str, plans: Mapping[Reception, list[Step]], settings: Settings) -> None:
        """Send the messages of each server in order."""
        self._start([
            Series(
                name,
                server,
                _all_of(steps),
                steps,
                rounds=settings.sequence_rounds,
                patience_ms=settings.sequence_patience_ms,
                goes_on=settings.sequence_goes_on,
            )
            for server, steps in plans.items()
        ])  # fmt: skip

    def send_file(self, name: str, aims: Aims, path: str, settings: Settings) -> None:
        """Send a file to those who are online now."""
        self._start(
            [
                SendFile(
                    name,
                    server,
                    clients if clients is not None else tuple(s.ref for s in server.roster()),
                    path,
                    piece_bytes=settings.file_piece_bytes,
                    every_ms=settings.file_every_ms,
                    keep=settings.file_keeps,
                )
                for server, clients in aims
            ]
        )

    def _start(self, tasks: Sequence[Task]) -> None:
        for task in tasks:
            task.server.tasks.start(task)
        if tasks:
            self.added.emit(list(tasks))


def _all_of(steps: Sequence[Step]) -> tuple[ClientRef, ...] | None:
    """Return all that are meant by any of them; None: whoever is online."""
    meant: dict[ClientRef, None] = {}
    for step in steps:
        if step.clients is None:
            return None
        meant |= dict.fromkeys(step.clients)
    return tuple(meant)
