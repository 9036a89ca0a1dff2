"""Lines out of a stream, however it is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.teaching.roll.lines import LONGEST, REST_S, Lines


def whole(lines: Lines, chunk: bytes, encoding: str = "utf-8", now_s: float = 0.0) -> list[str]:
    return [line.text for line in lines.feed(chunk, encoding, now_s) if line.is_whole]


@given(st.lists(st.sampled_from(["B", "Li Wei", "张伟", "é"]), min_size=1), st.data())
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_the_same_however_the_stream_is_cut(
    encoding: str, end: str, said: list[str], data: st.DataObject
) -> None:
    stream = "".join(f"{text}{end}" for text in said).encode(encoding)
    lines, told = Lines(), list[str]()
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        told += whole(lines, stream[:size], encoding)
        stream = stream[size:]
    assert told == said


def test_an_open_line_is_told_at_once_and_is_the_same_line_when_it_ends() -> None:
    lines = Lines()
    (begun,) = lines.feed(b"B", "gbk", 0.0)
    (ended,) = lines.feed(b"\r\n", "gbk", 0.1)
    assert (begun.number, begun.text, begun.is_whole) == (1, "B", False)
    assert (ended.number, ended.text, ended.is_whole) == (1, "B", True)
    assert lines.feed(b"\r\n \n", "gbk", 0.2) == []


def test_a_pause_ends_a_line_that_has_no_break() -> None:
    lines = Lines()
    lines.feed(b"B", "gbk", 0.0)
    first, second = lines.feed(b"C", "gbk", REST_S)
    assert (first.text, first.is_whole) == ("B", True)
    assert (second.text, second.is_whole) == ("C", False)
    assert second.number == first.number + 1


@pytest.mark.parametrize("name", ["张伟", "李娜", "王小明", "欧阳锋", "联通", "刘禹彤", "Neo"])
@pytest.mark.parametrize("chosen", ["gbk", "utf-8"])
@pytest.mark.parametrize("spoken", ["gbk", "utf-8"])
def test_a_name_is_read_in_what_it_was_written_in(name: str, chosen: str, spoken: str) -> None:
    assert whole(Lines(), f"{name}\n".encode(spoken), chosen) == [name]


def test_a_line_without_end_is_held_in_a_few_bytes_and_ends_at_last() -> None:
    lines = Lines()
    for _ in range(100):
        (line,) = lines.feed(b"x" * 4096, "gbk", 0.0)
        assert line.text == "x" * LONGEST
    assert whole(lines, b"\nB\n") == ["x" * LONGEST, "B"]
