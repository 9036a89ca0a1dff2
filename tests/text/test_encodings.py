from __future__ import annotations

import codecs

import pytest

from app.settings import ServerProfile
from app.text.encodings import ENCODINGS, UnknownEncoding, find_encoding


def test_they_are_offered_in_the_order_people_need_them() -> None:
    assert [encoding.label for encoding in ENCODINGS] == [
        "GBK",
        "GB18030",
        "UTF-8",
        "Big5",
        "Shift_JIS",
        "EUC-KR",
        "UTF-16 LE",
        "UTF-16 BE",
        "Latin-1",
        "ASCII",
    ]


def test_python_knows_each_and_names_are_unique() -> None:
    assert len({e.name for e in ENCODINGS}) == len({e.label for e in ENCODINGS}) == len(ENCODINGS)
    for encoding in ENCODINGS:
        assert len("A".encode(encoding.codec)) == encoding.unit_bytes
        assert codecs.lookup(encoding.codec)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("gbk", "gbk"),
        ("GB2312", "gbk"),
        ("Utf8", "utf-8"),
        ("UTF-8", "utf-8"),
        ("UTF-16 LE", "utf-16-le"),
        ("utf_16_be", "utf-16-be"),
        ("Shift-JIS", "shift_jis"),
        ("sjis", "shift_jis"),
        ("EUC-KR", "euc_kr"),
        ("iso-8859-1", "latin-1"),
        ("latin1", "latin-1"),
        ("US-ASCII", "ascii"),
    ],
)
def test_it_is_found_as_people_write_it(typed: str, name: str) -> None:
    assert find_encoding(typed).name == name


@pytest.mark.parametrize("typed", ["", "utf-9", "base64", "rot13", "mbcs"])
def test_an_unknown_name_is_said(typed: str) -> None:
    with pytest.raises(UnknownEncoding) as caught:
        find_encoding(typed)
    assert caught.value.name == typed


def test_the_default_of_the_settings_exists() -> None:
    assert find_encoding(ServerProfile().encoding).name == "gbk"
