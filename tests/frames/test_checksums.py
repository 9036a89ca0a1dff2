"""The catalogue of checksums: each algorithm against its published check value."""

from __future__ import annotations

import anycrc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.frames.checksums import UnknownChecksum, catalogue, find_checksum, xor8

CHECK = b"123456789"
OWN = {
    "sum8": 0xDD, "sum16": 0x01DD, "negsum8": 0x23, "invsum8": 0x22, "xor8": 0x31,
    "fletcher16": 0x1EDE, "crc16-hj212": 0x2F80, "adler32": 0x091E01DE,
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), OWN.items())
def test_our_own_give_their_check_values(name: str, value: int) -> None:
    assert find_checksum(name).of(CHECK) == value


def test_every_crc_of_the_catalogue_gives_its_check_value() -> None:
    assert len(catalogue()) == len(OWN) + 112
    for title, model in anycrc.models.items():
        assert find_checksum(title).of(CHECK) == model.check, title


def test_names_are_found_as_they_are_written() -> None:
    assert find_checksum("CRC16/MODBUS").bytes_of(b"\x01\x03\x00\x00\x00\x0a", "little") == (
        b"\xc5\xcd"
    )
    assert find_checksum("crc16-modbus").title == "CRC-16/MODBUS"
    with pytest.raises(UnknownChecksum):
        find_checksum("crc16")


@given(st.binary(max_size=400))
def test_xor_is_the_same_folded_or_not(data: bytes) -> None:
    value = 0
    for byte in data:
        value ^= byte
    assert xor8(data) == value
