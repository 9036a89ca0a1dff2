from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.compose import ComposeFault, ComposeOptions, LineEnding, compose
from app.text.decoder import decode
from app.text.hexa import format_hex
from tests.text.strategies import caught, encoding_names, texts_in


def fault_of(text: str, options: ComposeOptions) -> ComposeFault:
    with pytest.raises(ComposeFault) as refused:
        compose(text, options)
    return refused.value


def test_text_goes_in_the_encoding_of_the_client() -> None:
    assert compose("交易正在处理", ComposeOptions("gbk")) == "交易正在处理".encode("gbk")
    assert compose("你", ComposeOptions("utf-16-be")) == b"\x4f\x60"  # no byte order mark


@pytest.mark.parametrize(
    ("ending", "sent"),
    [
        (LineEnding.NONE, b"a\nb\n"),
        (LineEnding.LF, b"a\nb\n\n"),
        (LineEnding.CR, b"a\rb\r\r"),
        (LineEnding.CRLF, b"a\r\nb\r\n\r\n"),
    ],
)
def test_typed_new_lines_become_the_line_ending_and_one_is_appended(
    ending: LineEnding, sent: bytes
) -> None:
    assert compose("a\nb\n", ComposeOptions("gbk", line_ending=ending)) == sent


def test_pasted_windows_lines_are_not_doubled() -> None:
    options = ComposeOptions("gbk", line_ending=LineEnding.CRLF)
    assert compose("a\r\nb", options) == b"a\r\nb\r\n"


def test_the_line_ending_is_written_in_the_encoding_too() -> None:
    options = ComposeOptions("utf-16-le", line_ending=LineEnding.CRLF)
    assert compose("a", options) == b"a\0\r\0\n\0"


def test_an_escaped_new_line_is_left_alone() -> None:
    options = ComposeOptions("gbk", escapes=True, line_ending=LineEnding.CRLF)
    assert compose("a\\nb\nc\\x0A", options) == b"a\nb\r\nc\x0a\r\n"


def test_without_escapes_a_backslash_is_a_backslash() -> None:
    assert compose(r"C:\new", ComposeOptions("gbk")) == b"C:\\new"


def test_escaped_bytes_are_not_encoded() -> None:
    options = ComposeOptions("utf-16-le", escapes=True)
    assert compose(r"\xff\n\0", options) == b"\xff\n\0\0\0"


def test_hex_goes_as_it_is_without_line_ending() -> None:
    options = ComposeOptions("gbk", mode="hex", escapes=True, line_ending=LineEnding.CRLF)
    assert compose("0x48, 0x69\n0A", options) == b"Hi\n"


def test_a_line_ending_alone_can_be_sent() -> None:
    assert compose("", ComposeOptions("gbk", line_ending=LineEnding.CRLF)) == b"\r\n"


@pytest.mark.parametrize("options", [ComposeOptions("gbk"), ComposeOptions("gbk", mode="hex")])
def test_nothing_is_refused(options: ComposeOptions) -> None:
    assert fault_of("", options).kind == "empty"


@pytest.mark.parametrize(
    ("typed", "position", "character"),
    [("5ñ", 1, "ñ"), ("第一行\n第二行 ñ", 8, "ñ"), ("a\r\n😀", 3, "😀"), ("\\n\\x41ñ", 6, "ñ")],
)
@pytest.mark.parametrize("ending", list(LineEnding))
def test_a_character_the_encoding_lacks_is_marked_where_it_was_typed(
    typed: str, position: int, character: str, ending: LineEnding
) -> None:
    fault = fault_of(typed, ComposeOptions("gbk", escapes=True, line_ending=ending))
    assert (fault.kind, fault.position, fault.length) == ("unencodable", position, 1)
    assert (fault.fragment, fault.encoding) == (character, "gbk")


def test_faults_of_hex_and_escapes_keep_their_places() -> None:
    hexa = ComposeOptions("gbk", mode="hex")
    bad, odd = fault_of("48 6G", hexa), fault_of("48 656", hexa)
    assert (bad.kind, bad.position, bad.length, bad.fragment) == ("bad_hex", 4, 1, "G")
    assert (odd.kind, odd.position, odd.length, odd.fragment) == ("odd_hex", 3, 3, "656")
    escape = fault_of("你好\\q", ComposeOptions("gbk", escapes=True))
    assert (escape.kind, escape.position, escape.fragment) == ("bad_escape", 2, "\\q")


@given(st.data(), encoding_names)
def test_text_that_is_sent_reads_the_same(data: st.DataObject, encoding: str) -> None:
    text = data.draw(texts_in(encoding).filter(bool))
    assert decode(compose(text, ComposeOptions(encoding)), encoding) == text


@given(st.binary(min_size=1))
def test_any_bytes_can_be_sent_as_hex(data: bytes) -> None:
    assert compose(format_hex(data), ComposeOptions("gbk", mode="hex")) == data


@given(st.text(), encoding_names, st.booleans(), st.sampled_from(LineEnding))
def test_any_text_is_sent_or_faulted_within_the_text(
    text: str, encoding: str, escapes: bool, ending: LineEnding
) -> None:
    options = ComposeOptions(encoding, escapes=escapes, line_ending=ending)
    fault = caught(ComposeFault, lambda: compose(text, options))
    if fault is not None:
        assert text[fault.position : fault.position + fault.length] == fault.fragment
        assert fault.kind == "empty" or fault.fragment
