"""The set: every case, in the order in which they run and stand in the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench import (
    chat_case,
    class_case,
    flood_case,
    hold_case,
    kinds_case,
    many_case,
    own_cases,
    send_case,
)
from tests.bench.figures import Figure, Values
from tests.bench.sizes import Size
from tests.bench.stage import Stage


@dataclass(frozen=True)
class Case:
    """What is measured together. `run` measures the program and its baseline once."""

    name: str
    figures: tuple[Figure, ...]
    run: Callable[[Stage, Size], Values]


CASES = (
    Case("hold", hold_case.FIGURES, hold_case.run),
    Case("flood-1", flood_case.large_figures(1), flood_case.large(1)),
    Case("flood-50", flood_case.large_figures(50), flood_case.large(50)),
    Case("flood-small-1", flood_case.small_figures(1), flood_case.small(1)),
    Case("flood-small-50", flood_case.small_figures(50), flood_case.small(50)),
    *(
        Case(f"flood-many-{n}", many_case.figures(n), many_case.many(n))
        for n in (400, 1_500, 4_000)
    ),
    Case("chat", chat_case.FIGURES, chat_case.run),
    Case("class", class_case.FIGURES, class_case.run),
    Case("broadcast", send_case.BROADCAST_FIGURES, send_case.broadcast),
    Case("slow-readers", send_case.SLOW_FIGURES, send_case.slow),
    Case("kinds", kinds_case.FIGURES, kinds_case.run),
    Case("large-journal", own_cases.LARGE_FIGURES, own_cases.large),
    Case("start", own_cases.START_FIGURES, own_cases.start),
    Case("trace", own_cases.TRACE_FIGURES, own_cases.trace),
)


def chosen(words: list[str]) -> list[Case]:
    """Return the cases whose name begins with one of the words; all of them without words."""
    return [c for c in CASES if not words or any(c.name.startswith(word) for word in words)]
