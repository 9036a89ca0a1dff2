"""Undo for the way a text is read, beside the editor's undo for the text itself.

Converting to hex, or recalling a sent text, changes both at once; Ctrl+Z must take both back, or
the hex digits would be sent as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtGui import QTextDocument

    from app.text.compose import ComposeOptions


class _Turn(NamedTuple):
    """A change of text and options together, by the undo steps around it."""

    steps_before: int
    steps_after: int
    before: ComposeOptions
    after: ComposeOptions


class OptionsTrail(QObject):
    """Watches a document's undo and redo pass the places where the options changed."""

    passed = Signal(object)  # ComposeOptions that go with the text there is now

    def __init__(self, document: QTextDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._turns: list[_Turn] = []
        self._steps = document.availableUndoSteps()
        document.undoCommandAdded.connect(self._on_new_command)
        document.contentsChanged.connect(self._on_changed)

    def record(self, steps_before: int, before: ComposeOptions, after: ComposeOptions) -> None:
        """Remember that the text was replaced just now, from `steps_before` undo steps on."""
        steps = self._document.availableUndoSteps()
        if steps > steps_before:
            self._turns.append(_Turn(steps_before, steps, before, after))
        self._steps = steps

    def _on_new_command(self) -> None:
        # What was undone can no longer be redone.
        self._turns = [turn for turn in self._turns if turn.steps_after <= self._steps]

    def _on_changed(self) -> None:
        was, self._steps = self._steps, self._document.availableUndoSteps()
        for turn in self._turns:
            if was == turn.steps_after and self._steps == turn.steps_before:
                self.passed.emit(turn.before)
            elif was == turn.steps_before and self._steps == turn.steps_after:
                self.passed.emit(turn.after)
