"""Filters and colours as they are made and edited in the window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from app.models.row_filter import HUES, RowFilter, read_filters, write_filters
from app.ui.log.filters import like
from app.ui.log.menu import make_menu
from app.ui.theme import theme
from app.ui.theme.tokens import ROW_TOKENS
from app.wording import tr
from tests.support.wait import wait_until
from tests.ui.log.conftest import LogBench

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def three_rows(bench: LogBench) -> None:
    client = bench.source.client()
    for data in (b"alpha", b"beta", b"alpha 2"):
        bench.source.chunk(client, data)
    bench.arrive()
    bench.shows("alpha 2")


def menu_of(bench: LogBench, text: str) -> QMenu:
    row = next(row for row in bench.view.visible_rows if row.text == text)
    bench.view.show_entry(row.id)
    return make_menu(bench.panel, bench.panel._commands)


def press(menu: QMenu, *keys: str) -> None:
    """Choose an entry, in a submenu perhaps."""
    for key in keys[:-1]:
        found = next(a for a in menu.actions() if a.text() == tr(key)).menu()
        assert isinstance(found, QMenu)
        menu = found
    next(action for action in menu.actions() if action.text() == tr(keys[-1])).trigger()


def painted(bench: LogBench, row: int) -> str:
    """The colour behind a row, at its right end."""
    view = bench.view.viewport()
    height = bench.view._metrics.row_height
    image = view.grab().toImage()
    scale = image.devicePixelRatio()
    y = round((row * height + height / 2) * scale)
    return image.pixelColor(image.width() - round(20 * scale), y).name()


def test_rows_like_one_are_coloured_hidden_and_shown_alone(bench: LogBench) -> None:
    three_rows(bench)
    told: list[str] = []
    bench.panel.filters.chosen.connect(told.append)
    press(menu_of(bench, "alpha"), "filters.like", "filters.like_red")
    bench.view.clear_selection()
    red, plain = theme().colour("row_red").name(), theme().colour("surface").name()
    wait_until(lambda: [painted(bench, row) for row in range(3)] == [red, plain, red])
    assert read_filters(told[-1]) == (RowFilter(pattern="alpha", hue="red"),)
    press(menu_of(bench, "beta"), "filters.like", "filters.like_hide")
    wait_until(lambda: bench.seen() == ["alpha", "alpha 2"])
    press(menu_of(bench, "alpha 2"), "filters.like", "filters.like_only")
    assert read_filters(told[-1])[-1] == RowFilter(pattern="alpha", deed="only")
    assert bench.panel._commands["filters"].isChecked()
    assert bench.panel.tools._filters is not None
    assert "3" in bench.panel.tools._filters.iconText()


def test_the_list_is_edited_by_keys_and_undone(bench: LogBench) -> None:
    three_rows(bench)
    bench.panel._commands["filters"].trigger()
    dialog = bench.panel.filters.open()
    QTest.qWaitForWindowExposed(dialog)
    assert not dialog.view.nothing.isHidden()
    QTest.keyClick(dialog, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(dialog.form.pattern, "alpha")
    dialog.form.deed.setCurrentIndex(dialog.form.deed.findData("hide"))
    dialog.form.deed.activated.emit(1)
    wait_until(lambda: bench.seen() == ["beta"])
    first = dialog.table.index(0, 0)
    dialog.table.setData(first, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    wait_until(lambda: len(bench.seen()) == 3)
    dialog.tools.actions_by_name["undo"].trigger()
    wait_until(lambda: bench.seen() == ["beta"])
    dialog.tools.actions_by_name["remove"].trigger()
    wait_until(lambda: len(bench.seen()) == 3)
    dialog.tools.actions_by_name["undo"].trigger()
    wait_until(lambda: bench.seen() == ["beta"])
    assert not dialog.form.hue.isVisible()


def test_a_pattern_with_a_fault_is_told_at_its_field(bench: LogBench) -> None:
    three_rows(bench)
    bad = RowFilter("hex", "7E 0", deed="only")
    bench.panel.filters.set_filters(write_filters([bad]))
    dialog = bench.panel.filters.open()
    QTest.qWaitForWindowExposed(dialog)
    assert "0" in dialog.form.error.text()
    assert not dialog.form.error.isHidden()
    assert dialog.table.data(dialog.table.index(0, 0)).startswith("⚠")


def test_filters_of_the_settings_hold_and_another_change_is_followed(bench: LogBench) -> None:
    three_rows(bench)
    hide = RowFilter(pattern="beta", deed="hide")
    bench.panel.filters.set_filters(write_filters([hide]))
    wait_until(lambda: bench.seen() == ["alpha", "alpha 2"])
    dialog = bench.panel.filters.open()
    assert dialog.table.filters == (hide,)
    bench.panel.filters.set_filters(write_filters([replace(hide, on=False)]))
    assert dialog.table.filters == (replace(hide, on=False),)
    wait_until(lambda: len(bench.seen()) == 3)


def test_where_text_says_little_the_bytes_are_meant(bench: LogBench) -> None:
    client = bench.source.client()
    bench.source.chunk(client, bytes(range(1, 40)))
    bench.source.chunk(client, b"line one\r\nline two")
    bench.arrive()
    bench.shows("line one\r\nline two")
    one, two = bench.view.visible_rows
    assert like(one, "hide", "red").match == "hex"
    assert like(two, "hide", "red") == RowFilter("text", "line one", deed="hide", hue="red")


def test_every_colour_has_its_token() -> None:
    assert tuple(f"row_{hue}" for hue in HUES) == ROW_TOKENS
