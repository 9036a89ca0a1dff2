"""The detail of one entry."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.frames.shelf import KitShelf
from app.journal.entry import Kind
from app.paths import resource
from app.ui.log.detail_text import PART_BYTES
from app.ui.log.hex_dump import HexDump
from app.ui.theme import theme
from tests.support.wait import wait_until
from tests.ui.log.conftest import LogBench

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def copied(bench: LogBench, button_text: str) -> str:
    buttons = bench.panel.detail_dock.findChildren(QPushButton)
    QTest.mouseClick(next(b for b in buttons if b.text() == button_text), Qt.MouseButton.LeftButton)
    return QApplication.clipboard().text()


def test_shows_text_dump_and_every_encoding(bench: LogBench) -> None:
    client = bench.source.client()
    entry_id = bench.source.chunk(client, "你好\r\n\x00".encode("gbk"))
    bench.arrive()
    dock = bench.panel.detail_dock
    bench.panel.show_detail(entry_id)
    assert dock.isVisible()
    assert dock.chunk.text == "你好\\r\\n\n\\0"
    assert dock.chunk.dump.startswith("0000  C4 E3 BA C3")
    assert "收自 #1 192.168.1.7:64570" in dock.facts
    assert "7 字节 · 流中位置 0–7" in dock.facts
    readings = dock.chunk._readings
    assert readings.topLevelItemCount() == 10
    assert readings.currentItem().text(0) == "GBK"
    utf8 = readings.findItems("UTF-8", Qt.MatchFlag.MatchExactly)[0]
    assert utf8.text(1) == "4"
    readings.setCurrentItem(utf8)
    assert dock.chunk.text.startswith(r"\xC4\xE3\xBA\xC3")
    assert copied(bench, "复制 HEX") == "C4 E3 BA C3 0D 0A 00"
    readings.setCurrentItem(readings.findItems("GBK", Qt.MatchFlag.MatchExactly)[0])
    assert copied(bench, "复制文本") == "你好\r\n\\0"


def test_a_split_character_is_whole_and_explained(bench: LogBench) -> None:
    client = bench.source.client()
    data = "你好".encode("gbk")
    first, second = bench.source.chunk(client, data[:3]), bench.source.chunk(client, data[3:])
    third = bench.source.chunk(client, data[:1])
    bench.arrive()
    dock = bench.panel.detail_dock
    dock.show_entry(first)
    assert dock.chunk.text == "你"
    dock.show_entry(second)
    assert dock.chunk.text == "好"
    assert "补全" in dock.facts
    dock.show_entry(third)
    assert "还差 1 字节" in dock.facts


def test_a_large_chunk_is_shown_in_parts(bench: LogBench) -> None:
    client = bench.source.client()
    data = ("交易正在处理" * 100_000).encode("gbk")
    entry_id = bench.source.chunk(client, data)
    bench.arrive()
    bench.panel.show_detail(entry_id)
    chunk = bench.panel.detail_dock.chunk
    whole = ""
    for index in range(-(-len(data) // PART_BYTES)):
        assert chunk.index == index
        assert len(chunk.text) <= PART_BYTES
        whole += chunk.text
        QTest.mouseClick(chunk._next, Qt.MouseButton.LeftButton)
    assert whole.encode("gbk") == data
    assert not chunk._next.isEnabled()
    assert len(copied(bench, "复制文本")) == 600_000


def test_follows_the_current_row_while_it_is_open(bench: LogBench) -> None:
    bench.fill(5)
    dock = bench.panel.detail_dock
    bench.view.show_entry(2)
    assert dock.entry_id is None
    bench.panel.show_detail(2)
    bench.view.setFocus()
    QTest.keyClick(bench.view, Qt.Key.Key_Down)
    assert dock.entry_id == 3
    assert dock.chunk.text == "第 2 条"


def test_another_encoding_is_seen_at_once(bench: LogBench) -> None:
    client = bench.source.client()
    entry_id = bench.source.chunk(client, "你好".encode())
    bench.arrive()
    bench.panel.show_detail(entry_id)
    bench.source.encodings[client] = "utf-8"
    bench.panel.forget([bench.ref(client)])
    assert bench.panel.detail_dock.chunk.text == "你好"


def test_an_event_has_its_sentence(bench: LogBench) -> None:
    client = bench.source.client()
    entry_id = bench.source.event(client, Kind.OFFLINE, reason="fin", unsent_bytes=3)
    bench.arrive()
    dock = bench.panel.detail_dock
    bench.panel.show_detail(entry_id)
    assert "下线" in dock._event.text()
    assert not dock.chunk.isVisible()
    bench.panel.set_source(None, lambda _: "gbk", lambda _: None)
    assert "双击" in dock._hint.text()


def test_the_dump_is_as_wide_as_fits(bench: LogBench) -> None:
    client = bench.source.client()
    entry_id = bench.source.chunk(client, bytes(64))
    bench.arrive()
    dock = bench.panel.detail_dock
    dock.setFloating(True)
    bench.panel.show_detail(entry_id)
    for width, lines in ((1000, 4), (420, 8)):
        dock.resize(width, 700)
        wait_until(lambda lines=lines: len(dock.chunk.dump.splitlines()) == lines)


def test_the_dump_fits_larger_type_too_and_never_flaps_at_its_scroll_bar(bench: LogBench) -> None:
    client = bench.source.client()
    entry_id = bench.source.chunk(client, bytes(4_000))
    bench.arrive()
    dock = bench.panel.detail_dock
    dock.setFloating(True)
    bench.panel.show_detail(entry_id)
    dock.resize(1000, 700)
    bytes_in_a_line = 16
    wait_until(lambda: len(dock.chunk.dump.splitlines()) == 4_000 // bytes_in_a_line)
    try:
        theme().set_type_percent(250)
        wait_until(lambda: len(dock.chunk.dump.splitlines()) >= 2 * 4_000 // bytes_in_a_line)
    finally:
        theme().set_type_percent(100)
    wait_until(lambda: len(dock.chunk.dump.splitlines()) == 4_000 // bytes_in_a_line)
    for width in range(900, 960, 3):
        dock.resize(width, 700)
        QApplication.processEvents()
        assert not dock.chunk._dump.horizontalScrollBar().isVisible()


def test_a_frame_tells_its_fields_and_its_bytes_tell_theirs(
    bench: LogBench, tmp_path: Path
) -> None:
    framings = bench.panel.framing.framings
    framings.set_kits(lambda: KitShelf(resource("kits"), tmp_path / "kits"))
    client = bench.source.client()
    bench.source.chunk(client, bytes.fromhex("7e000200000200"))
    bench.source.chunk(client, bytes.fromhex("000000150003177e"))
    bench.arrive()
    framings.set_default("kit:jt808")
    wait_until(lambda: bench.rows.count == 1 and not bench.rows.is_filling)
    bench.panel.show_detail(bench.rows.id_at(0))
    pane = bench.panel.detail_dock.frame
    wait_until(lambda: pane.tree.topLevelItemCount() > 3)
    shown = {item.text(0): item.text(1) for item in pane.tree._items()}
    assert shown["流水号"] == "3"
    assert "16" in shown["校验码"]  # what would be right
    pane.dump.marked.emit(11, 12)
    assert pane.tree.current is not None
    assert pane.tree.current.name == "流水号"
    assert pane.dump._mark == (11, 13)
    assert bench.panel.detail_dock.marked == b"\x00\x03"  # where a checksum is looked for
    values = {pane.senses.topLevelItem(at).text(1) for at in range(pane.senses.topLevelItemCount())}
    assert "3" in values
    pane.tree.copy()
    assert QGuiApplication.clipboard().text() == "3"
    pane.tree.column_wanted.emit("流水号", True)
    wait_until(lambda: bench.rows.rows(0, 1)[0].columns == ("3",))
    assert list(bench.view.header.names) == ["流水号"]
    assert bench.view.header.isVisible()
    bench.view.header.removed.emit("流水号")
    wait_until(lambda: bench.rows.rows(0, 1)[0].columns == ())
    assert not bench.view.header.isVisible()


def test_a_place_of_the_dump_is_a_byte_and_back(bench: LogBench) -> None:
    pane = HexDump()
    pane.show_bytes(bytes(range(200)))
    for byte in range(200):
        assert pane._byte_at(pane._position(byte)) == byte
        assert pane._byte_at(pane._position(byte) + 1) == byte
    pane.mark(5, 40)
    marked = "".join(mark.cursor.selectedText()[:2] for mark in pane.extraSelections())
    assert marked.startswith("05")
    pane.deleteLater()
