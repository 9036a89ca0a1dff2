"""Lets the user's own program serve new clients of the open port, one version after the other."""

from __future__ import annotations

import threading
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from app.bridge.controller import ServerState
from app.bridge.feed import Feed
from app.net.facts import CloseReason
from app.net.kinds import abilities
from app.teaching.programs.output import Output
from app.teaching.programs.program import Program, ProgramFault
from app.threads import await_end, begin

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bridge.controller import Controller
    from app.net.reception import Reception
    from app.teaching.programs.stopping import StandsIn

STOP_S = 3.0


class HostingState(Enum):
    """Where the program stands."""

    IDLE = auto()
    STARTING = auto()  # what stands outside of functions is run
    WAITING = auto()  # it is loaded, and the port is not open yet
    RUNNING = auto()
    STOPPING = auto()  # its threads are being ended


class Ended(NamedTuple):
    """What had to be said of threads that did not end by themselves."""

    forced: tuple[StandsIn, ...]  # ended, in the middle of this line
    standing: tuple[StandsIn, ...]  # not ended: they are in a call that Python can't break


class Hosting(QObject):
    """Loads, installs and stops programs; nothing here waits. GUI thread.

    A version that can't be loaded replaces nothing. One that replaces another closes the clients
    of that one; clients of the ordinary loop stay with it.
    """

    changed = Signal()  # state, what it prints, how it failed; at most once a frame

    def __init__(
        self, controller: Controller, open_port: Callable[[], object], parent: QObject | None = None
    ) -> None:
        """`open_port` opens the port with the settings of now, or says where it can't."""
        super().__init__(parent)
        self._controller, self._open_port = controller, open_port
        self.program: Program | None = None  # the last that could be loaded
        self.fault: ProgramFault | None = None  # why the last one could not be
        self.shut_out = ""  # why it was loaded and does not run: "no_port", "no_workers"
        self.ended = Ended((), ())  # of the last one that was stopped
        self._server: Reception | None = None  # whose clients it serves now
        self._loading: _Loading | None = None
        self._waiting: Program | None = None  # for the port
        self._endings: list[_Ending] = []
        self._feed = Feed(self)
        self._feed.frame.connect(self._on_frame)
        controller.fleet.state_changed.connect(self._on_state)

    @property
    def state(self) -> HostingState:
        """Where it stands."""
        if self._loading is not None:
            return HostingState.STARTING
        if self._server is not None:
            return HostingState.RUNNING
        if self._waiting is not None:
            return HostingState.WAITING
        return HostingState.STOPPING if self._endings else HostingState.IDLE

    @property
    def standing(self) -> list[StandsIn]:
        """The threads that run it now, and the line in which each stands."""
        return self.program.stoppable.standing() if self.program and self._server else []

    def run(self, text: str) -> None:
        """Let new clients be served by this from now on. While one is loading: no more."""
        if self._loading is None:
            self.fault, self.shut_out, self.ended = None, "", Ended((), ())
            self._waiting = None
            self._loading = _Loading(Program(text, Output(self._feed.poke)), self._feed.poke)
            try:
                begin(self._loading)
            except OSError as error:
                self._loading.end(ProgramFault("raised", 0, str(error.strerror)))
            self.changed.emit()

    def stop(self) -> None:
        """Give new clients the ordinary loop back, and end the program's threads."""
        if self._waiting is not None:
            self._waiting = None
            self.changed.emit()
        if self._server is not None and self.program is not None:
            if self._server.shared.program is self.program:
                self._server.shared.program = None
                profile = self._controller.settings.profile(self._server.options.server_id)
                self._server.single_threaded = profile is not None and profile.single_threaded
            self._end(self.program, self._server)
            self._server = None
            self.changed.emit()

    def close(self) -> None:
        """End everything, and wait for that; returns after some seconds at most."""
        if self._loading is not None:
            await_end(self._loading)
            self._loading = None
        self.stop()
        for ending in self._endings:
            await_end(ending)
        self._endings.clear()

    def _end(self, program: Program, server: Reception) -> None:
        ending = _Ending(program, server, self._feed.poke)
        self._endings.append(ending)
        try:
            begin(ending)
        except OSError:
            ending.run()  # the window waits, rather than that nobody ends them

    def _on_state(self, server_id: int) -> None:
        post = self._controller.fleet.posts.get(server_id)
        mine = self._server is not None and self._server.options.server_id == server_id
        if mine and (post is None or post.state is not ServerState.OPEN):
            self.stop()

    def _on_frame(self) -> None:
        loading = self._loading
        if loading is not None and loading.is_over:
            await_end(loading)
            self._loading = None
            self.fault = loading.fault
            if loading.fault is None:
                self._await_port(loading.program)
        for ending in [ending for ending in self._endings if ending.is_over]:
            await_end(ending)
            self._endings.remove(ending)
            if any(ending.ended):
                self.ended = ending.ended
        self.changed.emit()

    def _await_port(self, program: Program) -> None:
        """Install it as soon as the port is open: a certificate may have to be made first."""
        post = self._controller.post
        if not post.is_open:
            self._open_port()
        self._waiting = program

        def settle(is_open: bool) -> None:
            if self._waiting is program:
                self._waiting = None
                self._install(program, post.server if is_open else None)
                self.changed.emit()

        post.when_open(settle)

    def _install(self, program: Program, server: Reception | None) -> None:
        if server is None:
            self.shut_out = "no_port"
            return
        if not abilities(server.options.kind).may_be_hosted:
            self.shut_out = "no_workers"
            return
        before, self.program = self.program, program
        server.shared.program = program
        server.single_threaded = not program.threaded
        if before is not None and self._server is not None:
            self._end(before, self._server)
        self._server = server


class _Loading(threading.Thread):
    def __init__(self, program: Program, on_over: Callable[[], object]) -> None:
        super().__init__(name="my server loads", daemon=True)
        self.program, self._on_over = program, on_over
        self.fault: ProgramFault | None = None
        self.is_over = False

    def run(self) -> None:
        try:
            self.program.load()
        except ProgramFault as fault:
            self.end(fault)
        else:
            self.end(None)

    def end(self, fault: ProgramFault | None) -> None:
        """There is no more to come."""
        self.fault, self.is_over = fault, True
        self._on_over()


class _Ending(threading.Thread):
    def __init__(self, program: Program, server: Reception, on_over: Callable[[], object]) -> None:
        super().__init__(name="my server stops", daemon=True)
        self._program, self._server, self._on_over = program, server, on_over
        self.ended = Ended((), ())
        self.is_over = False

    def run(self) -> None:
        standing = self._program.stoppable.stop(STOP_S, self._close_clients)
        self.ended = Ended(tuple(self._program.stoppable.forced), tuple(standing))
        self.is_over = True
        self._on_over()

    def _close_clients(self) -> None:
        for session in self._server.roster():
            if session.program is self._program:
                session.outlet.end(CloseReason.PROGRAM_CLOSED)
