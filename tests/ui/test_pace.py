"""Work that is asked for more often than it is done."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.ui.widgets.pace import Pace
from tests.support.wait import wait_until

INTERVAL_MS = 40


def test_at_once_after_a_rest_and_then_now_and_then(qtbot: QtBot) -> None:
    done: list[float] = []
    owner = QObject()
    pace = Pace(lambda: done.append(time.monotonic()), INTERVAL_MS, owner)
    pace.ask()
    assert len(done) == 1
    for _ in range(100):
        pace.ask()
    assert len(done) == 1
    wait_until(lambda: len(done) == 2)  # the last asking is not lost
    assert (done[1] - done[0]) * 1000 >= INTERVAL_MS - 1
    pace.now()
    assert len(done) == 3
    owner.deleteLater()
