"""The rules of the selected server, beside the main window: every change is at work at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSize, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.models.rule_table import COLUMNS, RuleTable
from app.reply import FindKit
from app.reply.book import RuleBook, framing_of
from app.reply.rules import Rule, RuleFault, RuleSet, read_rules, write_rules
from app.ui.dialogs import fit_dialog
from app.ui.rules.bench import RuleBench
from app.ui.rules.files import ask_what_to_open, ask_where_to_save, rules_in, write_into
from app.ui.rules.form import RuleForm, Scrolled
from app.ui.rules.of_all import OfAll
from app.ui.rules.tools import TOOLS
from app.ui.theme import theme
from app.ui.widgets import FieldError
from app.ui.widgets.rows_view import RowsView
from app.ui.widgets.table_tools import TableTools
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.rules import rule_complaint, rule_fault_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from app.frames.framing import Framing


class RulesDialog(Worded, QDialog):
    """Table at the left, form and bench at the right. GUI thread."""

    changed = Signal(str)  # the rules as JSON

    def __init__(
        self, live_book: Callable[[], RuleBook | None], parent: QWidget, find_kit: FindKit
    ) -> None:
        """`live_book`: what the open server answers with now, if it does by rules."""
        super().__init__(parent)
        self._live_book, self._find_kit = live_book, find_kit
        self._framing, self._encoding = "none", "gbk"  # the server's
        self._book: RuleBook | None = None  # of what is shown
        self._told = ""  # what was told last
        self.table = RuleTable(self)
        self.table.changed.connect(self._on_changed)
        self.view = RowsView(self.table, COLUMNS.index("answer"))
        self.form = RuleForm()
        self.bench = RuleBench(lambda: self._book, self)
        self.of_all = OfAll()
        self.error = FieldError(self)
        self.tools = TableTools("rules", TOOLS, self, self.view)
        self.tools.used.connect(self._act)
        self._lay_out()
        self._connect()
        self._hits = QTimer(self, interval=500)
        self._hits.timeout.connect(self._show_state)
        self.dress()
        fit_dialog(self, QSize(1040, 620))

    # -- building ----------------------------------------------------------------------------

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        column = QVBoxLayout(left)
        column.addWidget(self.tools)
        column.addWidget(self.view, 1)
        column.addWidget(self.of_all)
        column.addWidget(self.error)
        beside = QVBoxLayout(right)
        beside.addWidget(Scrolled(self.form), 1)
        beside.addWidget(self.bench)
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        QHBoxLayout(self).addWidget(split)

    def _connect(self) -> None:
        selection = self.view.selectionModel()
        selection.currentRowChanged.connect(lambda: self._show_current())
        selection.selectionChanged.connect(lambda: self._show_tools())
        self.table.modelReset.connect(self._show_current)
        self.form.edited.connect(self._on_edited)
        self.of_all.edited.connect(self.table.edit)

    # -- the rules ---------------------------------------------------------------------------

    def show_rules(self, text: str, framing: str, encoding: str) -> None:
        """Show a server's rules, as its profile has them."""
        self._framing = framing
        self._encoding = encoding
        self.bench.set_encoding(encoding)
        if text == self._told and self._book is not None:
            return
        try:
            rules = read_rules(text) if text else RuleSet()
        except RuleFault as fault:
            rules = RuleSet()
            self.error.show_error(rule_fault_sentence(fault))
        self._told = text
        self.table.load(rules)
        self._compile()
        self._select(0)

    def add(self, rule: Rule, data: bytes = b"") -> None:
        """Add a rule, made of a row perhaps, whose bytes go to the bench."""
        self.form.flush()
        self._select(self.table.insert(len(self.table.rules.rules), rule))
        if data:
            self.bench.pick(data)
            self.form.answers.setFocus()
        else:
            self.form.name.setFocus()
            self.form.name.selectAll()

    def add_all(self, rules: Iterable[Rule]) -> None:
        """Add rules behind the others, and select them."""
        self.form.flush()
        rows = self.table.append(rules)
        if rows:
            self.view.setFocus()
            self._select(rows[0])
            first, last = (self.table.index(row, 0) for row in (rows[0], rows[-1]))
            flags = QItemSelectionModel.SelectionFlag
            self.view.selectionModel().select(
                QItemSelection(first, last), flags.ClearAndSelect | flags.Rows
            )

    def reading(self) -> tuple[Framing, str]:
        """Return how frames are cut, and the encoding of new clients. Raises RuleFault."""
        written = self.table.rules.framing or self._framing
        return framing_of(written, self._find_kit), self._encoding

    def _on_edited(self, rule: Rule) -> None:
        row = self._row
        if row < 0:
            return
        others = {r.name for at, r in enumerate(self.table.rules.rules) if at != row}
        if not rule.name or rule.name in others:
            case = "twice" if rule.name else "no_name"
            self.form.show_error(rule_complaint(RuleFault(case, rule.name or str(row + 1))))
            return
        self.table.put(row, rule)

    def _on_changed(self) -> None:
        self._compile()
        self._told = write_rules(self.table.rules, indent=None)
        self.changed.emit(self._told)
        self._show_current()

    def _compile(self) -> None:
        """Find out what is wrong; what is not, is at work."""
        self.error.clear_error(self.of_all.framing)
        try:
            rules = self.table.rules
            self._book = RuleBook(rules, self._find_kit, None, self._framing, strict=False)
        except RuleFault as fault:  # the framing
            self._book = None
            self.error.show_error(rule_fault_sentence(fault), self.of_all.framing)
        self._show_state()
        self.bench.try_later()

    # -- what is shown -----------------------------------------------------------------------

    @property
    def _row(self) -> int:
        return self.view.currentIndex().row()

    def _select(self, row: int) -> None:
        if self.table.rules.rules:
            self.view.setCurrentIndex(self.table.index(row, 0))
        self._show_current()

    def _show_current(self) -> None:
        rules, row = self.table.rules.rules, self._row
        rule = rules[row] if 0 <= row < len(rules) else None
        self.form.show_rule(rule)
        fault = self._book.faults.get(rule.name) if self._book and rule else None
        self.form.show_error(rule_complaint(fault) if fault else "")
        self.of_all.show_rules(self.table.rules)
        self._show_tools()

    def _show_state(self) -> None:
        live = self._live_book()
        faults = {}
        if self._book is not None:
            faults = {name: rule_complaint(f) for name, f in self._book.faults.items()}
        if live is not None:
            rests = {name: tr(f"rules.rests_{why}") for name, why in live.paused.items()}
            faults = rests | faults
        self.table.show_state(live.hits if live is not None else {}, faults)

    def _show_tools(self) -> None:
        row, count, steps = self._row, len(self.table.rules.rules), self.table.steps
        possible = {
            **dict.fromkeys(("copy", "switch", "remove"), row >= 0),
            "up": row > 0, "down": 0 <= row < count - 1, "undo": steps.can_undo,
            "redo": steps.can_redo, "export": count > 0, "reset": count > 0,
        }  # fmt: skip
        self.tools.enable(possible)

    # -- the tools ---------------------------------------------------------------------------

    def _act(self, name: str) -> None:
        self.form.flush()
        self.of_all.commit()
        getattr(self, f"_do_{name}", lambda: None)()  # to record is another's
        self._show_tools()

    def _do_add(self) -> None:
        self.add(Rule(answers=("OK",)))

    def _do_copy(self) -> None:
        rule = self.table.rules.rules[self._row]
        self._select(self.table.insert(self._row + 1, rule))

    def _do_switch(self) -> None:
        self.table.switch(self._rows)

    @property
    def _rows(self) -> set[int]:
        """Those that are selected."""
        rows = {index.row() for index in self.view.selectionModel().selectedRows()}
        return rows or {self._row}

    def _do_remove(self) -> None:
        rows = self._rows
        first = min(rows)
        self.table.remove(rows)
        self._select(min(first, len(self.table.rules.rules) - 1))

    def _do_up(self) -> None:
        self._select(self.table.move(self._row, -1))

    def _do_down(self) -> None:
        self._select(self.table.move(self._row, 1))

    def _do_undo(self, *, redo: bool = False) -> None:
        row = self._row
        self.table.undo(redo=redo)
        self._select(min(max(row, 0), len(self.table.rules.rules) - 1))

    def _do_redo(self) -> None:
        self._do_undo(redo=True)

    def _do_reset(self) -> None:
        if (live := self._live_book()) is not None:
            live.reset_hits()
        self._show_state()

    def _do_import(self) -> None:
        if (path := ask_what_to_open(self)) is not None:
            self.import_from(path)

    def _do_export(self) -> None:
        if (path := ask_where_to_save(self)) is not None:
            self.export_to(path)

    def import_from(self, path: Path) -> None:
        """Take the rules of a file, all of them off: what they would do is to be seen first."""
        rules, complaint = rules_in(path)
        if rules is None:
            self.error.show_error(complaint)
            return
        off = tuple(replace(rule, on=False) for rule in rules.rules)
        self.table.edit(replace(rules, rules=off))
        self._select(0)

    def export_to(self, path: Path) -> None:
        """Write the rules into a file."""
        self.error.show_error(write_into(path, self.table.rules))

    # -- coming and going --------------------------------------------------------------------

    def showEvent(self, event: object) -> None:
        """Count hits while somebody looks."""
        self._hits.start()
        self._show_state()
        super().showEvent(event)  # type: ignore[arg-type]

    def done(self, result: int) -> None:
        """It closes: what is typed holds, nothing is tried."""
        self.form.flush()
        self.of_all.commit()
        self._hits.stop()
        self.bench.shut_down()
        super().done(result)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setWindowTitle(tr("rules.title"))
        self.view.setAccessibleName(tr("rules.title"))
        self.view.nothing.setText(tr("rules.empty"))
        self.table.retranslate()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        for column, width in enumerate((120, 150, 0, 60, 50)):
            if width:
                self.view.setColumnWidth(column, theme().px(width))
