from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bridge.controller import Controller
from app.journal.journal import Journal
from app.settings import Settings, changed


@pytest.fixture
def controller(qtbot: QtBot, tmp_path: Path) -> Iterator[Controller]:
    settings = changed(Settings(), host="127.0.0.1", port=0)
    made = Controller(settings, lambda on_news: Journal(tmp_path / "run.db", on_news=on_news))
    yield made
    made.shutdown()
    made.deleteLater()
