"""What a rule looks for: compiled once, asked of every chunk or frame, and never for long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from app.frames.kits import Kit
from app.net.answers import Answered
from app.reply.rules import Rule, RuleFault
from app.text.decoder import encode
from app.text.escapes import EscapeFault, parse_escapes
from app.text.expressions import checked, compiled, glanced
from app.text.faults import PatternFault
from app.text.hexa import HexFault, parse_hex_parts

if TYPE_CHECKING:
    import regex

Found = Mapping[str, bytes]  # what was captured, by number and name
_NOTHING: Found = {}


class Condition(Protocol):
    """Whether bytes are meant. Any worker asks, many at once."""

    names: frozenset[str]  # what it captures

    def find(self, data: bytes, encoding: str) -> Found | None:
        """Return what was captured; None: not meant. Raises TooSlow, EncodeFault."""


class Anything:
    """All bytes are meant."""

    names: frozenset[str] = frozenset()

    def find(self, data: bytes, encoding: str) -> Found | None:
        """They are."""
        return _NOTHING


class Words:
    """Typed text, with escapes, in the client's encoding."""

    names: frozenset[str] = frozenset()

    def __init__(self, text: str, how: str) -> None:
        try:
            self._pieces = parse_escapes(text)
        except EscapeFault as fault:
            raise RuleFault("bad_escape", fault.fragment) from None
        if not text:
            raise RuleFault("empty_pattern")
        self._test = _TESTS[how]
        self._encoded: dict[str, bytes] = {}

    def find(self, data: bytes, encoding: str) -> Found | None:
        """Look for them."""
        wanted = self._encoded.get(encoding)
        if wanted is None:
            wanted = self._encoded[encoding] = b"".join(
                piece if isinstance(piece, bytes) else encode(piece, encoding)
                for piece in self._pieces
            )
        return _NOTHING if self._test(data, wanted) else None


_TESTS: Mapping[str, Callable[[bytes, bytes], bool]] = {
    "text": lambda data, wanted: wanted in data,
    "equals": lambda data, wanted: data == wanted or data.rstrip(b"\r\n") == wanted,
    "starts": lambda data, wanted: data.startswith(wanted),
}


class Pattern:
    """A regular expression over bytes; what is no ASCII in it stands in the client's encoding."""

    def __init__(self, pattern: str) -> None:
        try:
            self._text = checked(pattern)
        except PatternFault as fault:
            raise _as_rule_fault(fault) from None
        self._compiled: dict[str, regex.Pattern[bytes]] = {}
        made = self._compile("utf-8")
        numbers = map(str, range(1, made.groups + 1))
        self.names = frozenset([*numbers, *made.groupindex])

    def find(self, data: bytes, encoding: str) -> Found | None:
        """Search for it."""
        found = glanced(self._compiled.get(encoding) or self._compile(encoding), data)
        if found is None:
            return None
        captured = {str(at): part or b"" for at, part in enumerate(found.groups(), 1)}
        captured.update((name, part or b"") for name, part in found.groupdict().items())
        return captured

    def _compile(self, encoding: str) -> regex.Pattern[bytes]:
        try:
            made = compiled(encode(self._text, encoding))
        except PatternFault as fault:
            raise _as_rule_fault(fault) from None
        self._compiled[encoding] = made
        return made


def _as_rule_fault(fault: PatternFault) -> RuleFault:
    return RuleFault(f"{fault.case}_pattern", fault.part)


def hex_pattern(text: str) -> Condition:
    """Bytes in hex, `??` for any; each run of those is captured. Raises RuleFault."""
    try:
        known = parse_hex_parts(text)
    except HexFault as fault:
        raise RuleFault("bad_hex", fault.fragment) from None
    if not known:
        raise RuleFault("empty_pattern")
    parts = []
    for part, several in groupby(known):
        if part is None:
            parts.append(f"(.{{{len(list(several))}}})")
        else:
            parts += ["".join(f"\\x{byte:02X}" for byte in each or b"") for each in several]
    return Pattern("(?s)" + "".join(parts))


class FieldIs:
    """A kit's field has this value: `消息ID = 0x0002`. All fields of the frame are captured."""

    def __init__(self, text: str, kit: Kit | None) -> None:
        if kit is None:
            raise RuleFault("needs_kit")
        name, equals, value = text.partition("=")
        self._name, self._value = name.strip(), value.strip()
        if not equals or not self._name or not self._value:
            raise RuleFault("bad_field", text)
        self._kit = kit
        self.names = field_names(kit)
        if self._name not in self.names:
            raise RuleFault("unknown_field", self._name)

    def find(self, data: bytes, encoding: str) -> Found | None:
        """Decode the frame and look."""
        fields = self._kit.decode(data)
        meant = any(
            field.name == self._name and self._value in (field.shown, str(field.value))
            for field in fields
        )
        if not meant:
            return None
        return {**dict.fromkeys(self.names, b""), **fields_of(data, self._kit)}


def field_names(kit: Kit) -> frozenset[str]:
    """The names of the fields in a kit's own examples."""
    decoded = (kit.decode(frame) for frame, _ in kit.examples)
    return frozenset(field.name for fields in decoded for field in fields)


def fields_of(frame: bytes, kit: Kit) -> Found:
    """Return the bytes of each field by its name."""
    return {field.name: frame[field.start : field.end] for field in kit.decode(frame)}


def condition_of(rule: Rule, kit: Kit | None) -> Condition:
    """Compile what a rule looks for. Raises RuleFault."""
    if rule.match == "any" or rule.when in ("connect", "silence"):
        return Anything()
    if rule.match == "regex":
        return Pattern(rule.pattern)
    if rule.match == "hex":
        return hex_pattern(rule.pattern)
    if rule.match == "field":
        return FieldIs(rule.pattern, kit)
    return Words(rule.pattern, rule.match)


class Whom:
    """Which clients a rule concerns: addresses and notes, with `*`, and numbers (`#3`)."""

    def __init__(self, text: str) -> None:
        self._words = [word.strip() for word in text.replace("，", ",").split(",") if word.strip()]

    def has(self, client: Answered) -> bool:
        """Whether it concerns this one."""
        return not self._words or any(_is(word, client) for word in self._words)


def _is(word: str, client: Answered) -> bool:
    if word.startswith("#"):
        return word[1:] == str(client.client_id)
    host = client.address.rpartition(":")[0].strip("[]")
    return any(_like(word, text) for text in (client.address, host, client.note))


def _like(pattern: str, text: str) -> bool:
    """Whether the text is the pattern, in which `*` stands for anything; in linear time."""
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    if not text.startswith(first) or not text.endswith(rest[-1]):
        return False
    at, end = len(first), len(text) - len(rest[-1])
    for part in rest[:-1]:
        at = text.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return at <= end
