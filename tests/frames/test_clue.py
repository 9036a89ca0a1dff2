"""What a piece says that is no whole frame."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.frames.clue import Clue, clue_of
from app.frames.kits import load_kit
from app.frames.written import read_framing
from app.paths import resource

HELLO = bytes.fromhex("16030100c8010000c4")
REQUEST = b"GET / HTTP/1.1\r\n"


@pytest.mark.parametrize(
    ("spec", "data", "clue"),
    [
        ("length:size=4", REQUEST, Clue("GET ", 0x47455420, "HTTP")),
        ("length:size=4,order=little", REQUEST, Clue("GET ", 0x20544547, "HTTP")),
        ("length:size=2", b"GE", Clue("GE", 0x4745)),
        ("length:offset=4,size=4", REQUEST, Clue("/ HT", 0x2F204854, "HTTP")),
        ("length:size=2", HELLO, Clue(protocol="TLS")),
        ("length:offset=2,size=1", HELLO, Clue(protocol="TLS")),
        ("length:offset=2,size=4,decimal", b"##abcd", Clue("abcd")),
        ("length:size=4", b"SSH-2.0-x", Clue("SSH-", 0x5353482D, "SSH")),
        ("length:offset=2,size=4,decimal", b"##0101", None),
        ("length:size=4", b"\0\0\1\0abc", None),
        ("length:size=1", b"Gabc", None),
        ("length:size=4", b"GE", None),  # it is not all there
        ("length:size=4", b"\xff\xff\xff\xff", None),
        ("delimiter:0A", REQUEST, None),
    ],
)
def test_a_length_says_what_it_spells(spec: str, data: bytes, clue: Clue | None) -> None:
    assert clue_of(read_framing(spec), None, data) == clue


@pytest.mark.parametrize(
    ("name", "data", "clue"),
    [
        ("modbus_tcp", REQUEST, Clue("GET ", -1, "HTTP")),
        ("mqtt", HELLO, Clue(protocol="TLS")),
        ("modbus_tcp", b"\0\1\0\0", None),
        ("tls_hello", HELLO, None),
        ("tls_hello", REQUEST, Clue("GET ", -1, "HTTP")),
        ("http1", HELLO, Clue(protocol="TLS")),
        ("http1", REQUEST, None),
        ("nmea", b"hello", None),
        ("nmea", REQUEST, Clue("", -1, "HTTP")),
    ],
)
def test_a_kit_says_who_else_begins_so(name: str, data: bytes, clue: Clue | None) -> None:
    kit = load_kit(resource("kits") / f"{name}.py")
    assert clue_of(read_framing(f"kit:{name}", lambda _: kit.split), kit, data) == clue


@given(st.binary(max_size=40), st.sampled_from(["size=4", "offset=3,size=8", "size=4,decimal"]))
def test_any_bytes_have_a_clue_or_none(data: bytes, spec: str) -> None:
    clue = clue_of(read_framing(f"length:{spec}"), None, data)
    assert clue is None or clue.text.isprintable()
