from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.hexa import DumpLine, HexFault, HexProblem, format_hex, hex_dump, parse_hex
from tests.text.strategies import caught


@pytest.mark.parametrize(
    "typed",
    [
        "48 65 6C 6C 6F",
        "48656c6c6f",
        "0x48,0x65,0x6C,0x6C,0x6F",
        "48,65，6C\n6C\t6F ",
        "0X4865 6C 6c6f",
        "48:65:6C:6C:6F",
        "48-65-6c-6c-6f",
        "4865:6c6c:6f",
        "{0x48, 0x65, 0x6C,\n 0x6C, 0x6F};",
        "[0x48,0x65,0x6C,0x6C,0x6F,]",
        "(48) [65] {6C} 6C；6F",
        r"\x48\x65\x6C\x6C\x6F",
        r'"\x48\x65" "\x6c\x6c\x6F"',
        "48h 65h 6Ch,6cH 06Fh",
        "48h65h6Ch6Ch6Fh",
    ],
)
def test_hex_is_read_as_people_write_it(typed: str) -> None:
    assert parse_hex(typed) == b"Hello"


def test_a_prefix_or_a_suffix_makes_one_digit_a_byte() -> None:
    assert parse_hex("{0x1, 0xA}") == parse_hex("1h 0Ah") == b"\x01\x0a"


@pytest.mark.parametrize("typed", ["", " ", ", ,\n"])
def test_nothing_is_no_bytes(typed: str) -> None:
    assert parse_hex(typed) == b""


@pytest.mark.parametrize(
    ("typed", "position", "fragment", "fault"),
    [
        ("48 6G", 4, "G", HexProblem.BAD),
        ("48 你好 65", 3, "你好", HexProblem.BAD),
        ("48 ４１", 3, "４１", HexProblem.BAD),  # full-width digits
        ("0x4z", 3, "z", HexProblem.BAD),
        ("410x42", 3, "x", HexProblem.BAD),
        ("41-", 2, "-", HexProblem.BAD),
        ("-41", 0, "-", HexProblem.BAD),
        ("41--42", 2, "-", HexProblem.BAD),
        ("41:42-43", 2, ":", HexProblem.BAD),
        ("41:2:43", 3, "2", HexProblem.ODD),
        ("{1, 2, 3}", 1, "1", HexProblem.ODD),
        (r"\x41\x4", 6, "4", HexProblem.ODD),
        (r"41\x42", 2, "\\x", HexProblem.BAD),
        (r"\x4142\n", 6, "\\n", HexProblem.BAD),
        ("41h 42g", 6, "g", HexProblem.BAD),
        ("41\u200b42", 2, "\u200b", HexProblem.BAD),
        ("41 4", 3, "4", HexProblem.ODD),
        ("48 656 6C", 3, "656", HexProblem.ODD),
        ("4 1", 0, "4", HexProblem.ODD),
        ("41 0x", 3, "0x", HexProblem.ODD),
        ("0x123", 0, "0x123", HexProblem.ODD),
    ],
)
def test_a_fault_is_marked_in_place(
    typed: str, position: int, fragment: str, fault: HexProblem
) -> None:
    with pytest.raises(HexFault) as refused:
        parse_hex(typed)
    found = refused.value
    assert (found.position, found.fragment, found.fault) == (position, fragment, fault)
    assert found.length == len(fragment)


@given(st.binary(), st.sampled_from(["", " ", ",", ", ", "\n", " 0x", ":", "-", "}{"]))
def test_what_is_written_is_read_again(data: bytes, sep: str) -> None:
    assert parse_hex(format_hex(data, sep)) == data


@given(st.text(alphabet="0123456789abcXx ,\ngé你:-h\\"))
def test_any_text_is_bytes_or_a_fault_within_the_text(typed: str) -> None:
    fault = caught(HexFault, lambda: parse_hex(typed))
    if fault is not None:
        assert typed[fault.position : fault.position + fault.length] == fault.fragment != ""


def test_hex_is_written_in_upper_case_pairs() -> None:
    assert format_hex(b"\x00\xab\xff") == "00 AB FF"
    assert format_hex(b"\x00\xab\xff", sep="") == "00ABFF"


def test_a_dump_shows_offsets_pairs_and_ascii() -> None:
    assert hex_dump(b"Hello\r\n\xc4\xe3!", start_offset=0x100, width=8) == [
        DumpLine(0x100, "48 65 6C 6C 6F 0D 0A C4", "Hello..."),
        DumpLine(0x108, "E3 21", ".!"),
    ]
    assert hex_dump(b"") == []


@given(st.binary(max_size=100), st.integers(0, 1 << 40), st.integers(1, 40))
def test_a_dump_holds_every_byte(data: bytes, start: int, width: int) -> None:
    lines = hex_dump(data, start, width)
    assert b"".join(parse_hex(line.hex) for line in lines) == data
    assert [line.offset for line in lines] == list(range(start, start + len(data), width))
    assert all(len(line.ascii) == len(parse_hex(line.hex)) for line in lines)
