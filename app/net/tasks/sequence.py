"""Messages in order, with pauses, each of which may wait until its clients have answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from app.net.tasks.facts import TaskEnd, TaskKind, TaskState
from app.net.tasks.task import NS_PER_MS, Message
from app.net.tasks.timed import AT_LAST, AT_ONCE, TimedTask

if TYPE_CHECKING:
    from app.journal.needle import Needle
    from app.journal.pattern import Pattern
    from app.journal.refs import ClientRef
    from app.net.reception import Reception
    from app.net.session import Session

ROOM_NS = 10 * NS_PER_MS  # between two looks whether a client has read


class Step(NamedTuple):
    """One message of a sequence."""

    name: str
    message: Message
    clients: tuple[ClientRef, ...] | None = None  # others than the sequence's; None: the same
    wait_for: Needle | None = None  # what each of them is to answer before it goes on
    pause_ms: int = 0  # afterwards


class Ear:
    """Listens whether a client says something, wherever its stream is cut."""

    def __init__(self, session: Session, pattern: Pattern, task: Series) -> None:
        self.session = session
        self.heard = False
        self._pattern, self._task = pattern, task
        self._end = b""
        session.ears.append(self.hear)

    def hear(self, chunk: bytes) -> None:
        """Thread: the client's worker."""
        if not self.heard:
            data = self._end + chunk
            self.heard = next(self._pattern.places(data), None) is not None
            self._end = data[len(data) - self._pattern.length + 1 :] if len(data) else b""
            if self.heard:
                self._task.look()

    def close(self) -> None:
        """Listen no more."""
        if self.hear in self.session.ears:
            self.session.ears.remove(self.hear)


class Series(TimedTask):
    """The steps of a round are done one after the other; of each, its clients all at once."""

    kind = TaskKind.SEQUENCE

    def __init__(
        self,
        name: str,
        server: Reception,
        clients: tuple[ClientRef, ...] | None,
        steps: Sequence[Step],
        *,
        rounds: int = 1,
        patience_ms: int = 5000,
        goes_on: bool = False,
    ) -> None:
        """`rounds`: 0 means for ever. Who does not answer within `patience_ms` ends it, or not."""
        super().__init__(name, server, clients)
        self.total = rounds
        self.step = 0  # from 1
        self.steps = tuple(steps)
        self._patience_ns = patience_ms * NS_PER_MS
        self._goes_on = goes_on
        self._ears: list[Ear] = []
        self._unsent = 0  # what a client has not taken yet

    def facts(self) -> dict[str, object]:
        """How much there is to do, and where it stands."""
        return {"steps": len(self.steps), "step": self.step}

    def _steps(self) -> Iterator[int]:
        while not self.total or self.done < self.total:
            for place, step in enumerate(self.steps, 1):
                self.step = place
                yield from self._do(step)
                if self.end is not None:
                    return
            self.done += 1
            yield 0  # one that never waits must not keep everybody else from it

    def _do(self, step: Step) -> Iterator[int]:
        clients = step.clients if step.clients is not None else self.clients
        while not (sessions := self._online(clients)):
            if clients is not None:
                self.finish(TaskEnd.CLIENT_LEFT)
                return
            self._state = TaskState.WAITS_FOR_CLIENTS
            yield AT_LAST
        self._listen(step, sessions)
        for place, session in enumerate(sessions, 1):
            yield from self._send(step.message, session)
            if not place % AT_ONCE:
                yield 0
        if step.wait_for is not None:
            yield from self._hear()
        self._state = TaskState.RUNNING
        due_ns = self._now_ns() + step.pause_ms * NS_PER_MS
        while self._now_ns() < due_ns and self.end is None:
            yield due_ns

    def _send(self, message: Message, session: Session) -> Iterator[int]:
        """Nothing is skipped: who has no room is waited for."""
        data, outlet = message.data(session.encoding), session.outlet
        while not outlet.has_room_for(len(data)) and len(data) <= outlet.limit_bytes:
            if session.ref not in self.server.sessions:
                return
            self._state = TaskState.WAITS_FOR_PEER
            yield self._now_ns() + ROOM_NS
        self._state = TaskState.RUNNING
        outlet.send(data, session.encoding, self)

    def _listen(self, step: Step, sessions: list[Session]) -> None:
        """Before anything is sent: some answer at once."""
        self._hush()
        if step.wait_for is not None:
            for session in sessions:
                if (pattern := step.wait_for.pattern(session.encoding)) is not None:
                    self._ears.append(Ear(session, pattern, self))

    def _hear(self) -> Iterator[int]:
        """Wait until all that are still there have answered, or it takes too long."""
        limit_ns = self._now_ns() + self._patience_ns
        online = self.server.sessions
        while not all(ear.heard or ear.session.ref not in online for ear in self._ears):
            if self._now_ns() >= limit_ns:
                with self._lock:
                    self.skipped += 1
                if not self._goes_on:
                    self.finish(TaskEnd.NO_ANSWER, self.steps[self.step - 1].name)
                return
            self._state = TaskState.WAITS_FOR_ANSWER
            yield limit_ns
        self._hush()

    def _hush(self) -> None:
        ears, self._ears = self._ears, []
        for ear in ears:
            ear.close()

    def _clean_up(self) -> None:
        super()._clean_up()
        self._hush()
