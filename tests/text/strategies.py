"""What the tests of this room are fed with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st

from app.text.encodings import ENCODINGS

encoding_names = st.sampled_from([encoding.name for encoding in ENCODINGS])

Fault = TypeVar("Fault", bound=Exception)

# Besides plain random bytes: those that begin, continue or break characters in some encoding.
_TRICKY = st.sampled_from(
    list(b"\x00\x0a\x30\x39\x41\x5c\x80\x81\xa1\xa4\xbd\xc0\xd4\xd8\xdc\xe4\xf0\xff")
)
raw_bytes = st.one_of(st.binary(max_size=60), st.lists(_TRICKY, max_size=60).map(bytes))


def texts_in(encoding_name: str) -> st.SearchStrategy[str]:
    """Text that the encoding can hold, and gives back unchanged."""
    codec = next(e.codec for e in ENCODINGS if e.name == encoding_name)
    favourites = st.sampled_from("a0~\\\r\n\0你好，。交易𠮷😀あｱア한똠éß–·")
    anything = st.characters(exclude_categories=["Cs"])

    def survives(text: str) -> bool:
        try:
            return text.encode(codec).decode(codec) == text
        except UnicodeError:
            return False

    def only_survivors(text: str) -> str:
        kept = "".join(c for c in text if survives(c))
        return kept if survives(kept) else ""

    return st.text(st.one_of(favourites, anything), max_size=40).map(only_survivors)


def cut(data: bytes, widths: list[int]) -> list[bytes]:
    """Split `data` into pieces of these widths, over and over."""
    pieces, begin, turn = [], 0, 0
    while begin < len(data):
        width = widths[turn % len(widths)]
        pieces.append(data[begin : begin + width])
        begin, turn = begin + width, turn + 1
    return pieces


def caught(kind: type[Fault], call: Callable[[], object]) -> Fault | None:
    """Return the fault of this kind that the call raises, or None."""
    try:
        call()
    except kind as fault:
        return fault
    return None
