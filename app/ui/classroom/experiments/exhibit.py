"""An experiment's server, its clients and its threads, on display."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from app.journal.errors import JournalError
from app.ui.classroom.exhibit import facts_of
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.journal.reader import Reader
    from app.journal.refs import ClientRef
    from app.net.session import Session
    from app.teaching.experiments.performance import Performance
    from app.teaching.recorder import CallRecorder


class ExperimentExhibit:
    """One run of an experiment, while it goes on and after its end. GUI thread.

    `let_go` must follow: until then its journal is kept.
    """

    is_own = False

    def __init__(self, performance: Performance) -> None:
        """`performance` keeps what it recorded."""
        self.performance = performance
        self._lab = performance.lab
        self._reader: Reader | None = None
        assert self._lab.recorder is not None
        self._recorder = self._lab.recorder

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
    def is_recording(self) -> bool:
        """Whether its calls are recorded now."""
        return not self._recorder.ended_ns

    @property
    def recorder(self) -> CallRecorder:
        """Its calls and lanes."""
        return self._recorder

    @property
    def reader(self) -> Reader | None:
        """Its journal; None before there is one, for good where none can be read."""
        return self._open_reader if self._lab.bench is not None else None

    @cached_property
    def _open_reader(self) -> Reader | None:
        try:
            self._reader = self._lab.journal.reader()
        except JournalError:  # the run itself says so in the story
            return None
        return self._reader

    def stretch(self, at: int) -> tuple[int, int]:
        """Return the moments of the step before a step and of itself; zeros: there is none.

        -1: the newest step.
        """
        steps = self.performance.steps
        if not steps:
            return 0, 0
        at %= len(steps)
        return steps[at - 1].at_ns if at else self._recorder.started_ns, steps[at].at_ns

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
        return facts_of(self._lab.bench.server) if self._lab.bench is not None else []

    def let_go(self) -> None:
        """Close the reader, then the journal; what runs goes on, and keeps nothing."""
        if self._reader is not None:
            self._reader.close()
        self._lab.let_go()
