"""Results of exercises as CSV (RFC 4180), for a teacher's spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from app.evidence.table import csv_pieces, defused

if TYPE_CHECKING:
    from app.teaching.exercises.results import Result

_COLUMNS = ("who", "exercise", "check", "passed", "when")


def results_pieces(results: Iterable[Result], who: str) -> Iterator[bytes]:
    """Yield a row for each check. What a spreadsheet would take for a formula is quoted."""
    rows = (
        (
            *(defused(text) for text in (who, each.exercise, each.check)),
            "yes" if each.passed else "no",
            each.when,
        )
        for each in results
    )
    return csv_pieces(_COLUMNS, [rows])
