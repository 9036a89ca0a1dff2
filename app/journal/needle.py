"""What is looked for, and the SQL that proposes where it may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.journal.pattern import Pattern, fold, ignoring_case
from app.text.decoder import EncodeFault, encode
from app.text.hexa import parse_hex_parts

if TYPE_CHECKING:
    import regex

_TAIL_BYTES = 8  # prefixes up to so many bytes are looked for exactly, longer ones by their end


@dataclass(frozen=True, slots=True)
class Needle:
    """A text or a regular expression, in each client's encoding, or bytes as they are."""

    text: str
    bytes: Pattern | None = None  # looked for where there is no text
    ignores_case: bool = False
    whole_word: bool = False
    expression: regex.Pattern[str] | None = None  # `text`, where that is a regular expression

    @classmethod
    def of_text(cls, text: str, *, ignores_case: bool = False, whole_word: bool = False) -> Needle:
        """Look for `text`. Raises ValueError if it is empty."""
        if not text:
            raise ValueError("nothing to look for")
        return cls(text, None, ignores_case, whole_word)

    @classmethod
    def of_regex(cls, text: str, *, ignores_case: bool = False, whole_word: bool = False) -> Needle:
        """Look for what a regular expression matches in text. Raises PatternFault."""
        from app.text.expressions import compiled_text

        expression = compiled_text(text, ignores_case, whole_word)
        return cls(text, None, ignores_case, whole_word, expression)

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
        """Return what to look for in one encoding; None if it lacks a character.

        A regular expression has no pattern of bytes.
        """
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

    def spans(self, text: str, patience_s: float = 1.0) -> Iterator[tuple[int, int]]:
        """Yield start and end of what is found in `text`; they do not overlap.

        Raises TooSlow where a regular expression takes more than `patience_s` for one of them.
        """
        if self.expression is not None:
            yield from _matches(self.expression, text, patience_s)
            return
        part, whole = self._folded(self.text), self._folded(text)
        start = whole.find(part) if part else -1
        while start >= 0:
            end = start + len(part)
            is_found = self.is_word(text[:start][-1:], text[end : end + 1])
            if is_found:
                yield start, end
            start = whole.find(part, end if is_found else start + 1)

    def is_word(self, before: str, after: str) -> bool:
        """Whether the text, found between two characters, stands alone, if that is wanted."""
        if not self.whole_word:
            return True
        from app.text.expressions import is_border

        return is_border(before, self.text[0]) and is_border(self.text[-1], after)

    def _folded(self, text: str) -> str:
        return fold(text) if self.ignores_case else text


def _matches(
    expression: regex.Pattern[str], text: str, patience_s: float
) -> Iterator[tuple[int, int]]:
    from app.text.expressions import searched

    at = 0
    while at <= len(text) and (found := searched(expression, text, at, patience_s)):
        yield found.span()
        at = max(found.end(), found.start() + 1)


def may_hold(data: bytes, patterns: Iterable[Pattern]) -> bool:
    """Whether one of `patterns` is in `data` or begins at its end."""
    return any(next(p.places(data), -1) >= 0 or p.tails(data) for p in patterns)


def sql_condition(patterns: Iterable[Pattern]) -> tuple[str, list[bytes]]:
    """Return an SQL term that holds wherever `may_hold` does, and its values.

    Of `patterns`, those that are not `in_sql` are left out.

    `LIKE` never matches blobs; `instr` compares bytes, and `lower` knows ASCII only.
    """
    found = [pattern for pattern in patterns if pattern.in_sql]
    terms: list[str] = ["0"]
    values: list[bytes] = []
    for folded in (False, True):
        wanted = [pattern.pieces[0][1] for pattern in found if bool(pattern.table) == folded]
        if wanted:
            some, of_some = _sql_terms({w.lower() if folded else w for w in wanted}, folded)
            terms += some
            values += of_some
    return " OR ".join(f"({term})" for term in terms), values


def _sql_terms(wanted: Iterable[bytes], folded: bool) -> tuple[list[str], list[bytes]]:
    """Return the terms for byte strings, in lower case if `folded`, and their values.

    That the last byte occurs in one of them at all is asked first: it is seldom so, and spares the
    exact comparisons.
    """

    def sql(value: str) -> str:
        return f"CAST(lower({value}) AS BLOB)" if folded else value

    whole = sorted(wanted)
    terms = [f"instr({sql('data')}, ?) > 0"] * len(whole)
    exact: list[str] = []
    prefixes: list[bytes] = []
    heads = b"".join(one[:-1] for one in whole)
    for head in (one[:-1] for one in whole if len(one) > 1):
        lengths = range(1, min(len(head), _TAIL_BYTES) + 1)
        exact += [f"{sql(f'substr(data, -{n})')} = ?" for n in lengths]
        prefixes += [head[:n] for n in lengths]
        if len(head) > _TAIL_BYTES:
            tail = sql(f"substr(data, -{_TAIL_BYTES})")
            exact.append(f"length(data) > {_TAIL_BYTES} AND instr(?, {tail})")
            prefixes.append(head)
    if exact:
        terms.append(f"instr(?, substr(data, -1)) > 0 AND ({' OR '.join(exact)})")
        prefixes.insert(0, heads + heads.upper() if folded else heads)
    return terms, whole + prefixes
