"""Cycles are collected in the GUI thread alone, whoever makes them."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.ui.collector import THRESHOLDS
from tests.support.program import ROOT
from tests.support.wait import wait_until

MANY = 4 * THRESHOLDS[0]


@pytest.fixture
def collecting() -> Iterator[set[threading.Thread]]:
    """The threads in which cycles were collected."""
    threads: set[threading.Thread] = set()

    def note(_phase: str, _info: dict[str, Any]) -> None:
        threads.add(threading.current_thread())

    gc.callbacks.append(note)
    yield threads
    gc.callbacks.remove(note)


def make_many_lists() -> list[list[object]]:
    return [[] for _ in range(MANY)]


def drop_a_running_timer(gone: threading.Event) -> None:
    class Timer(QTimer):
        itself: Timer

    timer = Timer(interval=1)
    timer.itself = timer
    timer.destroyed.connect(gone.set)
    timer.start()


def test_a_busy_thread_collects_nothing(
    qapp: QApplication, collecting: set[threading.Thread]
) -> None:
    gone = threading.Event()
    drop_a_running_timer(gone)
    kept: list[object] = []
    busy = threading.Thread(target=lambda: kept.append(make_many_lists()), name="busy")
    busy.start()
    busy.join()
    assert busy not in collecting
    wait_until(gone.is_set)
    assert collecting == {threading.main_thread()}


def test_what_was_made_at_the_start_is_left_alone() -> None:
    program = """
import gc
from PySide6.QtCore import QCoreApplication
from app.ui.collector import calm_collector
calm_collector(QCoreApplication())
print(gc.isenabled(), gc.get_freeze_count() > 0)
"""
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert said == "False True\n"
