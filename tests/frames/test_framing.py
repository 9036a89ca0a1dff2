"""Framings: written, read, and run along streams that are cut anywhere."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.frames.cutting import Cutter, Part, Piece
from app.frames.framing import Framing, FramingFault
from app.frames.written import read_framing

MS = 1_000_000  # ns


def pieces(framing: str, *chunks: bytes, greatest_bytes: int = 65_536) -> list[tuple[str, bytes]]:
    cutter = Cutter(read_framing(framing), greatest_bytes=greatest_bytes)
    found = [piece for chunk in chunks for piece in cutter.feed(chunk)]
    return plain([*found, *cutter.finish()])


def plain(found: list[Piece]) -> list[tuple[str, bytes]]:
    return [(piece.part.value, piece.data) for piece in found]


@pytest.mark.parametrize(
    "text",
    [
        "none",
        "delimiter:0D0A",
        "delimiter:0D0A|0A,escape=5C",
        "head:7E,tail:7E",
        "fixed:32",
        "length:offset=4,size=2",
        "length:offset=2,size=4,adjust=6,order=little,decimal",
        "gap:20",
    ],
)
def test_a_framing_is_written_as_it_is_read(text: str) -> None:
    assert str(read_framing(text)) == text


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("lines", "unknown"),
        ("delimiter:", "empty"),
        ("delimiter:0", "no_hex"),
        ("delimiter:0A,escape=5C5C", "unknown_part"),
        ("delimiter:0A,keep=1", "unknown_part"),
        ("head:7E", "no_tail"),
        ("fixed:0", "out_of_range"),
        ("fixed:", "no_number"),
        ("fixed:1e3", "no_number"),
        ("fixed:²", "no_number"),
        ("length:size=9", "out_of_range"),
        ("length:place=1", "unknown_part"),
        ("gap:-1", "out_of_range"),
        ("kit:nothing", "no_kit"),
    ],
)
def test_a_framing_that_is_written_wrongly_says_where(text: str, case: str) -> None:
    with pytest.raises(FramingFault) as caught:
        read_framing(text)
    assert caught.value.case == case


@pytest.mark.parametrize(
    ("framing", "stream", "frames"),
    [
        ("delimiter:0D0A", b"a\r\nb\rc\n\r\nd", [b"a\r\n", b"b\rc\n\r\n"]),
        ("delimiter:0D0A|0D", b"a\rb\r\nc\r.", [b"a\r", b"b\r\n", b"c\r"]),
        ("delimiter:0A,escape=5C", b"a\\\nb\nc\\\\\n", [b"a\\\nb\n", b"c\\\\\n"]),
        ("head:7E,tail:7E", b"~a~~b~", [b"~a~", b"~b~"]),
        ("head:AA55,tail:0D", b"x\xaa\x55y\rz\xaa\x55\r", [b"\xaa\x55y\r", b"\xaa\x55\r"]),
        ("fixed:3", b"abcdefgh", [b"abc", b"def"]),
        ("length:offset=0,size=1", b"\x02ab\x00\x01c", [b"\x02ab", b"\x00", b"\x01c"]),
        ("length:offset=2,size=4,adjust=6,decimal", b"##0001acccc\r\n", [b"##0001acccc\r\n"]),
        ("length:size=2,order=little", b"\x01\x00a", [b"\x01\x00a"]),
        ("length:size=2,adjust=-2", b"\x00\x03a", [b"\x00\x03a"]),
    ],
)
def test_a_framing_cuts_what_it_says(framing: str, stream: bytes, frames: list[bytes]) -> None:
    for chunks in ([stream], [bytes((byte,)) for byte in stream]):
        found = pieces(framing, *chunks)
        assert [data for part, data in found if part == "frame"] == frames
        assert b"".join(data for _, data in found) == stream


def test_junk_is_a_piece_of_its_own_and_whole() -> None:
    assert pieces("head:7E,tail:7E", b"a", b"b", b"c~d~e") == [
        ("junk", b"abc"),
        ("frame", b"~d~"),
        ("junk", b"e"),
    ]


def test_a_length_that_cannot_be_makes_junk_until_one_can() -> None:
    assert pieces("length:size=4", b"GET /\x00\x00\x00\x01x")[-1] == ("frame", b"\0\0\0\1x")


def test_a_frame_that_grows_too_long_ends_as_incomplete() -> None:
    found = pieces("delimiter:0A", b"x" * 25, b"\nyz\n", greatest_bytes=10)
    assert found == [
        ("incomplete", b"x" * 10),
        ("incomplete", b"x" * 10),
        ("frame", b"x" * 5 + b"\n"),
        ("frame", b"yz\n"),
    ]


def test_a_pause_ends_a_frame() -> None:
    cutter = Cutter(read_framing("gap:20"))
    assert cutter.feed(b"ab", 0) == []
    assert cutter.feed(b"cd", 19 * MS) == []
    assert not cutter.is_overdue(38 * MS)
    assert cutter.is_overdue(39 * MS)
    assert plain(cutter.feed(b"ef", 39 * MS)) == [("frame", b"abcd")]
    assert plain(cutter.finish()) == [("frame", b"ef")]


def test_what_waits_too_long_for_its_rest_is_let_go() -> None:
    cutter = Cutter(read_framing("fixed:4"), stall_ms=100)
    assert cutter.feed(b"ab", 0) == []
    assert plain(cutter.feed(b"cdef", 100 * MS)) == [("incomplete", b"ab"), ("frame", b"cdef")]


FRAMINGS = (
    "delimiter:0A",
    "delimiter:0001|00|000102",
    "delimiter:01,escape=02",
    "head:00,tail:00",
    "head:0001,tail:0200",
    "fixed:3",
    "length:size=1",
    "length:offset=1,size=2,order=little",
)


@pytest.mark.parametrize("text", FRAMINGS)
@given(
    stream=st.lists(st.integers(0, 3), max_size=80).map(bytes),
    sizes=st.lists(st.integers(1, 10), max_size=40),
)
def test_frames_are_the_same_however_the_stream_was_cut(
    text: str, stream: bytes, sizes: list[int]
) -> None:
    framing = read_framing(text)
    whole = run(framing, stream, [])
    assert run(framing, stream, sizes) == whole
    assert b"".join(piece.data for piece in whole) == stream
    assert all(one.end == two.offset for one, two in pairwise(whole))
    assert not [p for p, q in pairwise(whole) if p.part is q.part is Part.JUNK]


def run(framing: Framing, stream: bytes, sizes: list[int]) -> list[Piece]:
    cutter, found, at = Cutter(framing), [], 0
    for size in sizes:
        found += cutter.feed(stream[at : at + size])
        at += size
    return [*found, *cutter.feed(stream[at:]), *cutter.finish()]
