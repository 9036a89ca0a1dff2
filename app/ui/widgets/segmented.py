"""Segmented buttons: one of a few, all in sight."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from app.ui.theme import set_role, theme
from app.ui.widgets.worded import Worded
from app.wording import tr


class SegmentedButtons(Worded, QWidget):
    """A row of buttons of which exactly one is down. Left and Right move, as in a tab bar."""

    changed = Signal(str)
    """The new value, after the user chose it (not after `set_value`)."""

    def __init__(
        self,
        options: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
        *,
        icons: Sequence[str] = (),
        name_key: str = "",
    ) -> None:
        """`options`: value and wording key. `icons` name an icon for each; `name_key` the whole."""
        super().__init__(parent)
        self._keys = dict(options)
        self._name_key = name_key
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._more: QToolButton | None = None  # beside the chosen one, while they are folded
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for at, (value, _) in enumerate(options):
            row.addWidget(self._make_button(value, icons[at] if icons else ""))
        self._group.buttonClicked.connect(self._on_clicked)
        self.set_value(options[0][0])
        self.dress()

    def _make_button(self, value: str, icon: str) -> QToolButton:
        button = QToolButton(self)
        button.setCheckable(True)
        button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        if icon:
            button.setIcon(theme().icon(icon, on_token="link"))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._group.addButton(button)
        self._buttons[value] = button
        return button

    def _on_clicked(self) -> None:
        self.set_value(self.value)
        self.changed.emit(self.value)

    @property
    def value(self) -> str:
        """The value of the button that is down."""
        return next(value for value, button in self._buttons.items() if button.isChecked())

    def set_value(self, value: str) -> None:
        """Put the button of `value` down, without telling; raise KeyError if there is none."""
        chosen = self._buttons[value]
        chosen.setChecked(True)
        for button in self._buttons.values():
            # Tab comes to the chosen one only; the arrows go on from there.
            one = Qt.FocusPolicy.StrongFocus if button is chosen else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(one)
        self.setFocusProxy(chosen)
        self._show_some()

    # -- where there is no room ----------------------------------------------------------------

    @property
    def whole_px(self) -> int:
        """The width of all buttons side by side, folded or not."""
        return sum(button.sizeHint().width() for button in self._buttons.values())

    def fold(self, on: bool) -> None:
        """Show the chosen one alone, and a menu of all; whoever lays this out knows when."""
        if on is (self._more is not None):
            return
        if self._more is not None:
            self._more.deleteLater()
            self._more = None
        else:
            self._more = more = QToolButton(self)
            more.setIcon(theme().icon("chevron-down"))
            more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            more.setMenu(QMenu(more))
            more.menu().aboutToShow.connect(self._fill_menu)
            set_role(more, "segment-last")
            self._row.addWidget(more)
        self._show_some()
        self.retranslate()

    def _show_some(self) -> None:
        for at, (value, button) in enumerate(self._buttons.items()):
            folded = self._more is not None
            button.setVisible(not folded or value == self.value)
            set_role(button, "segment-first" if folded else _place(at, len(self._buttons)))

    def _fill_menu(self) -> None:
        assert self._more is not None
        menu = self._more.menu()
        menu.clear()
        for button in self._buttons.values():
            entry = menu.addAction(button.text())
            entry.setCheckable(True)
            entry.setChecked(button.isChecked())
            entry.triggered.connect(lambda _on, chosen=button: chosen.click())

    def button(self, value: str) -> QToolButton:
        """Return the button of `value`, to give it a tooltip or a key."""
        return self._buttons[value]

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        for value, button in self._buttons.items():
            button.setText(tr(self._keys[value]))
        if self._name_key:
            self.setAccessibleName(tr(self._name_key))
            if self._more is not None:
                self._more.setAccessibleName(tr(self._name_key))
                self._more.setToolTip(tr(self._name_key))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right choose the neighbour."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        values = list(self._buttons)
        at = values.index(self.value) + step
        if 0 <= at < len(values):
            self._buttons[values[at]].setFocus(Qt.FocusReason.TabFocusReason)
            self._buttons[values[at]].click()


def _place(at: int, count: int) -> str:
    """Return the role of button `at`: the outer ones have round corners."""
    if count == 1:
        return "segment-only"
    return {0: "segment-first", count - 1: "segment-last"}.get(at, "segment")
