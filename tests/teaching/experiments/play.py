"""Plays an experiment as the window does: in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from app.teaching.experiments.catalogue import EXPERIMENTS
from app.teaching.experiments.facts import Result, Row, Step
from app.teaching.experiments.lab import Lab


@dataclass
class Run:
    """What came of it."""

    steps: list[Step] = field(default_factory=list)
    result: Result | None = None
    error: BaseException | None = None

    def row(self, key: str) -> Row:
        assert self.result is not None
        return next(row for row in self.result.rows if row.key == key)

    def fact(self, key: str, name: str) -> object:
        return next(step for step in self.steps if step.key == key).facts[name]


ENDS_IN_S = 30


def play(name: str, on_step: Callable[[Lab, Step], None] = lambda _lab, _step: None) -> Run:
    """Run experiment `name` to its end; `on_step` is called in its thread."""
    run = Run()

    def note(step: Step) -> None:
        run.steps.append(step)
        on_step(lab, step)

    lab = Lab(note)

    def go() -> None:
        try:
            run.result = lab.run(EXPERIMENTS[name].run)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            run.error = error

    thread = threading.Thread(target=go, name="experiment")
    thread.start()
    thread.join(ENDS_IN_S)
    assert not thread.is_alive(), f"{name} did not end"
    return run
