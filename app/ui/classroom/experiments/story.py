"""Writes what an experiment tells into a text document. Every text goes in as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextTableCellFormat,
    QTextTableFormat,
)

from app.ui.theme import theme
from app.wording import tr
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
    from collections.abc import Sequence

    from PySide6.QtGui import QTextDocument, QTextTable

    from app.teaching.experiments.catalogue import Experiment
    from app.teaching.experiments.facts import Result, Row, Step, Table
    from app.teaching.experiments.performance import Performance

_WIDE_PX = 400  # of the design's: at least so much room have four columns
_PADDING_PX = 4
# What stands at the head of the four columns, and their shares of the width in percent.
_COLUMNS = (("what", 34), ("expected", 25), ("measured", 25), ("verdict", 16))
TITLE_SHARE = 18 / 13  # of the usual type size, as the sheet's titles
_MARKS = {"holds": ("✓", "received"), "fails": ("✗", "error"), "not_told": ("–", "secondary")}


class Stretch(NamedTuple):
    """A part of the document, by positions."""

    start: int
    end: int


def _current(run: Performance, looked_at: int) -> int:
    """The step to mark, counted from 0; -1: none."""
    if looked_at >= 0 or run.is_over:
        return looked_at
    return len(run.steps) - 1


class Story:
    """One document, written anew at every change. GUI thread."""

    def __init__(self, document: QTextDocument, *, wide: bool) -> None:
        """`wide`: there is room for four columns side by side."""
        document.clear()
        document.setDefaultFont(theme().ui_font())
        document.setDocumentMargin(theme().px(8))
        self._cursor = QTextCursor(document)
        self._wide = wide
        self._fresh = True  # the block that the cursor is in is empty, and nobody's yet
        self.now: Stretch | None = None  # what the reader wants to see: the step, the conclusion

    def write(self, experiment: Experiment, run: Performance | None, looked_at: int = -1) -> None:
        """Write all there is to tell; mark the step of now, or the one that is looked back at."""
        name = experiment.id
        self._paragraph(words_of(name, "title"), size=TITLE_SHARE, bold=True)
        self._heading(tr("laboratory.watch"))
        self._paragraph(words_of(name, "watch"))
        if run is None:
            text = tr("laboratory.empty", n=len(experiment.steps))
            self._paragraph(text, token="secondary", above=10)
            return
        self._heading(tr("laboratory.story"))
        if run.steps:
            self._write_steps(name, run.steps, _current(run, looked_at))
        looked_back_at = self.now if looked_at >= 0 else None
        self._write_state(run)
        if run.result is not None:
            self._write_outcome(name, run.result)
        self.now = looked_back_at or self.now

    def _write_steps(self, name: str, steps: Sequence[Step], current_at: int) -> None:
        number_width = QTextLength(QTextLength.Type.FixedLength, theme().px(30))
        table = self._table(len(steps), [number_width, _percent(100)])
        for at, step in enumerate(steps):
            number, telling = table.cellAt(at, 0), table.cellAt(at, 1)
            current = at == current_at
            if current:
                fill = QTextTableCellFormat()
                fill.setBackground(theme().colour("selection"))
                number.setFormat(fill)
                telling.setFormat(fill)
            shade = "link" if current else "secondary"
            number.firstCursorPosition().insertText(str(at + 1), _look(shade, bold=current))
            cursor = telling.firstCursorPosition()
            cursor.insertText(step_text(name, step), _look())
            # The number and its unit are not parted.
            after = after_text(step).replace(" ", "\u00a0")
            cursor.insertText(f"  {after}", _look("secondary"))
            if current:
                self.now = Stretch(telling.firstPosition(), telling.lastPosition())

    def _write_state(self, run: Performance) -> None:
        """Say what it waits for, or why it ended early."""
        sentence, token = run_error_sentence(run), "error"
        if run.was_cancelled:
            token = "secondary"
        elif not run.is_over:
            sentence, token = tr(f"laboratory.{'waits' if run.waits else 'goes_on'}"), "link"
        if run.is_ending:
            sentence, token = tr("laboratory.ending"), "secondary"
        if not sentence:
            return
        start = self._paragraph(sentence, token=token, above=6)
        self.now = Stretch(self.now.start if self.now else start, self._cursor.position())

    def _write_outcome(self, name: str, result: Result) -> None:
        start = self._cursor.position()
        for table in result.tables:
            self._heading(tr("laboratory.output"))
            self._write_output(name, table)
        self._heading(tr("laboratory.conclusion"))
        if self._wide:
            self._write_columns(name, result.rows)
        else:
            self._write_cards(name, result.rows)
        fails = any(row.holds is False for row in result.rows)
        self._paragraph(summary_text(result), token="error" if fails else "received", above=6)
        self._paragraph(words_of(name, "conclusion"), bold=True, above=4)
        self.now = Stretch(start, self._cursor.position())

    def _write_output(self, name: str, shown: Table) -> None:
        share = [_percent(100 / len(shown.columns))] * len(shown.columns)
        table = self._table(len(shown.rows) + 1, share, lines=True)
        for at, column in enumerate(shown.columns):
            self._cell(table, 0, at, words_of(name, column), _look("secondary", bold=True))
            for line, cells in enumerate(shown.rows, 1):
                self._cell(table, line, at, line_text(cells[at]), _look(mono=True))

    def _write_columns(self, name: str, rows: Sequence[Row]) -> None:
        """A table for the wide: expected beside measured."""
        table = self._table(len(rows) + 1, [_percent(n) for _, n in _COLUMNS], lines=True)
        for at, (key, _) in enumerate(_COLUMNS):
            self._cell(table, 0, at, tr(f"laboratory.{key}"), _look("secondary", bold=True))
        for line, row in enumerate(rows, 1):
            for at, text in enumerate(row_texts(name, row)):
                self._cell(table, line, at, text, _look())
            self._cell(table, line, 3, *_verdict(row))

    def _write_cards(self, name: str, rows: Sequence[Row]) -> None:
        """The same where four columns would be too narrow to read: expected above measured."""
        table = self._table(len(rows), [_percent(100)], lines=True)
        for line, row in enumerate(rows):
            what, expected, measured = row_texts(name, row)
            cursor = table.cellAt(line, 0).firstCursorPosition()
            cursor.insertText(what, _look(bold=True))
            cursor.insertText("  ")
            cursor.insertText(*_verdict(row))
            for key, text in (("expected_is", expected), ("measured_is", measured)):
                cursor.insertBlock()
                cursor.insertText(tr(f"laboratory.{key}", text=text), _look())

    # -- the document ------------------------------------------------------------------------------

    def _heading(self, text: str) -> None:
        self._paragraph(text, token="secondary", bold=True, above=10)

    def _paragraph(
        self, text: str, *, token: str = "text", size: float = 1.0, bold: bool = False,
        above: int = 2,
    ) -> int:  # fmt: skip
        """Write a paragraph, `above` of the design's pixels below the last; return its position."""
        form = QTextBlockFormat()
        form.setTopMargin(theme().px(above))
        if self._fresh:
            self._cursor.setBlockFormat(form)
        else:
            self._cursor.insertBlock(form)
        self._fresh = False
        start = self._cursor.position()
        self._cursor.insertText(text, _look(token, size=size, bold=bold))
        return start

    def _table(
        self, rows: int, widths: Sequence[QTextLength], *, lines: bool = False
    ) -> QTextTable:
        """Begin a table as wide as the page; with `lines` a thin one under each row."""
        form = QTextTableFormat()
        form.setBorder(0)
        form.setCellPadding(theme().px(_PADDING_PX))
        form.setCellSpacing(0)
        form.setTopMargin(theme().px(2))
        form.setBottomMargin(theme().px(8))
        form.setBorderCollapse(True)
        form.setWidth(_percent(100))
        form.setColumnWidthConstraints(list(widths))
        table = self._cursor.insertTable(rows, len(widths), form)
        if lines:
            self._draw_lines(table)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        self._fresh = True
        return table

    def _draw_lines(self, table: QTextTable) -> None:
        form = QTextTableCellFormat()
        form.setBottomBorder(1)
        form.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        form.setBottomBorderBrush(theme().colour("line"))
        for row in range(table.rows()):
            for column in range(table.columns()):
                table.cellAt(row, column).setFormat(form)

    def _cell(
        self, table: QTextTable, row: int, column: int, text: str, look: QTextCharFormat
    ) -> None:
        table.cellAt(row, column).firstCursorPosition().insertText(text, look)


