"""Rules as data: when this comes, do that. Read strictly, written as JSON; pure.

A rule set is what a server's profile holds and what is imported and exported. `app.reply.book`
compiles it and answers clients.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from app.text.hexa import format_hex

WHENS = ("connect", "chunk", "frame", "silence", "bad_checksum")
MATCHES = ("any", "text", "equals", "starts", "hex", "regex", "field")
DEEDS = ("send", "file", "close", "reset", "note", "mark")
PICKS = ("first", "all")
_VERSION = 1
_DAY_MS = 86_400_000
MOST_RULES = 1000
GUARD_PER_S = 100  # answers to one client; above it, rules rest until it is silent
MOST_CHARACTERS = 100_000  # of one text in a rule


class RuleFault(ValueError):
    """A rule that cannot be used: `rule` is its name or place, `case` what is wrong, `part` where.

    Cases: no_json, no_rules, too_many, unknown_key, bad_value, no_name, twice, and those of what a
    rule is made of (`app.reply.book`).
    """

    def __init__(self, case: str, part: str = "", rule: str = "") -> None:
        super().__init__(f"{rule}: {case}: {part}")
        self.case = case
        self.part = part
        self.rule = rule


def _choice(default: str, allowed: tuple[str, ...]) -> str:
    return field(default=default, metadata={"allowed": allowed})


def _number(low: int, high: int) -> int:
    return field(default=0, metadata={"range": (low, high)})


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    name: str = ""
    on: bool = True
    clients: str = ""  # whom it concerns: addresses, notes with *, numbers as #3; "": everybody
    when: str = _choice("chunk", WHENS)
    silence_ms: int = _number(0, _DAY_MS)  # when "silence"
    match: str = _choice("any", MATCHES)
    pattern: str = ""
    check: str = ""  # when "bad_checksum", of frames that no kit checks: how it would be right
    do: str = _choice("send", DEEDS)
    answers: tuple[str, ...] = ()  # in rotation; a path, a note or a mark, where the deed wants one
    mode: str = _choice("text", ("text", "hex"))
    escapes: bool = True
    line_ending: str = _choice("none", ("none", "lf", "cr", "crlf"))
    checksum: str = ""  # put before the line ending
    delay_ms: int = _number(0, _DAY_MS)
    piece_bytes: int = _number(0, 1 << 24)  # send so many at a time …
    every_ms: int = _number(0, 3_600_000)  # … and wait so long in between
    per_s: int = _number(0, 100_000)  # at most so often; 0: always


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of a server, in their order."""

    rules: tuple[Rule, ...] = ()
    pick: str = _choice("first", PICKS)
    framing: str = ""  # cuts the stream for rules that look at frames; "": the server's
    guard_per_s: int = field(default=GUARD_PER_S, metadata={"range": (1, 100_000)})


def read_rules(text: str) -> RuleSet:
    """Read a rule set from JSON. Raises RuleFault at the first thing that does not fit."""
    try:
        stored = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RuleFault("no_json", str(error)) from None
    if not isinstance(stored, dict) or not isinstance(stored.get("rules"), list):
        raise RuleFault("no_rules")
    if len(stored["rules"]) > MOST_RULES:
        raise RuleFault("too_many", str(MOST_RULES))
    stored = {name: value for name, value in stored.items() if name != "version"}
    rules = tuple(_rule(one, place) for place, one in enumerate(stored.pop("rules"), 1))
    found = RuleSet(rules, **_values(RuleSet, stored, ""))
    _names_are_unique(found)
    return found


def write_rules(rules: RuleSet, indent: int | None = 2) -> str:
    """Return the set as JSON; of each rule only what differs from the defaults."""
    plain, blank = asdict(rules), asdict(Rule())
    plain["rules"] = [
        {name: value for name, value in rule.items() if name == "name" or value != blank[name]}
        for rule in plain["rules"]
    ]
    return json.dumps({"version": _VERSION, **plain}, indent=indent, ensure_ascii=False)


def _rule(stored: object, place: int) -> Rule:
    where = f"{place}"
    if not isinstance(stored, dict):
        raise RuleFault("bad_value", where, where)
    name = stored.get("name")
    if not isinstance(name, str) or not name.strip():
        raise RuleFault("no_name", where, where)
    if isinstance(stored.get("answers"), str):
        stored = {**stored, "answers": [stored["answers"]]}
    return Rule(**_values(Rule, stored, name))


def _values(kind: type[Rule] | type[RuleSet], stored: dict[str, Any], rule: str) -> dict[str, Any]:
    known = {spec.name: spec for spec in fields(kind)}
    values: dict[str, Any] = {}
    for name, value in stored.items():
        if name not in known:
            raise RuleFault("unknown_key", name, rule)
        values[name] = _checked(known[name], value, rule)
    return values


def _checked(spec: Any, value: object, rule: str) -> object:
    if spec.name == "answers" and isinstance(value, list):
        value = tuple(value)
    fits = type(value) is type(spec.default) and all(
        isinstance(part, str) and len(part) <= MOST_CHARACTERS
        for part in (value if isinstance(value, tuple) else (str(value),))
    )
    allowed, limits = spec.metadata.get("allowed"), spec.metadata.get("range")
    if fits and allowed is not None:
        fits = value in allowed
    if fits and limits is not None and isinstance(value, int):
        fits = limits[0] <= value <= limits[1]
    if not fits:
        raise RuleFault("bad_value", f"{spec.name}: {value!r}"[:100], rule)
    return value


def _names_are_unique(rules: RuleSet) -> None:
    seen: set[str] = set()
    for rule in rules.rules:
        if rule.name in seen:
            raise RuleFault("twice", rule.name, rule.name)
        seen.add(rule.name)


def rule_of(data: bytes, text: str) -> Rule:
    """Return a rule that means these bytes; what it answers is still to be said."""
    plain = text.rstrip("\r\n")
    if plain and plain.isprintable():
        pattern = plain.replace("\\", "\\\\")
        return Rule(name=plain[:20], match="equals", pattern=pattern)
    return Rule(name=format_hex(data[:6]), match="hex", pattern=format_hex(data[:64]), mode="hex")
