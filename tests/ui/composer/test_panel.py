"""The composer as a user meets it: typing, faults, options, undo, history, reports."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.journal.refs import ClientRef
from app.net.facts import SendReport, SendResult
from app.settings import Settings, changed
from app.text.compose import ComposeFault, ComposeOptions, LineEnding, compose
from app.ui.composer import ComposerPanel
from app.ui.composer.message_line import Tone
from app.wording import set_language, tr
from tests.support.machine import here_s
from tests.support.refs import JOURNAL, ref, ref_set, refs
from tests.support.wait import wait_until

# The offscreen platform says so at each menu and popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


class Desk:
    """A panel in a window, with the part of the controller played by `compose` itself."""

    def __init__(self, qtbot: QtBot, path: Path | None, settings: Settings | None = None) -> None:
        self.encodings: dict[ClientRef, str] = {}
        self.panel = ComposerPanel(
            path,
            settings,
            encoding_of=lambda client: self.encodings.get(client, "gbk"),
            address_of=lambda client: f"10.0.0.1:{5000 + client.number}",
        )
        qtbot.addWidget(self.panel, before_close_func=ComposerPanel.shut_down)
        self.sent: list[tuple[str, tuple[int, ...], dict[str, bytes]]] = []
        self.changes: list[tuple[str, Any]] = []
        self.panel.send_requested.connect(self._send)
        self.panel.setting_changed.connect(lambda name, value: self.changes.append((name, value)))
        self.panel.set_journal(JOURNAL)
        self.panel.resize(1000, 200)
        with qtbot.waitActive(self.panel):
            self.panel.show()

    def _send(self, text: str, options: ComposeOptions, clients: tuple[ClientRef, ...]) -> None:
        names = {options.encoding or self.encodings.get(client, "gbk") for client in clients}
        try:
            data = {
                name: compose(
                    text,
                    ComposeOptions(name, options.mode, options.escapes, options.line_ending),
                )
                for name in sorted(names)
            }
        except ComposeFault as fault:
            self.panel.show_fault(fault)
        else:
            self.sent.append((text, tuple(client.number for client in clients), data))

    @property
    def text(self) -> str:
        return self.panel.editor.text()

    @property
    def message(self) -> str:
        return self.panel.message.text()

    @property
    def hint(self) -> str:
        return self.panel.message.hint.text()

    @property
    def marked(self) -> str:
        """The characters that are underlined."""
        underlined = self.panel.editor.extraSelections()
        return "".join(selection.cursor.selectedText() for selection in underlined)

    def type(self, text: str) -> None:
        """Put `text` at the cursor as an input method does; a new line as the key."""
        for at, line in enumerate(text.split("\n")):
            if at:
                self.key(Key.Key_Return)
            self.panel.editor.insertPlainText(line)

    def retype(self, text: str) -> None:
        self.panel.editor.selectAll()
        self.panel.editor.insertPlainText(text)

    def key(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        QTest.keyClick(self.panel.editor, key, modifier)

    def send(self) -> None:
        self.panel.focus_editor()
        self.key(Key.Key_Return, CTRL)

    def mode(self, mode: str) -> None:
        self.panel.bar.mode.button(mode).click()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("zh_CN")


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    desk = Desk(qtbot, tmp_path / "history")
    desk.panel.set_open(True)
    desk.panel.target.set_online(ref_set({1, 2, 3}))
    return desk


# -- sending -----------------------------------------------------------------------------------


def test_ctrl_enter_and_the_button_send_and_keep_the_text(desk: Desk) -> None:
    desk.type("你好\n世界")
    desk.send()
    QTest.mouseClick(desk.panel.send_button, Qt.MouseButton.LeftButton)
    QTest.keyClick(desk.panel.editor, Key.Key_Enter, CTRL | Qt.KeyboardModifier.KeypadModifier)
    once = ("你好\n世界", (1, 2, 3), {"gbk": "你好\n世界".encode("gbk")})
    assert desk.sent == [once, once, once]
    assert desk.text == "你好\n世界"


def test_the_text_goes_out_as_it_was_pasted(desk: Desk) -> None:
    pasted = "a\u00a0b \t😀\u3000c"  # a no-break space is not a space
    desk.type(pasted)
    ready(desk, "utf-8")
    desk.send()
    assert desk.sent[0][2] == {"utf-8": pasted.encode()}


def ready(desk: Desk, encoding: str) -> None:
    """Let it send in this encoding, whoever is there."""
    desk.panel.set_open(True)
    desk.panel.target.set_online(ref_set({1}))
    combo = desk.panel.bar.encoding
    combo.setCurrentIndex(combo.findData(encoding))
    combo.activated.emit(combo.currentIndex())


def paste(desk: Desk, text: str) -> None:
    QApplication.clipboard().setText(text)
    desk.panel.focus_editor()
    desk.key(Key.Key_V, CTRL)


@pytest.mark.parametrize(
    ("pasted", "note"),
    [
        ("AT+CSQ\r\nAT\r", "line ends CR LF, CR"),
        ("a\r\nb\r\n", "line ends CR LF"),
        ("a\rb\nc\r\n\r\nd", "line ends CR, LF, CR LF"),
        ("a\nb\n", ""),
        ("\0\x01\x0b\x0c\x1b\x7f\x85", ""),
        ("a\u2028b\u2029c\ufdd0d\u00a0e\ufefff\u202eg", ""),
    ],
)
def test_what_was_pasted_goes_out_byte_for_byte(desk: Desk, pasted: str, note: str) -> None:
    ready(desk, "utf-8")
    paste(desk, pasted)
    assert desk.text == pasted
    desk.send()
    assert desk.sent[-1][2] == {"utf-8": pasted.encode()}
    wait_until(lambda: f"{len(pasted.encode())} B" in desk.hint or "bytes" in desk.hint)
    assert desk.hint.startswith(note)
    desk.key(Key.Key_A, CTRL)
    desk.key(Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == pasted
    desk.key(Key.Key_X, CTRL)
    assert desk.text == ""
    desk.key(Key.Key_Z, CTRL)
    assert desk.text == pasted
    desk.key(Key.Key_Z, CTRL)
    assert desk.text == ""
    desk.key(Key.Key_Y, CTRL)
    assert desk.text == pasted
    desk.retype("other")
    desk.key(Key.Key_Home)
    desk.key(Key.Key_Up)
    assert desk.text == pasted


def test_a_line_typed_among_pasted_ones_ends_as_they_do(desk: Desk) -> None:
    ready(desk, "utf-8")
    paste(desk, "a\r\nb\r\n")
    desk.key(Key.Key_Up)
    desk.key(Key.Key_End)
    desk.type("\nx")
    assert desk.text == "a\r\nb\r\nx\r\n"
    desk.panel.editor.selectAll()
    paste(desk, "a\nb\n")
    assert desk.text == "a\nb\n"
    desk.key(Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert desk.text == "a\nb\n\n"


def test_a_chosen_line_ending_makes_pasted_ones_alike(qtbot: QtBot) -> None:
    desk = Desk(qtbot, None, changed(Settings(), compose_line_ending="cr"))
    ready(desk, "utf-8")
    paste(desk, "a\r\nb\rc\nd")
    desk.send()
    assert desk.sent[-1][2] == {"utf-8": b"a\rb\rc\rd\r"}
    wait_until(lambda: "8 bytes" in desk.hint)
    assert "line ends" not in desk.hint


def test_a_fault_after_pasted_line_ends_is_marked_in_its_place(desk: Desk) -> None:
    ready(desk, "ascii")
    paste(desk, "a\r\n😀b\rc好\r\n")
    desk.send()
    assert desk.marked == "😀"
    assert "line 2, character 1" in desk.message


@pytest.mark.parametrize("line", ["48656C" * 170_000, "48 65 6C " * 110_000])
def test_a_million_hex_digits_do_not_stop_the_window(desk: Desk, line: str) -> None:
    desk.mode("hex")
    paste(desk, "48656C")  # what is made at the first paste is not measured
    desk.panel.editor.selectAll()
    began_s = time.thread_time()
    paste(desk, line)
    QApplication.processEvents()
    assert time.thread_time() - began_s < here_s(0.1)  # it was 0.3 s
    desk.send()
    assert list(desk.sent[-1][2].values()) == [bytes.fromhex(line)]


LONG = "x" * 39_999 + "😀"


def test_a_line_too_long_to_be_shown_goes_along_as_a_character(desk: Desk) -> None:
    ready(desk, "utf-8")
    editor = desk.panel.editor
    first = f"😀a{LONG}\r\n\ufffc😀\r\n"
    whole = f"{first}{LONG}b\r\nc"
    paste(desk, whole)
    assert editor.text() == whole
    assert editor.document().characterCount() < 100
    desk.key(Key.Key_A, CTRL)
    desk.key(Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == whole
    desk.key(Key.Key_X, CTRL)
    assert editor.text() == ""
    desk.key(Key.Key_Z, CTRL)
    assert editor.text() == whole
    desk.key(Key.Key_End, CTRL)
    desk.key(Key.Key_Backspace)
    desk.key(Key.Key_Backspace)
    desk.key(Key.Key_Backspace)
    assert editor.text() == first  # the long line went by one press, as it came
    desk.type("d")
    assert editor.text() == first + "d"
    desk.key(Key.Key_Home, CTRL)
    desk.key(Key.Key_Right)
    desk.type("e")  # right after a long line
    desk.send()
    typed = first.replace("\r\n", "e\r\n", 1) + "d"
    assert desk.sent[-1][2] == {"utf-8": typed.encode()}


def test_what_is_wrong_in_a_line_that_is_not_shown_is_marked_there(desk: Desk) -> None:
    ready(desk, "ascii")
    paste(desk, f"ok\n{LONG}\nok")
    desk.send()
    assert desk.marked == "\ufffc"
    assert "line 2, character 40000" in desk.message
    desk.panel.editor.selectAll()
    paste(desk, f"{'x' * 40_000}\nok好")
    desk.send()
    assert desk.marked == "好"


def test_a_long_text_is_checked_beside_the_window(desk: Desk) -> None:
    ready(desk, "utf-8")
    desk.panel.bar.escapes.click()
    paste(desk, r"\n" * 150_000 + r"\x41" * 50_000 + r"\q…")
    wait_until(lambda: "\\q" in desk.hint or "\\q" in desk.message)
    desk.panel.editor.replace_text(r"\n" * 150_000 + r"a\n" * 30_000)
    began_s = time.thread_time()
    desk.panel._live._run()
    desk.panel._live.nudge()  # while it is at work: no second one, and nothing out of date is said
    assert time.thread_time() - began_s < here_s(0.05)  # it was 0.8 s
    wait_until(lambda: desk.hint == "210000 bytes")


@pytest.mark.parametrize("text", ["x" * 1_048_577, "line\r\n" * 20_001])
def test_a_text_too_long_for_the_field_is_refused_with_a_word(desk: Desk, text: str) -> None:
    desk.panel.editor.replace_text("kept")
    desk.panel.editor.selectAll()
    began_s = time.thread_time()
    paste(desk, text)
    assert time.thread_time() - began_s < here_s(0.25)
    assert "Nothing was inserted" in desk.message
    assert desk.panel.editor.text() == "kept"
    paste(desk, text[: len(text) // 2])  # what is selected goes: as much as fits may come
    assert desk.panel.editor.text() == text[: len(text) // 2]


def test_an_escape_that_goes_out_literally_is_said(desk: Desk) -> None:
    ready(desk, "utf-8")
    paste(desk, r"AT+CSQ\r\nOK")  # as the log copies it
    wait_until(lambda: r"\r goes out literally" in desk.hint)
    desk.panel.bar.escapes.click()
    wait_until(lambda: desk.hint == "10 bytes")
    desk.send()
    assert desk.sent[-1][2] == {"utf-8": b"AT+CSQ\r\nOK"}


def test_an_empty_line_with_a_line_ending_can_be_sent(qtbot: QtBot) -> None:
    desk = Desk(qtbot, None, changed(Settings(), compose_line_ending="crlf"))
    desk.panel.set_open(True)
    desk.panel.target.set_online(ref_set({1}))
    desk.send()
    assert desk.sent == [("", (1,), {"gbk": b"\r\n"})]


# -- faults --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "mode", "escapes", "marked"),
    [
        ("你好☃世界", "text", False, "☃"),
        ("ab\ncd ☃", "text", False, "☃"),
        ("41 4G 42", "hex", False, "G"),
        ("51 4 55", "hex", False, "4"),
        (r"ok\n \q", "text", True, r"\q"),
    ],
)
def test_a_fault_is_marked_in_place_and_the_text_stays(
    desk: Desk, text: str, mode: str, escapes: bool, marked: str
) -> None:
    desk.panel.bar.escapes.setChecked(escapes)
    desk.mode(mode)
    desk.type(text)
    desk.send()
    assert desk.sent == []
    assert desk.text == text
    assert desk.marked == marked
    assert desk.panel.editor.textCursor().position() == text.rindex(marked)
    assert desk.message.startswith("Nothing was sent: ")
    assert desk.panel.message.tone is Tone.ERROR


@pytest.mark.parametrize("before", ["😀", "😀😀你", "a😀\n😀", "𠮷"])
def test_characters_beyond_the_basic_plane_do_not_shift_the_mark(desk: Desk, before: str) -> None:
    desk.encodings = dict.fromkeys((1, 2, 3), "utf-16-le")
    text = f"{before}\\q{before}"
    desk.panel.bar.escapes.setChecked(True)
    desk.type(text)
    desk.send()
    assert desk.marked == "\\q"
    # The cursor stands right before it, counted in UTF-16 units.
    cursor = desk.panel.editor.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, 2)
    assert cursor.selectedText() == "\\q"


def test_an_emoji_that_the_encoding_lacks_is_marked_whole(desk: Desk) -> None:
    desk.type("你😀")
    desk.send()
    assert desk.marked == "😀"


def test_the_mark_and_the_sentence_go_when_the_text_is_mended(desk: Desk) -> None:
    desk.type("☃")
    desk.send()
    desk.retype("snow")
    assert desk.marked == ""
    assert desk.message == ""
    desk.send()
    assert [text for text, _, _ in desk.sent] == ["snow"]


def test_what_was_refused_is_not_in_the_history(desk: Desk) -> None:
    desk.type("☃")
    desk.send()
    desk.retype("good")
    desk.send()
    desk.retype("x")
    desk.key(Key.Key_Up)
    assert desk.text == "good"
    desk.key(Key.Key_Up)
    assert desk.text == "good"


# -- while typing --------------------------------------------------------------------------------


def test_typing_is_checked_quietly(desk: Desk) -> None:
    desk.mode("hex")
    desk.type("41 4")
    wait_until(lambda: not desk.panel.message.tells)
    desk.type("2")
    wait_until(lambda: "2 bytes" in desk.hint)
    desk.type(" zz")
    wait_until(lambda: desk.marked == "zz")
    assert desk.panel.message.tone is Tone.CALM
    desk.retype("41")
    wait_until(lambda: "1 byte" in desk.hint)
    assert desk.marked == ""


def test_a_half_typed_byte_is_no_fault_yet(desk: Desk) -> None:
    desk.mode("hex")
    desk.type("41")
    wait_until(lambda: "1 byte" in desk.hint)
    desk.type(" 4")
    wait_until(lambda: "byte" not in desk.hint)
    assert desk.marked == ""


def test_the_byte_count_follows_the_clients_encodings(desk: Desk) -> None:
    desk.type("你好")
    wait_until(lambda: desk.hint == "4 bytes")
    desk.encodings[ref(2)] = "utf-8"
    desk.panel.recheck()
    wait_until(lambda: desk.hint == "4–6 bytes")
    desk.panel.target.choose(refs(2))
    wait_until(lambda: desk.hint == "6 bytes")


# -- why not -------------------------------------------------------------------------------------


def test_a_disabled_send_says_why(desk: Desk) -> None:
    panel = desk.panel

    def shown(why: str) -> bool:
        key = f"composer.do_{why}"
        words = tr(key, id=7)
        hint = tr(f"composer.why_{why}", id=7)
        return (
            not panel.send_button.isEnabled()
            and panel.send_button.toolTip() == words
            and hint in desk.hint
        )

    assert shown("nothing_typed")
    desk.type("x")
    assert panel.send_button.isEnabled()
    panel.target.choose(refs(7))
    assert shown("one_offline")
    panel.target.choose([])
    panel.target.set_online(set())
    assert shown("no_client")
    panel.set_open(False)
    assert shown("port_closed")
    desk.send()
    assert desk.sent == []
    assert desk.message == tr("composer.do_port_closed")
    assert desk.text == "x"


# -- targets -------------------------------------------------------------------------------------


def choose(desk: Desk, row: int) -> None:
    combo = desk.panel.bar.picker.combo
    combo.setCurrentIndex(row)
    combo.activated.emit(row)


def test_all_is_whoever_is_online_when_send_is_pressed(desk: Desk) -> None:
    desk.type("x")
    desk.send()
    desk.panel.target.set_online(ref_set({2, 9}))
    desk.send()
    assert [ids for _, ids, _ in desk.sent] == [(1, 2, 3), (2, 9)]
    assert desk.panel.bar.picker.combo.currentText() == "All 2 clients"


def test_selected_clients_are_offered_not_taken(desk: Desk) -> None:
    desk.type("x")
    desk.panel.target.set_selected(refs(2, 3))
    desk.send()
    choose(desk, 1)
    desk.send()
    desk.panel.target.set_online(ref_set({1, 3}))
    desk.send()
    assert [ids for _, ids, _ in desk.sent] == [(1, 2, 3), (2, 3), (3,)]
    desk.panel.target.set_selected([])
    desk.send()
    assert len(desk.sent) == 3
    assert desk.message == tr("composer.do_none_selected")


def test_one_client_keeps_being_meant_while_others_come_and_go(desk: Desk) -> None:
    desk.type("x")
    desk.panel.target.choose(refs(3))
    assert desk.panel.bar.picker.combo.currentText() == "#3  10.0.0.1:5003"
    desk.panel.target.set_online(ref_set({1, 2}))
    desk.send()
    assert desk.sent == []
    desk.panel.target.set_online(ref_set({1, 2, 3, 4}))
    desk.send()
    assert desk.sent[0][1] == (3,)


def test_a_typed_number_is_one_client_and_is_offered_again(desk: Desk) -> None:
    picker = desk.panel.bar.picker
    desk.type("x")
    choose(desk, picker.combo.count() - 1)
    assert picker.number.isVisible()
    assert not desk.panel.send_button.isEnabled()
    QTest.keyClicks(picker.number, "2")
    assert desk.panel.send_button.isEnabled()
    QTest.keyClick(picker.number, Key.Key_Return)
    assert not picker.number.isVisible()
    desk.send()
    assert desk.sent[0][1] == (2,)
    assert picker.combo.findText("#2  10.0.0.1:5002") >= 0


def test_ten_thousand_clients_make_no_long_list(desk: Desk) -> None:
    desk.panel.target.set_online(ref_set(range(1, 10_001)))
    desk.panel.target.set_selected(ref_set(range(1, 10_001)))
    for client_id in range(1, 20):
        desk.panel.target.choose(refs(client_id))
    assert desk.panel.bar.picker.combo.count() <= 8


# -- text and hex --------------------------------------------------------------------------------


def test_switching_converts_and_one_undo_takes_text_and_mode_back(desk: Desk) -> None:
    desk.type("你好")
    desk.mode("hex")
    assert desk.text == "C4 E3 BA C3"
    desk.key(Key.Key_Z, CTRL)
    assert desk.text == "你好"
    assert desk.panel.bar.mode.value == "text"
    desk.key(Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert desk.text == "C4 E3 BA C3"
    assert desk.panel.bar.mode.value == "hex"
    desk.mode("text")
    assert desk.text == "你好"


def test_typing_after_a_conversion_is_undone_apart_from_it(desk: Desk) -> None:
    desk.type("ab")
    desk.mode("hex")
    desk.key(Key.Key_Space)
    desk.type("63")
    desk.send()
    assert desk.sent[0][2] == {"gbk": b"abc"}
    for _ in range(5):
        if desk.text == "61 62":
            break
        desk.key(Key.Key_Z, CTRL)
    assert (desk.text, desk.panel.bar.mode.value) == ("61 62", "hex")
    desk.key(Key.Key_Z, CTRL)
    assert (desk.text, desk.panel.bar.mode.value) == ("ab", "text")


def test_a_redo_that_new_typing_has_cut_off_changes_no_mode(desk: Desk) -> None:
    desk.type("ab")
    desk.mode("hex")
    desk.key(Key.Key_Z, CTRL)
    desk.type("c")
    assert desk.panel.bar.mode.value == "text"
    desk.key(Key.Key_Z, CTRL)
    desk.key(Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert desk.panel.bar.mode.value == "text"
    assert desk.text in ("ab", "abc")


@pytest.mark.parametrize(
    ("text", "from_mode", "why"),
    [("☃", "text", "faulty"), ("00 FF", "hex", "not_text"), ("zz", "hex", "faulty")],
)
def test_what_cannot_be_converted_stays_and_is_said(
    desk: Desk, text: str, from_mode: str, why: str
) -> None:
    desk.mode(from_mode)
    desk.type(text)
    desk.mode("text" if from_mode == "hex" else "hex")
    assert desk.text == text
    assert desk.message == tr(f"composer.kept_{why}")


def test_mixed_encodings_are_not_guessed_between(desk: Desk) -> None:
    desk.encodings[ref(1)] = "utf-8"
    desk.type("你好")
    desk.mode("hex")
    assert desk.text == "你好"
    assert desk.message == tr("composer.kept_mixed_encodings")


def test_options_are_remembered_as_settings(desk: Desk) -> None:
    desk.panel.bar.escapes.click()
    desk.mode("hex")
    assert desk.changes == [("compose_escapes", True), ("compose_mode", "hex")]
    for name, value in desk.changes:
        changed(Settings(), **{name: value})  # fits


def test_settings_are_shown_at_the_start(qtbot: QtBot) -> None:
    settings = changed(
        Settings(), compose_encoding="utf-8", compose_escapes=True, compose_line_ending="crlf"
    )
    bar = Desk(qtbot, None, settings).panel.bar
    assert bar.options == ComposeOptions("utf-8", "text", True, LineEnding.CRLF)


# -- history -------------------------------------------------------------------------------------


def test_up_and_down_walk_what_was_sent_and_return_to_the_draft(desk: Desk) -> None:
    for text in ("first", "second\nline"):
        desk.retype(text)
        desk.send()
    desk.retype("draft")
    desk.key(Key.Key_Up)
    assert desk.text == "second\nline"
    desk.key(Key.Key_Up)  # from its last line to its first one
    assert desk.text == "second\nline"
    desk.key(Key.Key_Up)
    assert desk.text == "first"
    desk.key(Key.Key_Up)
    assert desk.text == "first"
    for _ in range(3):
        desk.key(Key.Key_Down)
    assert desk.text == "draft"


def test_recalling_brings_the_options_and_undo_takes_them_back(desk: Desk) -> None:
    desk.mode("hex")
    desk.type("DE AD")
    desk.send()
    desk.retype("")
    desk.mode("text")
    desk.type("draft")
    desk.key(Key.Key_Up)
    assert (desk.text, desk.panel.bar.mode.value) == ("DE AD", "hex")
    desk.key(Key.Key_Z, CTRL)
    assert (desk.text, desk.panel.bar.mode.value) == ("draft", "text")


def test_history_is_there_at_the_next_start(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.type("kept")
    desk.send()
    second = Desk(qtbot, tmp_path / "history")
    second.key(Key.Key_Up)
    assert second.text == "kept"


@pytest.fixture
def popup_desk(desk: Desk) -> Desk:
    for text in ("GET /", "POST /", "get lost"):
        desk.retype(text)
        desk.send()
    desk.retype("")
    desk.panel.bar.history.click()
    return desk


def listed(desk: Desk) -> list[str]:
    tree = desk.panel.history_popup.list
    return [tree.topLevelItem(row).text(0) for row in range(tree.topLevelItemCount())]


def test_the_list_filters_and_enter_inserts(popup_desk: Desk) -> None:
    popup = popup_desk.panel.history_popup
    assert listed(popup_desk) == ["GET /", "POST /", "get lost"]
    QTest.keyClicks(popup.filter, "get")
    assert listed(popup_desk) == ["GET /", "get lost"]
    QTest.keyClick(popup.filter, Key.Key_Up)
    QTest.keyClick(popup.list, Key.Key_Return)
    assert popup_desk.text == "GET /"
    assert not popup.isVisible()


def test_escape_closes_the_list(popup_desk: Desk) -> None:
    popup = popup_desk.panel.history_popup
    QTest.keyClick(popup.filter, Key.Key_Escape)
    assert not popup.isVisible()
    assert popup_desk.text == ""


def test_delete_removes_and_undo_brings_back(popup_desk: Desk) -> None:
    popup = popup_desk.panel.history_popup
    QTest.keyClick(popup.filter, Key.Key_Up)
    QTest.keyClick(popup.list, Key.Key_Delete)
    assert listed(popup_desk) == ["GET /", "get lost"]
    popup.clear.click()
    assert listed(popup_desk) == []
    popup.undo.click()
    assert listed(popup_desk) == ["GET /", "POST /", "get lost"]


# -- reports -------------------------------------------------------------------------------------


def report(send_id: int, *results: SendResult) -> SendReport:
    return SendReport(send_id, dict(enumerate(results, 1)), True)


SENT, WAITING, REFUSED = SendResult.SENT, SendResult.WAITING, SendResult.REFUSED


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("zh_CN", "已发送给 3 个客户端；#4 等待对方读取；#5 的发送队列已满，未发送"),
        (
            "en",
            "Sent to 3 clients; waiting for the peer to read: #4; refused, too much is waiting: #5",
        ),
    ],
)
def test_a_report_names_who_did_not_get_it(desk: Desk, language: str, line: str) -> None:
    set_language(language)
    desk.panel.show_report(report(1, SENT, SENT, SENT, WAITING, REFUSED))
    assert desk.message == line
    assert desk.panel.message.tone is Tone.WARNING
    details = desk.panel.message.more.accessibleDescription().splitlines()
    assert len(details) == 5
    assert "#5 10.0.0.1:5005" in " ".join(details)


def test_a_later_report_corrects_and_an_older_one_is_too_late(desk: Desk) -> None:
    panel = desk.panel
    panel.show_sent(report(8))
    panel.show_report(report(7, REFUSED))
    assert desk.message == ""
    panel.show_report(report(8, SENT, WAITING))
    panel.show_report(report(8, SENT, SENT))
    assert desk.message == "Sent to 2 clients"
    assert panel.message.tone is Tone.CALM


def test_a_report_does_not_hide_a_fault(desk: Desk) -> None:
    desk.type("☃")
    desk.send()
    desk.panel.show_report(report(1, SENT))
    assert desk.message.startswith("Nothing was sent")


def test_a_thousand_clients_fit_in_a_line(desk: Desk) -> None:
    desk.panel.show_report(report(1, *[REFUSED] * 1000))
    assert desk.message == "refused, too much is waiting: #1, #2, #3 and 997 more"


# -- words and room ------------------------------------------------------------------------------


def test_another_language_at_run_time(desk: Desk, qtbot: QtBot) -> None:
    desk.type("x")
    set_language("zh_CN")
    QApplication.sendEvent(desk.panel, QEvent(QEvent.Type.LanguageChange))
    for widget in desk.panel.findChildren(type(desk.panel.bar)):
        QApplication.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))
    assert desk.panel.send_button.text() == "发送"
    assert desk.panel.bar.escapes.text() == "转义符"
    assert desk.text == "x"


def tab_order(desk: Desk) -> list[QWidget]:
    desk.panel.bar.picker.combo.setFocus()
    seen: list[QWidget] = []
    while (focus := QApplication.focusWidget()) is not None and focus not in seen:
        seen.append(focus)
        QTest.keyClick(focus, Key.Key_Tab)
    return seen


def test_what_has_no_room_waits_behind_the_arrow_and_comes_back(desk: Desk) -> None:
    bar = desk.panel.bar
    desk.panel.resize(1100, 200)
    wait_until(lambda: not bar.overflow.overflowing)
    order = tab_order(desk)
    assert order[0] is bar.picker.combo
    assert order.index(bar.line_ending) < order.index(bar.history)
    assert order.index(bar.history) < order.index(desk.panel.editor)
    desk.panel.resize(420, 200)
    wait_until(lambda: len(bar.overflow.overflowing) >= 3)
    assert bar.history.isVisible()
    assert bar.history.geometry().right() < bar.width()
    bar.overflow.open_panel()
    assert bar.escapes.isVisible()
    bar.escapes.click()
    assert bar.options.escapes
    bar.escapes.window().close()
    desk.panel.resize(1100, 200)
    wait_until(lambda: not bar.overflow.overflowing)
    assert tab_order(desk) == order