def columns_from_px() -> int:
    """The width from which on a result has four columns: no word of their heads is broken."""
    metrics = QFontMetrics(_look(bold=True).font())
    heads = {key: [tr(f"laboratory.{key}")] for key, _ in _COLUMNS}
    heads["verdict"] += [
        f"{mark}\u00a0{tr(f'laboratory.{word}')}" for word, (mark, _) in _MARKS.items()
    ]
    around_px = 2 * theme().px(_PADDING_PX) + 2
    least = theme().px(_WIDE_PX)
    for key, share in _COLUMNS:
        word_px = max(metrics.horizontalAdvance(word) for word in heads[key])
        least = max(least, -(-(word_px + around_px) * 100 // share))
    return least


def _verdict(row: Row) -> tuple[str, QTextCharFormat]:
    """A mark and a word: the colour alone would tell not everybody."""
    word = verdict_word(row)
    mark, token = _MARKS[word]
    return f"{mark}\u00a0{tr(f'laboratory.{word}')}", _look(token, bold=True)


def _look(
    token: str = "text", *, size: float = 1.0, bold: bool = False, mono: bool = False
) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setForeground(theme().colour(token))
    font = theme().mono_font() if mono else theme().ui_font()
    font.setPixelSize(round(font.pixelSize() * size))
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    look.setFont(font, QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesAll)
    return look


def _percent(share: float) -> QTextLength:
    return QTextLength(QTextLength.Type.PercentageLength, share)
