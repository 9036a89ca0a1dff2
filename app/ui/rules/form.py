"""A form for one rule: shows what its kind of rule needs, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from app.reply.rules import DEEDS, MATCHES, WHENS, Rule
from app.text.compose import LineEnding
from app.ui.setup.controls import SteadyCombo
from app.ui.theme import theme
from app.ui.widgets import FieldError, PlainLabel
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

TYPING_PAUSE_MS = 400
_MODES = ("text", "hex")
_PLACES = "{1} {name} {time:%H%M%S} {count} {hex:4}"


class RuleForm(Worded, QWidget):
    """The selected rule. What is typed is told after a pause, right or wrong. GUI thread."""

    edited = Signal(object)  # Rule

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rule: Rule | None = None
        self._labels: dict[str, PlainLabel] = {}
        self._rows: dict[str, QWidget] = {}
        self.name, self.clients = QLineEdit(), QLineEdit()
        self.when, self.match, self.do = _combo(WHENS), _combo(MATCHES), _combo(DEEDS)
        self.silence = NumberLine(86_400)
        self.pattern, self.check = QLineEdit(), QLineEdit()
        self.answers = QPlainTextEdit()
        self.answers.setTabChangesFocus(True)
        self.mode = _combo(_MODES)
        self.escapes = QCheckBox()
        self.mode.setMinimumContentsLength(4)
        self.line_ending = _combo([ending.value for ending in LineEnding])
        self.line_ending.setMinimumContentsLength(4)
        self.checksum = QLineEdit()
        self.delay, self.per_s = NumberLine(86_400_000), NumberLine(100_000)
        self.piece, self.every = NumberLine(1 << 24), NumberLine(3_600_000)
        self.error = FieldError(self)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.flush)
        self._lay_out()
        self._connect()
        self.show_rule(None)
        self.dress()

    def _lay_out(self) -> None:
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        reading = _side_by_side(self.mode, self.line_ending, self.escapes)
        drip = _side_by_side(self.piece, self.every)
        rows: dict[str, QWidget] = {
            "name": self.name, "clients": self.clients, "when": self.when,
            "silence": self.silence, "match": self.match, "pattern": self.pattern,
            "check": self.check, "do": self.do, "answers": self.answers, "reading": reading,
            "checksum": self.checksum, "delay": self.delay, "per_s": self.per_s, "drip": drip,
        }  # fmt: skip
        for key, widget in rows.items():
            label = self._labels[key] = PlainLabel("", self, role="secondary")
            label.setBuddy(widget)
            self._rows[key] = widget
            self._form.addRow(label, widget)
        self._form.addRow(self.error)

    def _connect(self) -> None:
        numbers = (self.silence, self.delay, self.per_s, self.piece, self.every)
        texts = (self.name, self.clients, self.pattern, self.check, self.checksum)
        for line in (*texts, *numbers):
            line.textEdited.connect(lambda: self._pause.start())
        self.answers.textChanged.connect(lambda: self._pause.start())
        for box in (self.when, self.match, self.do, self.mode, self.line_ending):
            box.activated.connect(lambda: self.flush())
        self.escapes.clicked.connect(lambda: self.flush())

    # -- the rule ----------------------------------------------------------------------------

    def show_rule(self, rule: Rule | None) -> None:
        """Show a rule; None: there is none to edit."""
        if rule is not None and self._rule is not None and rule == self._typed():
            self._rule = rule  # what was typed here
            self._show_rows()
            return
        self._rule = rule
        self.setEnabled(rule is not None)
        shown = rule or Rule()
        self.blockSignals(True)
        self.name.setText(shown.name)
        self.clients.setText(shown.clients)
        self.silence.show_value(round(shown.silence_ms / 1000))
        self.pattern.setText(shown.pattern)
        self.check.setText(shown.check)
        self.checksum.setText(shown.checksum)
        # One a line: a line break inside of one is written as the escape that it is read as.
        text = "\n".join(answer.replace("\n", "\\n") for answer in shown.answers)
        if self.answers.toPlainText() != text:
            self.answers.setPlainText(text)
        self.escapes.setChecked(shown.escapes)
        for box, value in (
            (self.when, shown.when), (self.match, shown.match), (self.do, shown.do),
            (self.mode, shown.mode), (self.line_ending, shown.line_ending),
        ):  # fmt: skip
            box.setCurrentIndex(box.findData(value))
        self.delay.show_value(shown.delay_ms)
        self.per_s.show_value(shown.per_s)
        self.piece.show_value(shown.piece_bytes)
        self.every.show_value(shown.every_ms)
        self.blockSignals(False)
        self._pause.stop()
        self._show_rows()

    def flush(self) -> None:
        """Tell what is typed now."""
        self._pause.stop()
        typed = self._typed()
        if typed is not None and typed != self._rule:
            self._rule = typed
            self._show_rows()
            self.edited.emit(typed)

    def show_error(self, sentence: str) -> None:
        """Say what is wrong with the rule."""
        self.error.show_error(sentence)

    def _typed(self) -> Rule | None:
        if self._rule is None:
            return None
        text = self.answers.toPlainText()
        return replace(
            self._rule,
            name=self.name.text().strip(),
            clients=self.clients.text().strip(),
            when=self.when.currentData(),
            silence_ms=self.silence.value() * 1000,
            match=self.match.currentData(),
            pattern=self.pattern.text(),
            check=self.check.text().strip(),
            do=self.do.currentData(),
            answers=tuple(text.split("\n")) if text else (),
            mode=self.mode.currentData(),
            escapes=self.escapes.isChecked(),
            line_ending=self.line_ending.currentData(),
            checksum=self.checksum.text().strip(),
            delay_ms=self.delay.value(),
            per_s=self.per_s.value(),
            piece_bytes=self.piece.value(),
            every_ms=self.every.value(),
        )

    def _show_rows(self) -> None:
        """Show what this kind of rule needs."""
        when, match, do = (box.currentData() for box in (self.when, self.match, self.do))
        looks = when not in ("connect", "silence")
        sends = do == "send"
        shown = {
            "silence": when == "silence",
            "match": looks,
            "pattern": looks and match != "any",
            "check": when == "bad_checksum",
            "answers": do not in ("close", "reset"),
            "reading": sends,
            "checksum": sends,
            "drip": do in ("send", "file"),
        }
        for key, is_shown in shown.items():
            self._form.setRowVisible(self._rows[key], is_shown)
        self.escapes.setVisible(self.mode.currentData() == "text")
        self.line_ending.setVisible(self.mode.currentData() == "text")
        self._labels["answers"].setText(tr(f"rules.field_answers_{do}"))

    # -- looks -------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        for key, label in self._labels.items():
            if key != "answers":
                label.setText(tr(f"rules.field_{key}"))
            self._rows[key].setToolTip(tr(f"rules.field_{key}_tip", places=_PLACES))
            self._rows[key].setAccessibleName(tr(f"rules.field_{key}"))
        for box, area in (
            (self.when, "rules.when"), (self.match, "rules.match"), (self.do, "rules.do"),
            (self.mode, "rules.mode"),
        ):  # fmt: skip
            for at in range(box.count()):
                box.setItemText(at, tr(f"{area}_{box.itemData(at)}"))
        for at, ending in enumerate(LineEnding):
            none = ending is LineEnding.NONE
            self.line_ending.setItemText(at, tr("rules.no_ending") if none else ending.name)
        self.escapes.setText(tr("composer.escapes"))
        self.name.setPlaceholderText(tr("rules.new_name"))
        self.clients.setPlaceholderText(tr("rules.everybody"))
        self.checksum.setPlaceholderText("crc16-modbus L")
        self.check.setPlaceholderText("crc16-modbus L")
        for line, unit in ((self.silence, "s"), (self.delay, "ms"), (self.every, "ms")):
            line.setPlaceholderText(f"0 {unit}")
        self.piece.setPlaceholderText(f"0 {tr('rules.bytes')}")
        self.per_s.setPlaceholderText(tr("rules.no_limit"))
        self._show_rows()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self._form.setVerticalSpacing(theme().px(4))
        self.answers.setFixedHeight(theme().px(72))


def _combo(values: Sequence[str]) -> SteadyCombo:
    box = SteadyCombo()
    for value in values:
        box.addItem(value, value)
    return box


class NumberLine(QLineEdit):
    """A whole number from 0; empty is 0."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self.setValidator(QIntValidator(0, most, self))

    def value(self) -> int:
        """What is typed, at most the most."""
        text = self.text()
        return min(int(text), self._most) if text.isdigit() else 0

    def show_value(self, value: int) -> None:
        """Show a number; nothing for 0."""
        self.setText(str(value) if value else "")


class Scrolled(QScrollArea):
    """Scrolls a form up and down, and is as wide as it needs."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def minimumSizeHint(self) -> QSize:
        """Nothing of a row is cut off."""
        width = self._content.minimumSizeHint().width() + self.verticalScrollBar().width()
        return QSize(width, super().minimumSizeHint().height())


def _side_by_side(*widgets: QWidget) -> QWidget:
    together = QWidget()
    row = QHBoxLayout(together)
    row.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        row.addWidget(widget)
    return together
