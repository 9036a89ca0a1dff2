"""All exercises, ours and the teacher's: a folder each, in the order of their names."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.teaching.exercises.checks import BadChecks, Check, read_checks
from app.teaching.lessons.reading import Lesson, read_lesson

MOST_EXERCISES = 100  # of the teacher's
MOST_BYTES = 256 * 1024  # of a file
LANGUAGES = ("zh_CN", "en")


class Lack(StrEnum):
    """Why a folder is no exercise."""

    NO_TASK = "no_task"
    NO_STARTER = "no_starter"
    NO_CHECKS = "no_checks"
    BAD_CHECKS = "bad_checks"


@dataclass(frozen=True, slots=True)
class Flaw:
    """A folder that can't be used, and why."""

    folder: str
    lack: Lack
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise, in one language."""

    key: str  # its folder's name: 010-answer
    path: Path
    task: Lesson  # title, text, and the answer that is folded
    starter: str
    solution: str  # "": there is none
    checks: tuple[Check, ...]
    is_own: bool  # the teacher's


@dataclass(frozen=True, slots=True)
class Contents:
    """What there is for one language."""

    exercises: tuple[Exercise, ...] = ()
    flaws: tuple[Flaw, ...] = ()

    def find(self, key: str) -> Exercise | None:
        """Return the exercise of that name."""
        return next((each for each in self.exercises if each.key == key), None)


def look(ours: Path, own: Path, language: str) -> Contents:
    """Read both folders; a teacher's exercise takes the place of ours of that name."""
    found: dict[str, Exercise] = {}
    flaws: list[Flaw] = []
    for parent, is_own in ((ours, False), (own, True)):
        for folder in _folders(parent)[:MOST_EXERCISES]:
            read = read_exercise(folder, language, is_own=is_own)
            if isinstance(read, Exercise):
                found[read.key] = read
            else:
                flaws.append(read)
    return Contents(tuple(found[key] for key in sorted(found)), tuple(flaws))


def read_exercise(folder: Path, language: str, *, is_own: bool) -> Exercise | Flaw:
    """Read one folder. Raises nothing: whatever is wrong with it is returned."""
    task = _task(folder, language)
    if task is None:
        return Flaw(folder.name, Lack.NO_TASK)
    starter, checks = _text(folder / "starter.py"), _text(folder / "checks.toml")
    if starter is None:
        return Flaw(folder.name, Lack.NO_STARTER)
    if checks is None:
        return Flaw(folder.name, Lack.NO_CHECKS)
    try:
        read = read_checks(checks)
    except BadChecks as bad:
        return Flaw(folder.name, Lack.BAD_CHECKS, str(bad))
    solution = _text(folder / "solution.py") or ""
    return Exercise(folder.name, folder, task, starter, solution, read, is_own)


def _task(folder: Path, language: str) -> Lesson | None:
    """The task in this language; else in another one."""
    names = [f"task.{language}.md", "task.md", *(f"task.{each}.md" for each in LANGUAGES)]
    for name in names:
        if (folder / name).exists():
            read = read_lesson(folder / name)
            return read if isinstance(read, Lesson) else None
    return None


def _text(path: Path) -> str | None:
    """A small text file's content, None where there is none that can be read."""
    try:
        found = path.stat()  # before it is opened: a pipe would keep us waiting
        if not stat.S_ISREG(found.st_mode) or found.st_size > MOST_BYTES:
            return None
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def _folders(parent: Path) -> list[Path]:
    try:
        return sorted(path for path in parent.iterdir() if path.is_dir())
    except OSError:
        return []
