"""Tries a student's text against the checks of an exercise, each with a server of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from app.teaching.exercises.playing import Verdict, play
from app.teaching.experiments.lab import Lab
from app.teaching.programs.program import Failed, Program
from app.teaching.programs.stage import ProgramServer

if TYPE_CHECKING:
    from app.teaching.exercises.checks import Check
    from app.teaching.programs.output import Output
    from app.teaching.programs.stopping import StandsIn


@dataclass(frozen=True, slots=True)
class Trial:
    """How one check went, and what the program did meanwhile."""

    verdict: Verdict
    output: Output
    failures: tuple[Failed, ...]  # what it raised
    forced: tuple[StandsIn, ...]  # loops that had to be ended by force
    standing: tuple[StandsIn, ...]  # what could not be ended


@dataclass(frozen=True, slots=True)
class Sitting:
    """One check that goes on: its server, and the lab that keeps what its threads do."""

    check: Check
    lab: Lab
    server: ProgramServer


def try_checks(
    text: str,
    checks: tuple[Check, ...],
    cancelled: Callable[[], bool] = lambda: False,
    *,
    on_sitting: Callable[[Sitting], object] | None = None,
    on_calls: Callable[[], None] | None = None,
) -> Iterator[Trial]:
    """Play all checks, one after the other. The calling thread.

    Raises ProgramFault if the text can't be loaded, Cancelled, OSError, ListenError, JournalError.
    `on_sitting` hears of each check as soon as its port is open; then its calls are recorded, of
    which `on_calls` hears in any thread, and whoever heard lets the lab go.
    """
    for check in checks:
        program = Program(text)  # anew each time: what one run has left does not help the next
        program.load()
        lab = Lab(lambda _step: None, on_calls if on_sitting is not None else None)
        yield lab.run(partial(_try, check, program, cancelled, on_sitting or _nobody))


def _try(
    check: Check,
    program: Program,
    cancelled: Callable[[], bool],
    on_sitting: Callable[[Sitting], object],
    lab: Lab,
) -> Trial:
    server = ProgramServer(program, lab.journal, lab.show)
    on_sitting(Sitting(check, lab, server))
    try:
        verdict = play(check, server.endpoint, cancelled)
    finally:
        server.close()
    return Trial(
        verdict,
        program.output,
        tuple(program.failures),
        tuple(program.stoppable.forced),
        tuple(server.standing),
    )


def _nobody(_sitting: Sitting) -> None:
    """Hear of a check."""
