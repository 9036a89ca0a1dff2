"""A form for one filter of the log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLineEdit, QWidget

from app.models.filter_table import complaint_of
from app.models.row_filter import DEEDS, HUES, MATCHES, RowFilter
from app.ui.setup.controls import SteadyCombo
from app.ui.theme import theme
from app.ui.widgets import FieldError, PlainLabel
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

TYPING_PAUSE_MS = 300


class FilterForm(Worded, QWidget):
    """The selected filter. What is typed is told after a pause, right or wrong. GUI thread."""

    edited = Signal(object)  # RowFilter

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filter: RowFilter | None = None
        self.match, self.deed, self.hue = _combo(MATCHES), _combo(DEEDS), _combo(HUES)
        self.pattern, self.case = QLineEdit(), QCheckBox()
        self.error = FieldError(self)
        self._labels = {name: PlainLabel("", self, role="secondary") for name in _ROWS}
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.flush)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        for name in _ROWS:
            widget: QWidget = getattr(self, name)
            self._labels[name].setBuddy(widget)
            if name == "pattern":
                beside, row = QWidget(), QHBoxLayout()
                row.setContentsMargins(0, 0, 0, 0)
                row.addWidget(widget, 1)
                row.addWidget(self.case)
                beside.setLayout(row)
                widget = beside
            self._form.addRow(self._labels[name], widget)
        self._form.addRow(self.error)
        self.pattern.textEdited.connect(lambda: self._pause.start())
        for box in (self.match, self.deed, self.hue):
            box.activated.connect(lambda: self.flush())
        self.case.clicked.connect(lambda: self.flush())
        self.show_filter(None)
        self.dress()

    def show_filter(self, chosen: RowFilter | None) -> None:
        """Show a filter; None: there is none to edit."""
        if chosen is None or chosen != self._typed():
            shown = chosen or RowFilter()
            self.pattern.setText(shown.pattern)
            self.case.setChecked(shown.case)
            for name in ("match", "deed", "hue"):
                box: SteadyCombo = getattr(self, name)
                box.setCurrentIndex(box.findData(getattr(shown, name)))
            self._pause.stop()
        self._filter = chosen
        self.setEnabled(chosen is not None)
        self._show_rows()

    def flush(self) -> None:
        """Tell what is typed now."""
        self._pause.stop()
        typed = self._typed()
        if typed is not None and typed != self._filter:
            self._filter = typed
            self._show_rows()
            self.edited.emit(typed)

    def _typed(self) -> RowFilter | None:
        if self._filter is None:
            return None
        return replace(
            self._filter,
            match=self.match.currentData(),
            pattern=self.pattern.text(),
            case=self.case.isChecked(),
            deed=self.deed.currentData(),
            hue=self.hue.currentData(),
        )

    def _show_rows(self) -> None:
        match = self.match.currentData()
        self.case.setVisible(match != "hex")
        self._form.setRowVisible(self.hue, self.deed.currentData() == "colour")
        self.pattern.setPlaceholderText(tr(f"filters.hint_{match}"))
        # A new one is empty: that needs no complaint yet.
        wrong = complaint_of(self._filter) if self._filter and self._filter.pattern else ""
        self.error.show_error(wrong, self.pattern)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        for name, label in self._labels.items():
            label.setText(tr(f"filters.{name}"))
            getattr(self, name).setAccessibleName(tr(f"filters.{name}"))
            getattr(self, name).setToolTip(tr(f"filters.{name}_tip"))
        for area, box in (("match", self.match), ("deed", self.deed), ("hue", self.hue)):
            for at in range(box.count()):
                box.setItemText(at, tr(f"filters.{area}_{box.itemData(at)}"))
        self.case.setText(tr("filters.case"))
        self._show_rows()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self._form.setVerticalSpacing(theme().px(4))
        for at, hue in enumerate(HUES):
            self.hue.setItemIcon(at, swatch(hue))


_ROWS = ("match", "pattern", "deed", "hue")


def swatch(hue: str) -> QIcon:
    """Return a small area of a row's colour."""
    picture = QPixmap(theme().px(16), theme().px(16))
    picture.fill(theme().colour(f"row_{hue}"))
    return QIcon(picture)


def _combo(values: Sequence[str]) -> SteadyCombo:
    box = SteadyCombo()
    for value in values:
        box.addItem(value, value)
    return box
