"""Text to hex and back: the same bytes, or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.text.compose import ComposeFault, ComposeOptions, LineEnding, compose
from app.text.encodings import ENCODINGS
from app.ui.composer.conversion import CannotConvert, Hindrance, convert

GBK = ComposeOptions("gbk")
GBK_HEX = ComposeOptions("gbk", "hex")


def test_there_and_back() -> None:
    assert convert("你好", GBK, "hex", ["gbk"]) == "C4 E3 BA C3"
    assert convert("c4e3, 0xBAC3", GBK_HEX, "text", ["gbk"]) == "你好"


def test_the_added_line_ending_is_no_part_of_it() -> None:
    crlf = replace(GBK, line_ending=LineEnding.CRLF)
    assert convert("a\nb", crlf, "hex", ["gbk"]) == "61 0D 0A 62"
    assert convert("61 0D 0A 62", replace(crlf, mode="hex"), "text", ["gbk"]) == "a\nb"


def test_escapes_make_any_bytes_text() -> None:
    options = replace(GBK_HEX, escapes=True)
    assert convert("00 FF 41", options, "text", ["gbk"]) == r"\0\xFFA"


@pytest.mark.parametrize("hexa", ["00", "FF", "0D", "41 FF", "1B 5B"])
def test_bytes_that_are_no_text_stay_hex(hexa: str) -> None:
    with pytest.raises(CannotConvert) as caught:
        convert(hexa, GBK_HEX, "text", ["gbk"])
    assert caught.value.hindrance is Hindrance.NOT_TEXT


def test_invisible_characters_stay_hex() -> None:
    with pytest.raises(CannotConvert):
        convert("41 E2 80 AE 42", ComposeOptions("utf-8", "hex"), "text", ["utf-8"])


@pytest.mark.parametrize(("text", "options"), [("☃", GBK), ("4 1", GBK_HEX), ("zz", GBK_HEX)])
def test_what_is_wrong_stays_for_the_user_to_mend(text: str, options: ComposeOptions) -> None:
    to_mode = "text" if options.mode == "hex" else "hex"
    with pytest.raises(CannotConvert) as caught:
        convert(text, options, to_mode, ["gbk"])  # type: ignore[arg-type]
    assert caught.value.hindrance is Hindrance.FAULTY


def test_clients_of_different_encodings_agree_on_ascii_only() -> None:
    assert convert("Hello", GBK, "hex", ["gbk", "utf-8"]) == "48 65 6C 6C 6F"
    with pytest.raises(CannotConvert) as caught:
        convert("你好", GBK, "hex", ["gbk", "utf-8"])
    assert caught.value.hindrance is Hindrance.MIXED_ENCODINGS


@pytest.mark.parametrize("mode", ["text", "hex"])
def test_nothing_is_nothing_in_both(mode: str) -> None:
    for to_mode in ("text", "hex"):
        assert convert("", replace(GBK, mode=mode), to_mode, ["gbk"]) == ""  # type: ignore[arg-type]


options_strategy = st.builds(
    ComposeOptions,
    encoding=st.sampled_from([e.name for e in ENCODINGS]),
    mode=st.just("text"),
    escapes=st.booleans(),
    line_ending=st.sampled_from(list(LineEnding)),
)


@given(st.text(st.sampled_from("a你€😀\\rx4\n\t\u00a0 \u3000"), max_size=12), options_strategy)
def test_a_converted_text_sends_the_same_bytes(text: str, options: ComposeOptions) -> None:
    try:
        data = compose(text, options)
    except ComposeFault as fault:
        assume(fault.kind == "empty")
        assert convert(text, options, "hex", [options.encoding]) == ""
        return
    ending = compose("", options) if options.line_ending.characters else b""
    hexa = convert(text, options, "hex", [options.encoding])
    assert bytes.fromhex(hexa) + ending == data
    back = convert(hexa, replace(options, mode="hex"), "text", [options.encoding])
    assert compose(back, options) == data
