"""What is looked for, and the SQL that proposes where it may be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.text.decoder import EncodeFault, encode
from app.text.hexa import parse_hex

_TAIL_BYTES = 8  # prefixes up to so many bytes are looked for exactly, longer ones by their end


@dataclass(frozen=True, slots=True)
class Needle:
    """A text, which is looked for in each client's encoding, or bytes, looked for as they are."""

    text: str
    data: bytes

    @classmethod
    def of_text(cls, text: str) -> Needle:
        """Look for `text`; upper and lower case differ. Raises ValueError if it is empty."""
        if not text:
            raise ValueError("nothing to look for")
        return cls(text, b"")

    @classmethod
    def of_hex(cls, text: str) -> Needle:
        """Look for the bytes that `text` spells. Raises HexFault, or ValueError if it is empty."""
        data = parse_hex(text)
        if not data:
            raise ValueError("nothing to look for")
        return cls("", data)

    def pattern(self, encoding_name: str) -> bytes | None:
        """Return the bytes to look for in one encoding; None if it lacks a character."""
        if self.data:
            return self.data
        try:
            return encode(self.text, encoding_name)
        except EncodeFault:
            return None

    def patterns(self, encoding_names: Iterable[str]) -> tuple[bytes, ...]:
        """Return the different patterns for these encodings."""
        if self.data:
            return (self.data,)
        found = {self.pattern(name) for name in encoding_names}
        return tuple(sorted(pattern for pattern in found if pattern is not None))


def tails(data: bytes, pattern: bytes) -> list[int]:
    """Return the lengths of the ends of `data` with which `pattern`, unfinished, begins."""
    most = min(len(data), len(pattern) - 1)
    return [length for length in range(1, most + 1) if data.endswith(pattern[:length])]


def may_hold(data: bytes, patterns: Iterable[bytes]) -> bool:
    """Whether one of `patterns` is in `data` or begins at its end."""
    return any(pattern in data or tails(data, pattern) for pattern in patterns)


def sql_condition(patterns: Iterable[bytes]) -> tuple[str, list[bytes]]:
    """Return an SQL term that holds wherever `may_hold` does, and its values.

    `LIKE` never matches blobs; `instr` compares bytes. That the last byte occurs in a pattern at
    all is asked first: it is seldom so, and spares the exact comparisons.
    """
    terms: list[str] = ["0"]
    exact: list[str] = []
    whole: list[bytes] = []
    prefixes: list[bytes] = []
    heads = b""
    for pattern in patterns:
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
