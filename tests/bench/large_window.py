"""The program's own window over an old journal, driven and timed from inside."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from app.arguments import Arguments
from app.journal.needle import Needle
from app.journal.refs import ClientRef
from app.models.log_row import LogRow
from app.paths import Places
from app.ui.application import Program, make_application
from app.ui.collector import calm_collector
from app.ui.log.find_bar import FindBar

TICK_MS = 2  # how often the GUI thread is asked whether it is there
PATIENCE_S = 300.0
_NO_KEY = Qt.KeyboardModifier.NoModifier


class Window:
    """The program, its window shown on whatever platform Qt has. GUI thread."""

    def __init__(self, home: Path) -> None:
        self.app: QApplication = make_application()
        wishes = {"host": "127.0.0.1", "port": 0, "language": "zh_CN"}
        self.program = Program(self.app, Arguments(overrides=wishes), Places(home, home))
        self.program.start()
        self.log = self.program.window.log
        self.view = self.log.view
        self.rows = self.log.rows
        self.bar: FindBar = self.log.tools.finder
        self.settle_events(0.3)
        calm_collector(self.program)

    def close(self) -> None:
        self.program.window.end()
        self.program.stop()
        self.app.processEvents()

    def show_only(self, client_ids: Iterable[int]) -> None:
        """Filter the log by these clients of the journal that is shown."""
        assert self.rows.reader is not None
        self.log.show_only([ClientRef(self.rows.reader.key, number) for number in client_ids])

    def settle_events(self, seconds: float) -> None:
        """Let the window do what it has to do."""
        until_s = time.perf_counter() + seconds
        while time.perf_counter() < until_s:
            self._handle_events()

    def wait(self, condition: Callable[[], object]) -> float:
        """Handle events until `condition()`; return the seconds that took."""
        started = time.perf_counter()
        while not condition():
            if time.perf_counter() - started > PATIENCE_S:
                raise TimeoutError(condition)
            self._handle_events()
        return time.perf_counter() - started

    def _handle_events(self) -> None:
        self.app.processEvents()
        time.sleep(0.0005)  # as an idle event loop leaves the interpreter to the other threads

    # What the user does, each painted at once

    def frame_ms(self, act: Callable[[], object]) -> float:
        """Return how long the GUI thread was busy with `act` and one whole paint of the log."""
        started = time.perf_counter()
        act()
        self.view.viewport().repaint()
        took_ms = (time.perf_counter() - started) * 1_000
        self.app.processEvents()
        return took_ms

    def press(self, key: Qt.Key) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            self.app.sendEvent(self.view, QKeyEvent(kind, key, _NO_KEY))

    def turn_wheel(self, notches: int) -> None:
        place = QPointF(self.view.viewport().rect().center())
        event = QWheelEvent(
            place,
            self.view.viewport().mapToGlobal(place),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            _NO_KEY,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        self.app.sendEvent(self.view.viewport(), event)

    def drag_to(self, share: float) -> None:
        """Move the scroll bar's handle as a held mouse button does."""
        bar = self.view.verticalScrollBar()
        bar.setSliderDown(True)
        bar.setSliderPosition(round(bar.maximum() * share))
        bar.setSliderDown(False)

    def visible(self) -> list[LogRow]:
        return self.view.visible_rows

    def sure(self) -> bool:
        """Whether every row in sight is as it stays."""
        return not any(row.unsure for row in self.visible())

    # Finding

    def find(self, text: str) -> None:
        """Type into the find field, and press Enter."""
        self.bar._field.setText(text)
        needle = self.bar.needle
        assert isinstance(needle, Needle)
        self.log.finder.find_next()

    @property
    def searches(self) -> bool:
        return self.log.finder.is_busy


class Pulse:
    """How late the GUI thread comes to a timer, at worst: what the user would feel."""

    def __init__(self) -> None:
        self.late_ms: list[float] = []
        self._due_s = 0.0
        self._timer = QTimer(interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)

    def __enter__(self) -> Pulse:
        self._due_s = time.perf_counter() + TICK_MS / 1_000
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._on_tick()
        self._timer.stop()

    def _on_tick(self) -> None:
        now_s = time.perf_counter()
        self.late_ms.append(max(now_s - self._due_s, 0) * 1_000)
        self._due_s = now_s + TICK_MS / 1_000

    @property
    def worst_ms(self) -> float:
        return max(self.late_ms)


def spread(name: str, values: list[float]) -> dict[str, float]:
    """Return the middle, the 99th percentile and the largest of some milliseconds."""
    ordered = sorted(values)
    return {
        f"{name}, p50 ms": statistics.median(ordered),
        f"{name}, p99 ms": ordered[min(len(ordered) * 99 // 100, len(ordered) - 1)],
        f"{name}, max ms": ordered[-1],
    }


def resident_mib() -> float:
    """What of this process is in memory now."""
    return psutil.Process().memory_info().rss / 1024**2


def peak_mib() -> float:
    """The most of this process that was ever in memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
