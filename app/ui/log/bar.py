"""The bar over the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QToolButton, QWidget

from app.journal.needle import Needle
from app.models.log_filter import DIRECTIONS
from app.text.hexa import HexFault
from app.ui.theme import set_role, theme
from app.ui.widgets import HeadingLabel, OverflowBar, SegmentedButtons
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MODES = (("text", "log.text"), ("hex", "log.hex"), ("mixed", "log.mixed"))


class LogBar(OverflowBar):
    """Filter, find, modes, pause, clear, export. It does nothing itself. GUI thread."""

    filter_changed = Signal()
    find_next = Signal()
    find_previous = Signal()
    find_stopped = Signal()
    needle_changed = Signal(object)  # Needle | None
    pause_clicked = Signal()
    clear_clicked = Signal()
    show_all_clicked = Signal()
    export_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stop_export: Callable[[], object] | None = None
        self._title = HeadingLabel()
        self._clients = QComboBox()
        self._clients.setEditable(True)
        self._clients.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._clients.addItem("", None)
        self._clients.setMinimumContentsLength(8)
        self._direction = QComboBox()
        for name in DIRECTIONS:
            self._direction.addItem("", name)
        self._find = QLineEdit()
        self._find.setClearButtonEnabled(True)
        self._find.setMinimumWidth(theme().px(150))
        self._hex = QToolButton()
        self._hex.setCheckable(True)
        self._previous = self._tool("previous", self.find_previous.emit)
        self._next = self._tool("next", self.find_next.emit)
        self._stop = QPushButton()
        set_role(self._stop, "quiet")
        self.mode = SegmentedButtons(_MODES, name_key="log.mode_name")
        self._pause = self._tool("pause", self.pause_clicked.emit)
        self._pause.setCheckable(True)
        self._clear = self._tool("clear", self.clear_clicked.emit)
        self._show_all = self._tool("show-all", self.show_all_clicked.emit)
        self._export = self._tool("export", self._on_export)
        for widget in (
            self._title, self._clients, self._direction, self._find, self._hex, self._previous,
            self._next, self._stop, self.mode, self._pause, self._clear, self._show_all,
            self._export,
        ):  # fmt: skip
            self.add_widget(widget)
        self._stop.setVisible(False)
        self._show_all.setVisible(False)
        self._connect()
        self.retranslate()

    def _tool(self, icon: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setIcon(theme().icon(icon))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.clicked.connect(lambda: act())
        return button

    def _connect(self) -> None:
        self._clients.activated.connect(lambda: self.filter_changed.emit())
        line = self._clients.lineEdit()
        assert line is not None
        line.returnPressed.connect(self._on_clients_typed)
        self._direction.activated.connect(lambda: self.filter_changed.emit())
        self._find.returnPressed.connect(self.find_next)
        self._find.textChanged.connect(self._on_find_edited)
        self._hex.toggled.connect(self._on_hex)
        self._stop.clicked.connect(self.find_stopped)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self._find)
        escape.setContext(Qt.ShortcutContext.WidgetShortcut)
        escape.activated.connect(self._on_escape)

    # -- the filter ------------------------------------------------------------------------

    def chosen_clients(self) -> tuple[int, ...] | None:
        """The clients to show; None: all."""
        at = self._clients.findText(self._clients.currentText())
        data = self._clients.itemData(at) if at >= 0 else _numbers(self._clients.currentText())
        return tuple(data) if data else None

    def direction(self) -> str:
        """A key of DIRECTIONS."""
        return str(self._direction.currentData())

    def choose_clients(self, client_ids: Sequence[int] | None) -> None:
        """Show a choice made elsewhere."""
        if client_ids is None:
            self._clients.setCurrentIndex(0)
        else:
            self._clients.setEditText(", ".join(map(str, client_ids)))

    def offer_selected(self, client_ids: Sequence[int]) -> None:
        """Offer what is selected in the table."""
        text = self._clients.currentText()
        while self._clients.count() > 1:
            self._clients.removeItem(1)
        if client_ids:
            self._clients.addItem(tr("log.clients_selected", n=len(client_ids)), list(client_ids))
        self._clients.setEditText(text)

    def _on_clients_typed(self) -> None:
        if not self._clients.currentText().strip():
            self._clients.setCurrentIndex(0)
        self.filter_changed.emit()

    # -- find ------------------------------------------------------------------------------

    def focus_find(self) -> None:
        """Into the field, its text selected."""
        self._find.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._find.selectAll()

    def needle(self) -> Needle | None:
        """What is typed; None if nothing is, or it is no hex (then the field says so)."""
        text = self._find.text()
        set_role(self._find, "")
        if not text:
            return None
        try:
            return Needle.of_hex(text) if self._hex.isChecked() else Needle.of_text(text)
        except HexFault as fault:
            set_role(self._find, "invalid")
            odd = "odd" in str(fault.fault).lower()
            key = "log.find_odd_hex" if odd else "log.find_bad_hex"
            self._find.setToolTip(tr(key, fragment=fault.fragment))
        except ValueError:
            pass
        return None

    def _on_find_edited(self, text: str) -> None:
        if text.lower().startswith("0x") and not self._hex.isChecked():
            self._hex.setChecked(True)
        self._find.setToolTip(tr("log.find_tip"))
        self.needle_changed.emit(self.needle())

    def _on_hex(self) -> None:
        self._find.setPlaceholderText(self._hint())
        self.needle_changed.emit(self.needle())

    def _on_escape(self) -> None:
        self.find_stopped.emit()
        self._find.clear()

    def _hint(self) -> str:
        return tr("log.find_hint_hex" if self._hex.isChecked() else "log.find_hint")

    def show_search(self, percent: int | None) -> None:
        """How far a search is; None: there is none. Its button stops it."""
        self._stop.setVisible(percent is not None)
        if percent is not None:
            self._stop.setText(tr("log.find_searching", percent=percent))

    # -- the rest --------------------------------------------------------------------------

    def show_paused(self, paused: bool, waiting: int) -> None:
        """Whether the view is held, and how many entries wait."""
        self._pause.setChecked(paused)
        self._pause.setIcon(theme().icon("resume" if paused else "pause"))
        self._pause.setText(tr("log.pause_count", n=waiting) if paused else tr("log.pause"))

    def show_cleared(self, cleared: bool) -> None:
        """Whether there is something to show again."""
        self._show_all.setVisible(cleared)

    def show_export(self, percent: int | None) -> None:
        """How far an export is; None: there is none. The button then stops it."""
        running = percent is not None
        self._export.setText(
            tr("log.export_running", percent=percent) if running else tr("log.export")
        )
        self._export.setIcon(theme().icon("close-x" if running else "export"))
        self._export.setToolTip(tr("log.export_cancel" if running else "log.export_tip"))
        if not running:
            self._stop_export = None

    def on_export_stopped(self, act: Callable[[], object]) -> None:
        """What the button does while an export runs."""
        self._stop_export = act

    def _on_export(self) -> None:
        if self._stop_export is None:
            self.export_clicked.emit()
        else:
            self._stop_export()
            self.show_export(None)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        super().retranslate()
        if not hasattr(self, "_export"):  # called by the base class before we are built
            return
        self._title.setText(tr("log.title"))
        self._clients.setItemText(0, tr("log.clients_all"))
        self._clients.setAccessibleName(tr("log.clients_name"))
        self._clients.setToolTip(tr("log.clients_tip"))
        for at, name in enumerate(DIRECTIONS):
            self._direction.setItemText(at, tr(f"log.direction_{name}"))
        self._direction.setAccessibleName(tr("log.direction_name"))
        self._find.setPlaceholderText(self._hint())
        self._find.setAccessibleName(tr("log.find_name"))
        self._find.setToolTip(tr("log.find_tip"))
        self._hex.setText(tr("log.find_hex"))
        self._hex.setToolTip(tr("log.find_hex_tip"))
        self._stop.setToolTip(tr("log.find_stop"))
        for button, key in (
            (self._previous, "find_previous"),
            (self._next, "find_next"),
            (self._pause, "pause"),
            (self._clear, "clear"),
            (self._show_all, "show_all"),
            (self._export, "export"),
        ):
            button.setToolTip(tr(f"log.{key}_tip"))
            button.setAccessibleName(tr(f"log.{key}"))
            if button not in (self._previous, self._next):
                button.setText(tr(f"log.{key}"))

    def changeEvent(self, event: QEvent) -> None:
        """The base class calls `retranslate`."""
        super().changeEvent(event)


def _numbers(text: str) -> tuple[int, ...]:
    """The client numbers that are typed: "3", "3, 5"; what is no number is passed over."""
    parts = text.replace("#", " ").replace("，", " ").replace(",", " ").split()
    return tuple(int(part) for part in parts if part.isdecimal())
