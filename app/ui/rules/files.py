"""Rules in files: one that cannot be used is said in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from app.reply.rules import RuleFault, RuleSet, read_rules, write_rules
from app.wording import tr
from app.wording.rules import rule_fault_sentence

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_KINDS = "JSON (*.json)"


def rules_in(path: Path) -> tuple[RuleSet | None, str]:
    """Return a file's rules, or None and what is wrong with it."""
    try:
        return read_rules(path.read_text("utf-8-sig")), ""
    except (OSError, UnicodeError) as error:
        return None, tr("rules.cannot_read", option=tr("rules.import"), file=path, reason=error)
    except RuleFault as fault:
        return None, rule_fault_sentence(fault)


def ask_what_to_open(parent: QWidget) -> Path | None:
    """Let the user choose a file of rules."""
    path, _ = QFileDialog.getOpenFileName(parent, tr("rules.import"), "", _KINDS)
    return Path(path) if path else None


def ask_where_to_save(parent: QWidget) -> Path | None:
    """Let the user choose a place for them."""
    path, _ = QFileDialog.getSaveFileName(parent, tr("rules.export"), "rules.json", _KINDS)
    return Path(path) if path else None


def write_into(path: Path, rules: RuleSet) -> str:
    """Write the rules into a file; return what is wrong, "" if nothing is."""
    try:
        path.write_text(write_rules(rules) + "\n", encoding="utf-8")
    except OSError as error:
        return tr("rules.cannot_write", file=path, reason=error)
    return ""
