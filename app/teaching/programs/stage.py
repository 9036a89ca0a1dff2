"""A server of its own for a student's program: for a check, beside the user's server."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING

from app.journal.journal import Journal
from app.net.facts import CloseReason, Endpoint, ServerOptions
from app.net.server import Server
from app.net.trace import Show
from app.scratch import scratch_folder
from app.teaching.programs.stopping import StandsIn

if TYPE_CHECKING:
    from app.net.facts import SendReport
    from app.net.session import Session
    from app.teaching.programs.program import Program

HOST = "127.0.0.1"
STOP_S = 3.0


class ProgramServer:
    """An open port on 127.0.0.1 whose clients a program serves. It is its own watcher."""

    def __init__(
        self, program: Program, journal: Journal | None = None, show: Show | None = None
    ) -> None:
        """Open a free port; `close` must follow. Raises OSError, ListenError.

        `journal` is written; otherwise one of its own, which goes with it. Its threads belong to
        `show`, or to one that nobody sees.
        """
        self.program = program
        self.standing: list[StandsIn] = []  # what did not end, known after `close`
        self.welcomed: list[Session] = []  # also those that have gone. The listener's thread
        with ExitStack() as opening:
            self.journal = journal or _journal_for(opening)
            options = ServerOptions(
                host=HOST, port=0, show=show or Show(), single_threaded=not program.threaded
            )
            self.server = Server(options, self.journal, watcher=self)
            self.endpoint: Endpoint = self.server.open()[0]
            self.server.shared.program = program
            listener = threading.Thread(target=self.server.serve, name="program", daemon=True)
            listener.start()
            opening.callback(listener.join)
            opening.callback(self.server.stop)
            self._open = opening.pop_all()

    def close(self) -> None:
        """Stop the program, close the port, and wait until everything has ended."""
        self.standing = self.program.stoppable.stop(STOP_S, self._close_clients)
        self._open.close()

    def _close_clients(self) -> None:
        for session in self.server.roster():
            session.outlet.end(CloseReason.PROGRAM_CLOSED)

    # -- the watcher: the network's threads ----------------------------------------------------

    def joined(self, session: Session) -> None:
        """See `Watcher`."""
        self.welcomed.append(session)

    def left(self, session: Session) -> None:
        """See `Watcher`."""

    def sent(self, report: SendReport) -> None:
        """See `Watcher`."""


def _journal_for(opening: ExitStack) -> Journal:
    journal = Journal(opening.enter_context(scratch_folder()) / "program.db")
    opening.callback(journal.close)
    return journal
