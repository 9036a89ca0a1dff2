"""Rules in files: one that cannot be used is said in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.evidence.whole import whole_file
from app.reply.rules import RuleFault, RuleSet, read_rules, write_rules
from app.ui.files import file_to_open, file_to_save
from app.wording import tr
from app.wording.rules import rule_fault_sentence

if TYPE_CHECKING:
    from pathlib import Path

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
    return file_to_open(parent, tr("rules.import"), _KINDS)


def ask_where_to_save(parent: QWidget) -> Path | None:
    """Let the user choose a place for them."""
    chosen = file_to_save(parent, tr("rules.export"), "rules.json", _KINDS)
    return chosen[0] if chosen else None


def write_into(path: Path, rules: RuleSet) -> str:
    """Write the rules into a file; return what is wrong, "" if nothing is."""
    try:
        with whole_file(path) as file:
            file.write(f"{write_rules(rules)}\n".encode())
    except OSError as error:
        return tr("rules.cannot_write", file=path, reason=error)
    return ""
