"""What a benchmark tells: figures with their targets, and the median of several runs.

A case returns plain numbers by name; a `Figure` says what a name means and what it should be.
"""

from __future__ import annotations

import operator
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

Values = dict[str, float]

_COMPARE: dict[str, Callable[[float, float], bool]] = {"≤": operator.le, "≥": operator.ge}


@dataclass(frozen=True)
class Limit:
    """A number that a figure must not exceed ("≤"), or must reach ("≥")."""

    sign: str
    number: float
    # The limit binds only where the baseline reaches this: a slow machine is not our fault.
    if_baseline: float | None = None

    def holds(self, value: float, baseline: float | None = None) -> bool:
        """Whether `value` is as it should be."""
        if self.if_baseline is not None and (baseline is None or baseline < self.if_baseline):
            return True
        return _COMPARE[self.sign](value, self.number)


def at_most(number: float) -> Limit:
    """A limit from above."""
    return Limit("≤", number)


def at_least(number: float, *, if_baseline: float | None = None) -> Limit:
    """A limit from below."""
    return Limit("≥", number, if_baseline)


class Peers(NamedTuple):
    """What other programs were measured at, in words; "" where nothing is known.

    A number in brackets is how many clients they had, where it was not as many.
    """

    packet_sender: str = ""
    comtool: str = ""
    net_assistant: str = ""


@dataclass(frozen=True)
class Figure:
    """One line of the table. `key` and `baseline` are names in what the case returns."""

    key: str
    words: str
    unit: str = ""
    target: Limit | None = None
    baseline: str | None = None
    ratio: Limit | None = None  # of the measured value to the baseline
    peers: Peers | None = None


@dataclass(frozen=True)
class Outcome:
    """A figure as it was measured."""

    case: str
    figure: Figure
    value: float | None  # None: it was not measured, `why` says why
    baseline: float | None
    runs: int
    each: tuple[float, ...] = ()
    why: str = ""

    @property
    def ratio(self) -> float | None:
        """Measured by baseline."""
        if self.value is None or not self.baseline:
            return None
        return self.value / self.baseline

    @property
    def reached(self) -> bool | None:
        """Whether every target holds; None where there is none, or nothing was measured."""
        if self.value is None:
            return None
        checks = []
        if self.figure.target is not None:
            checks.append(self.figure.target.holds(self.value, self.baseline))
        if self.figure.ratio is not None and self.ratio is not None:
            checks.append(self.figure.ratio.holds(self.ratio))
        return all(checks) if checks else None

    def as_data(self) -> dict[str, Any]:
        """Everything about it, for JSON."""
        return {
            "case": self.case,
            "key": self.figure.key,
            "figure": self.figure.words,
            "unit": self.figure.unit,
            "target": target_words(self.figure),
            "value": self.value,
            "baseline": self.baseline,
            "ratio": self.ratio,
            "reached": self.reached,
            "runs": self.runs,
            "each": list(self.each),
            "why": self.why,
            "peers": list(self.figure.peers or Peers()),
        }


def outcomes(
    case: str, figures: Iterable[Figure], runs: Sequence[Values], why: str = ""
) -> list[Outcome]:
    """Return each figure of a case as the median of its runs."""
    found = []
    for figure in figures:
        each = tuple(run[figure.key] for run in runs if figure.key in run)
        missing = why or "" if each else why or "not measured on this machine"
        found.append(
            Outcome(
                case,
                figure,
                median(each),
                median([run[figure.baseline] for run in runs if figure.baseline in run])
                if figure.baseline
                else None,
                len(each),
                each,
                missing,
            )
        )
    return found


def median(numbers: Sequence[float]) -> float | None:
    """Return the middle one; None of none."""
    return statistics.median(numbers) if numbers else None


def quantile(numbers: Iterable[float], part: float) -> float:
    """Return the number below which `part` of them lie (nearest rank). Raises ValueError."""
    ordered = sorted(numbers)
    if not ordered:
        raise ValueError("no numbers")
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def number_words(number: float) -> str:
    """Return a number with three significant digits, and thousands set apart."""
    if abs(number) >= 100 or number == int(number):
        return f"{number:,.0f}"
    return f"{number:.1f}" if abs(number) >= 10 else f"{number:.2f}"


def target_words(figure: Figure) -> str:
    """Say what a figure should be: `≤ 50 ms, ≥ 0.5 × bare`."""
    words = []
    if figure.target is not None:
        limit = figure.target
        text = f"{limit.sign} {number_words(limit.number)} {figure.unit}".rstrip()
        if limit.if_baseline is not None:
            text += f" (where bare ≥ {number_words(limit.if_baseline)})"
        words.append(text)
    if figure.ratio is not None:
        words.append(f"{figure.ratio.sign} {figure.ratio.number:g} × bare")
    return ", ".join(words)
