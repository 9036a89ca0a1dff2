"""The dialog in which a command is written, with the composer's own parts and checks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.text.compose import ComposeMode
from app.ui.composer.bar import ComposerBar
from app.ui.composer.check import Check, is_half_typed
from app.ui.composer.conversion import CannotConvert, convert
from app.ui.composer.editor import ComposeEditor
from app.ui.composer.history import Draft
from app.ui.composer.live_check import LiveCheck, Question
from app.ui.composer.words import fault_note, size_words, unexpected_words
from app.ui.dialogs import fit_dialog
from app.ui.prepared.command import TARGETS, Command, fault_of, needle_of
from app.ui.rules.form import NumberLine
from app.ui.setup.controls import SteadyCombo
from app.ui.theme import theme
from app.ui.widgets import FieldError, PlainLabel
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.sentences import compose_fault_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

_ONE = "one"  # a client by its number
_MOST_NUMBER = 999_999_999


class CommandForm(Worded, QDialog):
    """One command, new or known. What cannot be sent is not taken, and stays as typed. GUI thread.

    `command` is the outcome once it was accepted.
    """

    def __init__(self, command: Command, groups: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.command = command
        self.name, self.comment = QLineEdit(command.name), QLineEdit(command.comment)
        self.group = QComboBox()
        self.group.setEditable(True)
        self.group.addItems(["", *groups])
        self.group.setCurrentText(command.group)
        self.target, self.number = SteadyCombo(), NumberLine(_MOST_NUMBER)
        for target in (*TARGETS, _ONE):
            self.target.addItem(target, target)
        self.target.setCurrentIndex(
            self.target.findData(_ONE if command.number else command.target)
        )
        self.number.show_value(command.number)
        self.answer, self.answer_mode = QLineEdit(command.answer), SteadyCombo()
        for mode in ("text", "hex"):
            self.answer_mode.addItem(mode, mode)
        self.answer_mode.setCurrentIndex(self.answer_mode.findData(command.answer_mode))
        self.bar = ComposerBar(lambda _: "", self, sends=False)
        self.bar.set_options(command.draft.options)
        self._options = command.draft.options
        self.editor = ComposeEditor(self)
        self.editor.replace_text(command.draft.text)
        self.hint = PlainLabel("", self, role="secondary")
        self.hint.setWordWrap(True)
        self.error = FieldError(self)
        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        self._live = LiveCheck(self._question, self)
        self._lay_out()
        self._connect()
        self._show_number()
        self.dress()
        fit_dialog(self, QSize(720, 420))
        self.name.selectAll()
        self._live.nudge()

    def _lay_out(self) -> None:
        aim = _side_by_side(self.target, self.number)
        answer = _side_by_side(self.answer, self.answer_mode)
        self._labels: dict[str, PlainLabel] = {}
        self._form = QFormLayout()
        for key, field in (
            ("name", self.name), ("group", self.group), ("target", aim), ("comment", self.comment),
            ("answer", answer),
        ):  # fmt: skip
            label = self._labels[key] = PlainLabel("", self, role="secondary")
            label.setBuddy({aim: self.target, answer: self.answer}.get(field, field))
            self._form.addRow(label, field)
        column = QVBoxLayout(self)
        column.addLayout(self._form)
        column.addWidget(self.bar)
        column.addWidget(self.editor, 1)
        column.addWidget(self.hint)
        column.addWidget(self.error)
        column.addWidget(self.buttons)

    def _connect(self) -> None:
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.target.activated.connect(self._show_number)
        self.editor.textChanged.connect(self._on_typed)
        self.editor.refused.connect(self.error.show_error)
        self.bar.options_changed.connect(self._on_options)
        self.bar.mode_chosen.connect(self._on_mode)
        self._live.done.connect(self._on_checked)

    def _show_number(self) -> None:
        self.number.setVisible(self.target.currentData() == _ONE)

    # -- the message -------------------------------------------------------------------------

    @property
    def draft(self) -> Draft:
        """The message as it is typed now."""
        return Draft(self.editor.text(), self._options)

    @property
    def _encodings(self) -> list[str]:
        return [self._options.encoding or "utf-8"]

    def _question(self) -> Question:
        return Question(self.editor.text(), self._options, self._encodings)

    def _on_typed(self) -> None:
        self.editor.clear_mark()
        self.error.show_error("")
        self._live.poke()

    def _on_options(self) -> None:
        self._options = self.bar.options
        self._on_typed()

    def _on_mode(self, mode: str) -> None:
        """Read as hex what was text, or the reverse: the same bytes, where that can be."""
        try:
            text = convert(
                self.editor.text(), self._options, cast(ComposeMode, mode), self._encodings
            )
        except CannotConvert as reason:
            self._on_options()
            self.error.show_error(tr(f"composer.kept_{reason.hindrance.value}"))
        else:
            self.editor.replace_text(text)
            self._on_options()

    def _on_checked(self, outcome: Check) -> None:
        fault = outcome.fault
        if fault is None:
            own = not self._options.encoding and not self.editor.text().isascii()
            size = tr("prepared.size_by_encoding") if own else size_words(outcome)
            self.hint.setText(" · ".join(filter(None, [*unexpected_words(outcome), size])))
        elif not is_half_typed(fault, self.editor.text()):
            self.editor.mark(fault.position, fault.length, go_there=False)
            self.hint.setText(fault_note(fault))

    # -- its end -----------------------------------------------------------------------------

    def accept(self) -> None:
        """Take it, or say what is wrong."""
        name, target = self.name.text().strip(), self.target.currentData()
        fault = fault_of(self.draft)
        if not name:
            self._refuse(tr("prepared.no_name"), self.name)
        elif target == _ONE and not self.number.value():
            self._refuse(tr("prepared.no_number"), self.number)
        elif self.answer.text() and needle_of(self.answer.text(), self._answer_mode) is None:
            self._refuse(tr("prepared.bad_answer"), self.answer)
        elif fault is not None:
            self._refuse(compose_fault_sentence(fault, self.editor.text()), self.editor)
            if fault.kind != "empty":
                self.editor.mark(fault.position, fault.length, go_there=True)
        else:
            self.command = Command(
                name,
                self.draft,
                str(self.number.value()) if target == _ONE else target,
                self.group.currentText().strip(),
                self.comment.text().strip(),
                self.answer.text(),
                self._answer_mode,
            )
            super().accept()

    @property
    def _answer_mode(self) -> str:
        return str(self.answer_mode.currentData())

    def _refuse(self, sentence: str, where: QWidget) -> None:
        self.error.show_error(sentence)
        where.setFocus(Qt.FocusReason.OtherFocusReason)

    def done(self, result: int) -> None:
        """It closes: no thread is left."""
        self._live.stop()
        super().done(result)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setWindowTitle(tr("prepared.form_title"))
        for key, label in self._labels.items():
            label.setText(tr(f"prepared.field_{key}"))
            buddy = label.buddy()
            if buddy is not None:
                buddy.setAccessibleName(tr(f"prepared.field_{key}"))
        for at, target in enumerate(("composer", "all", "selected", _ONE)):
            self.target.setItemText(at, tr(f"prepared.target_{target}"))
        self.target.setToolTip(tr("prepared.target_tip"))
        for at, mode in enumerate(("text", "hex")):
            self.answer_mode.setItemText(at, tr(f"prepared.answer_{mode}"))
        self.answer_mode.setAccessibleName(tr("prepared.answer_mode"))
        self.answer.setToolTip(tr("prepared.answer_tip"))
        self.answer.setPlaceholderText(tr("prepared.answer_hint"))
        self.number.setPlaceholderText("1")
        self.number.setAccessibleName(tr("composer.target_number"))
        self.editor.setAccessibleName(tr("prepared.message"))
        self.editor.setPlaceholderText(tr("prepared.message_hint"))
        standard = QDialogButtonBox.StandardButton
        self.buttons.button(standard.Ok).setText(tr("prepared.ok"))
        self.buttons.button(standard.Cancel).setText(tr("common.cancel"))

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self._form.setVerticalSpacing(theme().px(4))
        self.number.setFixedWidth(theme().px(80))
        self.answer_mode.setMaximumWidth(theme().px(110))
        self.editor.setMinimumHeight(theme().px(72))


def of_draft(draft: Draft, group: str = "") -> Command:
    """Return a new command with what the composer holds, named after it."""
    first = next((line.strip() for line in draft.text.splitlines() if line.strip()), "")
    return Command(first[:30], replace(draft), group=group)


def _side_by_side(wide: QWidget, narrow: QWidget) -> QWidget:
    together = QWidget()
    row = QHBoxLayout(together)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(wide, 1)
    row.addWidget(narrow)
    return together
