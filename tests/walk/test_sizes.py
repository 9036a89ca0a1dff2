"""Nothing is cut off, at any size of the screen, the window and the type, in either language."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.wait import wait_until
from tests.walk.walker import Walker

Walk = Callable[..., Walker]

SCREENS = [(1280, 720), (1366, 768), (1920, 1080)]
PERCENTS = [100, 150, 250]
LANGUAGES = ["en", "zh_CN"]
PIECES = (
    *("timeline", "calls", "stream", "experiments", "exercises", "myserver", "source"),
    *("crowd", "lessons"),
)
DIALOGS = ("keys", "about", "journals", "open_journal")
HISTORY = ("History", "历史")  # a button that opens a list
WIDTHS = range(1000, 1951, 4)


def look_around(walker: Walker, where: str) -> None:
    """Look at the window, its pieces, its dialogs and what pops up."""
    walker.judge(where)
    walker.ask("trigger", name="show_detail")
    walker.picture()
    walker.judge(f"{where}, show_detail")
    walker.ask("trigger", name="show_detail")
    for name in (f"piece_{piece}" for piece in PIECES):
        walker.ask("trigger", name=name)
        walker.picture()
        walker.judge(f"{where}, {name}")
        open_popups(walker, f"{where}, {name}")
    walker.ask("trigger", name="classroom")
    for name in DIALOGS:
        before = walker.picture()
        walker.ask("trigger", name=name)
        assert walker.changes(before), f"{name} opens nothing"
        walker.judge(f"{where}, {name}")
        walker.put_away()


def open_popups(walker: Walker, where: str) -> None:
    """Open each list and each » with the mouse, look at it and close it."""
    anchors = [
        seen
        for seen in walker.controls(enabled=True, in_sight=True)
        if seen["opens"] or seen["text"] in HISTORY
    ]
    for anchor in anchors:
        walker.hands.click(anchor["click"])
        name = anchor["spoken"] or anchor["text"] or anchor["tip"] or anchor["kind"]
        try:
            wait_until(walker.popped_up, 2)
        except AssertionError:
            walker.faults.append(f"{where}: {name!r} opens nothing")
        walker.judge(f"{where}, {name!r} opened")
        walker.put_away()


def test_what_drops_down_goes_by_esc_and_by_a_click_beside_it(walk: Walk) -> None:
    walker = walk(1280, 720)
    walker.become(1000, 700)
    for away in (lambda: walker.hands.press("Esc"), lambda: walker.hands.click([300, 500, 2, 2])):
        walker.hands.click(walker.first(kind="^QToolButton$", opens=True)["at"])
        wait_until(walker.popped_up)
        away()
        wait_until(lambda: not walker.popped_up())
    walker.done()


@pytest.mark.long
def test_a_small_screen_with_large_type(walk: Walk) -> None:
    walker = walk(1280, 720, type_percent=150, language="zh_CN", theme="dark")
    walker.judge("1280x720 at 150 %")
    walker.hands.press("F6")
    wait_until(lambda: walker.controls(kind="^ExperimentsPiece$"))
    walker.judge("1280x720 at 150 %, in class")
    walker.done()


@pytest.mark.long
@pytest.mark.parametrize(("width", "height"), SCREENS)
@pytest.mark.parametrize("percent", PERCENTS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everything_at_a_size(
    walk: Walk, width: int, height: int, percent: int, language: str, theme: str
) -> None:
    walker = walk(
        width,
        height,
        projector_percent=percent,
        type_percent=percent,
        language=language,
        theme=theme,
    )
    look_around(walker, f"{width}x{height}, {percent} %, {language}")
    walker.done()


@pytest.mark.long
@pytest.mark.parametrize("percent", PERCENTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_window_at_every_width(walk: Walk, percent: int, language: str) -> None:
    walker = walk(projector_percent=percent, type_percent=percent, language=language)
    for place in ("outside", "classroom"):
        if place != "outside":
            walker.ask("trigger", name=place)
        for width in (*WIDTHS, *reversed(WIDTHS)):
            walker.ask("size", width=width, height=760)
            walker.judge(f"{width} px, {percent} %, {language}, {place}")
    walker.done()
