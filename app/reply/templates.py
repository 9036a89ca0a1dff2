r"""The answer's language: what the composer reads, and places that are filled when it is sent.

================= =====================================================================
{1} {name}        what a pattern captured; a kit's field
{time:%H%M%S}     the clock, by strftime's letters
{count}           how many times this rule has answered this client, from 1
{hex:4}           the same, in so many hex digits
================= =====================================================================

In hex mode a capture stands for its bytes, and so does {hex:4} for two. A brace that begins none of
these stays a brace; `\x7B` always is one.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.frames.seals import Seal
from app.text.compose import ComposeFault, ComposeOptions, LineEnding, compose
from app.text.decoder import EncodeFault, encode

_PLACE = re.compile(r"\{(?P<name>[^{}:\r\n]{1,60})(?::(?P<form>[^{}]*))?\}")
_NAME = re.compile(r"\d{1,2}|[^\W\d]\w*")  # meant as a place, known or not
_MOST_DIGITS = 16
_MOST_TIME_CHARACTERS = 100


class TemplateFault(ValueError):
    """An answer that cannot be filled. `case`: unknown_place, bad_form, odd_digits."""

    def __init__(self, case: str, part: str) -> None:
        super().__init__(f"{case}: {part}")
        self.case = case
        self.part = part


@dataclass(frozen=True, slots=True)
class Filling:
    """What the places of one answer are filled with."""

    captures: Mapping[str, bytes]
    count: int
    time_s: float


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    form: str

    def fill(self, filling: Filling, encoding: str, *, as_hex: bool) -> bytes:
        if self.name == "time":
            return encode(time.strftime(self.form, time.localtime(filling.time_s)), encoding)
        if self.name == "count":
            return encode(str(filling.count), encoding)
        if self.name == "hex":
            digits = f"{filling.count % 16 ** int(self.form):0{self.form}X}"
            return bytes.fromhex(digits) if as_hex else encode(digits, encoding)
        return filling.captures.get(self.name, b"")


class Template:
    """An answer as it is typed. Workers fill it, many at once."""

    def __init__(
        self, text: str, options: ComposeOptions, known: frozenset[str], seal: Seal | None = None
    ) -> None:
        """`known`: the names that are captured. Raises TemplateFault, ComposeFault."""
        self._options = replace(options, line_ending=LineEnding.NONE)
        self._ending = options.line_ending if options.mode == "text" else LineEnding.NONE
        self._seal = seal
        self._parts = _parts(text, known)
        self._composed: dict[str, list[bytes | _Place]] = {}
        for part in self._parts:
            if isinstance(part, _Place):
                _check(part, known, as_hex=options.mode == "hex")
        self._compose("utf-8")  # it has every character

    def fill(self, filling: Filling, encoding: str) -> bytes:
        """Return the answer. Raises EncodeFault if the encoding lacks a character."""
        parts = self._composed.get(encoding)
        if parts is None:
            parts = self._composed[encoding] = self._compose(encoding)
        as_hex = self._options.mode == "hex"
        data = b"".join(
            part if isinstance(part, bytes) else part.fill(filling, encoding, as_hex=as_hex)
            for part in parts
        )
        if self._seal is not None:
            data = self._seal.put(data)
        return data + encode(self._ending.characters, encoding)

    def _compose(self, encoding: str) -> list[bytes | _Place]:
        options = replace(self._options, encoding=encoding)
        composed: list[bytes | _Place] = []
        for part in self._parts:
            if isinstance(part, _Place):
                composed.append(part)
                continue
            typed, position = part
            try:
                if typed.strip() or options.mode == "text":
                    composed.append(compose(typed, options))
            except ComposeFault as fault:
                if fault.kind == "unencodable":
                    raise EncodeFault(
                        position + fault.position, fault.fragment, fault.encoding
                    ) from fault
                fault.position += position
                raise
        if not composed:
            raise ComposeFault("empty")
        return composed


def _parts(text: str, known: frozenset[str]) -> list[tuple[str, int] | _Place]:
    """Return typed stretches, with where each begins, and places."""
    found: list[tuple[str, int] | _Place] = []
    end = 0
    for place in _PLACE.finditer(text):
        if place["name"] not in known and not _NAME.fullmatch(place["name"]):
            continue  # JSON, for instance
        if place.start() > end:
            found.append((text[end : place.start()], end))
        found.append(_Place(place["name"], place["form"] or ""))
        end = place.end()
    if end < len(text):
        found.append((text[end:], end))
    return found


def _check(place: _Place, known: frozenset[str], *, as_hex: bool) -> None:
    shown = f"{{{place.name}:{place.form}}}" if place.form else f"{{{place.name}}}"
    match place.name:
        case "time":
            if not place.form or len(place.form) > _MOST_TIME_CHARACTERS:
                raise TemplateFault("bad_form", shown)
            try:
                time.strftime(place.form).encode()
            except ValueError:
                raise TemplateFault("bad_form", shown) from None
        case "count":
            if place.form:
                raise TemplateFault("bad_form", shown)
        case "hex":
            digits = int(place.form) if place.form.isascii() and place.form.isdigit() else 0
            if not 1 <= digits <= _MOST_DIGITS:
                raise TemplateFault("bad_form", shown)
            if as_hex and digits % 2:
                raise TemplateFault("odd_digits", shown)
        case name if name not in known:
            raise TemplateFault("unknown_place", shown)
        case _ if place.form:
            raise TemplateFault("bad_form", shown)
