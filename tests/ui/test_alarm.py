"""An exception that reaches nobody is told in the window, once, and printed as before."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel

from app.ui.alarm import Alarm
from app.ui.notices import Notices
from tests.support.wait import wait_until


class Heard:
    """What the window says, and how often it was printed."""

    def __init__(self) -> None:
        self.notices = Notices()
        self.printed = 0

    def print(self, *_what: object) -> None:
        self.printed += 1

    @property
    def said(self) -> list[str]:
        return [label.text() for label in self.notices.findChildren(QLabel) if label.text()]


@contextmanager
def alarm(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    heard = Heard()
    with monkeypatch.context() as hooks:  # in place of those of the tests, which fail
        for module, name in ((sys, "excepthook"), (threading, "excepthook")):
            hooks.setattr(module, name, heard.print)
        hooks.setattr(sys, "unraisablehook", heard.print)
        made = Alarm(qapp)
        made.raised.connect(heard.notices.show_trouble, Qt.ConnectionType.QueuedConnection)
        yield heard
        made.close()
        made.deleteLater()
        assert sys.excepthook == heard.print
    heard.notices.deleteLater()


def fail() -> None:
    raise ValueError("nobody\nforesaw this")


class Unhappy:
    def __del__(self) -> None:
        fail()


def in_a_slot() -> None:
    QTimer.singleShot(0, fail)


def in_a_thread() -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


@pytest.mark.parametrize("happen", [in_a_slot, in_a_thread, Unhappy])
def test_it_is_said_in_the_window_and_printed(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, happen: Callable[[], object]
) -> None:
    with alarm(qapp, monkeypatch) as heard:
        happen()
        wait_until(lambda: heard.said)
        assert heard.said == ["意外错误：ValueError: nobody foresaw this，程序继续运行"]
        assert heard.printed == 1


def test_one_that_comes_again_and_again_is_told_once(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks: list[int] = []
    timer = QTimer(interval=0)

    def tick() -> None:
        ticks.append(0)
        fail()

    timer.timeout.connect(tick)
    with alarm(qapp, monkeypatch) as heard:
        timer.start()
        wait_until(lambda: len(ticks) > 20)
        timer.stop()
        assert heard.printed == 1
