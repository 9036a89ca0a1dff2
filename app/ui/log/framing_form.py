"""The parts of a framing as fields: what kind it is, and the numbers or bytes of that kind."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QWidget

from app.frames.framing import (
    Delimiter,
    Fixed,
    Framing,
    FramingFault,
    Gap,
    HeadTail,
    LengthField,
)
from app.frames.kits import Kit
from app.frames.written import read_framing
from app.ui.theme import theme
from app.ui.widgets import PlainLabel
from app.wording import tr

# The parts of each kind that are typed, and what stands there at first.
_PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "none": (),
    "delimiter": (("marks", "0D0A"), ("escape", "")),
    "head": (("head", "7E"), ("tail", "7E")),
    "length": (("offset", "0"), ("size", "2"), ("adjust", "0"), ("order", "big"), ("decimal", "")),
    "fixed": (("fixed", "32"),),
    "gap": (("gap", "20"),),
}
_KIT = "kit:"


class FramingForm(QWidget):
    """Makes the text of a framing. GUI thread."""

    changed = Signal()

    def __init__(self, kits: Sequence[Kit], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = QComboBox()
        self.kind.setAccessibleName(tr("framing.kind"))
        for kind in _PARTS:
            self.kind.addItem(tr(f"framing.kind_{kind}"), kind)
        if kits:
            self.kind.insertSeparator(self.kind.count())
        for kit in kits:
            self.kind.addItem(kit.name, _KIT + kit.id)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.addRow(tr("framing.kind"), self.kind)
        self._fields: dict[str, QLineEdit | QComboBox | QCheckBox] = {}
        self._warning = PlainLabel(role="secondary")
        self._warning.setWordWrap(True)
        self.kind.currentIndexChanged.connect(lambda _: self._choose(self.kind.currentData(), {}))

    @property
    def spec(self) -> str:
        """The framing as it is written; perhaps wrongly, as the user typed it."""
        kind = self.kind.currentData()
        said = {name: _value(field) for name, field in self._fields.items()}
        match kind:
            case "delimiter":
                escape = f",escape={said['escape']}" if said["escape"].strip() else ""
                return f"delimiter:{said['marks']}{escape}"
            case "head":
                return f"head:{said['head']},tail:{said['tail']}"
            case "length":
                numbers = ",".join(f"{name}={said[name]}" for name in ("offset", "size", "adjust"))
                decimal = ",decimal" if said["decimal"] else ""
                return f"length:{numbers},order={said['order']}{decimal}"
            case "fixed" | "gap":
                return f"{kind}:{said[kind]}"
        return str(kind)

    def show_spec(self, spec: str) -> None:
        """Show a framing; one that cannot be read is shown as none."""
        kind, said = _taken_apart(spec)
        index = self.kind.findData(kind)
        self.kind.blockSignals(True)
        self.kind.setCurrentIndex(max(index, 0))
        self.kind.blockSignals(False)
        self._choose(self.kind.currentData(), said)

    def _choose(self, kind: str, said: dict[str, str]) -> None:
        while self._form.rowCount() > 1:
            taken = self._form.takeRow(1)
            for item in (taken.labelItem, taken.fieldItem):
                widget = item.widget() if item is not None else None
                if widget is not None:
                    widget.setParent(None)
                    if widget is not self._warning:
                        widget.deleteLater()
        self._fields = {}
        for name, first in _PARTS.get(kind, ()):
            field = _field(name, said.get(name, first))
            self._fields[name] = field
            self._form.addRow(tr(f"framing.{name}"), field)
            _changed(field).connect(self.changed)
        if kind == "gap":
            self._warning.setText(tr("framing.gap_warning"))
            self._form.addRow(self._warning)
            self._warning.show()
        self.changed.emit()


def _field(name: str, value: str) -> QLineEdit | QComboBox | QCheckBox:
    if name == "decimal":
        box = QCheckBox(tr("framing.decimal_text"))
        box.setChecked(bool(value))
        return box
    if name == "order":
        orders = QComboBox()
        for order in ("big", "little"):
            orders.addItem(tr(f"framing.order_{order}"), order)
        orders.setCurrentIndex(orders.findData(value))
        return orders
    line = QLineEdit(value)
    line.setFont(theme().mono_font())
    line.setToolTip(tr(f"framing.{name}_tip"))
    line.setAccessibleName(tr(f"framing.{name}"))
    return line


def _value(field: QLineEdit | QComboBox | QCheckBox) -> str:
    if isinstance(field, QCheckBox):
        return "yes" if field.isChecked() else ""
    return str(field.currentData()) if isinstance(field, QComboBox) else field.text()


def _changed(field: QLineEdit | QComboBox | QCheckBox) -> SignalInstance:
    if isinstance(field, QCheckBox):
        return field.toggled
    return field.currentIndexChanged if isinstance(field, QComboBox) else field.textChanged


def _taken_apart(spec: str) -> tuple[str, dict[str, str]]:
    """Return the kind of a framing and its parts, as the form has them."""
    if spec.startswith(_KIT):
        return spec, {}
    try:
        framing: Framing = read_framing(spec)
    except FramingFault:
        return "none", {}
    match framing:
        case Delimiter(marks, escape):
            shown = "|".join(mark.hex(" ").upper() for mark in marks)
            return "delimiter", {"marks": shown, "escape": f"{escape:02X}" if escape else ""}
        case HeadTail(head, tail):
            return "head", {"head": head.hex(" ").upper(), "tail": tail.hex(" ").upper()}
        case LengthField(offset, size, adjust, order, decimal):
            numbers = {"offset": str(offset), "size": str(size), "adjust": str(adjust)}
            return "length", {**numbers, "order": order, "decimal": "yes" if decimal else ""}
        case Fixed(size):
            return "fixed", {"fixed": str(size)}
        case Gap(ms):
            return "gap", {"gap": str(ms)}
    return "none", {}
