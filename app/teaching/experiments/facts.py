"""What an experiment tells: plain values, no prose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Seconds:
    """A duration."""

    s: float


@dataclass(frozen=True, slots=True)
class Size:
    """So many bytes of memory."""

    size_bytes: int


@dataclass(frozen=True, slots=True)
class Word:
    """A fact that has a name: `experiments.word_<name>`."""

    name: str


@dataclass(frozen=True, slots=True)
class Code:
    """Python, shown as it is."""

    text: str


# A str is what somebody sent or read; bytes are shown as Python shows them; a tuple is a list.
Value: TypeAlias = "int | str | bytes | Seconds | Size | Word | Code | tuple[Value, ...]"

Line: TypeAlias = "tuple[Value, ...]"  # who, and what; empty: nothing

YES, NO = Word("yes"), Word("no")


def yes_or_no(is_so: bool) -> Word:
    """Return the fact that something is so, or is not."""
    return YES if is_so else NO


@dataclass(frozen=True, slots=True)
class Step:
    """Something has happened."""

    key: str  # `experiments.<experiment>.<key>`, filled in with `facts`
    facts: Mapping[str, Value]
    after_s: float  # since the experiment began
    at_ns: int = 0  # of the experiment's clock
    # The ids of the calls that it speaks of; none: of what happened since the step before.
    calls: tuple[int, ...] = ()
    last_call: int = 0  # the id of the newest one then


class Rule(Enum):
    """How the measured value must stand to the expected one."""

    IS = "is"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class Row:
    """What was expected beside what was measured."""

    key: str
    expected: Value
    measured: Value | None  # None: this system does not tell
    rule: Rule = Rule.IS

    @property
    def holds(self) -> bool | None:
        """Whether it came as expected; None if it could not be measured."""
        if self.measured is None:
            return None
        if self.rule is Rule.IS:
            return self.measured == self.expected
        expected, measured = _number(self.expected), _number(self.measured)
        return measured <= expected if self.rule is Rule.AT_MOST else measured >= expected


@dataclass(frozen=True, slots=True)
class Table:
    """What was put out, side by side."""

    columns: tuple[str, ...]  # keys, as the steps'
    rows: tuple[tuple[Line, ...], ...]  # of each column the line that stands in this row


@dataclass(frozen=True, slots=True)
class Result:
    """What came out of one run."""

    rows: tuple[Row, ...]
    tables: tuple[Table, ...] = field(default=())


def _number(value: Value) -> float:
    if isinstance(value, Seconds):
        return value.s
    if isinstance(value, Size):
        return value.size_bytes
    assert isinstance(value, int)
    return value
