"""Every command does something, or is off and says why; what is wrong is said where one looks."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QTreeWidget
from pytestqt.qtbot import QtBot

from app.bridge.controller import ServerState
from app.journal.journal import Journal
from app.journal.shelf import Shelf
from app.net.server import Server
from app.ui.actions import ACTIONS
from app.ui.application import Program
from app.ui.journals import JournalsDialog
from app.wording import tr
from tests.support.wait import wait_until

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Start = Callable[..., Program]
CLOSED_AND_EMPTY = {
    *("remove_server", "next_server", "previous_server", "close_all"),
    "live_journal", "export_log", "save_copy", "copy", "find_next", "find_previous", "clear_view",
    "show_all", "clear_offline", "disconnect", "disconnect_all", "stop_demos", "reset_traffic",
    "bookmark", "comment_row", "next_bookmark", "previous_bookmark", "bookmarks",
    "type_normal", "stop_program", "frames", "save_certificate", "copy_certificate",
}  # fmt: skip


def off(program: Program) -> set[str]:
    """The commands that are off; each of them says why."""
    commands = program.window.commands
    commands.looked_at.emit()
    found = {spec.name for spec in ACTIONS if not commands[spec.name].isEnabled()}
    for name in found:
        plain = commands[name].text().replace("&", "")
        assert commands[name].toolTip() not in ("", plain), name
    return found


def banner(program: Program, kind: str) -> str:
    made = program.window.notices._made.get(kind)
    return made.text if made is not None and made.isVisible() else ""


def answer(program: Program, role: QMessageBox.ButtonRole) -> list[str]:
    """Answer the next question so; return a list that gets what was asked."""
    asked: list[str] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        next(b for b in box.buttons() if box.buttonRole(b) is role).click()

    QTimer.singleShot(0, look)
    return asked


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_what_can_do_nothing_is_off_and_says_why(start: Start, language: str) -> None:
    program = start(language=language)
    assert off(program) == CLOSED_AND_EMPTY


def test_what_there_is_to_do_switches_commands_on(start: Start, tmp_path: Path) -> None:
    program = start()
    program.window.service.open()
    with socket.create_connection(program.controller.endpoints[0], 5) as client:
        client.sendall(b"x")
        wait_until(lambda: program.window.log.rows.count == 3)
        program.window.clients.table.selectRow(0)
        program.window.clients.table.setFocus()
        program.controller._on_tick()
        assert off(program) == CLOSED_AND_EMPTY - {
            "copy", "export_log", "save_copy", "clear_view", "disconnect", "disconnect_all",
            "reset_traffic", "close_all", "bookmarks",
        } | {"open_all"}  # fmt: skip
        path = tmp_path / "old.db"
        Journal(path).close()
        program.window.archive.enter(path)
        wait_until(lambda: program.window.archive.shown)
        assert {"disconnect", "disconnect_all"} <= off(program)
        reason = program.window.commands["disconnect_all"].toolTip()
        assert reason == tr("clients.why_recorded")
        assert "live_journal" not in off(program)


def test_every_command_stands_in_a_menu(start: Start) -> None:
    bar = start().window.menuBar()
    found = {entry.objectName() for menu in bar.findChildren(QMenu) for entry in menu.actions()}
    assert {spec.name for spec in ACTIONS} <= found


@pytest.mark.parametrize(("name", "key"), [("show_setup", "F9"), ("show_detail", "F4")])
def test_a_column_is_folded_away_and_back_by_key_and_by_menu(
    start: Start, qtbot: QtBot, name: str, key: str
) -> None:
    window = start().window
    part = {"show_setup": window.setup, "show_detail": window.log.detail_dock}[name]
    shown = part.isVisible()
    with qtbot.waitActive(window):
        window.activateWindow()
    for _ in range(2):
        QTest.keyClick(window, getattr(Qt.Key, f"Key_{key}"))
        shown = not shown
        wait_until(lambda shown=shown: part.isVisible() is shown)
        assert window.commands[name].isChecked() is shown
    window.commands[name].trigger()
    assert part.isVisible() is not shown


def test_quitting_asks_before_clients_are_cut_off(start: Start, qtbot: QtBot) -> None:
    program = start()
    program.window.service.open()
    with socket.create_connection(program.controller.endpoints[0], 5):
        wait_until(lambda: len(program.window.service.online) == 1)
        asked = answer(program, QMessageBox.ButtonRole.RejectRole)
        program.window.commands["quit"].trigger()
        assert asked == [tr("window.confirm_quit", n=1)]
        assert program.window.isVisible()
        assert len(program.window.service.online) == 1
        program.window.end()  # a signal of the system asks nobody
        assert not program.window.isVisible()


def test_a_signal_ends_the_program_while_a_question_is_open(start: Start) -> None:
    program = start()
    program.window.service.open()
    with socket.create_connection(program.controller.endpoints[0], 5):
        wait_until(lambda: len(program.window.service.online) == 1)
        QTimer.singleShot(0, program.window.end)
        program.window.commands["toggle_server"].trigger()  # asks: a client would be cut off
        assert not program.window.isVisible()
        assert program.controller.state is ServerState.OPEN  # nobody said yes


def test_full_screen_comes_back_to_what_was(start: Start) -> None:
    window = start().window
    window.showMaximized()
    window.commands["full_screen"].trigger()
    wait_until(window.isFullScreen)
    window.commands["full_screen"].trigger()
    wait_until(lambda: not window.isFullScreen())
    assert window.isMaximized()
    window.showFullScreen()  # by whatever way
    wait_until(window.commands["full_screen"].isChecked)


def test_a_busy_port_is_said_in_sight_while_its_field_is_folded_away(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        program = start(port=other.getsockname()[1])
        program.window.commands["classroom"].trigger()
        assert program.window.setup.isHidden()
        program.window.commands["toggle_server"].trigger()
        assert program.controller.state is ServerState.CLOSED
        assert banner(program, "complaint") == program.window.setup.complaint != ""
    program.window.commands["toggle_server"].trigger()
    wait_until(lambda: program.controller.state is ServerState.OPEN)
    assert banner(program, "complaint") == ""


def test_what_does_not_fit_a_folded_field_is_said_too(start: Start) -> None:
    program = start()
    program.window.setup.port._line.setText("99999")
    program.window.commands["show_setup"].trigger()
    program.window.commands["toggle_server"].trigger()
    assert banner(program, "complaint") == program.window.setup.port.error.text() != ""


def test_going_to_an_empty_table_goes_to_what_stands_there(start: Start, qtbot: QtBot) -> None:
    window = start().window
    with qtbot.waitActive(window):
        window.activateWindow()
    window.commands["focus_composer"].trigger()
    window.commands["focus_clients"].trigger()
    focus = window.focusWidget()
    assert focus is not None
    assert focus.isVisible()
    assert window._welcome.isAncestorOf(focus)


def test_a_trouble_of_the_server_is_told(start: Start) -> None:
    program = start()
    program.window.service.open()
    program.controller._inbox.troubled({"error": "out of thin air", "goes_on": True})
    said = tr("events.server_error_goes_on", error="out of thin air")
    wait_until(lambda: banner(program, "error") == said)


def test_a_listener_that_dies_is_told(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(server: Server) -> None:
        serve(server)
        raise ZeroDivisionError("injected")

    serve = Server.serve
    monkeypatch.setattr(Server, "serve", fails)
    program = start()
    program.window.service.open()
    program.controller.close_server()
    wait_until(lambda: program.controller.state is ServerState.CLOSED)
    assert banner(program, "error") == tr("events.server_error_closes", error="injected")


def test_the_list_of_journals_says_why_one_cannot_be_deleted(start: Start) -> None:
    program = start()
    program.window.service.open()
    assert program.controller.journal is not None
    folder = program.controller.journal.path.parent
    other = Journal(Shelf(folder).new_path())
    dialog = JournalsDialog(folder, program.controller, program.window)
    wait_until(lambda: dialog._list.topLevelItemCount() == 2)
    delete = dialog._delete_button
    assert delete.toolTip() == tr("window.journals_choose_tip")
    assert dialog._open_button.toolTip() == tr("window.journals_open_tip")
    rows = {dialog._list.topLevelItem(at).text(0): dialog._list.topLevelItem(at) for at in range(2)}
    rows[other.path.name].setSelected(True)
    assert delete.toolTip() == tr("window.journals_other_tip")
    rows[program.controller.journal.path.name].setSelected(True)
    assert delete.toolTip() == tr("window.journals_delete_tip")
    dialog.done(0)
    dialog.deleteLater()
    other.close()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_list_of_keys_has_those_of_the_parts_too(start: Start, language: str) -> None:
    program = start(language=language)
    listed: dict[str, str] = {}

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        table = dialog.findChild(QTreeWidget)
        assert table is not None
        rows = [table.topLevelItem(at) for at in range(table.topLevelItemCount())]
        listed.update((row.text(0), row.text(1)) for row in rows)
        dialog.close()

    QTimer.singleShot(0, look)
    program.window.commands["keys"].trigger()
    assert listed["F9"] == tr("window.show_setup")
    for place, does in (("window.focus_composer", "send"), ("clients.heading", "encoding")):
        words = tr("window.key_in", place=tr(place), does=tr(f"window.key_{does}"))
        assert words in listed.values()
    assert all(listed.values())
