"""The checksum that is appended: chosen, previewed, kept, calculated, found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from app.frames.seals import read_seal
from app.settings import Settings, changed
from app.text.compose import ComposeOptions, LineEnding, compose
from app.ui.composer import ComposerPanel
from app.ui.composer.checksum_dialog import ChecksumDialog
from app.ui.composer.history import Draft

MODBUS = "crc16-modbus(0,-1) L @end"


def test_it_stands_before_the_line_ending() -> None:
    options = ComposeOptions("gbk", line_ending=LineEnding.CRLF, seal=read_seal("xor8 HEX"))
    assert compose("GP", options) == b"GP17\r\n"
    options = ComposeOptions("gbk", "hex", line_ending=LineEnding.CRLF, seal=read_seal(MODBUS))
    assert compose("010300000002", options) == bytes.fromhex("010300000002C40B")


def test_the_history_keeps_it() -> None:
    draft = Draft("x", ComposeOptions("", seal=read_seal(MODBUS)))
    assert Draft.from_line(draft.to_line()) == draft
    assert Draft.from_line('{"text": "x", "checksum": "of a later version"}').options.seal is None


@pytest.fixture
def panel(qtbot: object, tmp_path: Path) -> Iterator[ComposerPanel]:
    settings = changed(Settings(), compose_mode="hex")
    made = ComposerPanel(tmp_path / "history.jsonl", settings)
    made.resize(1500, 200)
    made.show()
    yield made
    made.shut_down()
    made.close()
    made.deleteLater()


def test_one_is_chosen_previewed_and_remembered(
    panel: ComposerPanel, qtbot: pytest.FixtureRequest
) -> None:
    kept: list[tuple[str, object]] = []
    panel.setting_changed.connect(lambda name, value: kept.append((name, value)))
    picker = panel.bar.checksum
    assert not picker.isVisible()  # what is not used is not seen
    picker.open_dialog()
    dialog = panel.findChild(ChecksumDialog)
    assert dialog is not None
    dialog.line.setText("crc16-modbus L")
    dialog._ok.click()
    qtbot.waitUntil(picker.isVisible)  # type: ignore[attr-defined]
    assert kept == [("compose_checksum", MODBUS)]
    panel.editor.replace_text("01 03 00 00 00 02")
    qtbot.waitUntil(lambda: "C4 0B" in panel._size_words)  # type: ignore[attr-defined]
    assert "8" in panel._size_words
    picker.setCurrentIndex(0)
    picker.activated.emit(0)
    assert kept[-1] == ("compose_checksum", "")
    assert not picker.isVisible()


def test_one_that_is_kept_is_shown_again(tmp_path: Path, qtbot: object) -> None:
    odd = "crc16-modbus(2,-1) B @-1"
    panel = ComposerPanel(tmp_path / "h", changed(Settings(), compose_checksum=odd))
    assert panel.bar.checksum.currentData() == odd
    assert panel.bar.options.seal == read_seal(odd)
    panel.shut_down()
    panel.deleteLater()


def test_the_dialog_calculates_finds_and_takes(qtbot: pytest.FixtureRequest) -> None:
    parent = QWidget()
    dialog = ChecksumDialog("", bytes.fromhex("010300000002C40B"), parent)
    dialog.show()
    taken: list[str] = []
    dialog.taken.connect(taken.append)
    qtbot.waitUntil(lambda: dialog.found.count() > 0)  # type: ignore[attr-defined]
    assert dialog.found.item(0).text() == MODBUS
    dialog.found.itemActivated.emit(dialog.found.item(0))
    assert dialog.line.text() == MODBUS
    dialog.bytes.setPlainText("01 03 00 00 00 02")
    assert dialog.value.text() == "C4 0B"
    dialog.line.setText("crc99")
    assert dialog.error.isVisible()
    assert not dialog._ok.isEnabled()
    dialog.line.setText(MODBUS)
    dialog._ok.click()
    assert taken == [MODBUS]
    parent.deleteLater()
