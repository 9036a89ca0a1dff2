"""What watches all tests with a window is watched here: what it tells, and what it lets pass."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.wait import wait_until
from tests.support.watchdog import Watchdog, watchdog_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nothing is watched elsewhere")

HELD_S = 0.6


@pytest.fixture
def watchdog(qapp: QApplication) -> Iterator[Watchdog]:
    """The one of this process; what it tells in these tests is no fault."""
    yield watchdog_of(qapp)
    watchdog_of(qapp).take()


def compute() -> None:
    until = time.thread_time() + HELD_S
    while time.thread_time() < until:
        pass


def sleep() -> None:
    time.sleep(HELD_S)


@pytest.mark.parametrize("hold", [compute, sleep])
@pytest.mark.parametrize("loop", ["ours", "pytest-qt's"])
def test_a_slot_that_holds_up_the_event_loop_is_told(
    watchdog: Watchdog, qtbot: QtBot, hold: Callable[[], None], loop: str
) -> None:
    timer = QTimer(interval=0)
    timer.timeout.connect(hold)
    timer.start()
    told: list[str] = []

    def is_told() -> bool:  # again and again: on a busy machine the one who looks is late too
        told.extend(watchdog.take())
        return bool(told)

    if loop == "ours":
        wait_until(is_told, 60)
    else:
        qtbot.waitUntil(is_told, timeout=60_000)
    timer.stop()
    assert hold.__name__ in told[0]
    assert "test_watchdog.py" in told[0]


@pytest.mark.parametrize("hold", [compute, sleep])
def test_what_a_test_does_between_two_looks_is_no_fault(
    watchdog: Watchdog, qtbot: QtBot, hold: Callable[[], None]
) -> None:
    qtbot.wait(50)
    hold()
    qtbot.wait(100)
    assert watchdog.take() == []


def test_an_idle_event_loop_is_no_fault(watchdog: Watchdog, qtbot: QtBot) -> None:
    qtbot.wait(int(2 * HELD_S * 1000))
    assert watchdog.take() == []
