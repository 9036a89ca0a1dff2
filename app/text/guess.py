"""Noticing that bytes are clearly not in the encoding chosen for them, and in which they are.

The same bytes are read in every encoding, and each reading is weighed as evidence (roughly, natural
logarithms of how much likelier a character is in real text than in misread text): a frequent
character speaks for the reading, a rare or undecodable one against it. Chinese read in the wrong
encoding still gives Chinese characters, but hardly ever frequent ones, and that is what tells.

A reading is suggested only if it is good in itself, and much better than the chosen one. Random
bytes, ASCII and binary protocols have no good reading, so nothing is suggested for them.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from app.text.common import COMMON_HAN, COMMON_HANGUL, COMMON_KANA, COMMON_MARKS
from app.text.decoder import StreamDecoder
from app.text.encodings import ENCODINGS, find_encoding

SAMPLE_BYTES = 1024  # more does not make it surer, only slower

_GOOD = 8.0  # a suggested reading weighs at least this: three frequent characters
_BETTER = 6.0  # and at least this much more than the chosen one

_UNICODE = ("utf-8", "utf-16-le", "utf-16-be")
_HAS_KANA = ("shift_jis", *_UNICODE)
_HAS_HANGUL = ("euc_kr", *_UNICODE)

# Any byte is good Latin-1, so nothing can speak for it, and no one needs a hint for ASCII.
_SUGGESTED = tuple(e.name for e in ENCODINGS if e.name not in ("latin-1", "ascii"))

# The sample may begin inside a character, which puts all the others of two bytes out of step;
# UTF-8 falls into step by itself, but may begin with three bytes that look undecodable.
_STARTS = {"utf-8": range(4), "latin-1": range(1), "ascii": range(1)}


def suggest_encoding(data: bytes, chosen: str) -> str | None:
    """Return the name of the encoding `data` is clearly in, or None to keep quiet.

    `data` is a part of a stream, cut anywhere. None also when `chosen` reads it well or nothing
    does. Takes half a millisecond for 200 bytes of text. Raises UnknownEncoding.
    """
    chosen = find_encoding(chosen).name
    sample = data[:SAMPLE_BYTES]
    if sample.isascii() and b"\0" not in sample:
        return None
    # max keeps the first of equals: GBK before GB18030, which reads everything GBK does.
    weights = {name: _weigh(sample, name) for name in _SUGGESTED}
    best = max(weights, key=lambda name: weights[name])
    if weights[best] < _GOOD or best == chosen:
        return None
    return best if weights[best] - _weigh(sample, chosen) >= _BETTER else None


def _weigh(sample: bytes, encoding: str) -> float:
    """How much speaks for reading `sample` so, from the best place to start."""
    starts = _STARTS.get(encoding, range(2))
    return max(weigh(StreamDecoder(encoding).feed(sample[start:]), encoding) for start in starts)


def weigh(text: str, encoding: str) -> float:
    """Return how much speaks for `text` being what was meant by the bytes it was decoded from."""
    return sum(_evidence(character, encoding) for character in text)


@lru_cache(maxsize=16384)
def _evidence(character: str, encoding: str) -> float:
    """How much one character speaks for its reading."""
    code = ord(character)
    if code < 0x80:
        return _ascii_evidence(character, encoding)
    if 0xDC00 <= code <= 0xDCFF:  # an undecodable byte
        return -6.0
    return _length_evidence(code, encoding) + _frequency_evidence(character, encoding)


def _ascii_evidence(character: str, encoding: str) -> float:
    if not character.isprintable() and character not in "\r\n\t":
        return -3.0
    # In UTF-16 every letter needs a zero byte at its side; elsewhere ASCII looks the same.
    return 0.4 if encoding.startswith("utf-16") else 0.0


def _length_evidence(code: int, encoding: str) -> float:
    """The long forms of UTF-8 and GB18030 hardly arise by chance, whatever they mean."""
    if encoding == "utf-8":
        return 1.0 if code < 0x800 else 2.5 if code < 0x10000 else 4.0
    if encoding == "gb18030" and code > 0xFFFF:
        return 3.0
    return 0.0


def _frequency_evidence(character: str, encoding: str) -> float:
    if encoding == "latin-1":
        return 0.0 if character.isprintable() else -3.0
    if character in COMMON_MARKS:
        return 2.0
    if (
        (character in COMMON_HAN and encoding != "euc_kr")  # Korean is hardly written with Han now
        or (character in COMMON_KANA and encoding in _HAS_KANA)
        or (character in COMMON_HANGUL and encoding in _HAS_HANGUL)
    ):
        return 3.0
    if not character.isprintable() and character != "\ufeff":
        return -6.0  # unassigned, private use, C1 controls
    return _rarity_evidence(character, encoding)


def _rarity_evidence(character: str, encoding: str) -> float:
    """Against what is readable but not frequent: real text has little of it, misread text much."""
    code = ord(character)
    if 0x4E00 <= code <= 0x9FFF:
        return 0.0 if encoding != "euc_kr" and _is_everyday_han(character) else -3.0
    if 0xAC00 <= code <= 0xD7A3:
        if encoding == "euc_kr":
            return 1.0  # unlike in UTF-16, only a quarter of all pairs mean Hangul
        return 0.0 if encoding in _HAS_HANGUL else -3.0
    if unicodedata.category(character).startswith("L") and code < 0x600:  # Latin, Greek, Cyrillic
        return 0.5 if encoding == "utf-8" else -1.5
    if 0x3000 <= code <= 0x30FF or 0xFF01 <= code <= 0xFF5E:  # kana, brackets, full-width ASCII
        return 0.0 if encoding in _HAS_KANA else -1.0
    return -2.0


def _is_everyday_han(character: str) -> bool:
    """Whether it is on the first level of GB 2312 or of Big5: the characters in everyday use."""
    gb_lead = character.encode("gb2312", "ignore")[:1]
    big5_lead = character.encode("big5", "ignore")[:1]
    return b"" < gb_lead <= b"\xd7" or b"" < big5_lead <= b"\xc6"
