"""The teacher's folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.paths import resource
from app.teaching.lessons.teachers_words import HOW_TO_NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from app.teaching.lessons.reading import Lesson

_BOM = "\ufeff"  # for Windows' Notepad of before 2019


def make_folder(folder: Path, language: str) -> None:
    """Make the folder, with a how-to in it; what is there already stays. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    how_to = folder / HOW_TO_NAMES[language]
    if not how_to.exists():
        words = resource(f"lessons/how-to.{language}.txt").read_text("utf-8")
        how_to.write_text(_BOM + words, "utf-8")


def adapt(lesson: Lesson, folder: Path, language: str) -> Path:
    """Copy one of our lessons there, to be changed; return the copy. Raises OSError.

    A copy that is there already is kept.
    """
    make_folder(folder, language)
    spoken = lesson.path.parent.name
    copy = folder / f"{lesson.path.stem}.{spoken}{lesson.path.suffix}"
    if not copy.exists():
        copy.write_bytes(lesson.path.read_bytes())
    return copy
