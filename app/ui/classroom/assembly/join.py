"""Where to dial: large, and as a QR code. What the teacher lets clients do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.net.addresses import is_only_here
from app.ui.classroom.assembly.big import BigText
from app.ui.classroom.assembly.qr import QrCode
from app.ui.theme import set_role, theme
from app.ui.widgets import PlainLabel
from app.ui.widgets.eliding_combo import ElidingCombo
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from app.net.facts import Endpoint
    from app.settings import Settings

SWITCHES = ("class_names", "class_answers_browsers")


class JoinPage(Worded, QWidget):
    """Tells what is wanted, and changes nothing itself. GUI thread."""

    changed = Signal(str, bool)  # one of SWITCHES, whether it is on

    def __init__(self) -> None:
        super().__init__()
        self._endpoints: list[Endpoint] = []
        self._scheme = ""
        self.address, self.code = BigText(84, 56, mono=True), QrCode()
        self.count, self.others = BigText(64, 40), ElidingCombo()
        self._hint, self._empty = PlainLabel(role="secondary"), PlainLabel()
        self.switches = {name: QCheckBox() for name in SWITCHES}
        self.copy = QPushButton()
        self.open_port = QPushButton()  # while it is closed
        self._lay_out()
        self.others.activated.connect(lambda _at: self._show_address())
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.address.text))
        for name, switch in self.switches.items():
            switch.clicked.connect(lambda on, name=name: self.changed.emit(name, on))
        self.dress()

    def _lay_out(self) -> None:
        for label in (self._hint, self._empty):
            label.setWordWrap(True)
        set_role(self.open_port, "primary")
        self._closed, self._opened = QWidget(), QWidget()
        closed = QVBoxLayout(self._closed)
        closed.addStretch(1)
        closed.addWidget(self._empty)
        closed.addWidget(self.open_port, 0, Qt.AlignmentFlag.AlignLeft)
        closed.addStretch(2)
        self._side = QVBoxLayout()
        self._side.addWidget(self.count)
        self._side.addStretch(1)
        self._side.addWidget(self._hint)
        self._pick = QHBoxLayout()
        self._pick.addWidget(self.others, 1)
        self._pick.addWidget(self.copy)
        below = QHBoxLayout()
        below.addWidget(self.code, 1)
        below.addLayout(self._side, 1)
        self._column = QVBoxLayout(self._opened)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.address)
        self._column.addLayout(below, 1)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedLayout()
        around.addLayout(self._stack, 1)  # first: what has no parent yet would be a window
        self._stack.addWidget(self._closed)
        self._stack.addWidget(self._opened)
        self._foot = QVBoxLayout()
        self._foot.addLayout(self._pick)
        for switch in self.switches.values():
            self._foot.addWidget(switch)
        around.addLayout(self._foot)

    def show_values(self, settings: Settings) -> None:
        """Show what is in force, telling nobody."""
        for name, switch in self.switches.items():
            switch.setChecked(getattr(settings, name))
        self._show_address()

    def show_endpoints(self, endpoints: list[Endpoint], scheme: str) -> None:
        """Offer these, the likeliest first; none: the port is closed. `scheme`: of a browser."""
        self._stack.setCurrentWidget(self._opened if endpoints else self._closed)
        for widget in (self.others, self.copy):
            widget.setVisible(bool(endpoints))
        if (endpoints, scheme) != (self._endpoints, self._scheme):
            self._scheme = scheme
            chosen = self.others.currentText()
            self._endpoints = endpoints
            self.others.clear()
            self.others.addItems([str(endpoint) for endpoint in endpoints])
            self.others.setCurrentIndex(max(self.others.findText(chosen), 0))
            self._show_address()

    def show_count(self, words: str) -> None:
        """Say how many are here."""
        self.count.set_text(words)

    def _show_address(self) -> None:
        at = self.others.currentIndex()
        endpoint = self._endpoints[at] if 0 <= at < len(self._endpoints) else None
        self.address.set_text(str(endpoint) if endpoint else "")
        self.code.set_text(f"{self._scheme}://{endpoint}/" if endpoint else "")
        if endpoint is None:
            return
        answers = self.switches["class_answers_browsers"].isChecked()
        key = "only_here" if is_only_here(endpoint.host) else "scan" if answers else "no_scan"
        self._hint.setText(tr(f"assembly.{key}"))

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        for layout in (self._column, self._side, self._pick, self._foot):
            layout.setSpacing(px(4))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self._empty.setText(tr("assembly.closed"))
        self.open_port.setText(tr("assembly.open"))
        self.open_port.setToolTip(tr("assembly.open_tip"))
        self.others.setAccessibleName(tr("assembly.others"))
        self.others.setToolTip(tr("assembly.others_tip"))
        self.code.setAccessibleName(tr("assembly.code"))
        self.copy.setText(tr("assembly.copy_address"))
        self.copy.setToolTip(tr("assembly.copy_address_tip"))
        for name, switch in self.switches.items():
            switch.setText(tr(f"assembly.{name}"))
            switch.setToolTip(tr(f"assembly.{name}_tip"))
        self._show_address()
