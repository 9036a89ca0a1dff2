"""One message every so many milliseconds: a beat that does not drift."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.net.facts import SendResult
from app.net.tasks.facts import TaskKind, TaskState
from app.net.tasks.task import NS_PER_MS, Message
from app.net.tasks.timed import AT_ONCE, TimedTask

if TYPE_CHECKING:
    from app.journal.refs import ClientRef
    from app.net.reception import Reception
    from app.net.session import Session

LEAST_MS, MOST_MS = 10, 86_400_000


class Repeat(TimedTask):
    """Beats at start + k · N. A beat that is missed, or for which a client has no room, is skipped.

    A client has no room while it has not taken the message before: nothing old piles up.
    """

    kind = TaskKind.REPEAT

    def __init__(
        self,
        name: str,
        server: Reception,
        clients: tuple[ClientRef, ...] | None,
        message: Message,
        every_ms: int,
        times: int = 0,
    ) -> None:
        """`times`: end after so many messages to each client; 0: never."""
        super().__init__(name, server, clients)
        self.every_ms = min(max(every_ms, LEAST_MS), MOST_MS)
        self.total = times
        self._message = message
        self._waiting: set[int] = set()  # clients that have not taken the message before
        self._told = False

    def facts(self) -> dict[str, object]:
        """How often."""
        return {"every_ms": self.every_ms}

    def _steps(self) -> Iterator[int]:
        every_ns = self.every_ms * NS_PER_MS
        start_ns, beat = self._now_ns(), 0
        while not self.total or self.done < self.total:
            due_ns = start_ns + beat * every_ns
            while (now_ns := self._now_ns()) < due_ns:
                yield due_ns
            sessions = self._sessions()
            missed = (now_ns - due_ns) // every_ns
            self._skip(missed * len(sessions))
            beat += missed + 1
            taken = 0
            for place, session in enumerate(sessions, 1):
                taken += self._beat(session)
                if not place % AT_ONCE:
                    yield 0  # the others' turn
            self.done += bool(taken)
            self._state = TaskState.RUNNING if sessions else TaskState.WAITS_FOR_CLIENTS

    def _beat(self, session: Session) -> bool:
        """Send the message, if there is room; return whether there was."""
        data, outlet = self._message.data(session.encoding), session.outlet
        if session.client_id in self._waiting or not outlet.has_room_for(len(data)):
            self._skip(1)
            return False
        self._waiting.add(session.client_id)
        result = outlet.send(data, session.encoding, self)
        return result in (SendResult.SENT, SendResult.WAITING)

    def settle(self, client_id: int, result: SendResult) -> None:
        """It has room for the next one."""
        super().settle(client_id, result)
        self._waiting.discard(client_id)

    def _skip(self, count: int) -> None:
        if count:
            with self._lock:
                self.skipped += count
            if not self._told:  # once: some clients never read
                self._told = True
                self._tell("skips")
