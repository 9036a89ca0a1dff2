"""What the table says while there are no clients: what to press, and where to dial."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.bridge.controller import ServerState
from app.ui.theme import set_role, theme
from app.ui.widgets import PlainLabel
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.net.facts import Endpoint


COLUMNS = 2  # of addresses


class Welcome(Worded, QScrollArea):
    """Teaches the next step: open the port, or connect a client to one of these addresses."""

    open_requested = Signal()
    demo_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = ServerState.CLOSED
        self._dial: list[Endpoint] = []
        self._misses_localhost = False
        self._text = PlainLabel("", self, role="secondary")
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._text.setWordWrap(True)
        self._addresses = QGridLayout()
        self._addresses.setSpacing(0)
        self._button = QPushButton()
        set_role(self._button, "primary")
        self._button.clicked.connect(self._on_button)
        self.setFocusProxy(self._button)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addStretch(1)
        column.addWidget(self._text)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addLayout(self._addresses)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        inside.setAutoFillBackground(False)
        self.dress()

    def show_state(self, state: ServerState, endpoints: Sequence[Endpoint]) -> None:
        """`endpoints`: where the server listens; of use while it is open."""
        self._state = state
        self._dial, self._misses_localhost = [], False
        if state is ServerState.OPEN:
            from app.net.addresses import dial_endpoints, misses_localhost

            self._dial = dial_endpoints(endpoints)
            self._misses_localhost = misses_localhost(endpoints)
        self.retranslate()

    def minimumSizeHint(self) -> QSize:
        """Words, a row of addresses, the button; more of them scroll."""
        return QSize(theme().px(200), theme().px(75))

    def _on_button(self) -> None:
        if self._state is ServerState.OPEN:
            self.demo_requested.emit()
        else:
            self.open_requested.emit()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        step = "dial" if self._state is ServerState.OPEN else "open"
        self.setAccessibleName(tr(f"window.empty_{step}_title"))
        text = tr(f"window.empty_{step}_text")
        self._text.setText(
            tr("window.empty_localhost", text=text) if self._misses_localhost else text
        )
        self._button.setText(tr(f"window.empty_{step}_button"))
        self._button.setToolTip(tr(f"window.empty_{step}_tip"))
        self._button.setEnabled(self._state is not ServerState.CLOSING)
        while (item := self._addresses.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, endpoint in enumerate(self._dial):
            self._addresses.addWidget(_CopyButton(endpoint), *divmod(place, COLUMNS))


class _CopyButton(QPushButton):
    """An address; a click copies it."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(str(endpoint))
        self._text = str(endpoint)
        self.setFlat(True)
        set_role(self, "link")
        self.setToolTip(tr("window.copy_address_tip"))
        self.setAccessibleName(tr("window.copy_address_name", address=self._text))
        self.clicked.connect(self._copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self.setText(tr("window.copied_address", address=self._text))
