"""Runs experiments, one at a time, and tells the GUI thread what they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.bridge.feed import Feed
from app.teaching.experiments.catalogue import EXPERIMENTS
from app.teaching.experiments.performance import Performance

if TYPE_CHECKING:
    from app.teaching.experiments.catalogue import Experiment

# To end one takes a moment; this is for what should never happen.
PATIENCE_S = 20.0


class Laboratory(QObject):
    """Keeps the last run of each experiment. GUI thread."""

    changed = Signal()  # a step has happened, a run has begun or ended; at most once in FRAME_MS

    began = Signal(object)  # a Performance; with `keeps`, its lab is to be let go
    calls_arrived = Signal()  # with `keeps`: the threads of the one that runs made calls

    def __init__(self, parent: QObject | None = None, *, keeps: bool = False) -> None:
        """`keeps`: calls are recorded, and stay with the journal until the lab is let go."""
        super().__init__(parent)
        self._calls = Feed(self) if keeps else None
        if self._calls is not None:
            self._calls.frame.connect(self.calls_arrived)
        self._performances: dict[str, Performance] = {}
        self._running: Performance | None = None
        self._feed = Feed(self)
        self._feed.frame.connect(self._on_frame)

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        """All there are, in the order of the lessons."""
        return tuple(EXPERIMENTS.values())

    @property
    def running(self) -> Performance | None:
        """The one that runs now, or still tidies up."""
        return self._running

    def last_run(self, experiment_id: str) -> Performance | None:
        """The last run of an experiment, if there was one."""
        return self._performances.get(experiment_id)

    def run(self, experiment_id: str, *, step_by_step: bool) -> bool:
        """Begin, unless one runs already; return whether it began."""
        if self._running is not None:
            return False
        experiment = EXPERIMENTS[experiment_id]
        self._running = Performance(
            experiment, self._feed.poke, step_by_step=step_by_step,
            on_calls=self._calls.poke if self._calls is not None else None,
        )  # fmt: skip
        self._performances[experiment_id] = self._running
        self.began.emit(self._running)
        self.changed.emit()
        return True

    def go_on(self) -> None:
        """Take the next step, if it waits for that."""
        if self._running is not None:
            self._running.go_on()
            self.changed.emit()

    def set_step_by_step(self, on: bool) -> None:
        """Let the one that runs stand still after each step, or run through."""
        if self._running is not None:
            self._running.set_step_by_step(on)
            self.changed.emit()

    def cancel(self) -> None:
        """Let the one that runs end soon."""
        if self._running is not None:
            self._running.cancel()
            self.changed.emit()

    def close(self) -> None:
        """End the one that runs, and wait until its threads, sockets and files are gone."""
        if self._running is not None:
            self._running.cancel()
            self._running.join(PATIENCE_S)
            self._running = None

    def _on_frame(self) -> None:
        if self._running is not None and self._running.is_over:
            self._running.join()
            self._running = None
        self.changed.emit()
