"""What a shared file would do, in words: everything that listens, answers, dials or is left out."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, NamedTuple

from app.models.rule_table import answer_text, when_text
from app.net.addresses import EVERYWHERE, WILDCARDS
from app.reply.rules import RuleFault
from app.settings import ServerProfile
from app.text.visible import escaped
from app.ui.prepared.files import sentence
from app.ui.sharing.shared import Shared, ShareFault
from app.wording import tr
from app.wording.rules import rule_fault_sentence
from app.wording.servers import kind_label
from app.wording.terms import quoted_text, without_stop

if TYPE_CHECKING:
    from app.reply import FindKit
    from app.ui.prepared.command import CommandFault

_MOST_CHARACTERS = 300  # of a value, on the screen
# What has a row of its own.
_SAID = {
    "server_id", "was_open", "kind", "host", "port", "name", "target", "allowed", "framing",
    "reply_mode", "reply_text", "reply_hex", "reply_rules", "reply_escapes", "reply_line_ending",
}  # fmt: skip


class Row(NamedTuple):
    """One thing that it would do; below it what it consists of."""

    title: str
    text: str
    warns: bool = False
    below: tuple[tuple[str, str], ...] = ()


def rows_of(shared: Shared, find_kit: FindKit) -> list[Row]:
    """Return all that is to be known before it is added."""
    profile = shared.profile
    anybody = profile.host == EVERYWHERE or profile.host in WILDCARDS
    where = f"{kind_label(profile.kind)} {profile.host}:{profile.port}"
    rows = [
        Row(tr("sharing.name"), profile.name or tr("sharing.none")),
        Row(tr("sharing.opens"), f"{where} – {tr('sharing.opens_when')}", anybody),
        Row(
            tr("sharing.allowed"), _short(profile.allowed) or tr("sharing.everybody"),
            not profile.allowed,
        ),
    ]  # fmt: skip
    if profile.kind == "forward":
        rows.append(Row(tr("sharing.target"), _short(profile.target), warns=True))
    rows += [_answers(profile), *_rules(shared), *_kit(shared, find_kit)]
    names = tuple((c.name, _short(c.draft.text)) for c in shared.commands)
    if names:
        rows.append(Row(tr("sharing.commands"), str(len(names)), below=names))
    rows += [
        Row(tr("sharing.left_out"), f"{name}: {_short(value)}", warns=True)
        for name, value in shared.left_out
    ]
    others = _others(profile)
    if others:
        rows.append(Row(tr("sharing.others"), str(len(others)), below=others))
    return rows


def _answers(profile: ServerProfile) -> Row:
    mode = profile.reply_mode
    if mode == "off":
        return Row(tr("sharing.answers"), tr("sharing.nothing"))
    what = {"text": profile.reply_text, "hex": profile.reply_hex}.get(mode, "")
    text = ": ".join(filter(None, (tr(f"setup.reply_{mode}"), _short(what))))
    return Row(tr("sharing.answers"), text, warns=True)


def _rules(shared: Shared) -> list[Row]:
    rules = shared.rules.rules if shared.rules is not None else ()
    if not rules:
        return []
    below = tuple((f"{r.name} – {when_text(r)}", _short(answer_text(r))) for r in rules)
    rows = [Row(tr("sharing.rules"), str(len(rules)), below=below)]
    sends = sum(rule.do == "file" for rule in rules)
    if sends:
        rows.append(Row(tr("sharing.files"), tr("sharing.files_off", n=sends), warns=True))
    return rows


def _kit(shared: Shared, find_kit: FindKit) -> list[Row]:
    written = [shared.profile.framing, shared.rules.framing if shared.rules is not None else ""]
    rows = []
    for text in dict.fromkeys(text for text in written if text not in ("", "none")):
        kind, _, name = text.partition(":")
        if kind.strip().lower() != "kit":
            rows.append(Row(tr("sharing.framing"), _short(text)))
            continue
        there = find_kit(name.strip()) is not None
        said = tr("sharing.kit_here" if there else "sharing.kit_missing", kit=_short(name))
        rows.append(Row(tr("sharing.kit"), said, warns=not there))
    return rows


def _others(profile: ServerProfile) -> tuple[tuple[str, str], ...]:
    blank = ServerProfile()
    return tuple(
        (spec.name, _short(str(getattr(profile, spec.name))))
        for spec in fields(ServerProfile)
        if spec.name not in _SAID and getattr(profile, spec.name) != getattr(blank, spec.name)
    )


def _short(text: str) -> str:
    shown = escaped(text[:_MOST_CHARACTERS])
    return f"{shown}…" if len(text) > _MOST_CHARACTERS else shown


def fault_sentence(error: ShareFault | RuleFault | CommandFault | OSError, name: str) -> str:
    """Say why a file cannot be used, and what to do."""
    if isinstance(error, ShareFault):
        return tr(f"sharing.fault_{error.case}", name=name, part=quoted_text(error.part))
    if isinstance(error, OSError):
        reason = without_stop(error.strerror or str(error))
        return tr("sharing.fault_unreadable", name=name, reason=reason)
    if isinstance(error, RuleFault):
        return rule_fault_sentence(error)
    return sentence(error)
