"""How the checks of an exercise went: each with its steps, and where what was seen parted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextBrowser

from app.ui.theme import theme
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.verdicts import (
    calls_text,
    check_title,
    fault_sentence,
    forced_sentence,
    standing_sentence,
    step_text,
    verdict_sentence,
)

if TYPE_CHECKING:
    from app.teaching.exercises.trying import Trial
    from app.teaching.programs.program import ProgramFault

_MOST_STEPS, _MOST_PRINTED = 40, 8  # of one check, the last of them


class OutcomeView(Worded, QTextBrowser):
    """Plain text with colours, written anew at other words or looks. GUI thread."""

    def __init__(self) -> None:
        super().__init__()
        self._trials: list[Trial] = []
        self._fault: ProgramFault | None = None
        self.setUndoRedoEnabled(False)
        self.dress()

    def clear_trials(self) -> None:
        """Show none."""
        self._trials, self._fault = [], None
        self._write()

    def add_trial(self, trial: Trial) -> None:
        """Show one more check."""
        self._trials.append(trial)
        self._write_trial(QTextCursor(self.document()), trial)

    def show_fault(self, fault: ProgramFault) -> None:
        """Show why nothing could be checked."""
        self._fault = fault
        self._write()

    @property
    def trials(self) -> list[Trial]:
        """Those on show."""
        return self._trials

    def _write(self) -> None:
        self.clear()
        cursor = QTextCursor(self.document())
        if self._fault is not None:
            _put(cursor, fault_sentence(self._fault), "error")
            _put(cursor, calls_text(self._fault.calls), "secondary")
        for trial in self._trials:
            self._write_trial(cursor, trial)

    def _write_trial(self, cursor: QTextCursor, trial: Trial) -> None:
        cursor.movePosition(QTextCursor.MoveOperation.End)
        verdict = trial.verdict
        mark, token = ("✓", "received") if verdict.passed else ("✗", "error")
        word = tr("exercises.passed" if verdict.passed else "exercises.failed")
        _put(cursor, f"{mark} {check_title(verdict.check)}　{word}", token, bold=True)
        _put(cursor, verdict_sentence(verdict), "error")
        for seen in verdict.seen[-_MOST_STEPS:]:
            mark = "✗" if seen.fault else "✓"
            text = step_text(seen.step, verdict.check.encoding)
            told = tr("exercises.took", text=f"{mark} {text}", ms=f"{seen.took_ms:.0f}")
            _put(cursor, f"    {told}", "text" if seen.fault else "secondary")
        for words in sorted({fault_sentence(failed.fault) for failed in trial.failures}):
            _put(cursor, tr("exercises.raised", words=words), "error")
        for sentence in (
            *map(forced_sentence, trial.forced),
            *map(standing_sentence, trial.standing),
        ):
            _put(cursor, sentence, "warning")
        printed = [] if verdict.passed else trial.output.lines()[-_MOST_PRINTED:]
        if printed:
            _put(cursor, tr("exercises.printed"), "secondary")
        for line in printed:
            _put(cursor, f"    {line.text}", "secondary", mono=True)

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self._write()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setAccessibleName(tr("exercises.results"))
        self.setPlaceholderText(tr("exercises.results_empty"))
        self._write()


def _put(
    cursor: QTextCursor, text: str, token: str, *, bold: bool = False, mono: bool = False
) -> None:
    """Write lines of plain text; "": none."""
    if not text:
        return
    style = QTextCharFormat()
    style.setForeground(theme().colour(token))
    if bold:
        style.setFontWeight(QFont.Weight.Bold)
    if mono:
        style.setFontFamilies(list(theme().mono_font().families()))
    if not cursor.atStart():
        cursor.insertBlock()
    cursor.insertText(text, style)
