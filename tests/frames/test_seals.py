"""Checksums put into messages, and found in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.frames.checksums import catalogue
from app.frames.seals import Seal, SealFault, find_seals, read_seal


@pytest.mark.parametrize(
    ("notation", "data", "sealed"),
    [
        ("crc16-modbus(0,-1) L @end", "010300000002", "010300000002C40B"),
        ("crc16-modbus", "010300000002", "0103000000020BC4"),
        ("xor8(1,-2) @-1", "7E01037E", "7E0103027E"),
        ("sum8 @0", "0102", "030102"),
        ("xor8 HEX", "41", "413431"),
        ("crc32-iso-hdlc B hex", "313233343536373839", "313233343536373839" + b"cbf43926".hex()),
        ("sum8(5,9)", "01", "0100"),
    ],
)
def test_a_notation_says_what_where_and_how(notation: str, data: str, sealed: str) -> None:
    seal = read_seal(notation)
    assert seal.put(bytes.fromhex(data)) == bytes.fromhex(sealed)
    assert seal.fits(bytes.fromhex(sealed))
    assert read_seal(str(seal)) == seal


@pytest.mark.parametrize(
    ("notation", "case", "part"),
    [
        ("", "empty", ""),
        ("crc99", "unknown_checksum", "crc99"),
        ("sum8(1)", "bad_range", "1"),
        ("sum8(a,b)", "bad_range", "a,b"),
        ("sum8 M", "bad_word", "M"),
        ("sum8 @x", "bad_word", "@x"),
    ],
)
def test_what_is_written_wrongly_is_said(notation: str, case: str, part: str) -> None:
    with pytest.raises(SealFault) as caught:
        read_seal(notation)
    assert (caught.value.case, caught.value.part) == (case, part)


@pytest.mark.parametrize("name", [n for n, c in catalogue().items() if c.size >= 2])
def test_every_checksum_is_found_again(name: str) -> None:
    body = bytes(range(3, 40))
    for order in ("big", "little"):
        seal = Seal(name, order=order)
        assert seal in find_seals(seal.put(body), most=1000)


@pytest.mark.parametrize(
    "notation",
    [
        "crc16-modbus(0,-1) L @end",
        "crc16-modbus(2,-1) B @end",
        "crc16-xmodem(0,-3) B @-2",
        "crc16-hj212(0,-1) B @end HEX",
        "crc32-iso-hdlc(4,-1) L @end",
        "crc16-modbus(0,-2) L @-1",
    ],
)
def test_the_likeliest_comes_first(notation: str) -> None:
    seal = read_seal(notation)
    found = find_seals(seal.put(bytes.fromhex("68AA0102030405060708090D0A")))
    assert found[0] == seal


def test_what_is_right_by_chance_is_not_offered() -> None:
    message = read_seal("crc16-modbus L").put(bytes.fromhex("010300000002"))
    assert all(catalogue()[seal.name].size > 1 or seal.name[3] == "8" or seal.name[:3] != "crc"
               for seal in find_seals(message))  # fmt: skip


@given(st.binary(max_size=60))
def test_every_hit_is_true(message: bytes) -> None:
    for seal in find_seals(message):
        assert seal.fits(message)
