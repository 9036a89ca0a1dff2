"""What the name of a lesson's file says."""

from __future__ import annotations

import re
from typing import NamedTuple

SUFFIX = ".md"
LANGUAGES = {"zh_cn": "zh_CN", "en": "en"}  # as they stand in a name, in small letters
AT_THE_END = 10**9  # the place of a lesson without a number

_NUMBER = re.compile(r"[0-9]{1,6}")


class LessonName(NamedTuple):
    """A file's name, taken apart."""

    place: int  # lessons are sorted by it
    key: str  # in small letters, without language: files with one key are the same lesson
    language: str  # zh_CN or en; "": for both


def parse_name(file_name: str) -> LessonName | None:
    """Take a file's name apart; None if it is no lesson's. Small and large letters are the same."""
    key = file_name.lower().removesuffix(SUFFIX)
    if len(key) == len(file_name) or key.startswith((".", "~")):
        return None
    before, _, last = key.rpartition(".")
    language = LANGUAGES.get(last, "") if before else ""
    if language:
        key = before
    number = _NUMBER.match(key)
    return LessonName(int(number[0]) if number else AT_THE_END, key, language) if key else None


def is_misnamed(file_name: str) -> bool:
    """Whether an editor put a second ending behind `.md`, which Windows hides."""
    return file_name.lower().endswith(f"{SUFFIX}.txt")
