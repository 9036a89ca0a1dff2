"""The rules of a server as a table: edited, moved, undone; what is wrong and how often each hit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt

from app.models.tables import EditedTable, Index
from app.reply.rules import MOST_RULES, Rule, RuleSet
from app.wording import tr

COLUMNS = ("name", "when", "answer", "delay", "hits")


class RuleTable(EditedTable[RuleSet]):
    """One row a rule. Every change is one step of undo. GUI thread."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(RuleSet(), [f"rules.column_{column}" for column in COLUMNS], parent)
        self._hits: Mapping[str, int] = {}
        self._faults: Mapping[str, str] = {}

    @property
    def rules(self) -> RuleSet:
        """Those that are shown."""
        return self.whole

    def _count_of(self, whole: RuleSet) -> int:
        return len(whole.rules)

    # -- editing -----------------------------------------------------------------------------

    def put(self, row: int, rule: Rule) -> None:
        """Put a rule in the place of another."""
        self.edit(replace(self.rules, rules=_with(self.rules.rules, row, rule)))

    def insert(self, row: int, rule: Rule) -> int:
        """Add a rule before `row`, under a name of its own; return its row."""
        rules = self.rules.rules
        named = replace(rule, name=self.free_name(rule.name))
        self.edit(replace(self.rules, rules=(*rules[:row], named, *rules[row:])))
        return row

    def append(self, rules: Iterable[Rule]) -> range:
        """Add rules at the end, each under a name of its own; return their rows."""
        known = self.rules.rules
        taken, named = {rule.name for rule in known}, list[Rule]()
        for rule in list(rules)[: MOST_RULES - len(known)]:
            named.append(replace(rule, name=_free(rule.name, taken)))
            taken.add(named[-1].name)
        self.edit(replace(self.rules, rules=(*known, *named)))
        return range(len(known), len(known) + len(named))

    def switch(self, rows: Iterable[int]) -> None:
        """Switch rules on, all of them; off, if all are on."""
        meant, rules = set(rows), self.rules.rules
        on = not all(rules[row].on for row in meant)
        changed = (replace(r, on=on) if row in meant else r for row, r in enumerate(rules))
        self.edit(replace(self.rules, rules=tuple(changed)))

    def remove(self, rows: Iterable[int]) -> None:
        """Remove rules."""
        gone = set(rows)
        left = tuple(rule for row, rule in enumerate(self.rules.rules) if row not in gone)
        self.edit(replace(self.rules, rules=left))

    def move(self, row: int, by: int) -> int:
        """Move a rule up or down; return where it is now."""
        rules = list(self.rules.rules)
        place = min(max(row + by, 0), len(rules) - 1)
        rules.insert(place, rules.pop(row))
        self.edit(replace(self.rules, rules=tuple(rules)))
        return place

    def free_name(self, wanted: str) -> str:
        """Return this name, or one like it that no rule has."""
        return _free(wanted, {rule.name for rule in self.rules.rules})

    # -- what is shown -----------------------------------------------------------------------

    def show_state(self, hits: Mapping[str, int], faults: Mapping[str, str]) -> None:
        """Show how often each rule hit, and what is wrong with it or why it rests."""
        if (hits, faults) != (self._hits, self._faults):
            self._hits, self._faults = dict(hits), dict(faults)
            self.tell()

    # -- Qt's side ---------------------------------------------------------------------------

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A rule is switched in its first cell."""
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else found

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        rule, column = self.rules.rules[index.row()], COLUMNS[index.column()]
        fault = self._faults.get(rule.name, "")
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(rule, column, fault)
        if role == Qt.ItemDataRole.CheckStateRole and column == "name":
            return Qt.CheckState.Checked if rule.on else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole and fault:
            return fault
        if role == Qt.ItemDataRole.TextAlignmentRole and column in ("delay", "hits"):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Switch a rule on or off."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        rule = self.rules.rules[index.row()]
        self.put(index.row(), replace(rule, on=Qt.CheckState(value) is Qt.CheckState.Checked))
        return True

    def _text(self, rule: Rule, column: str, fault: str) -> str:
        match column:
            case "name":
                return f"⚠ {rule.name}" if fault else rule.name
            case "when":
                return when_text(rule)
            case "answer":
                return answer_text(rule)
            case "delay":
                return tr("rules.ms", n=rule.delay_ms) if rule.delay_ms else ""
            case _:
                return str(self._hits.get(rule.name, 0))


def _free(wanted: str, taken: set[str]) -> str:
    base = wanted.strip() or tr("rules.new_name")
    names = (base if n == 1 else f"{base} {n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _with(rules: Sequence[Rule], row: int, rule: Rule) -> tuple[Rule, ...]:
    return (*rules[:row], rule, *rules[row + 1 :])


def when_text(rule: Rule) -> str:
    """Say in a few words when a rule acts."""
    words = [tr(f"rules.when_{rule.when}")]
    if rule.when == "silence":
        words.append(tr("rules.seconds", n=f"{rule.silence_ms / 1000:g}"))
    elif rule.when != "connect" and rule.match != "any":
        words.append(f"{tr(f'rules.match_{rule.match}')} {rule.pattern}")
    if rule.clients:
        words.append(rule.clients)
    return " · ".join(words)


def answer_text(rule: Rule) -> str:
    """Say in a few words what a rule does."""
    what = tr(f"rules.do_{rule.do}")
    answers = " | ".join(rule.answers)
    return f"{what} {answers}".strip() if rule.do != "send" else answers
