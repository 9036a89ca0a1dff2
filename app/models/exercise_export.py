"""Results of exercises as CSV (RFC 4180), for a teacher's spreadsheet."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from app.models.call_export import inert

if TYPE_CHECKING:
    from app.teaching.exercises.results import Result

_COLUMNS = ("who", "exercise", "check", "passed", "when")


def results_pieces(results: Iterable[Result], who: str) -> Iterator[bytes]:
    """Yield a row for each check. What a spreadsheet would take for a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for each in results:
        passed = "yes" if each.passed else "no"
        texts = (inert(text) for text in (who, each.exercise, each.check))
        writer.writerow((*texts, passed, each.when))
    yield codecs.BOM_UTF8 + out.getvalue().encode("utf-8", "replace")
