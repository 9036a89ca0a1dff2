"""The class that joins in: the roll and the poll, kept by the GUI thread from what workers hear."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge.controller import ServerState
from app.bridge.feed import Feed
from app.net.addresses import dial_endpoints
from app.net.kinds import speaks_tls
from app.teaching.roll.hearing import Hearing, Said, Visit
from app.teaching.roll.lines import REST_S
from app.teaching.roll.naming import tidy
from app.teaching.roll.poll import Choice, Poll
from app.teaching.roll.roll import Presence, Pupil, Roll
from app.wording.class_page import PageFacts, class_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.bridge.controller import Controller
    from app.journal.refs import ClientRef
    from app.net.facts import Endpoint
    from app.net.session import Session
    from app.settings import Settings
    from app.teaching.roll.lines import Line


class Assembly(QObject):
    """Hears the clients of all servers, from `begin` to `end`. GUI thread.

    Clients that the user's own program serves are on the roll, and are heard by that program alone.
    """

    changed = Signal()  # the roll or the poll; at most once a frame

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._feed = Feed(self)
        self._feed.frame.connect(self._on_frame)
        self._hearing = Hearing(self._page, self._feed.poke)
        self.roll = Roll(self._on_merged)
        self.poll: Poll | None = None  # the last one
        self.is_on = False
        self._begun: dict[ClientRef, Callable[[], object]] = {}  # what lines mean that may go on
        self._name_lines: dict[ClientRef, int] = {}  # the line that was taken for a name
        self._given: dict[ClientRef, str] = {}  # notes of ours
        self._known: dict[str, tuple[Pupil, str]] = {}  # by token, for the page: whose, its name
        self._rest = QTimer(self, singleShot=True, interval=int(REST_S * 1000))
        self._rest.timeout.connect(self._on_rest)
        controller.fleet.state_changed.connect(lambda _server: self._on_state())
        controller.clients_joined.connect(self._on_joined)
        controller.clients_left.connect(self._on_left)
        controller.settings_changed.connect(self._follow)

    # -- beginning and ending --------------------------------------------------------------------

    def begin(self) -> None:
        """Hear from now on; who is connected already is here."""
        if not self.is_on:
            self.is_on = True
            self._follow(self._controller.settings)
            self._install()
            self._on_joined(self._controller.fleet.roster)

    def end(self) -> None:
        """Hear nobody, and answer nobody; the roll stays as it is."""
        self.stop_poll()
        self.is_on = False
        self._install()
        self._on_frame()

    def _install(self) -> None:
        for server in self._controller.fleet.servers:
            server.shared.hears = self._hearing.hear if self.is_on else None

    def _on_state(self) -> None:
        self._install()
        self.changed.emit()

    def _follow(self, settings: Settings) -> None:
        self._hearing.answers_browsers = settings.class_answers_browsers

    # -- where one dials -------------------------------------------------------------------------

    def addresses(self) -> list[Endpoint]:
        """Return where the selected server can be dialled, the likeliest first; none: nowhere."""
        if self._controller.state is not ServerState.OPEN:
            return []
        return dial_endpoints(self._controller.endpoints)

    @property
    def scheme(self) -> str:
        """How the address of the selected server begins in a browser."""
        return "https" if speaks_tls(self._controller.settings.server) else "http"

    # -- the roll --------------------------------------------------------------------------------

    def _on_joined(self, sessions: Iterable[Session]) -> None:
        if self.is_on:
            for session in sessions:
                pupil = self.roll.joined(session)
                if pupil is not None:
                    self._note(pupil, session)  # it may have been heard before it was reported
            self.changed.emit()

    def _on_left(self, sessions: Iterable[Session]) -> None:
        self._on_frame()  # its last words come before
        for session in sessions:
            self._begun.pop(session.ref, _nothing)()
            self._name_lines.pop(session.ref, None)
            self._hearing.forget(session.ref)
            self.roll.left(session)
        if self.is_on:
            self.changed.emit()

    def forget_left(self) -> None:
        """Take those that have left off the roll."""
        self.roll.forget_left()
        self.changed.emit()

    def _on_frame(self) -> None:
        news = self._hearing.take()
        for each in news:
            if isinstance(each, Visit):
                self._on_visit(each)
            else:
                self._on_said(each)
        if news:
            self.changed.emit()

    def _on_said(self, said: Said) -> None:
        session = said.session
        for line in said.lines:
            pupil = self.roll.joined(session)
            if pupil is None or session.is_demo:
                return
            self._begun.pop(session.ref, None)  # there is more of it
            if not self._takes_name(pupil, session, line):
                self._hear(pupil, session, line)

    def _hear(self, pupil: Pupil, session: Session, line: Line) -> None:
        poll = self.poll
        if poll is None or not poll.is_running:
            return
        answer = partial(poll.count, pupil.key, poll.reads(line.text))
        if line.is_whole or not poll.is_free:  # a letter is one as soon as it is there
            answer()
        else:
            self._wait(session, answer)

    def _takes_name(self, pupil: Pupil, session: Session, line: Line) -> bool:
        """Take a line for a pupil's name, where it has none yet; return whether it was one.

        While a poll runs, a letter alone is an answer.
        """
        if self._name_lines.get(session.ref) == line.number:
            return True
        if not self._controller.settings.class_names or session.ref in self._name_lines:
            return False
        name = tidy(line.text)
        poll = self.poll
        if not name or (len(name) == 1 and poll and poll.is_running and poll.reads(name)):
            return False
        take = partial(self._call, pupil, name, session, line.number)
        if line.is_whole:
            take()
        else:
            self._wait(session, take)
        return True

    def _wait(self, session: Session, meaning: Callable[[], object]) -> None:
        """Do so when no more of the line has come for a while."""
        self._begun[session.ref] = meaning
        self._rest.start()

    def _on_rest(self) -> None:
        begun, self._begun = self._begun, {}
        for meaning in begun.values():
            meaning()
        self.changed.emit()

    def _call(self, pupil: Pupil, name: str, session: Session, line: int) -> None:
        self._name_lines[session.ref] = line
        self._note(self.roll.name(pupil, name), session)

    def _note(self, pupil: Pupil, session: Session) -> None:
        """Let the client table say the name; a note of the user's own stays."""
        known = session.ref in self._controller.sessions  # its row may have been cleared
        if known and pupil.named and session.note in ("", self._given.get(session.ref)):
            self._given[session.ref] = pupil.named
            self._controller.orders.set_note(session.ref, pupil.named)

    # -- browsers --------------------------------------------------------------------------------

    def _on_visit(self, visit: Visit) -> None:
        pupil = self.roll.visited(visit.session, visit.token)
        if pupil is None:
            return
        if visit.name and not pupil.named and self._controller.settings.class_names:
            pupil = self.roll.name(pupil, visit.name)
        self._known[visit.token] = pupil, pupil.named
        self._note(pupil, visit.session)
        if visit.answer and self.poll is not None:
            self.poll.count(pupil.key, self.poll.reads(visit.answer))

    def _page(self, visit: Visit) -> str:
        """Return what a browser is shown. Thread: its worker; it only reads."""
        pupil, name = self._known.get(visit.token, (None, ""))
        asks = self._controller.settings.class_names
        poll, answer = self.poll, ""
        if poll is not None and poll.is_running:
            given = poll.answers.get(pupil.key, "") if pupil is not None else ""
            new = poll.reads(visit.answer)
            answer = given if poll.first_counts and given else new or given
        else:
            poll = None
        session = visit.session
        name = name or (visit.name if asks else "")
        return class_page(
            PageFacts(session.client_id, str(session.endpoint), name, asks, poll, answer)
        )

    # -- the poll --------------------------------------------------------------------------------

    def start_poll(self, question: str, choices: tuple[Choice, ...], *, first_counts: bool) -> None:
        """Ask; what was answered before is forgotten."""
        self._on_frame()
        self.poll = Poll(question, choices, first_counts)
        self.changed.emit()

    def stop_poll(self) -> None:
        """Count no more; the result stays."""
        self._on_frame()
        if self.poll is not None and self.poll.is_running:
            self.poll.is_running = False
            self.changed.emit()

    def clear_poll(self) -> None:
        """There is no question."""
        self.poll = None
        self.changed.emit()

    def unanswered(self) -> list[Pupil]:
        """Return who is here and has not answered."""
        if self.poll is None:
            return []
        return [
            pupil
            for pupil in self.roll.pupils
            if pupil.presence is not Presence.LEFT and pupil.key not in self.poll.answers
        ]

    def _on_merged(self, former: int, key: int) -> None:
        if self.poll is not None:
            self.poll.move(former, key)


def _nothing() -> None:
    """What is done where nothing waits."""
