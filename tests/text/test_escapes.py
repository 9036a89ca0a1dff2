from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.escapes import EscapeFault, Piece, parse_escapes, parse_pieces
from tests.text.strategies import caught


def test_each_escape_has_its_meaning() -> None:
    assert parse_escapes(r"a\r\n\t\0\\n") == ["a\r\n\t\0\\n"]
    assert parse_escapes(r"\x00\xfF") == [b"\x00\xff"]
    assert parse_escapes(r"你\x01\x02\n好") == ["你", b"\x01\x02", "\n好"]


def test_text_without_escapes_is_itself() -> None:
    assert parse_escapes("") == []
    assert parse_escapes("两\n行") == ["两\n行"]


def test_a_digit_after_nul_is_a_digit() -> None:
    assert parse_escapes(r"\012") == ["\x0012"]


def test_pieces_know_where_they_stood() -> None:
    assert parse_pieces(r"你\n好\x41") == [
        Piece(0, "你", typed=True),
        Piece(1, "\n", typed=False),
        Piece(3, "好", typed=True),
        Piece(4, b"A", typed=False),
    ]


@pytest.mark.parametrize(
    ("typed", "position", "fragment"),
    [
        ("ab\\", 2, "\\"),
        ("你\\q好", 1, "\\q"),
        ("\\\\\\x", 2, "\\x"),
        ("\\x4", 0, "\\x4"),
        ("a\\xg1b", 1, "\\xg1"),
        ("\\n\\N", 2, "\\N"),
        ("\\x４１", 0, "\\x４１"),
    ],
)
def test_a_fault_is_marked_in_place(typed: str, position: int, fragment: str) -> None:
    with pytest.raises(EscapeFault) as refused:
        parse_escapes(typed)
    fault = refused.value
    assert (fault.position, fault.length, fault.fragment) == (position, len(fragment), fragment)


@given(st.text())
def test_doubled_backslashes_keep_any_text(text: str) -> None:
    assert parse_escapes(text.replace("\\", "\\\\")) == ([text] if text else [])


@given(st.binary(min_size=1))
def test_any_bytes_can_be_typed(data: bytes) -> None:
    assert parse_escapes("".join(f"\\x{byte:02x}" for byte in data)) == [data]


@given(st.text(alphabet="\\xrnt0aF9\n你"))
def test_any_text_is_read_or_faulted_within_the_text(text: str) -> None:
    fault = caught(EscapeFault, lambda: parse_pieces(text))
    if fault is not None:
        assert text[fault.position : fault.position + fault.length] == fault.fragment != ""
    else:
        pieces = parse_pieces(text)
        assert [p.position for p in pieces] == sorted({p.position for p in pieces})
        assert all(text.startswith(str(p.value), p.position) for p in pieces if p.typed)
