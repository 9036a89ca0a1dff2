"""A field's values over time."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from app.frames.shelf import KitShelf
from app.paths import resource
from tests.support.wait import wait_until
from tests.ui.log.conftest import LogBench

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_a_field_is_plotted_live_zoomed_and_closed_with_its_journal(
    bench: LogBench, tmp_path: Path
) -> None:
    framing = bench.panel.framing
    framing.framings.set_kits(lambda: KitShelf(resource("kits"), tmp_path / "kits"))
    client = bench.source.client()

    def say(value: int) -> None:
        bench.source.chunk(client, bytes.fromhex("000000000005090302") + value.to_bytes(2, "big"))
        bench.arrive()

    for value in range(300):
        say(value)
    framing.framings.set_default("kit:modbus_tcp")
    wait_until(lambda: bench.rows.count == 300 and not bench.rows.is_filling)
    framing.plot("register 0")
    (plot,) = framing._plots
    wait_until(lambda: plot.view.count == 300)
    say(7)
    wait_until(lambda: plot.view.count == 301)  # live
    plot.view.grab()
    whole = plot.view._times()
    middle = QPointF(plot.view.rect().center())
    wheel = QWheelEvent(
        middle, middle, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plot.view, wheel)
    start, stop = plot.view._times()
    assert stop - start < whole[1] - whole[0]
    plot.view.grab()
    plot.view.show_all()
    assert plot.view._times() == whole
    assert plot.view.grab().save(str(tmp_path / "plot.png"), "PNG")
    bench.panel.set_source(None, lambda _: "gbk", lambda _: None)
    assert framing._plots == []
