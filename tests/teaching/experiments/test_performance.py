"""A performance goes at the audience's pace, and its clock stands still meanwhile."""

from __future__ import annotations

import time

from app.teaching.experiments.catalogue import EXPERIMENTS, Experiment
from app.teaching.experiments.facts import Result
from app.teaching.experiments.lab import Lab
from app.teaching.experiments.performance import Performance
from tests.support.starving import threads_refused
from tests.support.wait import wait_until

HELD_S = 0.3


def two_steps(lab: Lab) -> Result:
    lab.step("one")
    lab.step("two")
    return Result(())


def begin(*, step_by_step: bool) -> Performance:
    experiment = Experiment("two-steps", ("one", "two"), two_steps)
    return Performance(experiment, lambda: None, step_by_step=step_by_step)


def test_the_time_that_the_audience_takes_is_not_the_experiments() -> None:
    begun_s = time.monotonic()
    performance = begin(step_by_step=True)
    wait_until(lambda: performance.waits)
    until_s = time.monotonic() + HELD_S
    wait_until(lambda: time.monotonic() > until_s)
    assert [step.key for step in performance.steps] == ["one"]
    performance.go_on()
    wait_until(lambda: performance.waits)
    assert performance.steps[1].after_s <= time.monotonic() - begun_s - HELD_S
    performance.go_on()
    assert performance.join(5)
    assert performance.result == Result(())


def test_it_runs_through_once_nobody_wants_steps_any_more() -> None:
    performance = begin(step_by_step=True)
    wait_until(lambda: performance.waits)
    performance.set_step_by_step(False)
    assert performance.join(5)
    assert len(performance.steps) == 2


def test_cancelled_while_it_waits_it_goes_no_further() -> None:
    performance = begin(step_by_step=True)
    wait_until(lambda: performance.waits)
    performance.cancel()
    assert performance.join(5)
    assert performance.was_cancelled
    assert performance.is_over
    assert not performance.is_ending
    assert len(performance.steps) == 1


def test_a_class_may_discuss_longer_than_the_systems_wait() -> None:
    """A step of each experiment is held for a while: the outcome is the same."""
    for name in ("goodbyes", "daemon-threads", "queue-or-threads"):
        performance = Performance(EXPERIMENTS[name], lambda: None, step_by_step=True)
        while not performance.is_over:
            wait_until(lambda p=performance: p.waits or p.is_over)  # type: ignore[misc]
            until_s = time.monotonic() + 0.1
            wait_until(lambda until_s=until_s: time.monotonic() > until_s)  # type: ignore[misc]
            performance.go_on()
        assert performance.join(5)
        assert performance.result is not None, performance.error
        assert [row for row in performance.result.rows if row.holds is False] == []


def test_where_there_are_threads_refused_it_is_over_and_says_so() -> None:
    news: list[bool] = []
    with threads_refused():
        performance = Performance(
            Experiment("two-steps", ("one", "two"), two_steps),
            lambda: news.append(True),
            step_by_step=False,
        )
    assert performance.is_over
    assert news
    assert isinstance(performance.error, OSError)
    assert performance.join()
