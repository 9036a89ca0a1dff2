"""A server's profile, its rules and commands in one JSON file. No Qt in here; nothing is evaluated.

What concerns this machine alone stays here: numbers, certificates, keys, folders. Of a stranger's
file no path is taken, its server is never open, and its rules are off until somebody says so.
"""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, NamedTuple

from app.reply.rules import Rule, RuleSet, read_rules, write_rules
from app.settings import BadSetting, ServerProfile, checked
from app.ui.prepared.command import Command, CommandFault, read_commands

MOST_BYTES = 4 * 1024 * 1024
MOST_COMMANDS = 2_000
_MARK = "portside-server"
_VERSION = 1
_MINE = ("server_id", "was_open", "reply_rules")
_PATHS = ("cert_file", "key_file", "keylog_file")
_LONG = ("reply_text", "reply_hex", "allowed")
_MOST_CHARACTERS = dict.fromkeys(_LONG, 100000)
_LINE_CHARACTERS = 500
_SPECS = {spec.name: spec for spec in fields(ServerProfile)}


class ShareFault(ValueError):
    """A file that cannot be used. `case`: not_json, not_ours, too_large, unknown, bad_value."""

    def __init__(self, case: str, part: str = "") -> None:
        super().__init__(f"{case}: {part}")
        self.case, self.part = case, part[:100]


class Shared(NamedTuple):
    """What is in a file."""

    profile: ServerProfile  # without its rules
    rules: RuleSet | None
    commands: tuple[Command, ...]
    left_out: tuple[tuple[str, str], ...] = ()  # paths that are not taken: setting, value


# -- out -----------------------------------------------------------------------------------------


def written(profile: ServerProfile, commands: tuple[Command, ...], *, with_rules: bool) -> str:
    """Return the file's text. Raises RuleFault if the rules to be given away cannot be read."""
    blank = ServerProfile()
    kept = {
        name: getattr(profile, name)
        for name in _SPECS
        if name not in (*_MINE, *_PATHS)
        and (name in ("kind", "port") or getattr(profile, name) != getattr(blank, name))
    }
    whole: dict[str, object] = {_MARK: _VERSION, "server": kept}
    if with_rules and profile.reply_rules:
        whole["rules"] = json.loads(write_rules(_without_paths(read_rules(profile.reply_rules))))
    if commands:
        # A number means a client of this journal, and nobody elsewhere.
        here = (replace(c, target="") if c.target.isdigit() else c for c in commands)
        whole["commands"] = [command.fields() for command in here]
    return json.dumps(whole, ensure_ascii=True, indent=1) + "\n"


def _without_paths(rules: RuleSet) -> RuleSet:
    return replace(rules, rules=tuple(map(_without_path, rules.rules)))


def _without_path(rule: Rule) -> Rule:
    """Leave of a file that is sent its name alone: where it lies here is nobody's business."""
    if rule.do != "file":
        return rule
    names = (PureWindowsPath(PurePosixPath(answer).name).name for answer in rule.answers)
    return replace(rule, answers=tuple(names))


# -- in ------------------------------------------------------------------------------------------


def shared_in(path: Path) -> Shared:
    """Read a file. Raises ShareFault, RuleFault, CommandFault, OSError."""
    if path.exists() and not path.is_file():
        raise ShareFault("not_ours")
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ShareFault("too_large")
    try:
        return read_shared(data.decode("utf-8-sig"))
    except UnicodeError:
        raise ShareFault("not_json") from None


def read_shared(text: str) -> Shared:
    """Read a file's text. Raises ShareFault, RuleFault, CommandFault."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        raise ShareFault("not_json") from None
    if not isinstance(whole, dict) or _MARK not in whole:
        raise ShareFault("not_ours")
    if whole.pop(_MARK) != _VERSION:
        raise ShareFault("unknown", _MARK)
    server = whole.pop("server", None)
    if not isinstance(server, dict):
        raise ShareFault("not_ours")
    rules, commands = whole.pop("rules", None), whole.pop("commands", [])
    for name in whole:
        raise ShareFault("unknown", name)
    if isinstance(commands, list) and len(commands) > MOST_COMMANDS:
        raise CommandFault("too_many", part=f"> {MOST_COMMANDS}")
    _refuse_broken(whole, server, rules, commands)
    left_out = tuple((name, str(server.pop(name))) for name in _PATHS if server.get(name))
    found = read_commands(json.dumps(commands))
    return Shared(
        _profile(server),
        read_rules(json.dumps(rules)) if rules is not None else None,
        tuple(replace(c, target="") if c.target.isdigit() else c for c in found),
        left_out,
    )


def _refuse_broken(*parts: object) -> None:
    """Half a character (a lone surrogate) can neither be shown nor sent."""
    try:
        json.dumps(parts, ensure_ascii=False).encode()
    except (UnicodeError, RecursionError):
        raise ShareFault("not_json") from None


def _profile(server: dict[str, Any]) -> ServerProfile:
    values: dict[str, Any] = {}
    for name, value in server.items():
        if name not in _SPECS or name in _MINE:
            raise ShareFault("unknown", name)
        try:
            values[name] = checked(name, value)
        except BadSetting:
            raise ShareFault("bad_value", f"{name}: {value!r}") from None
        if isinstance(value, str) and not _fits(name, value):
            raise ShareFault("bad_value", f"{name}: {value!r}")
    return ServerProfile(**values)


def _fits(name: str, text: str) -> bool:
    most = _MOST_CHARACTERS.get(name, _LINE_CHARACTERS)
    return len(text) <= most and (name in _LONG or text.isprintable())


def taken_over(shared: Shared, *, answers: bool) -> ServerProfile:
    """Return the profile as it is added. Unless `answers`, it does nothing by itself."""
    profile = shared.profile
    rules = shared.rules
    if rules is not None:
        # No stranger says which file of this machine is sent, not even of a file that is trusted.
        taken = (replace(r, on=r.on and answers and r.do != "file") for r in rules.rules)
        rules = replace(rules, rules=tuple(taken))
        profile = replace(profile, reply_rules=write_rules(rules, indent=None))
    if not answers and profile.reply_mode != "rules":
        profile = replace(profile, reply_mode="off")
    return profile
