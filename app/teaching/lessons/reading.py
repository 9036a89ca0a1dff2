"""One lesson's file: read within limits, never trusted."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.teaching.lessons.links import hrefs
from app.teaching.lessons.names import parse_name
from app.teaching.lessons.teachers_words import ANSWER_HEADINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.teaching.lessons.names import LessonName

# Ten times our longest, at least. Qt's Markdown takes the square of the lines and cells in time,
# and the window stands still meanwhile: 16,000 take 25 s.
MOST_BYTES, MOST_LINES = 64 * 1024, 3000

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(?P<words>.+?)[ \t]*#*[ \t]*")
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")


class Fault(StrEnum):
    """Why a file, or a part of it, cannot be shown."""

    NOT_UTF8 = "not_utf8"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NO_FILE = "no_file"  # a folder, for instance
    UNREADABLE = "unreadable"  # the system said why
    MISNAMED = "misnamed"  # x.md.txt
    TOO_MANY = "too_many"  # of the files in the folder, those that are not looked at
    DANGLING = "dangling"  # a link: the rest of the lesson can be shown


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one file."""

    file_name: str
    fault: Fault
    detail: str = ""  # UNREADABLE: the system's words; DANGLING: the links


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson in one language."""

    path: Path
    name: LessonName
    title: str  # its first heading, or else its file's name
    text: str  # Markdown, without the answer
    answer: str  # Markdown, without its heading; "": there is none
    hrefs: tuple[str, ...]  # where its links lead, in order


def read_lesson(path: Path) -> Lesson | Flaw:
    """Read one file. Raises nothing: whatever is wrong with it is returned."""
    name = parse_name(path.name)
    if name is None:
        return Flaw(path.name, Fault.MISNAMED)
    try:
        # Before it is opened: a pipe would keep us waiting.
        if not stat.S_ISREG(path.stat().st_mode):
            return Flaw(path.name, Fault.NO_FILE)
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        return Flaw(path.name, Fault.UNREADABLE, error.strerror or str(error))
    if len(data) > MOST_BYTES:
        return Flaw(path.name, Fault.TOO_LARGE)
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Flaw(path.name, Fault.NOT_UTF8)
    if "\0" in source:
        return Flaw(path.name, Fault.NOT_UTF8)
    if source.count("\n") + source.count("|") > MOST_LINES:
        return Flaw(path.name, Fault.TOO_LARGE)
    if not source.strip():
        return Flaw(path.name, Fault.EMPTY)
    return _taken_apart(path, name, source.replace("\r\n", "\n").replace("\r", "\n"))


def _taken_apart(path: Path, name: LessonName, source: str) -> Lesson:
    lines, title, answer_at, prose = source.split("\n"), "", len(source.split("\n")), []
    for number, line in _prose(lines):
        prose.append(line)
        heading = _HEADING.fullmatch(line)
        words = _plain(heading["words"]) if heading else ""
        title = title or words
        if words.lower() in ANSWER_HEADINGS and answer_at == len(lines):
            answer_at = number
    return Lesson(
        path,
        name,
        title or path.name,
        "\n".join(lines[:answer_at]).strip("\n"),
        "\n".join(lines[answer_at + 1 :]).strip("\n"),
        hrefs("\n".join(prose)),
    )


def _prose(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines, counted from 0, that do not stand in a fenced block of code."""
    fence = ""
    for number, line in enumerate(lines):
        found = _FENCE.match(line)
        if not fence and found:
            fence = found["fence"]
        elif fence:
            if found and found["fence"].startswith(fence) and not line.strip(" `~"):
                fence = ""
        else:
            yield number, line


def _plain(words: str) -> str:
    """A heading's words without Markdown's marks."""
    return re.sub(r"[*`]|(?<!\w)_|_(?!\w)|\\(?=\W)", "", _LINK.sub(r"\1", words)).strip()
