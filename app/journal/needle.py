"""What is looked for, and the SQL that proposes where it may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.journal.pattern import Pattern, fold, ignoring_case
from app.text.decoder import EncodeFault, encode
from app.text.hexa import parse_hex_parts

_TAIL_BYTES = 8  # prefixes up to so many bytes are looked for exactly, longer ones by their end


@dataclass(frozen=True, slots=True)
class Needle:
    """A text, which is looked for in each client's encoding, or bytes, looked for as they are."""

    text: str
    bytes: Pattern | None = None  # looked for where there is no text
    ignores_case: bool = False

    @classmethod
    def of_text(cls, text: str, *, ignores_case: bool = False) -> Needle:
        """Look for `text`. Raises ValueError if it is empty."""
        if not text:
            raise ValueError("nothing to look for")
        return cls(text, None, ignores_case)

    @classmethod
    def of_hex(cls, text: str) -> Needle:
        """Look for the bytes that `text` spells, `??` being any.

        Raises HexFault, or ValueError if no byte is known.
        """
        parts = parse_hex_parts(text)
        length, pieces = 0, []
        for part in parts:
            if part:
                pieces.append((length, part))
            length += len(part or b"?")
        if not pieces:
            raise ValueError("nothing to look for")
        return cls("", Pattern(length, tuple(pieces)))

    def pattern(self, encoding_name: str) -> Pattern | None:
        """Return what to look for in one encoding; None if it lacks a character."""
        if self.bytes is not None:
            return self.bytes
        try:
            if self.ignores_case:
                return ignoring_case(self.text, encoding_name)
            return Pattern.of(encode(self.text, encoding_name))
        except EncodeFault:
            return None

    def patterns(self, encoding_names: Iterable[str]) -> tuple[Pattern, ...]:
        """Return the different patterns for these encodings."""
        if self.bytes is not None:
            return (self.bytes,)
        found = {self.pattern(name) for name in encoding_names}
        return tuple(sorted((p for p in found if p is not None), key=lambda p: p.pieces))

    def is_text(self, text: str) -> bool:
        """Whether `text` is the one that is looked for."""
        return self._folded(text) == self._folded(self.text)

    def places(self, text: str) -> Iterator[int]:
        """Yield where the text that is looked for is in `text`; places do not overlap."""
        part, whole = self._folded(self.text), self._folded(text)
        start = whole.find(part) if part else -1
        while start >= 0:
            yield start
            start = whole.find(part, start + len(part))

    def _folded(self, text: str) -> str:
        return fold(text) if self.ignores_case else text


def may_hold(data: bytes, patterns: Iterable[Pattern]) -> bool:
    """Whether one of `patterns` is in `data` or begins at its end."""
    return any(next(p.places(data), -1) >= 0 or p.tails(data) for p in patterns)


def sql_condition(patterns: Iterable[Pattern]) -> tuple[str, list[bytes]]:
    """Return an SQL term that holds wherever `may_hold` does, and its values.

    `patterns` are exact ones: SQL knows no other bytes.

    `LIKE` never matches blobs; `instr` compares bytes. That the last byte occurs in a pattern at
    all is asked first: it is seldom so, and spares the exact comparisons.
    """
    terms: list[str] = ["0"]
    exact: list[str] = []
    whole: list[bytes] = []
    prefixes: list[bytes] = []
    heads = b""
    for pattern in filter(None, (pattern.exact for pattern in patterns)):
        terms.append("instr(data, ?) > 0")
        whole.append(pattern)
        head = pattern[:-1]
        heads += head
        lengths = range(1, min(len(head), _TAIL_BYTES) + 1)
        exact += [f"substr(data, -{n}) = ?" for n in lengths]
        prefixes += [head[:n] for n in lengths]
        if len(head) > _TAIL_BYTES:
            exact.append(f"length(data) > {_TAIL_BYTES} AND instr(?, substr(data, -{_TAIL_BYTES}))")
            prefixes.append(head)
    if exact:
        terms.append(f"instr(?, substr(data, -1)) > 0 AND ({' OR '.join(exact)})")
        prefixes.insert(0, heads)
    return " OR ".join(f"({term})" for term in terms), whole + prefixes
