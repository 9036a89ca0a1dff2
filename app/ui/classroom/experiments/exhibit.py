"""An experiment's server, its clients and its threads, on display."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models.call_rows import CALLS
from app.ui.classroom.exhibit import Spoken, facts_of
from app.ui.classroom.lab_exhibit import LabExhibit
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.journal.reader import Reader
    from app.journal.refs import ClientRef
    from app.net.reception import Reception
    from app.net.session import Session
    from app.teaching.experiments.facts import Step
    from app.teaching.experiments.performance import Performance

MOST_SPOKEN = 100  # calls in frames; more are no help


class ExperimentExhibit(LabExhibit):
    """One run of an experiment, while it goes on and after its end. GUI thread."""

    def __init__(self, performance: Performance) -> None:
        """`performance` keeps what it recorded."""
        super().__init__(performance.lab)
        self.performance = performance
        self._about: dict[int, tuple[int, ...]] = {}  # by step: the ids of its calls

    @property
    def is_ready(self) -> bool:
        """Whether there is anything to show."""
        performance = self.performance
        return bool(self._lab.bench or performance.steps or performance.is_over)

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return not self.performance.is_over

    @property
    def reader(self) -> Reader | None:
        """Its journal; None before there is one, for good where none can be read."""
        return self._open_reader if self._lab.bench is not None else None

    def spoken(self, at: int) -> Spoken:
        """Return what a step is about; -1: the newest one.

        The calls that it names, or those of the tutorial that were made since the step before.
        """
        steps = self.performance.steps
        if not steps:
            return Spoken()
        looks_back, at = at >= 0, at % len(steps)
        step, before = steps[at], steps[at - 1] if at else None
        if at not in self._about:
            self._about[at] = step.calls or self._made(before.last_call if before else 0, step)
        from_ns = before.at_ns if before else self._recorder.started_ns
        return Spoken(from_ns, step.at_ns, frozenset(self._about[at][:MOST_SPOKEN]), looks_back)

    def _made(self, after_id: int, step: Step) -> tuple[int, ...]:
        since = self._recorder.calls_after(after_id)
        return tuple(c.id for c in since if c.id <= step.last_call and c.name in CALLS)

    def step_at(self, moment_ns: int) -> int:
        """Return the step next to a moment."""
        steps = self.performance.steps
        return min(range(len(steps)), key=lambda at: abs(steps[at].at_ns - moment_ns), default=-1)

    @property
    def sessions(self) -> Mapping[ClientRef, Session]:
        """The clients that its servers welcomed."""
        return {session.ref: session for session in list(self._lab.welcomed)}

    def encoding_of(self, client_id: int) -> str:
        """Return how a client's bytes are read."""
        bench = self._lab.bench
        return bench.server.encoding if bench is not None else "utf-8"

    def title(self) -> str:
        """Return what it is and where it listens, in the language of now."""
        bench = self._lab.bench
        if bench is None:
            return tr("classroom.experiment_on_display")
        return tr("classroom.experiment_server", where=str(bench.endpoint))

    def facts(self) -> list[str]:
        """Return how it stands: threads, clients, the backlog; that it is over."""
        if not self.is_alive:
            return [tr("classroom.experiment_over")]
        return facts_of(self.server) if self.server is not None else []

    @property
    def server(self) -> Reception | None:
        """The newest one of this run."""
        return self._lab.bench.server if self._lab.bench is not None else None
