"""The log panel: filter, find, pause, clear, export, empty states, another journal."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QToolButton, QWidget

from app.journal.entry import Kind
from app.journal.reader import Reader
from app.settings import Settings
from app.ui.log.marks import Marks
from app.ui.log.metrics import size_label
from app.wording import set_language, tr
from tests.models.log_source import LogSource
from tests.support.wait import wait_until
from tests.ui.log.conftest import LogBench

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def named(bench: LogBench, kind: type[QWidget], name: str) -> QWidget:
    """The widget that a screen reader calls `name`."""
    return next(w for w in bench.panel.findChildren(kind) if w.accessibleName() == name)


def button(bench: LogBench, text: str) -> QToolButton:
    found = [b for b in bench.panel.findChildren(QToolButton) if b.text().startswith(text)]
    return found[0]


def find_field(bench: LogBench) -> QLineEdit:
    field = named(bench, QLineEdit, "在数据日志中查找")
    assert isinstance(field, QLineEdit)
    return field


def find_state(bench: LogBench) -> str:
    return bench.panel.tools.finder._state.text()


def two_clients(bench: LogBench) -> None:
    one, two = bench.source.client(), bench.source.client(host="10.0.0.2")
    bench.source.event(one)
    bench.source.chunk(one, b"from one")
    bench.source.chunk(one, b"to one", Kind.OUT)
    bench.source.chunk(two, b"from two")
    bench.arrive()
    bench.shows("from two")


def test_shows_only_one_client_and_all_again(bench: LogBench) -> None:
    two_clients(bench)
    bench.panel.show_only([bench.ref(2)])
    wait_until(lambda: bench.seen() == ["from two"])
    assert bench.panel.tools.clients.currentText() == "#2"
    bench.panel.tools.clients.show_everyone()
    wait_until(lambda: len(bench.seen()) == 4)


def test_numbers_can_be_typed_into_the_client_filter(bench: LogBench) -> None:
    two_clients(bench)
    field = bench.panel.tools.clients._field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "#2")
    QTest.keyClick(field, Qt.Key.Key_Return)
    wait_until(lambda: bench.seen() == ["from two"])
    field.selectAll()
    QTest.keyClicks(field, "1, 2")
    QTest.keyClick(field, Qt.Key.Key_Return)
    wait_until(lambda: len(bench.seen()) == 4)
    assert field.text() == "2 个客户端"
    field.clear()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "全部客户端"


@pytest.mark.parametrize("typed", ["nobody", "abc 2", "2x", "2-3", "10.0.0.2", "9" * 19])
def test_of_what_is_no_list_of_numbers_no_number_is_taken(bench: LogBench, typed: str) -> None:
    two_clients(bench)
    bench.panel.show_only([bench.ref(1)])
    wait_until(lambda: len(bench.seen()) == 3)
    combo = bench.panel.tools.clients
    shown, field = bench.seen(), combo._field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert (field.text(), combo.property("role")) == (typed, "invalid")
    assert typed in combo.toolTip()
    assert any(typed in label.text() for label in bench.panel.view.findChildren(QLabel))
    assert combo.clients == {1}
    assert bench.seen() == shown
    field.setText(" #2，#1；")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert (combo.clients, combo.property("role")) == ({1, 2}, "")


def test_a_pasted_line_is_looked_for_as_it_is_shown(bench: LogBench) -> None:
    field = find_field(bench)
    QApplication.clipboard().setText("two\r\nlines\n")
    field.paste()
    assert field.text() == field.displayText() == "two  lines"
    needle = bench.panel.tools.finder.needle
    assert needle is not None
    assert "two  lines" in repr(needle)


def test_the_list_of_clients_is_short_whatever_their_number(bench: LogBench) -> None:
    for _ in range(120):
        bench.source.client()
    combo = bench.panel.tools.clients
    combo.showPopup()
    texts = [combo.itemText(i) for i in range(combo.count())]
    combo.hidePopup()
    assert len(texts) == 53
    assert texts[2].startswith("#120 ")
    assert "70" in texts[-1]
    assert combo.currentText() == "全部客户端"


def test_the_selection_in_the_table_is_one_choice(bench: LogBench) -> None:
    two_clients(bench)
    combo = bench.panel.tools.clients
    bench.panel.tools.clients.set_selected([bench.ref(2)])
    assert len(bench.seen()) == 4  # selecting filters nothing by itself
    combo.showPopup()
    combo.hidePopup()
    combo.activated.emit(1)
    wait_until(lambda: bench.seen() == ["from two"])
    bench.panel.tools.clients.set_selected([bench.ref(1)])
    wait_until(lambda: len(bench.seen()) == 3)


def test_directions(bench: LogBench) -> None:
    two_clients(bench)
    combo = named(bench, QComboBox, "按方向筛选")
    assert isinstance(combo, QComboBox)
    for text, count in (("只看接收", 2), ("只看发送", 1), ("只看事件", 1), ("收发和事件", 4)):
        combo.setCurrentIndex(combo.findText(text))
        combo.activated.emit(combo.currentIndex())
        wait_until(lambda count=count: len(bench.seen()) == count, message=text)


def test_pause_counts_what_waits_and_loses_nothing(bench: LogBench) -> None:
    bench.fill(5)
    pause = button(bench, "暂停")
    QTest.mouseClick(pause, Qt.MouseButton.LeftButton)
    for _ in range(7):
        bench.source.chunk(1, b"waits")
    bench.arrive()
    wait_until(lambda: pause.text() == "暂停（7）")
    assert len(bench.seen()) == 5
    QTest.mouseClick(pause, Qt.MouseButton.LeftButton)
    wait_until(lambda: len(bench.seen()) == 12)
    assert pause.text() == "暂停"
    assert not bench.rows.is_paused


def test_clear_and_show_all_again(bench: LogBench) -> None:
    bench.fill(5)
    again = button(bench, "显示全部")
    assert not again.isVisible()
    QTest.mouseClick(button(bench, "清除"), Qt.MouseButton.LeftButton)
    assert bench.seen() == []
    assert "已清除" in bench.view._placeholder
    bench.source.chunk(1, b"new")
    bench.arrive()
    bench.shows("new")
    assert again.isVisible()
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    wait_until(lambda: len(bench.seen()) == 6)
    assert not again.isVisible()


def test_find_goes_from_match_to_match(bench: LogBench) -> None:
    bench.fill(300)
    bench.panel.focus_find()
    field = find_field(bench)
    assert field.hasFocus()
    field.setText("条")
    bench.view.verticalScrollBar().setValue(0)
    QTest.keyClick(field, Qt.Key.Key_Return)
    wait_until(lambda: bench.view.selection.current == 1)
    field.setText("第 250")
    bench.panel.finder.find_next()
    wait_until(lambda: bench.view.selection.current == 251)
    assert "第 250 条" in bench.seen()
    bench.panel.finder.find_next()
    wait_until(lambda: find_state(bench) == "已从头继续")
    field.setText("299")
    bench.panel.finder.find_previous()
    wait_until(lambda: bench.view.selection.current == 300)
    field.setText("nowhere")
    bench.panel.finder.find_next()
    wait_until(lambda: find_state(bench) == "没有找到")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert bench.view.hasFocus()


def test_esc_leaves_the_find_field_where_it_waits_behind_more(bench: LogBench) -> None:
    bench.fill(3)
    bench.panel.resize(320, 500)
    wait_until(lambda: bench.panel.tools.finder in bench.panel.tools.overflowing)
    bench.panel.focus_find()
    field = find_field(bench)
    wait_until(field.isVisible)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    wait_until(lambda: not field.isVisible())
    assert bench.view.hasFocus()


def test_find_takes_hex_by_itself_and_by_choice(bench: LogBench) -> None:
    bench.fill(3, "{} 好")
    field = find_field(bench)
    field.setText("0xBA 0xC3")
    assert bench.panel.tools.finder._hex.isChecked()
    bench.view.selection.select(1)
    bench.panel.finder.find_next()
    wait_until(lambda: bench.view.selection.current == 2)
    field.setText("BA C")
    assert bench.panel.tools.finder.needle is None
    assert "偶数" in field.toolTip()
    QTest.mouseClick(bench.panel.tools.finder._hex, Qt.MouseButton.LeftButton)
    assert bench.panel.tools.finder.needle is not None  # now it is text


def test_find_takes_any_byte_and_marks_what_it_found(bench: LogBench) -> None:
    bench.fill(3, "{} 好 ok")
    field, finder = find_field(bench), bench.panel.tools.finder
    field.setText("0x31 ?? BA")
    bench.view.selection.select(3)
    bench.panel.finder.find_next()
    wait_until(lambda: bench.view.selection.current == 2)
    marks, row = Marks(finder.needle), bench.view.visible_rows[1]
    assert [row.text[slice(*place)] for place in marks.in_text(row)] == []
    assert [row.data[slice(*place)] for place in marks.in_bytes(row)] == [b"1 \xba"]
    field.setText("?? ??")
    assert finder.needle is None
    assert "至少" in field.toolTip()
    field.setText("3? 20")
    assert finder.needle is None
    assert "十六进制：?" in field.toolTip()


def test_find_ignores_case_until_it_is_to_matter(bench: LogBench) -> None:
    bench.fill(3, "{} Stop")
    field, finder = find_field(bench), bench.panel.tools.finder
    chosen: list[bool] = []
    finder.way_chosen.connect(lambda _way, on: chosen.append(on))
    field.setText("1 sTOP")
    bench.panel.finder.find_next()
    wait_until(lambda: bench.view.selection.current == 2)
    row = bench.view.visible_rows[1]
    assert [row.text[slice(*place)] for place in Marks(finder.needle).in_text(row)] == ["1 Stop"]
    QTest.keyClick(field, Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    assert chosen == [True]
    assert Marks(finder.needle).in_text(row) == []
    bench.panel.finder.find_next()
    wait_until(lambda: find_state(bench) == "没有找到")
    finder.set_ways(Settings())
    assert chosen == [True]
    bench.panel.finder.find_next()
    wait_until(lambda: find_state(bench) == "已从头继续")


def test_find_takes_words_and_expressions_and_says_what_is_wrong_with_one(bench: LogBench) -> None:
    bench.fill(12, "line {} end")
    field, finder = find_field(bench), bench.panel.tools.finder
    chosen: list[tuple[str, bool]] = []
    finder.way_chosen.connect(lambda way, on: chosen.append((way, on)))
    field.setText("ine 3")
    QTest.keyClick(field, Qt.Key.Key_W, Qt.KeyboardModifier.AltModifier)
    bench.panel.finder.find_next()
    wait_until(lambda: find_state(bench) == "没有找到")
    field.setText("3")
    bench.panel.finder.find_next()
    wait_until(lambda: bench.view.selection.current == 4)
    QTest.keyClick(field, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    assert chosen == [("find_word", True), ("find_regex", True)]
    field.setText(r"LINE \d\d")
    bench.panel.finder.find_next()
    wait_until(lambda: bench.view.selection.current == 11)
    row = bench.view.visible_rows[10]
    assert [row.text[slice(*place)] for place in Marks(finder.needle).in_text(row)] == ["line 10"]
    assert [row.data[slice(*place)] for place in Marks(finder.needle).in_bytes(row)] == [b"line 10"]
    field.setText("(line")
    assert finder.needle is None
    assert "missing )" in field.toolTip()
    assert field.text() == "(line"
    finder.set_ways(Settings(find_case=True))
    assert finder.needle is not None
    assert not finder.needle.whole_word


def test_a_hostile_expression_is_given_up_with_a_sentence(bench: LogBench) -> None:
    client = bench.source.client()
    bench.source.chunk(client, b"a" * 60_000)
    bench.arrive()
    bench.panel.tools.finder.set_ways(Settings(find_regex=True))
    find_field(bench).setText("(?:a{1,100}){1,100}[bc]")
    bench.view.grab()  # the marks give up too
    bench.panel.finder.find_next()
    wait_until(lambda: not bench.panel.finder.is_busy)
    said = [label.text() for label in bench.view.findChildren(QLabel) if label.isVisible()]
    assert any("请简化它" in words for words in said)


def test_a_match_split_between_chunks_is_found(bench: LogBench) -> None:
    client = bench.source.client()
    data = "余额不足".encode("gbk")
    ids = [bench.source.chunk(client, data[at : at + 1]) for at in range(len(data))]
    bench.arrive()
    bench.view.selection.select(ids[-1])
    find_field(bench).setText("额不")
    bench.panel.finder.find_next()
    wait_until(lambda: bench.view.selection.current == ids[2])


def test_finding_what_was_cleared_shows_it_again(bench: LogBench) -> None:
    bench.fill(5)
    bench.panel.clear_view()
    find_field(bench).setText("第 3")
    bench.panel.finder.find_next()
    wait_until(lambda: bench.view.selection.current == 4)
    assert not bench.rows.is_cleared


def test_exports_what_is_shown_and_says_so(bench: LogBench, tmp_path: Path) -> None:
    two_clients(bench)
    bench.panel.show_only([bench.ref(2)])
    wait_until(lambda: bench.rows.count == 1)
    path = tmp_path / "out.txt"
    bench.panel.output.export_to(path)
    wait_until(lambda: bench.panel._notice.text == "已导出 1 条到 out.txt")
    assert path.read_text(encoding="utf-8").endswith("from two\n")


def test_a_failed_export_says_why(bench: LogBench, tmp_path: Path) -> None:
    bench.fill(1)
    bench.panel.output.export_to(tmp_path / "nowhere" / "out.txt")
    wait_until(lambda: bench.panel._notice.text.startswith("无法写入 out.txt"))
    assert bench.panel._notice.isVisible()


def test_shows_another_journal_and_lets_it_go(bench: LogBench, tmp_path: Path) -> None:
    bench.fill(3, "live {}")
    path = tmp_path / "old.db"
    old = LogSource(path)
    client = old.client()
    old.chunk(client, b"old")
    old.close()
    reader = Reader(path)
    bench.panel.set_paused(True)
    bench.panel.set_source(reader, lambda _: "gbk", lambda _: None)
    assert not bench.rows.is_paused
    bench.shows("old")
    bench.panel.show_only([bench.ref(client)])
    wait_until(lambda: bench.rows.count == 1)
    bench.panel.set_source(None, lambda _: "gbk", lambda _: None)
    reader.close()
    assert bench.seen() == []
    bench.panel.tools.clients.show_everyone()
    bench.panel.set_source(bench.source.reader, bench.source.encoding_of, lambda _: None)
    bench.shows("live 2")


def test_a_journal_that_cannot_be_read_is_said_to_be_so(bench: LogBench) -> None:
    bench.fill(3_000)
    bench.source.stored()
    bench.source.reader.close()
    bench.view.verticalScrollBar().setValue(0)
    wait_until(lambda: bench.panel._notice.text.startswith("无法读取日志文件"))
    assert bench.seen() == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_word_is_there_in_both_languages(bench: LogBench, language: str) -> None:
    two_clients(bench)
    set_language(language)
    for widget in [bench.panel, *bench.panel.findChildren(QWidget)]:
        QApplication.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))
    pause = "暂停" if language == "zh_CN" else "Pause"
    assert button(bench, pause).toolTip()
    for kind in (QToolButton, QComboBox, QLineEdit):
        for widget in bench.panel.tools.findChildren(kind):
            assert widget.accessibleName() or widget.text(), widget  # type: ignore[attr-defined]


def test_the_menu_offers_what_fits_the_row(bench: LogBench) -> None:
    two_clients(bench)
    from PySide6.QtWidgets import QMenu

    bench.view.selection.select(4)
    bench.panel._show_menu(bench.view.mapToGlobal(bench.view.rect().center()))
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    menu = bench.panel.findChildren(QMenu, options=direct)[-1]
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts == [
        "复制",
        "只复制内容",
        "复制为 HEX",
        "全选",
        "只显示此客户端",
        "用此行建立规则…",
        "再次发送此行",
        "编辑后发送…",
        "添加或移除书签",
        "给这一行写备注…",
        "类似的行",
        "查看详情",
        "接收到文件…",
    ]
    only = next(action for action in menu.actions() if action.text() == "只显示此客户端")
    only.trigger()
    menu.close()
    wait_until(lambda: bench.seen() == ["from two"])


def test_a_row_that_filled_the_receive_size_says_so_where_it_is_seen(bench: LogBench) -> None:
    source = bench.source
    bench.panel.set_source(source.reader, source.encoding_of, source.names.get, lambda: 1024)
    client = source.client()
    first_id = source.chunk(client, b"x" * 1024)
    source.chunk(client, b"x" * 436)
    bench.panel.rows.entries_arrived(source.journal.last_id)
    first, second = bench.panel.rows.rows(bench.panel.rows.count - 2, 2)
    assert (size_label(first), size_label(second)) == ("1024 B…", "436 B")
    bench.panel.show_detail(first_id)
    wait_until(lambda: tr("log.detail_filled") in bench.panel.detail_dock.facts)
