"""What a lesson's file and its name say, and what is wrong with some."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from app.teaching.lessons.links import Link, Scheme, dangling, hrefs, parse_link
from app.teaching.lessons.names import AT_THE_END, LessonName, parse_name
from app.teaching.lessons.reading import MOST_BYTES, MOST_LINES, Fault, Flaw, Lesson, read_lesson

TARGETS = {Scheme.PIECE: frozenset({"source"}), Scheme.DEMO: frozenset({"silent"})}


@pytest.mark.parametrize(
    ("file_name", "expected"),
    [
        ("25-queues.md", LessonName(25, "25-queues", "")),
        ("025-Queues.zh_CN.MD", LessonName(25, "025-queues", "zh_CN")),
        ("25-queues.ZH_cn.md", LessonName(25, "25-queues", "zh_CN")),
        ("queues.en.md", LessonName(AT_THE_END, "queues", "en")),
        ("25.en.md", LessonName(25, "25", "en")),
        ("en.md", LessonName(AT_THE_END, "en", "")),
        ("25-version.2.md", LessonName(25, "25-version.2", "")),
        ("25-queues.fr.md", LessonName(25, "25-queues.fr", "")),
        ("排队.md", LessonName(AT_THE_END, "排队", "")),
        ("25-queues.txt", None),
        ("25-queues.md.txt", None),
        (".md", None),
        ("._25-queues.md", None),
        ("~$queues.md", None),
    ],
)
def test_a_name_says_place_key_and_language(file_name: str, expected: LessonName | None) -> None:
    assert parse_name(file_name) == expected


def read(folder: Path, data: bytes | str, name: str = "10-x.md") -> Lesson | Flaw:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_lesson(path)


def lesson(folder: Path, text: str) -> Lesson:
    found = read(folder, text)
    assert isinstance(found, Lesson)
    return found


def test_title_and_answer_are_found_by_their_headings(tmp_path: Path) -> None:
    found = lesson(
        tmp_path,
        "Before.\n\n## The `recv` of **a** [client](demo:silent) ##\n\nText.\n\n"
        "```\n# no heading\n## Answer\n```\n\n### ANSWER\n\nForty-two.\n\n# Answer\n",
    )
    assert found.title == "The recv of a client"
    assert found.text.endswith("```")
    assert found.answer == "Forty-two.\n\n# Answer"
    assert lesson(tmp_path, "# 课\n\n问题\n\n## 答案\n\n好").answer == "好"
    assert lesson(tmp_path, "no heading").title == "10-x.md"
    assert lesson(tmp_path, "# a_name and _slanted_\n").title == "a_name and slanted"


def test_line_ends_and_a_byte_order_mark_are_no_matter(tmp_path: Path) -> None:
    assert lesson(tmp_path, "\ufeff# One\r\n\r\nText\r\n") == lesson(tmp_path, "# One\n\nText\n")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ("你好".encode("gbk"), Fault.NOT_UTF8),
        ("# hello".encode("utf-16"), Fault.NOT_UTF8),
        (b"# a\0b", Fault.NOT_UTF8),
        (b"", Fault.EMPTY),
        (b"\xef\xbb\xbf \r\n\t", Fault.EMPTY),
        (b"x" * (MOST_BYTES + 1), Fault.TOO_LARGE),
        (b"x\n" * (MOST_LINES + 1), Fault.TOO_LARGE),
        (b"|a|b|\n|-|-|\n" + b"|c|d|" * 1000, Fault.TOO_LARGE),
    ],
)
def test_what_cannot_be_shown_is_said(tmp_path: Path, data: bytes, fault: Fault) -> None:
    assert read(tmp_path, data) == Flaw("10-x.md", fault)


def test_the_largest_lesson_is_shown(tmp_path: Path) -> None:
    assert isinstance(read(tmp_path, b"x" * MOST_BYTES), Lesson)


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    assert read_lesson(tmp_path / "folder.md") == Flaw("folder.md", Fault.NO_FILE)
    missing = read_lesson(tmp_path / "gone.md")
    assert isinstance(missing, Flaw)
    assert missing.fault is Fault.UNREADABLE
    assert missing.detail
    assert read(tmp_path, "# x", "x.md.txt") == Flaw("x.md.txt", Fault.MISNAMED)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with a name in a folder there")
def test_a_pipe_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert read_lesson(tmp_path / "pipe.md") == Flaw("pipe.md", Fault.NO_FILE)


def test_links_are_a_closed_set() -> None:
    assert parse_link("experiment:goodbyes") == Link(Scheme.EXPERIMENT, "goodbyes")
    for foreign in (
        "http://x/", "https:x", "file:///etc/passwd", "javascript:alert(1)", "PIECE:source", "x.md",
        "piece:", "#top", "", "answer:",
    ):  # fmt: skip
        assert parse_link(foreign) is None


def test_links_are_found_where_markdown_has_them() -> None:
    text = (
        "[a](piece:source) and [b `x`]( demo:silent 'why' ), ![pic](piece:no), `[c](piece:code)`\n"
        "``[`](piece:no)`` [d](<piece:nothing>) \\[e](piece:no) [f](http://x/y)"
    )
    found = hrefs(text)
    assert found == ("piece:source", "demo:silent", "piece:nothing", "http://x/y")
    assert dangling(found, TARGETS) == ("piece:nothing",)


def test_links_in_code_are_none(tmp_path: Path) -> None:
    found = lesson(tmp_path, "[a](piece:a)\n~~~~\n[b](piece:b)\n~~~\n~~~~\n[c](piece:c)\n")
    assert found.hrefs == ("piece:a", "piece:c")
