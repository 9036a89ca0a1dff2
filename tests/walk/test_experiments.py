"""Every experiment to its last step, at every width of the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.wait import wait_until
from tests.walk.walker import Walker

Walk = Callable[..., Walker]

EXPERIMENT_S = 60.0
# The whole names are asked of the program; these are the ones of the short choice: the first
# brought the window down, the second tells by columns and by cards.
SHORT = ("queue-or-threads", "first-words")
WIDTHS = range(1000, 1951, 4)
# A maximised window and the sizes that people have.
LAYOUTS = [
    (1920, 1080, {}),
    (1366, 768, {}),
    (1280, 720, {}),
    (1920, 1080, {"projector_percent": 150}),
    (1920, 1080, {"projector_percent": 250}),
    (1366, 768, {"language": "zh_CN", "theme": "dark"}),
]


def enter(walker: Walker) -> list[str]:
    """Enter the class with the experiments in front; return their ids."""
    walker.hands.press("F6")
    wait_until(lambda: walker.controls(kind="^ExperimentsPiece$"))
    walker.picture()
    ids: list[str] = walker.ask("experiments")["ids"]
    return ids


def perform(walker: Walker, name: str) -> None:
    """Run an experiment by the keys, step by step to its end."""
    walker.ask("choose_experiment", name=name)
    wait_until(lambda: not walker.ask("experiment")["resting"])
    walker.hands.press("F8")
    wait_until(lambda: walker.ask("experiment")["running"])

    def ended() -> bool:
        before = walker.ask("experiment")
        if before["running"]:
            walker.hands.press("Space")
        return not before["running"]

    wait_until(ended, EXPERIMENT_S, lambda: f"{name} does not end")
    told = walker.ask("experiment")
    if not told["over"]:
        walker.faults.append(f"{name}: was not performed to its end")


def every_width(walker: Walker, where: str, widths: range = WIDTHS) -> None:
    """Look at what is shown at every width, from narrow to wide and back."""
    for order in (widths, reversed(widths)):
        for width in order:
            walker.ask("size", width=width, height=760)
            walker.judge(f"{where}, {width} px wide")


@pytest.mark.parametrize("name", SHORT)
def test_an_experiment_in_a_maximised_window(walk: Walk, name: str) -> None:
    walker = walk()
    walker.become(0, 0)
    assert name in enter(walker)
    walker.ask("late")  # making all pieces is judged by the long walk, on a machine at rest
    perform(walker, name)
    walker.judge(name)
    walker.done()


@pytest.mark.long
@pytest.mark.parametrize(("width", "height", "settings"), LAYOUTS)
def test_every_experiment_in_a_maximised_window(
    walk: Walk, width: int, height: int, settings: dict[str, object]
) -> None:
    walker = walk(width, height, **settings)
    walker.become(0, 0)
    for name in enter(walker):
        perform(walker, name)
        walker.judge(f"{name} at {width}x{height} {settings}")
    walker.done()


@pytest.mark.long
@pytest.mark.parametrize("percent", [100, 150])
def test_every_result_at_every_width(walk: Walk, percent: int) -> None:
    walker = walk(projector_percent=percent, type_percent=percent)
    walker.become(1300, 760)
    for name in enter(walker):
        perform(walker, name)
        every_width(walker, f"{name} at {percent} %")
    walker.done()


def test_at_most_three_clicks_from_a_fresh_home_to_an_experiment(walk: Walk) -> None:
    walker = walk(1280, 720)
    for wanted in ("^Classroom$", "^Run"):
        walker.hands.click(walker.first(base="Button$", text=wanted, enabled=True)["click"])
    wait_until(lambda: walker.ask("experiment")["running"])
    told = walker.ask("experiment")["text"]
    assert told.startswith("The first words")
    walker.done()
