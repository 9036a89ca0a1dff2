"""What the first picture does not need waits for it, but not for ever."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui import first_paint
from app.ui.first_paint import FirstPaint


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


def test_nothing_comes_after_the_window_was_closed(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_paint, "UNPAINTED_MS", 0)
    happened: list[str] = []
    canvas = Canvas(happened)
    qtbot.addWidget(canvas)
    FirstPaint(canvas, lambda: happened.append("then"))
    QTimer.singleShot(0, lambda: happened.append("its turn is over"))
    canvas.show()
    canvas.close()
    qtbot.waitUntil(lambda: bool(happened))
    assert happened == ["its turn is over"]


def test_a_window_that_nobody_sees_goes_on_too(qtbot: QtBot) -> None:
    happened: list[str] = []
    canvas = Canvas(happened)
    qtbot.addWidget(canvas)
    FirstPaint(canvas, lambda: happened.append("then"))
    qtbot.waitUntil(lambda: happened == ["then"])
