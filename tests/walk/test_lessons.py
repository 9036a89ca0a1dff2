"""Every lesson in both languages, and each of its links, clicked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.program import ROOT
from tests.support.wait import wait_until
from tests.walk.walker import Walker

Walk = Callable[..., Walker]

LESSONS = sorted(path.stem for path in (ROOT / "resources" / "lessons" / "en").glob("*.md"))


def open_lessons(walker: Walker) -> None:
    """Show the lessons, by the menu."""
    walker.become(0, 0)
    walker.choose("piece_lessons")
    wait_until(lambda: walker.controls(kind="^LessonsPiece$"))
    walker.picture()
    walker.ask("late")  # the class's type size is set on the way in: judged by the long walk


def follow_links(walker: Walker, key: str) -> None:
    """Click each link of a lesson; take down those that do nothing."""
    links = walker.ask("open_lesson", key=key)["links"]
    assert links, f"{key} has no links"
    for link in links:
        before = walker.ask("open_lesson", key=key)
        found = walker.ask("find_link", position=link["position"])
        if found["href"] != link["href"]:
            walker.faults.append(f"{key}: {link['href']} is not to be clicked at {found['at']}")
            continue
        before = walker.picture()
        walker.hands.click(found["at"])
        if not walker.changes(before):
            walker.faults.append(f"{key}: {link['href']} does nothing and says nothing")
        walker.judge(f"{key}, after {link['href']}")
        walker.put_away()
        if not walker.controls(kind="^LessonsPiece$"):  # another piece stands in front now
            walker.ask("trigger", name="piece_lessons")
            if not walker.controls(kind="^LessonsPiece$"):
                walker.ask("trigger", name="piece_lessons")


def test_the_links_of_a_lesson(walk: Walk) -> None:
    walker = walk()
    open_lessons(walker)
    follow_links(walker, LESSONS[0])
    walker.done()


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_links_of_every_lesson(walk: Walk, language: str) -> None:
    walker = walk(language=language)
    open_lessons(walker)
    for key in LESSONS:
        follow_links(walker, key)
    walker.done()


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1366, 768)])
@pytest.mark.parametrize("percent", [100, 150, 250])
def test_every_lesson_can_be_read(
    walk: Walk, language: str, width: int, height: int, percent: int
) -> None:
    walker = walk(width, height, language=language, projector_percent=percent, type_percent=percent)
    open_lessons(walker)
    for key in LESSONS:
        assert len(walker.ask("open_lesson", key=key)["text"]) > 500
        walker.judge(f"{key} at {width}x{height}, {percent} %")
    walker.done()
