"""The settings column as a user meets it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.bridge.controller import ServerState
from app.net.addresses import LocalAddress
from app.net.facts import Endpoint, ListenError, ListenFault, PortHolder
from app.settings import MIB, Settings, changed
from app.ui.setup import SetupColumn
from app.wording import set_language
from tests.support.wait import wait_until

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Key = Qt.Key
LO = LocalAddress("lo", "127.0.0.1", True, 4)
ETH = LocalAddress("eth0", "192.168.1.7", False, 4)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("zh_CN")


class Desk:
    def __init__(self, qtbot: QtBot, settings: Settings | None = None) -> None:
        self.column = SetupColumn(settings or Settings())
        qtbot.addWidget(self.column)
        self.changes: list[tuple[str, Any]] = []
        self.clicks: list[str] = []
        self.column.setting_changed.connect(lambda name, value: self.changes.append((name, value)))
        self.column.open_clicked.connect(lambda: self.clicks.append("open"))
        self.column.close_clicked.connect(lambda: self.clicks.append("close"))
        self.column.resize(250, 700)
        with qtbot.waitActive(self.column):
            self.column.show()

    def retype(self, field: QWidget, text: str, *, leave: bool = True) -> None:
        editor = field if isinstance(field, QLineEdit) else field.lineEdit()  # type: ignore[attr-defined]
        editor.setFocus()
        editor.selectAll()
        QTest.keyClicks(editor, text)
        if leave:
            QTest.keyClick(editor, Key.Key_Return)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


# -- numbers -------------------------------------------------------------------------------------


def test_a_good_number_is_told_once(desk: Desk) -> None:
    desk.retype(desk.column.port.editor, "9000")
    QTest.keyClick(desk.column.port.editor, Key.Key_Return)
    assert desk.changes == [("port", 9000)]


@pytest.mark.parametrize("typed", ["70000", "-1", "80a", "", "1.5"])
def test_a_bad_port_is_said_under_its_field_and_stays(desk: Desk, typed: str) -> None:
    port = desk.column.port
    editor = port.editor
    assert isinstance(editor, QLineEdit)
    editor.clear()
    desk.retype(editor, typed)
    assert desk.changes == []
    assert editor.text() == typed
    assert "65535" in port.error.text()
    assert not desk.column.commit_fields()
    desk.retype(editor, "8081", leave=False)
    assert port.error.text() == ""
    assert desk.column.commit_fields()
    assert desk.changes == [("port", 8081)]


def test_what_is_typed_counts_when_the_port_is_opened_without_leaving_the_field(desk: Desk) -> None:
    desk.retype(desk.column.port.editor, "9001", leave=False)
    assert desk.changes == []
    assert desk.column.commit_fields()
    assert desk.changes == [("port", 9001)]


def test_limits_are_typed_in_mebibytes(qtbot: QtBot) -> None:
    odd = changed(Settings(), outbox_limit_bytes=3 * MIB // 2)
    desk = Desk(qtbot, odd)
    outbox = desk.column.advanced[2]
    assert desk.column.commit_fields()
    assert desk.changes == []  # what was not touched is not rounded
    assert outbox.editor.text() == "1.500"  # nor shown as another
    desk.column.more.click()
    desk.retype(outbox.editor, "8")
    assert desk.changes == [("outbox_limit_bytes", 8 * MIB)]


def test_a_fault_in_the_fold_unfolds_it(desk: Desk) -> None:
    backlog = desk.column.advanced[0]
    desk.column.more.click()
    desk.retype(backlog.editor, "0")
    desk.column.more.click()
    assert not backlog.isVisible()
    assert not desk.column.commit_fields()
    assert backlog.isVisible()
    assert "4096" in backlog.error.text()


# -- address -------------------------------------------------------------------------------------


@pytest.fixture
def host_desk(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr("app.net.addresses.local_addresses", lambda: [LO, ETH])
    return Desk(qtbot)


def box_of(desk: Desk) -> QComboBox:
    editor = desk.column.host.editor
    assert isinstance(editor, QComboBox)
    return editor


def texts(box: QComboBox) -> list[str]:
    return [box.itemText(row) for row in range(box.count())]


def test_the_list_has_every_address_with_its_interface(host_desk: Desk) -> None:
    box = box_of(host_desk)
    assert len(texts(box)) == 3  # nobody has looked yet
    box.showPopup()
    assert texts(box)[3:] == ["127.0.0.1 (lo)", "192.168.1.7 (eth0)"]
    QTest.keyClick(box.view(), Key.Key_End)
    QTest.keyClick(box.view(), Key.Key_Return)
    assert host_desk.changes == [("host", "192.168.1.7")]
    assert box.currentText() == "192.168.1.7 (eth0)"


@pytest.mark.parametrize(("row", "host"), [(1, "::"), (2, "*")])
def test_all_addresses_at_once(host_desk: Desk, row: int, host: str) -> None:
    box = box_of(host_desk)
    box.setCurrentIndex(row)
    box.activated.emit(row)
    assert host_desk.changes == [("host", host)]


def test_an_address_may_be_typed_and_is_not_completed_into_another(host_desk: Desk) -> None:
    box = box_of(host_desk)
    box.showPopup()
    box.hidePopup()
    host_desk.retype(box, "127.0.0.")
    assert host_desk.changes == [("host", "127.0.0.")]
    host_desk.retype(box, "127.0.0.1")
    assert host_desk.changes[-1] == ("host", "127.0.0.1")
    assert box.currentText() == "127.0.0.1 (lo)"


def test_looking_at_the_list_keeps_what_is_typed(host_desk: Desk) -> None:
    box = box_of(host_desk)
    host_desk.retype(box, "10.1.2.3", leave=False)
    box.showPopup()
    box.hidePopup()
    assert box.currentText() == "10.1.2.3"
    host_desk.column.retranslate()
    assert box.currentText() == "10.1.2.3"
    assert host_desk.column.commit_fields()
    assert host_desk.changes == [("host", "10.1.2.3")]


def test_no_address_is_an_error(host_desk: Desk) -> None:
    box = box_of(host_desk)
    box.setFocus()
    box.clearEditText()
    assert not host_desk.column.commit_fields()
    assert host_desk.column.host.error.text()
    assert host_desk.changes == []
    box.activated.emit(0)  # the one that was in force all the time
    assert not host_desk.column.host.error.text()
    assert box.currentText() == box.itemText(0)


# -- open and closed -----------------------------------------------------------------------------


def test_network_fields_lock_while_open_and_the_others_do_not(desk: Desk) -> None:
    column = desk.column
    locked = [column.host, column.port, column.advanced[0]]
    free = [column.encoding, column.recv_size, column.advanced[1]]
    for state, usable in ((ServerState.OPEN, False), (ServerState.CLOSED, True)):
        column.set_state(state)
        assert [f.editor.isEnabled() for f in locked] == [usable] * 3
        assert all(f.editor.isEnabled() for f in free)
        assert column.reply.check.isEnabled()


def test_the_button_tells_the_states_apart(desk: Desk) -> None:
    column = desk.column
    looks = []
    for state in (ServerState.CLOSED, ServerState.OPEN):
        column.set_state(state)
        looks.append((column.button.text(), column.button.property("role")))
        column.button.click()
    assert looks == [("&Open", "primary"), ("&Close", "danger")]
    column.set_state(ServerState.CLOSING)
    column.button.click()
    assert desk.clicks == ["open", "close"]
    assert not column.button.isEnabled()


@pytest.mark.parametrize(
    ("fault", "at"),
    [
        (ListenFault.PORT_IN_USE, "port"),
        (ListenFault.NO_PERMISSION, "port"),
        (ListenFault.OTHER, "port"),
        (ListenFault.NOT_LOCAL, "host"),
        (ListenFault.BAD_HOST, "host"),
    ],
)
def test_a_listen_error_stands_under_the_field_to_blame(
    desk: Desk, fault: ListenFault, at: str
) -> None:
    column = desk.column
    error = ListenError(fault, Endpoint("1.2.3.4", 80), holder=None, system_text="no")
    column.show_listen_error(error)
    field, other = (column.port, column.host) if at == "port" else (column.host, column.port)
    assert field.error.isVisible()
    assert "80" in field.error.text() or "1.2.3.4" in field.error.text()
    assert field.editor.hasFocus() or field.editor.isAncestorOf(QApplication.focusWidget())
    assert not other.error.isVisible()
    column.set_state(ServerState.OPEN)
    assert (column.host.error.text(), column.port.error.text()) == ("", "")


def test_who_holds_the_port_is_named(desk: Desk) -> None:
    error = ListenError(
        ListenFault.PORT_IN_USE, Endpoint("0.0.0.0", 8080), holder=PortHolder("<b>nginx", 4711)
    )
    desk.column.show_listen_error(error)
    label = desk.column.port.error
    assert "<b>nginx" in label.text()
    assert "4711" in label.text()
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_an_error_far_up_is_scrolled_to(desk: Desk) -> None:
    column = desk.column
    column.resize(250, 260)
    column.more.click()
    bar = column.verticalScrollBar()
    wait_until(lambda: bar.value() > 100)
    column.show_listen_error(ListenError(ListenFault.PORT_IN_USE, Endpoint("0.0.0.0", 8080)))

    def error_is_in_view() -> bool:
        top = column.port.error.mapTo(column.viewport(), QPoint(0, 0)).y()
        return top >= 0 and top + column.port.error.height() <= column.viewport().height()

    wait_until(error_is_in_view)


# -- reply, encoding, log ------------------------------------------------------------------------


def test_the_classic_reply_is_ready_to_switch_on(desk: Desk) -> None:
    reply = desk.column.reply
    assert not reply.check.isChecked()
    assert reply.text.text() == "交易正在处理"
    reply.check.click()
    assert desk.changes == [("reply_mode", "text")]
    choose_kind(desk, "echo")
    assert desk.changes[-1] == ("reply_mode", "echo")
    assert not reply.text.isVisible()
    reply.check.click()
    assert desk.changes[-1] == ("reply_mode", "off")


def choose_kind(desk: Desk, kind: str) -> None:
    combo = desk.column.reply.kind
    combo.setCurrentIndex(combo.findData(kind))
    combo.activated.emit(combo.currentIndex())


def test_bytes_and_text_are_kept_beside_each_other(desk: Desk) -> None:
    reply = desk.column.reply
    reply.check.click()
    assert reply.escapes.isVisible()
    desk.retype(reply.text, "OK\\r\\n", leave=False)
    choose_kind(desk, "hex")
    assert desk.changes[1:] == [("reply_text", "OK\\r\\n"), ("reply_mode", "hex")]
    assert not reply.escapes.isVisible()
    assert "empty" in reply.error.text()
    desk.retype(reply.text, "01:03", leave=False)
    choose_kind(desk, "text")
    assert reply.text.text() == "OK\\r\\n"
    choose_kind(desk, "hex")
    assert reply.text.text() == "01:03"
    assert reply.error.text() == ""


def test_pasted_line_breaks_of_a_reply_are_shown(desk: Desk) -> None:
    reply = desk.column.reply
    reply.check.setChecked(True)
    for reads_escapes, shown in ((True, "OK\\r\\n+1"), (False, "OK  +1")):
        reply.escapes.setChecked(reads_escapes)
        reply.text.clear()
        QApplication.clipboard().setText("OK\r\n+1")
        reply.text.paste()
        assert reply.text.text() == reply.text.displayText() == shown
        assert reply.text.cursorPosition() == len(shown)


def test_how_a_reply_text_is_read_is_chosen_beside_it(desk: Desk) -> None:
    reply = desk.column.reply
    reply.check.click()
    reply.escapes.click()
    reply.line_ending.setCurrentIndex(3)
    reply.line_ending.activated.emit(3)
    assert desk.changes[1:] == [("reply_escapes", False), ("reply_line_ending", "crlf")]


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("text", "a\\q", "“\\q” is no escape"),
        ("hex", "4G", "“G” is not"),
        ("hex", "1 2", "“1” lacks"),
    ],
)
def test_a_reply_that_cannot_be_read_says_so_and_stays(
    desk: Desk, kind: str, typed: str, said: str
) -> None:
    reply = desk.column.reply
    reply.check.click()
    choose_kind(desk, kind)
    desk.retype(reply.text, typed)
    assert said in reply.error.text()
    assert reply.text.text() == typed


def test_a_reply_text_is_taken_after_a_pause(desk: Desk) -> None:
    desk.retype(desk.column.reply.text, "ok", leave=False)
    assert desk.changes == []
    wait_until(lambda: desk.changes == [("reply_text", "ok")])
    QTest.keyClick(desk.column.reply.text, Key.Key_Return)
    assert desk.changes == [("reply_text", "ok")]


def test_a_reply_that_cannot_be_sent_says_so_and_stays(desk: Desk) -> None:
    reply = desk.column.reply
    reply.check.click()
    reply.text.setFocus()
    reply.text.selectAll()
    reply.text.insert("☃")
    QTest.keyClick(reply.text, Key.Key_Return)
    assert "☃" in reply.error.text()
    assert "GBK" in reply.error.text()
    assert reply.text.text() == "☃"
    encoding = desk.column.encoding.editor
    assert isinstance(encoding, QComboBox)
    encoding.setCurrentIndex(encoding.findData("utf-8"))
    encoding.activated.emit(encoding.currentIndex())
    assert reply.error.text() == ""
    reply.text.clear()
    QTest.keyClick(reply.text, Key.Key_Return)
    assert reply.error.isVisible()
    reply.check.click()
    assert not reply.error.isVisible()


def test_follow_is_told_by_the_user_only(desk: Desk) -> None:
    desk.column.set_follow(False)
    assert desk.changes == []
    desk.column.follow.click()
    assert desk.changes == [("follow_tail", True)]


# -- keyboard, wheel, words ----------------------------------------------------------------------


def test_the_wheel_scrolls_the_column_and_changes_no_setting(desk: Desk) -> None:
    for box in desk.column.findChildren(QComboBox):
        before = box.currentIndex()
        middle = QPointF(box.rect().center())
        wheel = QWheelEvent(
            middle, box.mapToGlobal(middle), QPoint(), QPoint(0, -240),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(box, wheel)
        assert box.currentIndex() == before
    assert desk.changes == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_everything_has_a_name_and_labels_lead_to_their_fields(qtbot: QtBot, language: str) -> None:
    set_language(language)
    column = Desk(qtbot).column
    column.more.click()
    for field in column._fields:
        assert field.editor.accessibleName()
        assert field.editor.toolTip()
        assert any(label.buddy() is field.editor for label in field.findChildren(QLabel))
    for widget in (column.reply.kind, column.reply.text):
        assert widget.accessibleName()


def test_tab_goes_through_the_fields_in_order(desk: Desk) -> None:
    column = desk.column
    column.more.click()
    column.port.editor.setFocus()
    order = [
        *(column.button, column.encoding.editor, column.recv_size.editor, column.reply.check),
        *(column.reply.kind, column.reply.text, column.follow, column.more),
        *(field.editor for field in column.advanced),
    ]
    for expected in order:
        QTest.keyClick(QApplication.focusWidget(), Key.Key_Tab)
        assert QApplication.focusWidget() is expected


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("width", [200, 330])
def test_nothing_is_cut_off_at_either_width(qtbot: QtBot, language: str, width: int) -> None:
    set_language(language)
    column = Desk(qtbot).column
    column.resize(width, 700)
    column.more.click()
    column.show_listen_error(
        ListenError(
            ListenFault.PORT_IN_USE, Endpoint("0.0.0.0", 8080), holder=PortHolder("nginx", 4711)
        )
    )
    inside = column.widget()
    wait_until(lambda: inside.width() <= column.viewport().width())
    for label in inside.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap():
            assert label.sizeHint().width() <= label.width()


def test_who_may_connect_is_folded_checked_and_told(desk: Desk) -> None:
    rules = desk.column.entry_rules
    assert not rules.fields
    QTest.mouseClick(rules.fold, Qt.MouseButton.LeftButton)
    allowed, per_address = rules.fields[:2]
    assert allowed.editor.placeholderText() == "everybody"  # type: ignore[attr-defined]
    desk.retype(allowed.editor, "10.0.0.0/8, home")
    assert "“home”" in allowed.error.text()
    assert desk.changes == []
    assert not desk.column.commit_fields()
    desk.retype(allowed.editor, "10.0.0.0/8, ::1")
    desk.retype(per_address.editor, "3")
    assert desk.changes == [("allowed", "10.0.0.0/8, ::1"), ("clients_per_address", 3)]
    assert desk.column.commit_fields()
    desk.column.show_settings(Settings())  # another server's
    assert [field.editor.text() for field in rules.fields] == ["", "0", "0", "0", "0"]  # type: ignore[attr-defined]
