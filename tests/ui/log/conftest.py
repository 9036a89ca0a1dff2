"""A log panel over a real live journal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.journal.refs import ClientRef
from app.ui.log import LogPanel
from tests.models.log_source import LogSource
from tests.support.commands import give_commands
from tests.support.wait import wait_until


class LogBench:
    """A panel on the screen, and the journal it shows."""

    def __init__(self, source: LogSource, panel: LogPanel) -> None:
        self.source = source
        self.panel = panel
        self.view = panel.view
        self.rows = panel.rows

    def ref(self, number: int) -> ClientRef:
        return ClientRef(self.source.journal.key, number)

    def arrive(self) -> None:
        self.panel.entries_arrived(self.source.journal.last_id)

    def fill(self, count: int, text: str = "第 {} 条") -> None:
        client = self.source.client()
        for number in range(count):
            self.source.chunk(client, text.format(number).encode("gbk"))
        self.arrive()
        bar, end = self.view.verticalScrollBar(), max(count - self.view.page_rows, 0)
        wait_until(lambda: bar.maximum() == end)  # the frame has come

    def seen(self) -> list[str]:
        """The texts of the rows on the screen, once they are painted."""
        QTest.qWait(1)
        self.view.viewport().repaint()
        return [row.text for row in self.view.visible_rows]

    def shows(self, text: str) -> None:
        wait_until(lambda: text in self.seen(), message=lambda: f"{text!r} not in {self.seen()}")


@pytest.fixture
def bench(tmp_path: Path, qtbot: QtBot) -> Iterator[LogBench]:
    source = LogSource(tmp_path / "log.db")
    panel = LogPanel()
    qtbot.addWidget(panel)
    give_commands(panel)
    panel.set_source(source.reader, source.encoding_of, source.names.get)
    panel.resize(1180, 420)
    panel.show()
    QTest.qWaitForWindowExposed(panel)
    yield LogBench(source, panel)
    panel.shut_down()
    source.close()
