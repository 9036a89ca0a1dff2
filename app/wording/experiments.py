"""What an experiment tells, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.teaching.experiments.facts import Code, Rule, Seconds, Size, Word
from app.text.visible import escaped
from app.wording.amounts import size_text
from app.wording.catalogue import tr

if TYPE_CHECKING:
    from app.teaching.experiments.facts import Row, Step, Value

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


def line_text(line: tuple[Value, ...]) -> str:
    """Return a line that a server put out: who, and what."""
    return "  ".join(value_text(value) for value in line)


def value_text(value: Value) -> str:
    """Return one value: bytes as Python shows them, what was said in quotes."""
    if isinstance(value, Seconds):
        return duration_text(value.s)
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


def duration_text(duration_s: float) -> str:
    """Return `0.08 ms`, `12.3 ms`, `1.02 s`: three digits that count."""
    if duration_s >= 1:
        return f"{duration_s:.2f} s"
    milliseconds = duration_s * 1000
    return f"{milliseconds:.2f} ms" if milliseconds < 10 else f"{milliseconds:.0f} ms"
