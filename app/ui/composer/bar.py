"""The bar over the editor: whom to send to, and how the text is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from app.text.compose import ComposeMode, ComposeOptions, LineEnding
from app.text.encodings import ENCODINGS
from app.ui.composer.checksum_picker import ChecksumPicker
from app.ui.composer.target_picker import TargetPicker
from app.ui.theme import theme
from app.ui.widgets import OverflowBar, PlainLabel, SegmentedButtons
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.journal.refs import ClientRef
    from app.ui.actions import Actions

_MODES = (("text", "composer.mode_text"), ("hex", "composer.mode_hex"))


class ComposerBar(Worded, QWidget):
    """Target, text or hex, encoding, escapes, line ending; at the right end, always, history."""

    options_changed = Signal()  # by the user; not by `set_options`
    mode_chosen = Signal(str)  # "text" or "hex": the bar shows it already

    def __init__(
        self,
        address_of: Callable[[ClientRef], str],
        parent: QWidget | None = None,
        *,
        sends: bool = True,
    ) -> None:
        """`address_of` gives a client's `host:port`, or "". Where nothing is sent: no target."""
        super().__init__(parent)
        self._sends = sends
        self.picker = TargetPicker(address_of)
        self.encoding = QComboBox()
        self.mode = SegmentedButtons(_MODES, name_key="composer.mode")
        self.escapes = QCheckBox()
        self.line_ending = QComboBox()
        self.checksum = ChecksumPicker()
        self.history, self.commands, self.tasks = QPushButton(), QToolButton(), QToolButton()
        self.tasks.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.overflow = OverflowBar()
        self._labels = {
            "composer.target": _label(self.picker.combo, "heading"),
            "composer.encoding": _label(self.encoding, "secondary"),
            "composer.line_ending": _label(self.line_ending, "secondary"),
            "checksum.label": _label(self.checksum, "secondary"),
        }
        self._fill_combos()
        self._lay_out()
        self._connect()
        self.dress()

    def _fill_combos(self) -> None:
        self.encoding.addItem("", "")
        for encoding in ENCODINGS:
            self.encoding.addItem(encoding.label, encoding.name)
        for ending in LineEnding:
            self.line_ending.addItem(ending.name, ending.value)
        for combo in (self.encoding, self.line_ending):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def _lay_out(self) -> None:
        target, encoding, ending, checksum = self._labels.values()
        self._groups = [
            _group(target, self.picker),
            _group(self.mode),
            _group(encoding, self.encoding),
            _group(self.escapes),
            _group(ending, self.line_ending),
            _group(checksum, self.checksum),
        ]
        for group in self._groups if self._sends else self._groups[1:]:
            self.overflow.add_widget(group)
        self._show_checksum()
        self.history.setIcon(theme().icon("history"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.overflow, 1)
        for button in (self.history, self.commands, self.tasks):
            self._row.addWidget(button)
            button.setVisible(self._sends)

    def _connect(self) -> None:
        self.encoding.activated.connect(lambda _: self.options_changed.emit())
        self.line_ending.activated.connect(lambda _: self.options_changed.emit())
        self.escapes.toggled.connect(lambda _: self.options_changed.emit())
        self.checksum.chosen.connect(self._on_checksum)
        self.mode.changed.connect(self._on_mode)

    def take_commands(self, commands: Actions) -> None:
        """Offer the prepared commands here, and what sends by itself."""
        self.commands.setDefaultAction(commands["show_commands"])
        menu = QMenu(self)
        menu.addActions([commands[name] for name in ("repeat_message", "send_file", "show_tasks")])
        self.tasks.setMenu(menu)

    def _on_checksum(self) -> None:
        self._show_checksum()
        self.options_changed.emit()

    def _show_checksum(self) -> None:
        """What is not used takes no room; the menu leads to it."""
        self._groups[-1].setVisible(self.checksum.seal is not None or not self._sends)

    def _on_mode(self, mode: str) -> None:
        self._enable_text_options()
        self.mode_chosen.emit(mode)

    @property
    def options(self) -> ComposeOptions:
        """What is chosen; an empty encoding means each client's own."""
        return ComposeOptions(
            encoding=self.encoding.currentData(),
            mode=cast(ComposeMode, self.mode.value),
            escapes=self.escapes.isChecked(),
            line_ending=LineEnding(self.line_ending.currentData()),
            seal=self.checksum.seal,
        )

    def set_options(self, options: ComposeOptions) -> None:
        """Show these, without telling."""
        with (
            QSignalBlocker(self.encoding),
            QSignalBlocker(self.escapes),
            QSignalBlocker(self.line_ending),
        ):
            self.encoding.setCurrentIndex(max(self.encoding.findData(options.encoding), 0))
            self.escapes.setChecked(options.escapes)
            ending = self.line_ending.findData(options.line_ending.value)
            self.line_ending.setCurrentIndex(ending)
        self.checksum.show_seal(options.seal)
        self._show_checksum()
        self.mode.set_value(options.mode)
        self._enable_text_options()

    def _enable_text_options(self) -> None:
        # Escapes and line endings are for text; hex is sent as it stands.
        is_text = self.mode.value == "text"
        self.escapes.setEnabled(is_text)
        self.line_ending.setEnabled(is_text)

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        for button in (self.history, self.commands, self.tasks):
            button.setIconSize(QSize(px(16), px(16)))
        self.mode.setFixedHeight(self.encoding.sizeHint().height())
        self._row.setSpacing(px(8))
        for group in self._groups:
            # What belongs together stands closer than what does not.
            row = cast(QHBoxLayout, group.layout())
            row.setSpacing(px(6))
            row.setContentsMargins(0, 0, px(8), 0)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        for key, label in self._labels.items():
            label.setText(tr(key))
            buddy = label.buddy()
            if buddy is not None:
                buddy.setAccessibleName(tr(key).replace("&", ""))
        self.encoding.setItemText(0, tr("composer.encoding_own"))
        self.line_ending.setItemText(0, tr("composer.line_ending_none"))
        self.escapes.setText(tr("composer.escapes"))
        self.history.setText(tr("composer.history"))
        self.tasks.setText(tr("tasks.more"))
        self.tasks.setToolTip(tr("tasks.more_tip"))
        self.history.setAccessibleName(tr("composer.history"))
        self.encoding.setToolTip(tr("composer.encoding_tip"))
        self.escapes.setToolTip(tr("composer.escapes_tip"))
        self.line_ending.setToolTip(tr("composer.line_ending_tip"))
        self.checksum.setToolTip(tr("checksum.tip"))
        self.history.setToolTip(tr("composer.history_tip"))
        self.mode.button("text").setToolTip(tr("composer.mode_text_tip"))
        self.mode.button("hex").setToolTip(tr("composer.mode_hex_tip"))


def _group(*widgets: QWidget) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    for widget in widgets:
        row.addWidget(widget)
    return box


def _label(buddy: QWidget, role: str) -> PlainLabel:
    label = PlainLabel("", role=role)
    label.setBuddy(buddy)
    return label
