"""All lessons, ours and the teacher's, in teaching order."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.teaching.lessons.links import Scheme, dangling
from app.teaching.lessons.names import is_misnamed, parse_name
from app.teaching.lessons.reading import Fault, Flaw, Lesson, read_lesson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.teaching.lessons.links import Targets

MOST_FILES = 200  # of the teacher's; what is more is not looked at, and said


@dataclass(frozen=True, slots=True)
class Volume:
    """A lesson with its place among the others."""

    number: int  # from 1
    lesson: Lesson
    is_own: bool  # the teacher's


@dataclass(frozen=True, slots=True)
class Contents:
    """What there is for one language."""

    volumes: tuple[Volume, ...] = ()
    flaws: tuple[Flaw, ...] = ()

    def find(self, key: str) -> Volume | None:
        """Return the lesson of that key (see `LessonName`)."""
        return next((v for v in self.volumes if v.lesson.name.key == key.lower()), None)


class Shelf:
    """Reads both folders anew at every look; a file that did not change is not read again."""

    def __init__(self, ours: Path, own: Path) -> None:
        """`ours` has a folder for each language; `own` is the teacher's and need not exist."""
        self.ours, self.own = ours, own
        self._known: dict[Path, tuple[tuple[int, int], Lesson | Flaw]] = {}

    def look(self, language: str, targets: Targets) -> Contents:
        """Return the lessons for a language. `targets`: where links may lead. Raises nothing."""
        ours, flaws = self._read(self.ours / language)
        others = [folder for folder in _folders(self.ours) if folder.name != language]
        for folder in others:
            ours += self._read(folder)[0]
        own, own_flaws = self._read(self.own, MOST_FILES)
        best: dict[str, tuple[int, bool, Lesson]] = {}
        for is_own, lessons in ((False, ours), (True, own)):
            for lesson in lessons:
                candidate = _rank(lesson, language, is_own=is_own), is_own, lesson
                key = lesson.name.key
                if key not in best or candidate[0] > best[key][0]:
                    best[key] = candidate
        chosen = sorted(best.values(), key=lambda one: (one[2].name.place, one[2].name.key))
        volumes = tuple(
            Volume(number, lesson, is_own) for number, (_, is_own, lesson) in enumerate(chosen, 1)
        )
        return Contents(volumes, (*flaws, *own_flaws, *_dangling(volumes, targets)))

    def _read(self, folder: Path, most: int | None = None) -> tuple[list[Lesson], list[Flaw]]:
        """Read one folder: what can be shown, and what cannot."""
        lessons: list[Lesson] = []
        flaws: list[Flaw] = []
        try:
            paths = [Path(path) for path in sorted(_paths(folder))]
        except FileNotFoundError:
            return lessons, flaws
        except OSError as error:
            return lessons, [Flaw(folder.name, Fault.UNREADABLE, error.strerror or str(error))]
        for path in paths[:most]:
            read = self._once(path)
            if isinstance(read, Lesson):
                lessons.append(read)
            else:
                flaws.append(read)
        if most is not None and len(paths) > most:
            flaws.append(Flaw(paths[most].name, Fault.TOO_MANY))
        return lessons, flaws

    def _once(self, path: Path) -> Lesson | Flaw:
        """Read a file, unless it is as it was."""
        try:
            found = path.stat()
        except OSError:
            return read_lesson(path)  # it says what is wrong
        stamp = found.st_mtime_ns, found.st_size
        known = self._known.get(path)
        if known is None or known[0] != stamp:
            known = self._known[path] = stamp, read_lesson(path)
        return known[1]


def _folders(parent: Path) -> list[Path]:
    try:
        return sorted(path for path in parent.iterdir() if path.is_dir())
    except OSError:
        return []


def _paths(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return [e.path for e in entries if parse_name(e.name) or is_misnamed(e.name)]


def _rank(lesson: Lesson, language: str, *, is_own: bool) -> int:
    """The best of the files of one lesson has the highest: right language first, then own."""
    spoken = lesson.name.language or ("" if is_own else lesson.path.parent.name)
    if spoken in (language, ""):
        return 2 + 2 * is_own + (spoken == language)
    return int(is_own)


def _dangling(volumes: tuple[Volume, ...], targets: Targets) -> list[Flaw]:
    keys = frozenset(volume.lesson.name.key for volume in volumes)
    all_targets: Mapping[Scheme, frozenset[str]] = {**targets, Scheme.LESSON: keys}
    flaws = []
    for lesson in (volume.lesson for volume in volumes):
        lost = dangling(lesson.hrefs, all_targets)
        if lost:
            flaws.append(Flaw(lesson.path.name, Fault.DANGLING, " ".join(dict.fromkeys(lost))))
    return flaws
