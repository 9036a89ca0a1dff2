"""Rules, in words: what is wrong with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.wording.catalogue import tr
from app.wording.terms import quoted_text, without_stop

if TYPE_CHECKING:
    from app.reply.rules import RuleFault


def rule_fault_sentence(fault: RuleFault) -> str:
    """Say what is wrong with a rule, where, and what to do."""
    what = rule_complaint(fault)
    return tr("rules.of_rule", rule=quoted_text(fault.rule), what=what) if fault.rule else what


def rule_complaint(fault: RuleFault) -> str:
    """Say the same where one sees which rule is meant."""
    area = "frames.fault_" if fault.case.startswith("framing_") else "rules.fault_"
    key = area + fault.case.removeprefix("framing_")
    return tr(key, part=quoted_text(without_stop(fault.part)))
