"""Regular expressions that are never asked for long, whatever was typed and whatever came in.

`regex` is used rather than `re` because it can be told to give up.
"""

from __future__ import annotations

from functools import lru_cache
from typing import AnyStr

import regex

from app.text.faults import PatternFault, TooSlow

# Of the process's processor time: a pattern that takes longer would hold up its client for good.
PATIENCE_S = 0.2
# Nearly every search ends within this: letting the lock go for it would mean to wait for it again.
GLANCE_S = 0.002
MOST_CHARACTERS = 1000

# What is part of a word where words are set apart. Ideographs, kana and the like stand alone.
_WORD = r"[\p{Lu}\p{Ll}\p{Lt}\p{Lm}\p{M}\p{N}_]"
_BORDER = rf"(?:(?<!{_WORD})|(?!{_WORD}))"


def checked(pattern: str) -> str:
    """Return what was typed if it is something, and not too long. Raises PatternFault."""
    if not pattern:
        raise PatternFault("empty")
    if len(pattern) > MOST_CHARACTERS:
        raise PatternFault("long", str(MOST_CHARACTERS))
    return pattern


def compiled(pattern: AnyStr, flags: int = 0) -> regex.Pattern[AnyStr]:
    """Compile what was typed. Raises PatternFault."""
    try:
        return regex.compile(pattern, flags)
    except regex.error as error:
        raise PatternFault("bad", str(error)) from None
    except (RecursionError, OverflowError, ValueError) as error:  # brackets in brackets in …
        raise PatternFault("bad", str(error)) from None


def searched(
    expression: regex.Pattern[AnyStr],
    data: AnyStr,
    pos: int = 0,
    patience_s: float = PATIENCE_S,
    *,
    partial: bool = False,
) -> regex.Match[AnyStr] | None:
    """Search, with the interpreter lock free meanwhile. Raises TooSlow."""
    try:
        return expression.search(data, pos, timeout=patience_s, concurrent=True, partial=partial)
    except TimeoutError:
        raise TooSlow from None


def glanced(expression: regex.Pattern[AnyStr], data: AnyStr) -> regex.Match[AnyStr] | None:
    """Search quickly, or else as `searched` does. Raises TooSlow."""
    try:
        return expression.search(data, timeout=GLANCE_S)
    except TimeoutError:
        return searched(expression, data)


@lru_cache(maxsize=64)
def compiled_text(pattern: str, ignores_case: bool, whole_word: bool) -> regex.Pattern[str]:
    """Compile an expression for text: `^` and `$` are at lines' ends. Raises PatternFault."""
    flags = regex.MULTILINE | (regex.IGNORECASE if ignores_case else 0)
    made = compiled(checked(pattern), flags)
    return compiled(f"{_BORDER}(?:{pattern}){_BORDER}", flags) if whole_word else made


@lru_cache(maxsize=4096)
def is_border(before: str, after: str) -> bool:
    """Whether two characters, of which one may be missing, are not of one word."""
    return regex.match(rf"(?s).{{{len(before)}}}{_BORDER}", before + after) is not None
