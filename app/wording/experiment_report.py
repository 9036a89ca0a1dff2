"""A run as plain text, for a lab report; tabs part the columns, as a spreadsheet takes them."""

from __future__ import annotations

import platform
from itertools import chain
from typing import TYPE_CHECKING

from app import __version__
from app.wording.amounts import moment_text
from app.wording.catalogue import tr
from app.wording.experiments import (
    after_text,
    line_text,
    row_texts,
    run_error_sentence,
    step_text,
    summary_text,
    verdict_word,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.teaching.experiments.facts import Result
    from app.teaching.experiments.performance import Performance


def report_text(performance: Performance) -> str:
    """Return what was to be watched, what happened, and what came of it."""
    name = performance.experiment.id
    head = tr(
        "laboratory.report_head",
        version=__version__,
        system=f"{platform.system()} {platform.release()}",
        moment=moment_text(performance.began_ns),
    )
    lines = chain(
        [words_of(name, "title"), head, ""],
        [tr("laboratory.watch"), words_of(name, "watch"), ""],
        _story(performance),
        _outcome(name, performance.result) if performance.result else (),
    )
    return "\n".join([*lines, ""])


def _story(performance: Performance) -> Iterator[str]:
    yield tr("laboratory.story")
    for number, step in enumerate(performance.steps, 1):
        yield f"{number}.\t{after_text(step)}\t{step_text(performance.experiment.id, step)}"
    error = run_error_sentence(performance)
    if error:
        yield error
    yield ""


def _outcome(name: str, result: Result) -> Iterator[str]:
    for table in result.tables:
        yield tr("laboratory.output")
        yield "\t".join(words_of(name, column) for column in table.columns)
        for line in table.rows:
            yield "\t".join(line_text(cell) for cell in line)
        yield ""
    yield tr("laboratory.conclusion")
    yield "\t".join(tr(f"laboratory.{key}") for key in ("what", "expected", "measured", "verdict"))
    for row in result.rows:
        yield "\t".join((*row_texts(name, row), tr(f"laboratory.{verdict_word(row)}")))
    yield summary_text(result)
    yield words_of(name, "conclusion")
