"""The whole program with its window, in the test's own process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.arguments import Arguments
from app.paths import find_places
from app.ui.application import Program


@contextmanager
def running(qapp: QApplication, **wishes: object) -> Iterator[Program]:
    """Start it with these settings, as `run_window` does; it has ended when the block ends."""
    program = Program(qapp, Arguments(overrides=wishes), find_places())
    program.start()
    QTest.qWaitForWindowExposed(program.window)
    yield program
    end(program)


def end(program: Program) -> None:
    """Close the window and let the program end."""
    program.window.end()
    program.stop()
    program.window.deleteLater()
    program.deleteLater()
    QTest.qWait(0)
