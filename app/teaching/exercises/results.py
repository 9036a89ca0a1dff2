"""Which checks have passed, kept between two starts: a JSON file that is replaced as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.paths import replace_file

if TYPE_CHECKING:
    from pathlib import Path

    from app.teaching.exercises.shelf import Exercise


@dataclass(frozen=True, slots=True)
class Result:
    """How a check went: when it passed first, or else when it failed last."""

    exercise: str
    check: str
    passed: bool
    when: str  # ISO 8601, local time with its offset


class Results:
    """All that were kept. GUI thread: the file is small."""

    def __init__(self, path: Path) -> None:
        """Read them; a file that can't be read counts as none."""
        self._path = path
        self._results: dict[tuple[str, str], Result] = {}
        try:
            found = json.loads(path.read_bytes())
            read = [Result(**each) for each in found]
        except (OSError, ValueError, TypeError, RecursionError):
            return
        self._results = {(each.exercise, each.check): each for each in read if _is_whole(each)}

    def rows(self) -> list[Result]:
        """Return all, in the order of the exercises."""
        return [self._results[key] for key in sorted(self._results)]

    def is_done(self, exercise: Exercise) -> bool:
        """Whether each of its checks has passed once."""
        kept = (self._results.get((exercise.key, check.id)) for check in exercise.checks)
        return all(result is not None and result.passed for result in kept)

    def add(self, exercise: str, outcomes: Iterable[tuple[str, bool]]) -> None:
        """Keep how checks went, by their ids; one that has passed stays so. Raises OSError."""
        when = datetime.now().astimezone().isoformat(timespec="seconds")
        for check, passed in outcomes:
            kept = self._results.get((exercise, check))
            if kept is None or not kept.passed:
                self._results[exercise, check] = Result(exercise, check, passed, when)
        kept_rows = [asdict(each) for each in self.rows()]
        replace_file(self._path, json.dumps(kept_rows, ensure_ascii=False, indent=1))


def _is_whole(result: Result) -> bool:
    texts = (result.exercise, result.check, result.when)
    return all(isinstance(text, str) for text in texts) and isinstance(result.passed, bool)
