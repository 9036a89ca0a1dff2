"""The rules' window, used as a person uses it: table, form, bench, undo, files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.net.answers import Answered
from app.reply.book import BenchClient, RuleBook, built_in_kit
from app.reply.rules import Rule, read_rules, rule_of
from app.ui.rules.dialog import RulesDialog


class Desk:
    """A dialog, what it told last, and the book that is at work."""

    def __init__(self, parent: QWidget) -> None:
        self.told: list[str] = []
        self.live: RuleBook | None = None
        self.dialog = RulesDialog(lambda: self.live, parent, built_in_kit)
        self.dialog.changed.connect(self._on_changed)
        self.dialog.show_rules("", "none", "gbk")
        self.dialog.show()

    def _on_changed(self, text: str) -> None:
        self.told.append(text)
        self.live = RuleBook(read_rules(text), built_in_kit, self.live, strict=False)

    @property
    def rules(self) -> tuple[Rule, ...]:
        return read_rules(self.told[-1]).rules

    def click(self, tool: str) -> None:
        self.dialog.tools.actions_by_name[tool].trigger()

    def cell(self, row: int, column: int) -> str:
        return str(self.dialog.table.index(row, column).data())


@pytest.fixture
def desk(qtbot: object) -> Iterator[Desk]:
    parent = QWidget()
    made = Desk(parent)
    yield made
    made.dialog.close()
    parent.deleteLater()


def typed(widget: QWidget, text: str) -> None:
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(widget, text)


def test_a_rule_is_added_typed_and_at_work(desk: Desk, qtbot: object) -> None:
    desk.click("add")
    form = desk.dialog.form
    typed(form.name, "ping")
    form.match.setCurrentIndex(form.match.findData("text"))
    form.match.activated.emit(0)
    assert form.pattern.isVisible()
    typed(form.pattern, "PING")
    typed(form.answers, "PONG {count}")
    form.flush()
    assert desk.rules == (Rule("ping", match="text", pattern="PING", answers=("PONG {count}",)),)
    assert desk.live is not None
    client: Answered = BenchClient()
    (answer,) = desk.live.open(client).feed(b"PING")
    assert answer.data == b"PONG 1"  # type: ignore[union-attr]
    desk.dialog._show_state()
    assert desk.cell(0, 4) == "1"
    desk.click("reset")
    assert desk.cell(0, 4) == "0"


def test_what_is_wrong_is_said_and_the_others_work(desk: Desk) -> None:
    desk.click("add")
    desk.click("add")
    form = desk.dialog.form
    typed(form.answers, "{nope}")
    form.flush()
    assert "{nope}" in form.error.text()
    assert desk.cell(1, 0).startswith("⚠")
    assert desk.live is not None
    assert [a.data for a in desk.live.open(BenchClient()).feed(b"x")] == [b"OK"]
    typed(form.answers, "fine")
    form.flush()
    assert not form.error.isVisible()


def test_a_name_is_neither_empty_nor_taken(desk: Desk) -> None:
    desk.click("add")
    desk.click("add")
    form = desk.dialog.form
    names = [rule.name for rule in desk.rules]
    assert len(set(names)) == 2
    for name in (names[0], ""):
        form.name.setText(name)
        form.flush()
        assert form.error.text()
        assert [rule.name for rule in desk.rules] == names


def test_undo_and_redo_and_order(desk: Desk) -> None:
    for name in ("a", "b", "c"):
        desk.dialog.add(Rule(name, answers=("x",)))
    desk.click("up")
    assert [r.name for r in desk.rules] == ["a", "c", "b"]
    desk.click("remove")
    assert [r.name for r in desk.rules] == ["a", "b"]
    desk.click("undo")
    desk.click("undo")
    assert [r.name for r in desk.rules] == ["a", "b", "c"]
    desk.click("redo")
    assert [r.name for r in desk.rules] == ["a", "c", "b"]
    desk.click("copy")
    assert len({r.name for r in desk.rules}) == 4
    for _ in range(20):
        desk.click("undo")
    assert desk.rules == ()
    assert not desk.dialog.tools.actions_by_name["undo"].isEnabled()


def test_a_rule_is_switched_by_its_box(desk: Desk) -> None:
    desk.click("add")
    desk.dialog.table.setData(
        desk.dialog.table.index(0, 0), Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole
    )
    assert [rule.on for rule in desk.rules] == [False]


def test_the_bench_says_what_would_be_answered(desk: Desk, qtbot: pytest.FixtureRequest) -> None:
    desk.dialog.add(rule_of(b"\x01\x03\xff", "\x01\x03\udcff"), b"\x01\x03\xff")
    form, bench = desk.dialog.form, desk.dialog.bench
    assert bench.line.text() == "01 03 FF"
    typed(form.answers, "06")
    form.flush()
    qtbot.waitUntil(lambda: "→ 06" in bench.result.toPlainText())  # type: ignore[attr-defined]
    typed(bench.line, "02")
    qtbot.waitUntil(lambda: "06" not in bench.result.toPlainText())  # type: ignore[attr-defined]
    assert bench.result.toPlainText()
    typed(bench.line, "zz")
    bench.try_now()
    assert bench.error.isVisible()


def test_a_hostile_pattern_does_not_stop_the_window(
    desk: Desk, qtbot: pytest.FixtureRequest
) -> None:
    desk.dialog.add(Rule("bad", match="regex", pattern="^(?:a|aa)+$", answers=("x",)))
    desk.dialog.bench.line.setText("a" * 100 + "!")
    desk.dialog.bench.try_now()
    bench = desk.dialog.bench
    qtbot.waitUntil(lambda: "bad" in bench.result.toPlainText())  # type: ignore[attr-defined]


def test_rules_go_out_to_a_file_and_come_back_switched_off(desk: Desk, tmp_path: Path) -> None:
    desk.dialog.add(Rule("好", answers=("x",)))
    path = tmp_path / "rules.json"
    desk.dialog.export_to(path)
    assert json.loads(path.read_text("utf-8"))["rules"][0]["name"] == "好"
    desk.click("remove")
    desk.dialog.import_from(path)
    assert [(r.name, r.on) for r in desk.rules] == [("好", False)]
    path.write_text("{")
    desk.dialog.import_from(path)
    assert desk.dialog.error.isVisible()
    assert [r.name for r in desk.rules] == ["好"]
    desk.dialog.export_to(tmp_path / "none" / "rules.json")
    assert desk.dialog.error.isVisible()


def test_a_rule_of_text_is_text_and_of_bytes_hex() -> None:
    assert rule_of(b"AT+CSQ\r\n", "AT+CSQ\r\n").pattern == "AT+CSQ"
    made = rule_of(b"\x01\x03", "\x01\x03")
    assert (made.match, made.pattern, made.mode) == ("hex", "01 03", "hex")


def test_rules_are_added_switched_and_taken_back_all_at_once(desk: Desk) -> None:
    desk.dialog.add(Rule("a", answers=("x",)))
    desk.dialog.add_all([Rule(name, on=False, answers=("x",)) for name in ("a", "b", "c")])
    assert [(r.name, r.on) for r in desk.rules] == [
        ("a", True), ("a 2", False), ("b", False), ("c", False)
    ]  # fmt: skip
    desk.click("switch")
    assert all(rule.on for rule in desk.rules)
    desk.click("switch")
    assert [rule.on for rule in desk.rules] == [True, False, False, False]
    desk.click("undo")
    desk.click("undo")
    desk.click("undo")
    assert [r.name for r in desk.rules] == ["a"]


def test_the_guard_is_a_field_that_can_be_taken_back(desk: Desk) -> None:
    desk.dialog.add(Rule("a", answers=("x",)))
    guard = desk.dialog.of_all.guard
    assert guard.text() == "100"
    guard.setText("7")
    guard.editingFinished.emit()
    assert read_rules(desk.told[-1]).guard_per_s == 7
    desk.click("undo")
    assert guard.text() == "100"
    guard.setText("")
    desk.dialog.done(0)  # what is typed holds; nothing typed is as usual
    assert read_rules(desk.told[-1]).guard_per_s == 100
