"""One rule, checked and ready for work: what would fail later fails when it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.frames.kits import Kit
from app.frames.seals import Seal, SealFault, read_seal
from app.net.answers import Deed
from app.reply.conditions import Condition, Whom, condition_of
from app.reply.rules import Rule, RuleFault
from app.reply.templates import Template, TemplateFault
from app.text.compose import ComposeFault, ComposeMode, ComposeOptions, LineEnding


@dataclass(frozen=True, slots=True)
class Compiled:
    """One rule, ready for work. Immutable; any worker."""

    rule: Rule
    whom: Whom
    condition: Condition
    templates: Sequence[Template]
    check: Seal | None

    @property
    def deed(self) -> Deed:
        """What it does."""
        return Deed(self.rule.do)


def compile_rule(rule: Rule, kit: Kit | None) -> Compiled:
    """Check a rule and make it ready. Raises RuleFault: what would fail later fails now."""
    try:
        condition = condition_of(rule, kit)
        check = read_seal(rule.check) if rule.check.strip() else None
        if rule.when == "bad_checksum" and check is None and kit is None:
            raise RuleFault("needs_check")
        if rule.when == "silence" and not rule.silence_ms:
            raise RuleFault("needs_silence")
        templates = _templates(rule, condition.names)
    except RuleFault as fault:
        raise RuleFault(fault.case, fault.part, rule.name) from None
    except SealFault as fault:
        raise RuleFault(fault.case, fault.part, rule.name) from None
    except TemplateFault as fault:
        raise RuleFault(fault.case, fault.part, rule.name) from None
    except ComposeFault as fault:
        raise RuleFault(f"answer_{fault.kind}", fault.fragment, rule.name) from None
    return Compiled(rule, Whom(rule.clients), condition, templates, check)


def _templates(rule: Rule, names: frozenset[str]) -> list[Template]:
    deed = Deed(rule.do)
    if deed in (Deed.CLOSE, Deed.RESET):
        return []
    texts = [text for text in rule.answers if text]
    if not texts and deed is not Deed.MARK:
        raise RuleFault("needs_answer")
    if deed is Deed.FILE:
        names = frozenset()  # no client may say which file it is sent
    if deed is not Deed.SEND:
        return [Template(text, ComposeOptions("utf-8"), names) for text in texts]
    mode: ComposeMode = "hex" if rule.mode == "hex" else "text"
    options = ComposeOptions("utf-8", mode, rule.escapes, LineEnding(rule.line_ending))
    seal = read_seal(rule.checksum) if rule.checksum.strip() else None
    return [Template(text, options, names, seal) for text in texts]
