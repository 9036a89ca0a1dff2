"""Chunks or frames in the log's panel."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from app.frames.shelf import KitShelf
from app.journal.client_servers import ClientServers
from app.models.log_gather import CopyForm
from app.paths import resource
from app.ui.log.framing_dialog import FramingDialog
from tests.support.wait import wait_until
from tests.ui.log.conftest import LogBench

JT808 = bytes.fromhex("7e000200000200000000150003167e")


def give_kits(bench: LogBench, tmp_path: Path) -> None:
    framings = bench.panel.framing.framings
    framings.set_kits(lambda: KitShelf(resource("kits"), tmp_path / "kits"))


def test_without_a_framing_the_log_is_as_ever(bench: LogBench) -> None:
    bench.fill(3)
    assert bench.panel.tools.units.isHidden()
    assert bench.panel.tools.framing.isHidden()
    assert bench.panel.why_not()["frames"]


def test_frames_stand_in_the_rows_and_chunks_come_back(bench: LogBench) -> None:
    client = bench.source.client()
    bench.source.chunk(client, b"one\r\nt")
    bench.source.chunk(client, b"wo\r\nthree")
    bench.arrive()
    bench.panel.framing.framings.set_default("delimiter:0D0A")
    bench.shows("two\r\n")
    assert not bench.panel.tools.units.isHidden()
    assert bench.seen() == ["one\r\n", "two\r\n", "three"]
    bench.panel.view.show_entry(bench.rows.id_at(1))
    bench.panel.framing.show_frames(False)
    bench.shows("wo\r\nthree")
    current = bench.view.selection.current
    assert current is not None
    assert bench.rows.row(current).text == "wo\r\nthree"  # type: ignore[union-attr]
    bench.panel.framing.show_frames(True)
    bench.shows("two\r\n")
    wait_until(lambda: bench.view.selection.current in (bench.rows.id_at(1), bench.rows.id_at(2)))


def test_frames_arrive_while_the_log_follows_and_a_pause_holds_them(bench: LogBench) -> None:
    client = bench.source.client()
    bench.panel.framing.framings.set_default("fixed:4")
    for number in range(40):
        bench.source.chunk(client, b"%06d" % number)
        bench.arrive()
    bench.shows("0039")
    bench.panel.set_paused(True)
    bench.source.chunk(client, b"WXYZ")
    bench.arrive()
    wait_until(lambda: bench.rows.waiting_count == 1)
    assert "WXYZ" not in bench.seen()
    bench.panel.set_paused(False)
    bench.shows("WXYZ")


def test_finding_copying_and_exporting_work_on_frames(
    bench: LogBench, tmp_path: Path, qtbot: QtBot
) -> None:
    give_kits(bench, tmp_path)
    client = bench.source.client()
    bench.source.chunk(client, JT808[:5])
    bench.source.chunk(client, JT808[5:] + JT808 + b"??")
    bench.source.chunk(client, JT808)
    bench.arrive()
    bench.panel.framing.framings.set_default("kit:jt808")
    bench.shows("??")
    wait_until(lambda: any("终端心跳" in text for text in bench.seen()))
    finder = bench.panel.tools.finder
    finder._field.setText("心跳")
    for row in (0, 1, 3, 0):
        bench.panel.finder.find_next()
        wait_until(lambda row=row: bench.view.selection.current == bench.rows.id_at(row))
    bench.panel.finder.find_previous()
    wait_until(lambda: bench.view.selection.current == bench.rows.id_at(3))
    QGuiApplication.clipboard().clear()
    bench.view.select_all()
    bench.panel.copy(CopyForm.HEX)
    wait_until(lambda: QGuiApplication.clipboard().text().count("7E 00 02") == 3)
    bench.panel.output.export_to(tmp_path / "out.txt")
    wait_until((tmp_path / "out.txt").exists)
    lines = (tmp_path / "out.txt").read_text("utf-8").splitlines()
    said = [line.partition(" B ")[2][:4] for line in lines]
    assert said == ["终端心跳", "终端心跳", "［帧外数", "终端心跳"]


@pytest.mark.parametrize(
    ("spec", "told"),
    [("fixed:4", "3"), ("length:offset=0,size=1", "4"), ("delimiter:0A", "0"), ("kit:jt808", "0")],
)
def test_the_dialog_shows_what_a_framing_makes_of_real_bytes(
    bench: LogBench, tmp_path: Path, qtbot: QtBot, spec: str, told: str
) -> None:
    give_kits(bench, tmp_path)
    client = bench.source.client()
    bench.source.chunk(client, b"\x02ab\x02cd\x02ef\x03ghi")
    bench.arrive()
    framing = bench.panel.framing
    dialog = FramingDialog(framing.framings, client, framing._sample(client))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.form.show_spec(spec)
    assert f"：{told} 帧" in dialog._outcome.text()
    dialog.ruler.grab()
    dialog.accept()
    assert framing.framings.default.startswith(spec.partition(",")[0])


def test_a_framing_that_is_written_wrongly_is_not_taken(
    bench: LogBench, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = FramingDialog(bench.panel.framing.framings, 0, ())
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.form.show_spec("delimiter:0A")
    field = dialog.form._fields["marks"]
    field.setText("0")  # type: ignore[union-attr]
    ok = dialog._buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not ok.isEnabled()
    assert "0" in dialog._error.text()
    field.setText("0a")  # type: ignore[union-attr]
    assert ok.isEnabled()
    QApplication.processEvents()


def test_a_protocol_is_suggested_once_and_one_click_takes_it(
    bench: LogBench, tmp_path: Path
) -> None:
    give_kits(bench, tmp_path)
    framing = bench.panel.framing
    client = bench.source.client()
    bench.source.chunk(client, JT808 * 3)
    bench.arrive()
    said: list[str] = []
    framing.guessed.connect(
        lambda client, kit: (said.append(kit.id), framing.take_guess(client, kit))
    )
    framing.judge(bench.ref(client), b"hello world, nothing to see\r\n")
    wait_until(lambda: not (framing._preparing.is_busy or framing._guessing.is_busy))
    assert said == []
    framing.judge(bench.ref(client), JT808 * 3)
    wait_until(lambda: said == ["jt808"])
    wait_until(lambda: bench.rows.count == 3)
    framing.judge(bench.ref(client), JT808 * 3)
    assert not framing._guessing.is_busy  # the user has said it


def test_each_server_has_its_own_framing(bench: LogBench) -> None:
    framings = bench.panel.framing.framings
    servers = ClientServers()
    framings.set_clients(servers)
    lines, plain, blocks = (bench.source.client() for _ in range(3))
    for client, server_id in ((lines, 1), (plain, 2), (blocks, 3)):
        servers.note(client, server_id)
    framings.set_servers({1: "delimiter:0D0A", 2: "none", 3: "fixed:2"}, 2)
    for client in (lines, plain, blocks):
        bench.source.chunk(client, b"a\r\nb\r\n")
    bench.arrive()
    bench.shows("a\r\nb\r\n")
    wait_until(lambda: not bench.rows.is_filling)
    assert bench.seen() == ["a\r\n", "b\r\n", "a\r\nb\r\n", "a\r", "\nb", "\r\n"]
    framings.set_own([blocks], "none")
    wait_until(lambda: bench.seen().count("a\r\nb\r\n") == 2)
    framings.set_own([blocks], None)
    wait_until(lambda: bench.seen()[-1:] == ["\r\n"])


def test_an_absurd_length_says_what_it_spells(
    bench: LogBench, tmp_path: Path, qtbot: QtBot
) -> None:
    client, shy = bench.source.client(), bench.source.client()
    bench.source.chunk(client, b"GET / HTTP/1.1\r\n\r\n")
    bench.source.chunk(shy, bytes.fromhex("16030100c8010000c4"))
    bench.arrive()
    framing = bench.panel.framing
    framing.framings.set_default("length:offset=0,size=4")
    framing.framings.set_own([shy], "length:offset=0,size=2")
    wait_until(lambda: bench.rows.count == 3 and not bench.rows.is_filling)
    junk, _, held = bench.rows.rows(0, 3)
    assert "1,195,725,856" in junk.wrong
    assert "“GET ”" in junk.wrong
    assert "HTTP" in junk.wrong
    assert "TLS" in held.wrong
    assert held.waiting_bytes
    detail = bench.panel.detail_dock
    detail.show()
    detail.show_entry(junk.id)
    assert junk.wrong in detail.facts
    dialog = FramingDialog(framing.framings, client, framing._sample(client))
    qtbot.addWidget(dialog)
    dialog.show()
    assert junk.wrong in dialog._outcome.text()
    bench.panel.output.export_to(tmp_path / "out.txt")
    wait_until((tmp_path / "out.txt").exists)
    assert f"✗ {junk.wrong}" in (tmp_path / "out.txt").read_text("utf-8")


def test_the_framing_says_how_far_it_has_come(bench: LogBench) -> None:
    client = bench.source.client()
    for number in range(6_000):
        bench.source.chunk(client, b"%06d" % number)
    bench.arrive()
    tools, said = bench.panel.tools, set[str]()
    bench.rows.fill_progressed.connect(lambda *_: said.add(tools.framing.text()))
    bench.panel.framing.framings.set_default("fixed:4")
    name = tools.framing.text()
    wait_until(lambda: said)
    assert all(text.startswith(name) and text.endswith(" %") for text in said)
    wait_until(lambda: not bench.rows.is_filling)
    assert tools.framing.text() == name
