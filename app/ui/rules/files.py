"""Rules in files: one that cannot be used is said in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reply.rules import RuleFault, RuleSet, read_rules, write_rules
from app.wording import tr
from app.wording.rules import rule_fault_sentence

if TYPE_CHECKING:
    from pathlib import Path


def rules_in(path: Path) -> tuple[RuleSet | None, str]:
    """Return a file's rules, or None and what is wrong with it."""
    try:
        return read_rules(path.read_text("utf-8-sig")), ""
    except (OSError, UnicodeError) as error:
        return None, tr("rules.cannot_read", option=tr("rules.import"), file=path, reason=error)
    except RuleFault as fault:
        return None, rule_fault_sentence(fault)


def write_into(path: Path, rules: RuleSet) -> str:
    """Write the rules into a file; return what is wrong, "" if nothing is."""
    try:
        path.write_text(write_rules(rules) + "\n", encoding="utf-8")
    except OSError as error:
        return tr("rules.cannot_write", file=path, reason=error)
    return ""
