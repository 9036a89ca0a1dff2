"""Tries a student's text against the checks of an exercise, each with a server of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.teaching.exercises.playing import Verdict, play
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


def try_checks(
    text: str, checks: tuple[Check, ...], cancelled: Callable[[], bool] = lambda: False
) -> Iterator[Trial]:
    """Play all checks, one after the other. The calling thread.

    Raises ProgramFault if the text can't be loaded, Cancelled, OSError, ListenError.
    """
    for check in checks:
        program = Program(text)  # anew each time: what one run has left does not help the next
        program.load()
        server = ProgramServer(program)
        try:
            verdict = play(check, server.endpoint, cancelled)
        finally:
            server.close()
        yield Trial(
            verdict,
            program.output,
            tuple(program.failures),
            tuple(program.stoppable.forced),
            tuple(server.standing),
        )
