"""The computer's clock is set while something is recorded: said in its place, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from app.journal.entry import Kind
from app.journal.journal import Journal
from app.journal.reader import Reader

Opened = Callable[..., Journal]
Reading = Callable[[Journal], Reader]


class Clock:
    """The wall clock, and by how much somebody has set it."""

    def __init__(self) -> None:
        self.set_by_s = 0.0
        self.slept_s = 0.0

    def time_ns(self) -> int:
        return time.time_ns() + int((self.set_by_s + self.slept_s) * 1e9)

    def steady_ns(self) -> int:
        return time.monotonic_ns() + int(self.slept_s * 1e9)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("app.journal.intake.time_ns", made.time_ns)
    monkeypatch.setattr("app.journal.intake._steady_ns", made.steady_ns)
    return made


def test_a_clock_that_is_set_is_an_event_before_the_next_entry(
    clock: Clock, opened: Opened, reading: Reading
) -> None:
    journal = opened()
    first_id = journal.append(1, Kind.IN, b"before")
    clock.set_by_s = 874
    second_id = journal.append(1, Kind.IN, b"after")
    assert second_id == first_id + 2
    clock.set_by_s = -30
    journal.append(1, Kind.IN, b"back")
    journal.append(1, Kind.IN, b"still")
    entries = reading(journal).entries(1, 99)
    assert [entry.id for entry in entries] == list(range(1, len(entries) + 1))
    kinds = [entry.kind for entry in entries]
    assert kinds == [Kind.IN, Kind.CLOCK_SET, Kind.IN, Kind.CLOCK_SET, Kind.IN, Kind.IN]
    told = [e.detail["by_ms"] / 1000 for e in entries if e.kind == Kind.CLOCK_SET]
    assert told == pytest.approx([874, -904], abs=0.9)
    assert all(e.client_id == 0 for e in entries if e.kind == Kind.CLOCK_SET)
    monotonic = [entry.mono_ns for entry in entries]
    assert monotonic == sorted(monotonic)
    assert journal.close() == 0


@pytest.mark.parametrize(("set_by_s", "slept_s"), [(0.4, 0), (-0.4, 0), (0, 30_000)])
def test_what_is_no_setting_is_none(
    set_by_s: float, slept_s: float, clock: Clock, opened: Opened, reading: Reading
) -> None:
    """A little correction, or a computer that slept."""
    journal = opened()
    journal.append(1, Kind.IN, b"before")
    clock.set_by_s, clock.slept_s = set_by_s, slept_s
    journal.append(1, Kind.IN, b"after")
    assert [entry.kind for entry in reading(journal).entries(1, 99)] == [Kind.IN, Kind.IN]
