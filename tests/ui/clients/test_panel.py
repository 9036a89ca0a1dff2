"""The client table as a person uses it, with real clients on loopback."""

from __future__ import annotations

import socket
import struct
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QToolButton,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.bridge.controller import Controller
from app.journal.entry import ClientRecord, Kind
from app.journal.journal import Journal
from app.journal.reader import Reader
from app.journal.refs import ClientRef
from app.models.client_row import RecordedClient
from app.models.client_table import Column
from app.net.facts import ClientState
from app.ui.clients import ClientPanel
from app.ui.widgets import FootBanner
from app.wording import set_language, tr
from tests.models.client_fakes import FakeSession, sessions
from tests.support.refs import live, ref, refs
from tests.support.wait import wait_until
from tests.ui.clients.conftest import Dial

# The offscreen platform says so whenever a list or a menu pops up.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def text(panel: ClientPanel, row: int, column: Column) -> str:
    return str(panel.rows.index(row, column).data())


def click(
    panel: ClientPanel, row: int, column: Column = Column.ADDRESS, right_by: int = -1
) -> None:
    cell = panel.table.visualRect(panel.rows.index(row, column))
    at = cell.center() if right_by < 0 else QPoint(cell.right() - right_by, cell.center().y())
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def button(panel: ClientPanel, name: str) -> QToolButton:
    """The button of a command."""
    buttons = panel.heading.findChildren(QToolButton)
    return next(b for b in buttons if b.defaultAction() and b.defaultAction().objectName() == name)


