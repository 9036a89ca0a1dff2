"""What holds for all rules of a server: which of them answer, how frames are cut, and the guard."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.reply.rules import GUARD_PER_S, PICKS, RuleSet
from app.ui.rules.form import NumberLine
from app.ui.setup.controls import SteadyCombo
from app.ui.widgets import PlainLabel
from app.ui.widgets.worded import Worded
from app.wording import tr

_MOST_PER_S = 100_000


class OfAll(Worded, QWidget):
    """Below the table. GUI thread."""

    edited = Signal(object)  # RuleSet: the one that was shown, with what is chosen here

    def __init__(self) -> None:
        super().__init__()
        self._shown = RuleSet()
        self.pick, self.framing = SteadyCombo(), QLineEdit()
        self.guard = NumberLine(_MOST_PER_S)
        for pick in PICKS:
            self.pick.addItem(pick, pick)
        self._labels = {name: PlainLabel() for name in ("pick", "framing", "guard")}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        for column, name in enumerate(self._labels):
            grid.addWidget(self._labels[name], 0, column)
            grid.addWidget(getattr(self, name), 1, column)
            grid.setColumnStretch(column, 1)
        self.pick.activated.connect(self._tell)
        self.framing.editingFinished.connect(self._tell)
        self.guard.editingFinished.connect(self._tell)
        self.dress()

    def show_rules(self, rules: RuleSet) -> None:
        """Show what holds for these; what is being typed stays."""
        self._shown = rules
        self.pick.setCurrentIndex(self.pick.findData(rules.pick))
        if not self.framing.hasFocus():
            self.framing.setText(rules.framing)
        if not self.guard.hasFocus():
            self.guard.show_value(rules.guard_per_s)

    def commit(self) -> None:
        """Take what is typed and not yet taken."""
        self._tell()

    def _tell(self) -> None:
        guard = self.guard.value() or GUARD_PER_S  # empty: as usual
        self.guard.show_value(guard)
        framing = self.framing.text().strip()
        typed = replace(
            self._shown, pick=self.pick.currentData(), framing=framing, guard_per_s=guard
        )
        if typed != self._shown:
            self._shown = typed
            self.edited.emit(typed)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        for name, label in self._labels.items():
            label.setText(tr(f"rules.{name}"))
            field: QWidget = getattr(self, name)
            field.setAccessibleName(tr(f"rules.{name}"))
        for at, pick in enumerate(PICKS):
            self.pick.setItemText(at, tr(f"rules.pick_{pick}"))
        self.framing.setPlaceholderText(tr("rules.framing_of_server"))
        self.framing.setToolTip(tr("rules.framing_tip"))
        self.guard.setToolTip(tr("rules.guard_tip"))
