"""One run of one experiment in a thread of its own, at the pace of those who watch."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from app.teaching.experiments.lab import Cancelled, Lab
from app.threads import begin

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.teaching.experiments.catalogue import Experiment
    from app.teaching.experiments.facts import Result, Step


class Performance:
    """Begins when it is made. Its methods and attributes are for any thread."""

    def __init__(
        self,
        experiment: Experiment,
        on_news: Callable[[], object],
        *,
        step_by_step: bool,
        on_calls: Callable[[], None] | None = None,
    ) -> None:
        """`on_news` is called after every change, in the performance's thread. `on_calls`: see Lab.

        Step by step: the experiment stands still after each step until `go_on`.
        """
        self.experiment = experiment
        self.began_ns = time.time_ns()
        self.steps: tuple[Step, ...] = ()  # those that have happened
        self.result: Result | None = None  # at the end, unless there is an error
        # At the end: Cancelled, TookTooLong, OSError, JournalError, ListenError, or a mistake.
        self.error: Exception | None = None
        self.waits = False  # for `go_on`
        self.is_over = False
        self._step_by_step = step_by_step
        self._on_news = on_news
        self._turn = threading.Condition()
        self._cancelled = False
        self.lab = Lab(self._on_step, on_calls)
        self._thread = threading.Thread(target=self._run, name="experiment", daemon=True)
        try:
            begin(self._thread)
        except OSError as error:
            self._end(error)

    @property
    def is_ending(self) -> bool:
        """Whether it was cancelled and still tidies up."""
        return self._cancelled and not self.is_over

    @property
    def was_cancelled(self) -> bool:
        """Whether that is how it ended."""
        return isinstance(self.error, Cancelled)

    def go_on(self) -> None:
        """Take the next step, if it waits for that."""
        with self._turn:
            self.waits = False
            self._turn.notify()

    def set_step_by_step(self, on: bool) -> None:
        """Stand still after each step from now on, or after none."""
        with self._turn:
            self._step_by_step = on
            if not on:
                self.waits = False
                self._turn.notify()

    def cancel(self) -> None:
        """Let it end soon, with Cancelled. Does not wait for that."""
        with self._turn:
            self._cancelled = True
            self.waits = False
            self._turn.notify()
        self.lab.cancel()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait until it has ended and tidied up; return whether it has."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # -- its own thread --------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self.result = self.lab.run(self.experiment.run)
        except Exception as error:  # noqa: BLE001 - also a mistake of ours must be told, not lost
            self._end(error)
        else:
            self._end(None)

    def _end(self, error: Exception | None) -> None:
        self.error, self.is_over = error, True
        self._on_news()

    def _on_step(self, step: Step) -> None:
        with self._turn:
            self.steps += (step,)
            self.waits = self._step_by_step and not self._cancelled
        self._on_news()
        with self._turn:
            self._turn.wait_for(lambda: not self.waits)
