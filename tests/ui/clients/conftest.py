from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from app.bridge.controller import Controller
from app.journal.journal import Journal
from app.settings import Settings, changed
from app.ui.clients import ClientPanel
from tests.support.commands import give_commands
from tests.support.wait import wait_until

Dial = Callable[[], socket.socket]


@pytest.fixture
def panel(qtbot: QtBot) -> ClientPanel:
    made = ClientPanel()
    qtbot.addWidget(made)
    give_commands(made)
    made.resize(QSize(1040, 300))
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def controller(panel: ClientPanel, tmp_path: Path) -> Iterator[Controller]:
    """An open server whose clients are shown in `panel`, and which does what it asks."""
    settings = changed(Settings(), host="127.0.0.1", port=0)
    made = Controller(settings, lambda on_news: Journal(tmp_path / "run.db", on_news=on_news))
    made.clients_joined.connect(panel.add)
    made.clients_left.connect(panel.left)
    made.ticked.connect(panel.tick)
    made.entries_arrived.connect(panel.refresh)
    panel.encoding_chosen.connect(made.orders.set_encoding)
    panel.note_changed.connect(made.orders.set_note)
    panel.disconnect_requested.connect(made.orders.disconnect_clients)
    made.open_server()
    yield made
    made.shutdown()
    made.deleteLater()


@pytest.fixture
def dial(controller: Controller, panel: ClientPanel) -> Iterator[Dial]:
    """Connect a client and wait for its row."""
    with ExitStack() as stack:

        def connect() -> socket.socket:
            rows = panel.rows.rowCount()
            address = controller.endpoints[0]
            client = stack.enter_context(socket.create_connection(address, 5))
            wait_until(lambda: panel.rows.rowCount() > rows)
            return client

        yield connect
