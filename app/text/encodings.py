"""The encodings a client may speak.

A name means what Windows means by it, because devices and programs learnt it there: GBK is code
page 936, Big5 is 950, Shift_JIS is 932, EUC-KR is 949. Each reads all that the standard of that
name has.

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
    # Bytes above 0x7F that Python holds back although no character begins with them.
    alone: bytes = b""
    # What Python makes of a single byte, and what is meant instead.
    corrections: tuple[tuple[str, str], ...] = ()


_PRIVATE = ("\uf8f0", "\uf8f1", "\uf8f2", "\uf8f3")  # Python's cp932 for bytes that mean nothing


ENCODINGS: tuple[Encoding, ...] = (
    Encoding("gbk", "GBK", "gbk", alone=b"\x80\xff", corrections=(("\udc80", "€"),)),
    Encoding("gb18030", "GB18030", "gb18030", alone=b"\x80\xff"),
    Encoding("utf-8", "UTF-8", "utf-8"),
    Encoding(
        "big5",
        "Big5",
        "cp950",
        alone=bytes(range(0x80, 0xA1)) + b"\xc8" + bytes(range(0xFA, 0x100)),
    ),
    Encoding(
        "shift_jis",
        "Shift_JIS",
        "cp932",
        alone=b"\x85\x86\xeb\xec\xef",
        corrections=tuple(zip(_PRIVATE, "\udca0\udcfd\udcfe\udcff", strict=True)),
    ),
    Encoding("euc_kr", "EUC-KR", "cp949", alone=b"\x80\xc9\xfe\xff"),
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
    "cp54936": "gb18030",
    "65001": "utf-8",
    "cp65001": "utf-8",
    "big5tw": "big5",
    "cp950": "big5",
    "950": "big5",
    "sjis": "shift_jis",
    "cp932": "shift_jis",
    "932": "shift_jis",
    "windows31j": "shift_jis",
    "ksc5601": "euc_kr",
    "cp949": "euc_kr",
    "949": "euc_kr",
    "uhc": "euc_kr",
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
