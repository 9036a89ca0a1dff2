"""What an experiment tells, in words."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from app.journal.errors import JournalError
from app.net.facts import ListenError
from app.teaching.experiments.facts import Code, Rule, Seconds, Size, Word
from app.teaching.experiments.lab import PATIENCE_S, Cancelled, TookTooLong
from app.text.visible import escaped
from app.wording.amounts import duration_text, size_text
from app.wording.catalogue import tr
from app.wording.sentences import journal_error_sentence, listen_error_sentence
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from app.teaching.experiments.facts import Line, Result, Row, Step, Value
    from app.teaching.experiments.performance import Performance

_TOO_MANY = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS)
_SIGNS = {Rule.IS: "", Rule.AT_MOST: "≤ ", Rule.AT_LEAST: "≥ "}


def words_of(experiment_id: str, key: str, **fields: object) -> str:
    """Return words of one experiment."""
    return tr(f"experiments.{experiment_id}.{key}", **fields)


def step_text(experiment_id: str, step: Step) -> str:
    """Return the sentence that tells a step."""
    # A count as it is: it may choose the word for one.
    facts = {name: v if name == "n" else value_text(v) for name, v in step.facts.items()}
    return words_of(experiment_id, step.key, **facts)


def row_texts(experiment_id: str, row: Row) -> tuple[str, str, str]:
    """Return what was looked at, what was expected, and what was measured."""
    measured = tr("experiments.word_not_told") if row.measured is None else value_text(row.measured)
    expected = _SIGNS[row.rule] + value_text(row.expected)
    return words_of(experiment_id, f"row_{row.key}"), expected, measured


def line_text(line: Line) -> str:
    """Return a line that a server put out: who, and what."""
    return "  ".join(value_text(value) for value in line)


def value_text(value: Value) -> str:
    """Return one value: bytes as Python shows them, what was said in quotes."""
    if isinstance(value, Seconds):
        return duration_text(round(value.s * 1e9))
    if isinstance(value, Size):
        return size_text(value.size_bytes)
    if isinstance(value, Word):
        return tr(f"experiments.word_{value.name}")
    if isinstance(value, Code):
        return value.text
    if isinstance(value, bytes):
        return repr(value)
    if isinstance(value, str):
        return tr("experiments.quoted", text=escaped(value))
    if isinstance(value, tuple):
        return tr("experiments.list_separator").join([value_text(item) for item in value])
    return f"{value:,}"


def after_text(step: Step) -> str:
    """Return when a step happened, counted from the experiment's beginning."""
    return f"+{duration_text(round(step.after_s * 1e9))}"


def verdict_word(row: Row) -> str:
    """Return the name of what came of a row: "holds", "fails" or "not_told"."""
    return {True: "holds", False: "fails", None: "not_told"}[row.holds]


def summary_text(result: Result) -> str:
    """Say in one line how many of the rows came out as expected."""
    words = [verdict_word(row) for row in result.rows]
    bad, untold = words.count("fails"), words.count("not_told")
    parts = []
    if bad:
        parts.append(tr("laboratory.some_fail", n=bad))
    elif len(words) > untold:
        parts.append(tr("laboratory.all_hold", n=len(words) - untold))
    if untold:
        parts.append(tr("laboratory.some_not_told", n=untold))
    if len(parts) > 1:
        return tr("laboratory.two_sentences", first=parts[0], second=parts[1])
    return "".join(parts)


def run_error_sentence(performance: Performance) -> str:
    """Say why a run has no result; "" where it has one."""
    error, done = performance.error, len(performance.steps)
    if error is None:
        return ""
    if isinstance(error, Cancelled):
        key = "error_cancelled" if done else "error_cancelled_early"
        return tr(f"laboratory.{key}", n=done, all=len(performance.experiment.steps))
    if isinstance(error, TookTooLong):
        return tr("laboratory.error_too_long", seconds=f"{PATIENCE_S:g}")
    if isinstance(error, ListenError):
        return listen_error_sentence(error)
    if isinstance(error, JournalError):
        return journal_error_sentence(error)
    if isinstance(error, OSError):
        key = "error_files" if error.errno in _TOO_MANY else "error_system"
        return tr(f"laboratory.{key}", reason=without_stop(error.strerror or str(error)))
    return tr("laboratory.error_mistake", reason=f"{type(error).__name__} {error}".strip())
