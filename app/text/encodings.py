"""The encodings a client may speak.

To add one, add a line to `ENCODINGS` (and, if a character of it may be longer than two bytes, teach
`app.text.decoder` how many bytes a begun character still lacks).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Encoding:
    """One encoding."""

    name: str  # in settings, journals and on the command line
    label: str  # on the screen, the same in every language
    codec: str  # Python's name for it
    unit_bytes: int = 1  # bytes of a code unit: 2 for UTF-16


ENCODINGS: tuple[Encoding, ...] = (
    Encoding("gbk", "GBK", "gbk"),
    Encoding("gb18030", "GB18030", "gb18030"),
    Encoding("utf-8", "UTF-8", "utf-8"),
    Encoding("big5", "Big5", "big5"),
    Encoding("shift_jis", "Shift_JIS", "shift_jis"),
    Encoding("euc_kr", "EUC-KR", "euc_kr"),
    # With an explicit byte order Python neither writes nor swallows a byte order mark.
    Encoding("utf-16-le", "UTF-16 LE", "utf-16-le", unit_bytes=2),
    Encoding("utf-16-be", "UTF-16 BE", "utf-16-be", unit_bytes=2),
    Encoding("latin-1", "Latin-1", "latin-1"),
    Encoding("ascii", "ASCII", "ascii"),
)

# Other names people type, folded as `_folded` does. Each is the same encoding or a subset of it.
_ALIASES = {
    "gb2312": "gbk",
    "euccn": "gbk",
    "cp936": "gbk",
    "ms936": "gbk",
    "936": "gbk",
    "54936": "gb18030",
    "65001": "utf-8",
    "cp65001": "utf-8",
    "big5tw": "big5",
    "sjis": "shift_jis",
    "ksc5601": "euc_kr",
    "utf16": "utf-16-le",  # what Windows means by it
    "iso88591": "latin-1",
    "l1": "latin-1",
    "usascii": "ascii",
}


class UnknownEncoding(ValueError):
    """No encoding of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _folded(name: str) -> str:
    return "".join(character for character in name.lower() if character not in "-_ ")


_BY_FOLDED_NAME = {_folded(name): e for e in ENCODINGS for name in (e.name, e.label)}
_BY_FOLDED_NAME.update({alias: _BY_FOLDED_NAME[_folded(n)] for alias, n in _ALIASES.items()})
# Looked up for every new decoder, so the plain name is kept out of `_folded`'s way.
_BY_NAME = {e.name: e for e in ENCODINGS}


def find_encoding(name_or_label: str) -> Encoding:
    """Return the encoding called so; case, hyphens, underscores and spaces do not matter.

    Raises UnknownEncoding.
    """
    found = _BY_NAME.get(name_or_label) or _BY_FOLDED_NAME.get(_folded(name_or_label))
    if found is None:
        raise UnknownEncoding(name_or_label)
    return found
