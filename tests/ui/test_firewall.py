"""What is said of the Windows firewall: before its question, while it stands, never again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.arguments import Arguments
from app.bridge.controller import ServerState
from app.net.addresses import LocalAddress
from app.paths import find_places
from app.settings import ServerProfile, Settings, changed
from app.settings_file import load_settings, store_settings
from app.ui import firewall
from app.ui.application import Program
from app.ui.widgets import Banner
from tests.support.wait import wait_until

ADDRESSES = [
    LocalAddress("lo", "127.0.0.1", True, 4),
    LocalAddress("eth0", "192.168.1.7", False, 4),
    LocalAddress("eth0", "fd00::7", False, 6),
    LocalAddress("eth0", "fe80::1%eth0", False, 6),
]


@pytest.fixture(autouse=True)
def _on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firewall, "firewall_asks", lambda: True)
    monkeypatch.setattr("app.net.addresses.local_addresses", lambda: ADDRESSES)


@pytest.fixture
def started(qtbot: QtBot, qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Program]:
    """The program, started with the settings that the test's parameter says."""
    settings = {"port": 0, "language": "en", **getattr(request, "param", {})}
    store_settings(find_places().settings_path, changed(Settings(), **settings))
    program = Program(qapp, Arguments(), find_places())
    program.start()
    qapp.processEvents()
    yield program
    program.window.end()
    program.stop()
    program.window.deleteLater()
    program.deleteLater()


def said(program: Program) -> str:
    texts = [b.text for b in program.window.notices.findChildren(Banner) if b.isVisible()]
    return "\n".join(texts)


def remembered(program: Program) -> bool:
    program.stop()
    return load_settings(find_places().settings_path).settings.firewall_told


@pytest.mark.parametrize("started", [{"port": 8099}], indirect=True)
def test_the_question_and_the_devices_address_are_said_before_the_first_opening(
    started: Program,
) -> None:
    assert "Windows asks once" in said(started)
    assert "192.168.1.7:8099." in said(started)
    (copy,) = started.window.notices.findChildren(QPushButton)
    copy.click()
    assert QApplication.clipboard().text() == "192.168.1.7:8099"


def test_it_stays_while_the_question_stands_and_does_not_come_again(started: Program) -> None:
    controller = started.controller
    started.window.service.open()
    assert controller.state is ServerState.OPEN
    assert "asking now" in said(started)
    assert f"192.168.1.7:{controller.endpoints[0].port}" in said(started)
    controller.close_server()
    wait_until(lambda: controller.state is ServerState.CLOSED)
    assert not said(started)
    started.window.service.open()
    assert not said(started)
    assert remembered(started)


@pytest.mark.parametrize("started", [{"host": "127.0.0.1"}], indirect=True)
def test_nothing_is_said_of_loopback(started: Program) -> None:
    assert not said(started)
    started.controller.change(host="::")
    assert "[fd00::7]" in said(started)
    assert "fe80" not in said(started)
    started.controller.change(host="::1")
    assert not said(started)
    started.window.service.open()
    assert not said(started)
    assert not remembered(started)


def test_closing_the_banner_is_remembered(started: Program) -> None:
    (banner,) = (b for b in started.window.notices.findChildren(Banner) if b.isVisible())
    banner.closed.emit()
    assert not said(started)
    assert remembered(started)


@pytest.mark.parametrize("started", [{"firewall_told": True}], indirect=True)
def test_who_was_told_is_not_told_again(started: Program) -> None:
    assert not said(started)


def test_other_systems_do_not_ask(
    started: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.undo()
    assert firewall.firewall_asks() is (__import__("sys").platform == "win32")


@pytest.mark.parametrize(
    ("host", "dial"),
    [
        ("0.0.0.0", ["192.168.1.7:5"]),
        ("*", ["192.168.1.7:5", "[fd00::7]:5"]),
        ("10.0.0.1", ["10.0.0.1:5"]),
    ],
)
def test_what_a_device_dials(host: str, dial: list[str]) -> None:
    assert firewall.device_addresses(host, 5) == dial


def test_a_port_that_is_opened_beside_the_selected_one_counts_too(started: Program) -> None:
    controller = started.controller
    controller.change(host="127.0.0.1")
    assert said(started) == ""
    open_to_all = ServerProfile(server_id=2, host="0.0.0.0", port=0)
    controller.change(servers=(*controller.settings.servers, open_to_all))
    started.window.service.open_all([1, 2])
    port = controller.fleet.posts[2].endpoints[0].port
    assert f"192.168.1.7:{port}" in said(started)
