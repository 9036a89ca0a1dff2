"""What an experiment works with: it waits, can be cancelled, and leaves nothing behind."""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import ExitStack
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from app.journal.journal import Journal
from app.net.trace import Show, thread_begins, thread_ends
from app.scratch import scratch_folder
from app.teaching.calls import PLAYER
from app.teaching.clock import Clock
from app.teaching.experiments.facts import Step
from app.teaching.recorder import CallRecorder

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.net.facts import Endpoint
    from app.net.session import Session
    from app.teaching.experiments.bench import Bench
    from app.teaching.experiments.facts import Value
    from app.teaching.peers import PeerSocket

T = TypeVar("T")
PATIENCE_S = 10.0  # for any one thing to happen
LOOK_S = 0.002
_LETTERS = 26


class Cancelled(Exception):
    """The user does not want the experiment to go on."""


class TookTooLong(Exception):
    """Something did not happen in time."""


class Lab:
    """One run of one experiment. Its methods are for the thread that runs it; `cancel` for any."""

    def __init__(
        self, on_step: Callable[[Step], object], on_calls: Callable[[], None] | None = None
    ) -> None:
        """`on_step` is told of each step, in the running thread, which it may hold up.

        While it does, the experiment's clock stands still. `on_calls` is told, in any thread, that
        there are new calls in `recorder`; then journal and recorder stay until `let_go`.
        """
        self.show, self.clock = Show(), Clock()
        self.recorder: CallRecorder | None = None
        if on_calls is not None:
            self.recorder = CallRecorder(on_calls, self.show, self.clock)
        self.bench: Bench | None = None  # the newest
        self.welcomed: list[Session] = []  # by all its servers, also those that have gone
        self._keeps = on_calls is not None
        self._has_ended = False
        self._letting = threading.Lock()
        self._keepsakes = ExitStack()
        self._names: Counter[Endpoint] = Counter()  # how many clients each server was given
        self.last_step = ""  # its key
        self._on_step = on_step
        self._cancelled = threading.Event()
        self._began_ns = self.clock.now_ns()
        self.belongings = ExitStack()  # closed when the experiment ends, however it ends

    def run(self, experiment: Callable[[Lab], T]) -> T:
        """Play the experiment to its end. A lab is used once, in a thread of its own.

        Raises Cancelled, TookTooLong, OSError, JournalError.
        """
        try:
            if self.recorder is not None and self.journal:  # to make it is no part of the story
                self.recorder.start({})
            self._began_ns = self.clock.now_ns()
            thread_begins(PLAYER, show=self.show)
            with self.belongings:
                return experiment(self)
        finally:
            thread_ends()
            self._end()

    def _end(self) -> None:
        if self.recorder is not None:
            self.recorder.stop()
        with self._letting:
            self._has_ended = True
            keeps = self._keeps
        if not keeps:
            self._keepsakes.close()

    @property
    def has_ended(self) -> bool:
        """Whether nothing happens in it any more. Any thread."""
        return self._has_ended

    def let_go(self) -> None:
        """Nobody looks any more: close the journal and delete it, now or at the end. Any thread.

        Whoever reads the journal has closed their reader before.
        """
        with self._letting:
            self._keeps, has_ended = False, self._has_ended
        if has_ended:
            self._keepsakes.close()

    @cached_property
    def journal(self) -> Journal:
        """What happens at all servers of this run. Its thread. Raises OSError, JournalError."""
        with ExitStack() as opening:
            journal = Journal(opening.enter_context(scratch_folder()) / "experiment.db")
            opening.callback(journal.close)
            self._keepsakes = opening.pop_all()
        return journal

    def name_client(self, server: Endpoint) -> str:
        """Return a new client's name: A, B, … for each server, and 27 after Z."""
        self._names[server] = number = self._names[server] + 1
        return chr(ord("A") + number - 1) if number <= _LETTERS else str(number)

    def cancel(self) -> None:
        """Make the experiment raise Cancelled soon. Any thread."""
        self._cancelled.set()

    def did(self, who: PeerSocket | int | str, name: str, count: int = 1) -> tuple[int, ...]:
        """Return the ids of the newest calls of a peer, for a client (its id) or in a lane.

        Fewer where there are not so many, none where nothing is recorded.
        """
        return () if self.recorder is None else self.recorder.newest(name, who, count)

    def step(self, key: str, *calls: tuple[int, ...], **facts: Value) -> None:
        """Tell that this has happened; `calls`: what `did` says of those that the words are about.

        Without any they are about all that happened since the step before.
        """
        self.check()
        self.last_step = key
        self.clock.stand_still()
        now_ns = self.clock.now_ns()
        last_call = self.recorder.last_id if self.recorder is not None else 0
        after_s, about = (now_ns - self._began_ns) / 1e9, tuple(chain(*calls))
        self._on_step(Step(key, facts, after_s, now_ns, about, last_call))
        self.clock.go_on()
        self.check()

    def check(self) -> None:
        """Raise Cancelled if the user wants so."""
        if self._cancelled.is_set():
            raise Cancelled

    def wait_until(self, is_so: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
        """Wait for something to happen. Raises Cancelled, TookTooLong."""
        until_s = time.monotonic() + patience_s
        while not is_so():
            if time.monotonic() > until_s:
                raise TookTooLong(self.last_step)
            if self._cancelled.wait(LOOK_S):
                raise Cancelled
