from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.text.decoder import decode, encode
from app.text.escapes import parse_escapes
from app.text.visible import Run, RunKind, escaped, runs
from tests.text.reading import is_reading_of
from tests.text.strategies import encoding_names, raw_bytes

ANY_TEXT = st.text(st.characters())  # lone surrogates too


def test_each_kind_is_told_apart() -> None:
    assert runs("你好\r\n\udc80\udcffA\u202e\x1b[0m") == [
        Run(RunKind.TEXT, "你好"),
        Run(RunKind.CONTROL, "CR"),
        Run(RunKind.CONTROL, "LF"),
        Run(RunKind.BAD, r"\x80\xFF"),
        Run(RunKind.TEXT, "A"),
        Run(RunKind.BIDI, "U+202E"),
        Run(RunKind.CONTROL, "ESC"),
        Run(RunKind.TEXT, "[0m"),
    ]


def test_control_characters_have_their_names() -> None:
    names = [run.text for run in runs("\0\t\n\x0b\x0c\r\x7f\x85")]
    assert names == ["NUL", "TAB", "LF", "VT", "FF", "CR", "DEL", "U+0085"]


def test_nothing_to_show_gives_no_run() -> None:
    assert runs("") == []


def test_plain_text_is_one_run_emoji_included() -> None:
    text = "交易正在处理 ❤️ 한국어 \\n"
    assert runs(text) == [Run(RunKind.TEXT, text)]


def test_every_character_that_turns_or_hides_text_is_a_tag() -> None:
    hidden = "\u061c\u200b\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufeff"
    hidden += "\u00ad\u3164\U000e0041\ud800\udd00"
    assert {run.kind for run in runs(hidden)} == {RunKind.BIDI}
    assert len(runs(hidden)) == len(hidden)


@given(ANY_TEXT)
def test_runs_hold_nothing_that_acts(text: str) -> None:
    for run in runs(text):
        assert run.text
        assert not any(
            c < " " or "\x7f" <= c < "\xa0" or "\ud800" <= c <= "\udfff" for c in run.text
        )
        assert not set(run.text) & set("\u200e\u200f\u2028\u2029\u202a\u202d\u202e\u2067\ufeff")


@given(ANY_TEXT)
def test_text_runs_are_as_long_as_they_can_be(text: str) -> None:
    kinds = [run.kind for run in runs(text)]
    for one, next_one in pairwise(kinds):
        assert not (one is next_one and one in (RunKind.TEXT, RunKind.BAD))


def test_escaped_is_one_harmless_line() -> None:
    shown = escaped("a\r\n\t\0\x1b\udc80\\你\u202e\x85\U000e0041")
    assert shown == r"a\r\n\t\0\x1B\x80\\你\u202E\u0085\U000E0041"


@given(ANY_TEXT)
def test_escaped_text_has_one_line_and_can_be_written_anywhere(text: str) -> None:
    shown = escaped(text)
    assert len(shown.splitlines()) <= 1
    assert shown.encode("utf-8").decode("utf-8") == shown


@given(st.data(), raw_bytes)
def test_escaped_text_typed_again_is_the_same_bytes(data: st.DataObject, raw: bytes) -> None:
    encoding = data.draw(st.sampled_from(["gbk", "gb18030", "utf-8", "shift_jis", "ascii"]))
    decoded = decode(raw, encoding)
    if any(run.kind is RunKind.BIDI or run.text.startswith("U+") for run in runs(decoded)):
        return  # for reading only
    parts = parse_escapes(escaped(decoded))
    typed = b"".join(p if isinstance(p, bytes) else encode(p, encoding) for p in parts)
    assert is_reading_of(decoded, typed, encoding)  # as it is of `raw`


@given(raw_bytes, encoding_names)
def test_escaped_tells_different_texts_apart(raw: bytes, encoding: str) -> None:
    decoded = decode(raw, encoding)
    assert decoded in ("", escaped(decoded)) or escaped(decoded) != decoded
