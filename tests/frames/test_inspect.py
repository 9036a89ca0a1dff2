"""What bytes may be that no kit names."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.frames.inspect import senses


@pytest.mark.parametrize(
    ("data", "name", "order", "text"),
    [
        (b"\xff", "signed", "", "-1"),
        (b"\x12", "bits", "", "00010010"),
        (b"\x12", "bcd", "", "12"),
        (b"\x02\x0b", "unsigned", "big", "523"),
        (b"\x02\x0b", "unsigned", "little", "2,818"),
        (b"\x42\x28\x00\x00", "float", "big", "42"),
        (b"\x00\x00\x28\x42", "float", "little", "42"),
        (b"\x00\x00\x42\x28", "float", "swapped", "42"),
        (struct.pack("<d", 1.5), "float", "little", "1.5"),
        (b"\x59\xe8\x8c\x9a", "unix_s", "big", "2017-10-19 11:29:30 UTC"),
        (b"\x17\x10\x19\x19\x35\x38", "bcd_time", "", "2017-10-19 19:35:38"),
    ],
)
def test_bytes_are_read_in_every_way(data: bytes, name: str, order: str, text: str) -> None:
    assert (name, order, text) in senses(data)


def test_what_is_no_bcd_is_not_called_so() -> None:
    assert "bcd" not in {sense.name for sense in senses(b"\x02\x0b")}


@given(st.binary(max_size=80))
def test_any_bytes_can_be_looked_at(data: bytes) -> None:
    assert all(sense.text for sense in senses(data))
