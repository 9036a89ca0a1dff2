"""What the first picture does not need waits for it, but not for ever."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.first_paint import FirstPaint

ROOT = Path(__file__).resolve().parents[2]


class Canvas(QWidget):
    def __init__(self, happened: list[str]) -> None:
        super().__init__()
        self.happened = happened

    def paintEvent(self, event: QPaintEvent) -> None:
        self.happened.append("painted")
        super().paintEvent(event)


def test_it_comes_after_the_first_paint_once(qtbot: QtBot) -> None:
    happened: list[str] = []
    canvas = Canvas(happened)
    qtbot.addWidget(canvas)
    FirstPaint(canvas, lambda: happened.append("then"))
    canvas.show()
    qtbot.waitUntil(lambda: "then" in happened)
    assert happened[0] == "painted"
    canvas.repaint()
    qtbot.waitUntil(lambda: happened[-1] == "painted")
    assert happened.count("then") == 1


def test_a_window_that_nobody_sees_goes_on_too(qtbot: QtBot) -> None:
    happened: list[str] = []
    canvas = Canvas(happened)
    qtbot.addWidget(canvas)
    FirstPaint(canvas, lambda: happened.append("then"))
    qtbot.waitUntil(lambda: happened == ["then"])


def test_the_collector_rests_until_the_window_is_there() -> None:
    program = """
import gc
from app.ui.collector import calm_collector, rest_collector
rest_collector()
assert not gc.isenabled()
calm_collector()
print(gc.isenabled(), gc.get_freeze_count() > 0)
"""
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert said == "True True\n"