def press(panel: ClientPanel, key: Qt.Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
    QTest.keyClick(panel.table, key, modifiers or Qt.KeyboardModifier.NoModifier)


def reset(client: socket.socket) -> None:
    """Close with RST."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


# -- real clients --------------------------------------------------------------------------


def test_clients_come_speak_and_leave(panel: ClientPanel, dial: Dial) -> None:
    one, two = dial(), dial()
    assert panel.heading.counts == "2 在线"
    one.sendall("你好".encode("gbk"))
    wait_until(lambda: text(panel, 0, Column.BYTES_IN) == "4 B")
    assert text(panel, 0, Column.ADDRESS) == f"127.0.0.1:{one.getsockname()[1]}"
    one.close()
    reset(two)
    wait_until(lambda: panel.heading.counts == "0 在线 · 2 离线")
    assert text(panel, 0, Column.REASON) == "对方正常关闭（FIN）"
    assert text(panel, 1, Column.REASON) == "对方复位了连接（RST）"
    assert panel.rows.client(0).state is ClientState.OFFLINE


def test_what_has_changed_reaches_the_screen(panel: ClientPanel, dial: Dial) -> None:
    client = dial()
    wait_until(lambda: panel.rows.shown(0).texts[Column.BYTES_IN] == "0 B")
    client.sendall(b"x" * 2048)
    wait_until(lambda: panel.rows.shown(0).texts[Column.BYTES_IN] == "2.0 KB")


def test_the_encoding_is_changed_in_place_with_one_click(
    panel: ClientPanel, controller: Controller, dial: Dial, qtbot: QtBot
) -> None:
    dial()
    click(panel, 0, Column.ENCODING, right_by=10)
    wait_until(lambda: panel.table.findChild(QComboBox) is not None)
    box = panel.table.findChild(QComboBox)
    assert box is not None
    wait_until(lambda: box.view().isVisible())
    assert box.currentText() == "GBK"
    QTest.keyClick(box.view(), Qt.Key.Key_Down)
    QTest.keyClick(box.view(), Qt.Key.Key_Down)
    QTest.keyClick(box.view(), Qt.Key.Key_Return)
    wait_until(lambda: controller.orders.encoding_of(live(controller, 1)) == "utf-8")
    wait_until(lambda: panel.table.findChild(QComboBox) is None)
    assert panel.rows.shown(0).texts[Column.ENCODING] == "UTF-8"


def test_a_click_beside_the_arrow_only_selects(panel: ClientPanel, dial: Dial) -> None:
    dial()
    click(panel, 0, Column.ENCODING, right_by=80)
    assert [client.number for client in panel.selected()] == [1]
    assert not panel.table.is_editing


def test_leaving_the_list_changes_nothing(
    panel: ClientPanel, controller: Controller, dial: Dial
) -> None:
    dial()
    click(panel, 0)
    press(panel, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    box = panel.table.findChild(QComboBox)
    assert box is not None
    wait_until(lambda: box.view().isVisible())
    QTest.keyClick(box.view(), Qt.Key.Key_Down)
    QTest.keyClick(box.view(), Qt.Key.Key_Escape)
    wait_until(lambda: panel.table.findChild(QComboBox) is None)
    assert controller.orders.encoding_of(live(controller, 1)) == "gbk"


def test_a_note_is_typed_in_place(panel: ClientPanel, controller: Controller, dial: Dial) -> None:
    client = dial()
    click(panel, 0)
    assert not panel.table.columns.is_shown(Column.NOTE)
    press(panel, Qt.Key.Key_F2)
    line = panel.table.findChild(QLineEdit)
    assert line is not None
    assert panel.table.columns.is_shown(Column.NOTE)
    QTest.keyClicks(line, "<b>pump")
    client.sendall(b"meanwhile")
    wait_until(lambda: text(panel, 0, Column.BYTES_IN) == "9 B")
    panel.rows.refresh(0, 9)
    assert line.text() == "<b>pump"
    QTest.keyClick(line, Qt.Key.Key_Return)
    wait_until(lambda: controller.sessions[live(controller, 1)].note == "<b>pump")
    assert text(panel, 0, Column.NOTE) == "<b>pump"


def test_the_disconnect_button_means_the_selected(panel: ClientPanel, dial: Dial) -> None:
    dial()
    other = dial()
    panel.table.selectRow(1)
    button(panel, "disconnect").click()
    assert other.recv(1) == b""
    wait_until(lambda: panel.heading.counts == "1 在线 · 1 离线")
    assert text(panel, 1, Column.REASON) == "由本机断开"


# -- buttons, keys, menus ------------------------------------------------------------------


def leave(panel: ClientPanel, *gone: FakeSession) -> None:
    for session in gone:
        session.leave()
    panel.left(gone)


def test_a_button_without_effect_says_why(panel: ClientPanel) -> None:
    names = ("disconnect", "disconnect_all", "clear_offline")
    assert [button(panel, name).isEnabled() for name in names] == [False] * 3
    assert button(panel, "disconnect_all").toolTip() == "没有在线的客户端"
    known = sessions(2)
    panel.add(known)
    leave(panel, known[0])
    assert [button(panel, name).isEnabled() for name in names] == [False, True, True]
    panel.table.selectRow(0)  # the offline one
    assert not button(panel, "disconnect").isEnabled()
    panel.table.selectRow(1)
    assert button(panel, "disconnect").isEnabled()
    leave(panel, known[1])
    wait_until(lambda: not button(panel, "disconnect").isEnabled())


def test_delete_removes_selected_offline_rows_and_undo_brings_them_back(
    panel: ClientPanel, qtbot: QtBot
) -> None:
    known = sessions(4)
    panel.add(known)
    leave(panel, *known[:3])
    panel.table.selectAll()
    panel.table.selectRow(0)
    with qtbot.waitSignal(panel.cleared) as told:
        press(panel, Qt.Key.Key_Delete)
    assert told.args == [refs(1)]
    with qtbot.waitSignal(panel.restored) as told:
        press(panel, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert told.args == [[known[0]]]
    assert panel.rows.rowCount() == 4
    press(panel, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)  # once only
    assert panel.rows.rowCount() == 4
    panel.table.selectRow(3)
    with qtbot.assertNotEmitted(panel.cleared):
        press(panel, Qt.Key.Key_Delete)  # it is online
    panel.table.clearSelection()
    press(panel, Qt.Key.Key_Delete)
    assert panel.rows.rowCount() == 1


def test_the_notice_offers_to_undo(panel: ClientPanel) -> None:
    known = sessions(3)
    panel.add(known)
    leave(panel, *known)
    button(panel, "clear_offline").click()
    toast = panel.findChild(FootBanner)
    assert toast is not None
    assert toast.isVisible()
    assert toast.text == "已从列表中移除 3 个离线客户端，数据仍在日志文件里。"
    assert panel.table.rect().contains(toast.geometry())
    panel.undo_clear()
    assert not toast.isVisible()
    assert panel.rows.rowCount() == 3


def test_copy_takes_the_addresses_in_the_order_of_the_table(panel: ClientPanel) -> None:
    panel.add(sessions(3))
    panel.table.sortByColumn(Column.NUMBER, Qt.SortOrder.DescendingOrder)
    panel.table.selectAll()
    press(panel, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "10.0.0.3:20003\n10.0.0.2:20002\n10.0.0.1:20001"


def test_the_selection_is_told_once_and_outlives_sorting(panel: ClientPanel) -> None:
    panel.add(sessions(5))
    told: list[list[ClientRef]] = []
    panel.selection_changed.connect(told.append)
    panel.table.selectRow(1)
    panel.table.sortByColumn(Column.NUMBER, Qt.SortOrder.DescendingOrder)
    assert told == [refs(2)]
    assert panel.table.selected_rows() == [3]
    press(panel, Qt.Key.Key_Escape)
    assert told == [refs(2), []]
    panel.table.selectRow(0)
    panel.show_sessions([])
    assert told[-1] == []


def menu_entries(panel: ClientPanel) -> dict[str, bool]:
    """Open the context menu by key and return its entries: text -> enabled."""
    found: dict[str, bool] = {}

    def look() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        found.update({a.text().split("\t")[0]: a.isEnabled() for a in menu.actions() if a.text()})
        menu.close()

    QTimer.singleShot(0, look)
    at = panel.mapToGlobal(QPoint(10, 10))
    panel.table.menu_requested.emit(at)
    return found


def test_the_menu_offers_what_can_be_done(panel: ClientPanel) -> None:
    known = sessions(3)
    panel.add(known)
    leave(panel, known[0])
    assert list(menu_entries(panel)) == ["显示的列", "排序方式"]
    panel.table.selectRow(0)
    offered = menu_entries(panel)
    assert not offered["断开所选客户端"]
    assert not offered["发送给所选客户端"]
    assert offered["从列表中移除"]
    assert offered["备注…"]
    panel.table.selectAll()
    offered = menu_entries(panel)
    assert offered["断开所选客户端"]
    assert offered["数据日志只显示这些客户端"]


@pytest.mark.parametrize(
    ("entry", "signal", "args"),
    [
        ("发送给所选客户端", "send_to_requested", [refs(2)]),
        ("数据日志只显示此客户端", "show_only_requested", [refs(2)]),
        ("断开所选客户端", "disconnect_requested", [refs(2)]),
    ],
)
def test_menu_entries_are_signals(
    panel: ClientPanel, qtbot: QtBot, entry: str, signal: str, args: list[object]
) -> None:
    panel.add(sessions(3))
    panel.table.selectRow(1)

    def choose() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        next(a for a in menu.actions() if a.text().startswith(entry)).trigger()
        menu.close()

    QTimer.singleShot(0, choose)
    with qtbot.waitSignal(getattr(panel, signal)) as told:
        panel.table.menu_requested.emit(panel.mapToGlobal(QPoint(10, 10)))
    assert told.args == args


# -- columns, words, looks -----------------------------------------------------------------


def test_columns_are_found_as_they_were(panel: ClientPanel, qtbot: QtBot) -> None:
    header = panel.table.horizontalHeader()
    panel.table.columns.show_column(Column.THREAD)
    panel.table.columns.show_column(Column.WAITING, False)
    header.resizeSection(Column.ADDRESS, 222)
    header.moveSection(header.visualIndex(Column.STATE), 0)
    panel.table.sortByColumn(Column.IDLE, Qt.SortOrder.DescendingOrder)
    saved = panel.save_layout()
    other = ClientPanel()
    qtbot.addWidget(other)
    assert other.restore_layout(saved)
    restored = other.table.horizontalHeader()
    assert other.table.columns.is_shown(Column.THREAD)
    assert not other.table.columns.is_shown(Column.WAITING)
    assert restored.sectionSize(Column.ADDRESS) == 222
    assert restored.visualIndex(Column.STATE) == 0
    assert restored.sortIndicatorSection() == Column.IDLE
    assert other.save_layout() == saved
    other.table.columns.reset()
    panel.table.columns.reset()
    assert other.save_layout() == panel.save_layout()


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"\xff\x00",
        b"[]",
        b'{"columns": [["ADDRESS"]], "sort": "IDLE", "descending": true}',
        b'{"columns": [["ADDRESS", NaN, true]], "sort": "IDLE", "descending": true}',
        b'{"columns": [], "sort": "COLOUR", "descending": true}',
        b'{"columns": 5, "sort": "IDLE", "descending": true}',
    ],
)
def test_a_damaged_layout_changes_nothing(panel: ClientPanel, damaged: bytes) -> None:
    before = panel.save_layout()
    assert not panel.restore_layout(type(before)(damaged))
    assert panel.save_layout() == before


def test_a_layout_of_another_version_keeps_what_it_knows(panel: ClientPanel) -> None:
    saved = (
        b'{"columns": [["FUTURE", 9, true], ["NOTE", 99999, true], ["ADDRESS", 100, false]],'
        b' "sort": "NOTE", "descending": false}'
    )
    assert panel.restore_layout(type(panel.save_layout())(saved))
    columns = panel.table.columns
    assert columns.is_shown(Column.NOTE)
    assert columns.is_shown(Column.ADDRESS)  # it cannot be hidden
    assert columns.is_shown(Column.STATE)
    assert not columns.is_shown(Column.THREAD)


def test_tooltips_are_plain_text(panel: ClientPanel) -> None:
    panel.add([FakeSession(1, note="<h1>big</h1>")])
    panel.table.columns.show_column(Column.NOTE)
    panel.table.edit_note(0)
    press(panel, Qt.Key.Key_Escape)
    cell = panel.table.visualRect(panel.rows.index(0, Column.NOTE)).center()
    viewport = panel.table.viewport()
    help_event = QHelpEvent(QEvent.Type.ToolTip, cell, viewport.mapToGlobal(cell))
    QApplication.sendEvent(viewport, help_event)
    assert "&lt;h1&gt;" in QToolTip.text()
    QToolTip.hideText()


def test_a_language_change_reaches_every_cell(panel: ClientPanel) -> None:
    panel.add(sessions(2))
    set_language("en")
    QApplication.sendEvent(panel, QEvent(QEvent.Type.LanguageChange))
    assert panel.heading.counts == "2 online"
    assert panel.rows.shown(0).texts[Column.STATE] == "Online"


def test_an_empty_table_can_teach(panel: ClientPanel) -> None:
    lesson: QWidget = QLabel("dial me")
    panel.set_empty_widget(lesson)
    assert lesson.isVisible()
    panel.add(sessions(1))
    assert not lesson.isVisible()
    assert panel.table.isVisible()


def test_painting_asks_for_visible_rows_only(
    panel: ClientPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.add(sessions(5000))
    painted: list[int] = []
    shown = panel.rows.shown
    monkeypatch.setattr(panel.rows, "shown", lambda row: (painted.append(row), shown(row))[1])
    asked: list[object] = []
    monkeypatch.setattr(type(panel.rows), "data", lambda *args: asked.append(args))
    panel.table.viewport().repaint()
    assert 5 < len(painted) < 20
    assert not asked


def test_nothing_is_painted_while_nothing_changes(panel: ClientPanel, qtbot: QtBot) -> None:
    known = sessions(100)
    for session in known:
        session.last_active_mono_ns = -(10**15)  # idle for days
    panel.add(known)
    paints: list[int] = []

    class Watch(QWidget):
        def eventFilter(self, watched: object, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                paints.append(1)
            return False

    watch = Watch()
    qtbot.addWidget(watch)
    panel.table.viewport().installEventFilter(watch)

    def is_quiet() -> bool:
        paints.clear()
        for _ in range(20):
            panel._refresh_now()
            QApplication.processEvents()
        return not paints

    wait_until(is_quiet)  # the first paints are over
    assert is_quiet()
    known[3].bytes_in += 77
    panel._refresh_now()
    wait_until(lambda: paints)


# -- an old journal ------------------------------------------------------------------------


def test_an_old_journal_can_be_read_but_not_cleared(panel: ClientPanel, tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    journal = Journal(path)
    client_id = journal.new_client_id()
    journal.add_client(ClientRecord(client_id, "10.0.0.1", 5, "gbk", 1))
    journal.append(client_id, int(Kind.IN), b"x" * 100)
    journal.append(client_id, int(Kind.IN), b"x" * 50, 100)
    journal.close()
    reader = Reader(path)
    panel.add(sessions(3))
    totals = reader.totals()
    panel.show_records(RecordedClient(r, reader.key, totals) for r in reader.clients().values())
    assert text(panel, 0, Column.BYTES_IN) == "150 B"
    assert text(panel, 0, Column.BYTES_OUT) == "0 B"
    assert panel.heading.counts == "日志文件中共 1 个"
    panel.clear_offline()
    assert panel.rows.rowCount() == 1
    assert button(panel, "clear_offline").toolTip() == "这是以前的日志文件，只能查看"
    panel.set_record_encoding([ref(client_id, reader.key)], "utf-8")
    panel._refresh_now()
    assert text(panel, 0, Column.ENCODING) == "UTF-8"
    panel.show_sessions(sessions(2))
    assert panel.heading.counts == "2 在线"
    reader.close()


# -- rows that move under the hand ---------------------------------------------------------


def stirred(panel: ClientPanel) -> list[FakeSession]:
    """Fifty clients, sorted by bytes; the next refresh reverses their order."""
    known = sessions(50)
    for session in known:
        session.bytes_in = 1000 - session.client_id
    panel.add(known)
    panel.table.sortByColumn(Column.BYTES_IN, Qt.SortOrder.DescendingOrder)
    assert panel.rows.client(0).client_id == 1
    for session in known:
        session.bytes_in = session.client_id
    return known


def move_rows(panel: ClientPanel) -> None:
    panel.table.sortByColumn(Column.BYTES_IN, Qt.SortOrder.DescendingOrder)
    assert panel.rows.client(0).client_id == 50


def cell_of(panel: ClientPanel, row: int, column: Column, right_by: int = -1) -> QPoint:
    cell = panel.table.visualRect(panel.rows.index(row, column))
    return cell.center() if right_by < 0 else QPoint(cell.right() - right_by, cell.center().y())


@pytest.mark.parametrize(
    ("entry", "signal", "args"),
    [
        ("clients.menu_send", "send_to_requested", [refs(2)]),
        ("clients.menu_show_only", "show_only_requested", [refs(2)]),
        ("window.disconnect", "disconnect_requested", [refs(2)]),
        ("clients.column_encoding/UTF-8", "encoding_chosen", [refs(2), "utf-8"]),
    ],
)
def test_the_menu_means_the_client_it_was_opened_on(
    panel: ClientPanel, qtbot: QtBot, entry: str, signal: str, args: list[object]
) -> None:
    stirred(panel)
    click(panel, 1)

    def choose() -> None:
        popup = QApplication.activePopupWidget()
        assert isinstance(popup, QMenu)
        move_rows(panel)
        menu, found = popup, None
        for name in entry.split("/"):
            words = tr(name) if "." in name else name
            found = next((a for a in menu.actions() if a.text().startswith(words)), None)
            menu = found.menu() if found is not None and found.menu() is not None else menu
        if found is not None:
            found.trigger()
        popup.close()

    QTimer.singleShot(0, choose)
    with qtbot.waitSignal(getattr(panel, signal)) as told:
        panel.table.menu_requested.emit(panel.mapToGlobal(QPoint(10, 10)))
    assert told.args == args


def test_a_note_from_the_menu_is_the_client_s_wherever_its_row_is(
    panel: ClientPanel, qtbot: QtBot
) -> None:
    stirred(panel)
    click(panel, 1)
    panel.edit_note(panel.selected()[0])
    line = panel.table.findChild(QLineEdit)
    assert line is not None
    QTest.keyClicks(line, "pump")
    move_rows(panel)  # by the header; by itself the table waits for the editor
    with qtbot.waitSignal(panel.note_changed) as told:
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert told.args == [ref(2), "pump"]


def test_a_client_whose_row_is_gone_is_missed_aloud(panel: ClientPanel, qtbot: QtBot) -> None:
    panel.add(sessions(2))
    with qtbot.waitSignal(panel.missed) as told:
        panel.edit_note(ref(7))
    assert told.args == [refs(7)]


def test_the_arrow_opens_the_list_of_the_client_that_was_pressed(panel: ClientPanel) -> None:
    stirred(panel)
    viewport, at = panel.table.viewport(), cell_of(panel, 1, Column.ENCODING, right_by=10)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=at)
    move_rows(panel)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=at)
    assert panel.rows.client(panel.table.currentIndex().row()).client_id == 2


def test_a_double_click_between_whose_presses_the_rows_moved_edits_nobody(
    panel: ClientPanel,
) -> None:
    stirred(panel)
    panel.table.columns.show_column(Column.NOTE)
    panel.table.scrollTo(panel.rows.index(1, Column.NOTE))
    viewport, at = panel.table.viewport(), cell_of(panel, 1, Column.NOTE)
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=at)
    move_rows(panel)
    panel.table.verticalScrollBar().setValue(0)
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=at)
    assert not panel.table.is_editing
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=at)
    assert panel.table.is_editing
