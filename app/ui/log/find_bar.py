"""The field that looks for text or bytes in the journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QToolButton, QToolTip, QWidget

from app.text.faults import PatternFault
from app.text.hexa import HexFault, HexProblem
from app.ui.theme import set_role, theme
from app.ui.widgets import PlainLabel
from app.ui.widgets.one_line import hold_what_is_shown
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.terms import quoted_text

if TYPE_CHECKING:
    from app.journal.needle import Needle
    from app.settings import Settings

# The settings of how is searched, and the keys that switch them with Alt.
_WAYS = {"find_case": Qt.Key.Key_C, "find_word": Qt.Key.Key_W, "find_regex": Qt.Key.Key_R}


class FindBar(Worded, QWidget):
    """What to look for, next and previous, and how the search goes. It does not search."""

    next_requested = Signal()
    previous_requested = Signal()
    stop_requested = Signal()
    needle_changed = Signal(object)  # Needle, or None where nothing (valid) is typed
    way_chosen = Signal(str, bool)  # by the user: a setting of how is searched, and its value
    left = Signal()  # Esc in an empty field

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._busy = False
        self._by_itself = True  # hex may be switched on by what is typed
        self._field = QLineEdit()
        hold_what_is_shown(self._field)
        self._field.textChanged.connect(self._on_text)
        self._field.returnPressed.connect(self.next_requested)
        self._state = PlainLabel("", self._field, role="secondary")
        self._state.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._ways = {name: self._way(name) for name in _WAYS}
        self._hex = self._switch(self._on_hex_clicked)
        for way in self._ways.values():
            self._hex.toggled.connect(way.setDisabled)  # bytes have no case and are no words
        self._previous = self._button("up", self.previous_requested.emit)
        self._next = self._button("down", self._on_next)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._field, 1)
        for button in self._buttons:
            row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self._field)
        self._field.installEventFilter(self)
        self.dress()

    @property
    def _buttons(self) -> tuple[QToolButton, ...]:
        return *self._ways.values(), self._hex, self._previous, self._next

    def _way(self, name: str) -> QToolButton:
        return self._switch(lambda on: self._on_way(name, on))

    def _switch(self, act: Callable[[bool], object]) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.clicked.connect(act)
        return button

    def _button(self, icon: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setIcon(theme().icon(icon))
        button.setAutoRaise(True)
        button.clicked.connect(lambda: act())
        return button

    @property
    def needle(self) -> Needle | None:
        """What to look for; None where nothing, or no hex, is typed. Says what is wrong."""
        text = self._field.text()
        if not text:
            return None
        from app.journal.needle import Needle  # not for the first paint

        try:
            if self._hex.isChecked():
                return Needle.of_hex(text)
            kind = Needle.of_regex if self._is_on("find_regex") else Needle.of_text
            return kind(
                text,
                ignores_case=not self._is_on("find_case"),
                whole_word=self._is_on("find_word"),
            )
        except PatternFault as fault:
            self._say_wrong(tr(f"log.find_{fault.case}_regex", part=fault.part))
        except HexFault as fault:
            # While a pair is being typed its second digit is only missing.
            key = "log.find_odd_hex" if fault.fault is HexProblem.ODD else "log.find_bad_hex"
            self._say_wrong(tr(key, fragment=quoted_text(fault.fragment)))
        except ValueError:
            if set(text) & set("?？"):
                self._say_wrong(tr("log.find_no_byte"))
        return None

    def set_ways(self, settings: Settings) -> None:
        """Search in the way of these settings."""
        before = {name: way.isChecked() for name, way in self._ways.items()}
        wanted = {name: bool(getattr(settings, name)) for name in self._ways}
        if wanted != before:
            for name, way in self._ways.items():
                way.setChecked(wanted[name])
            self._tell()

    def _is_on(self, way: str) -> bool:
        return self._ways[way].isChecked()

    @property
    def has_text(self) -> bool:
        """Whether anything is typed."""
        return bool(self._field.text())

    def focus(self) -> None:
        """Go to the field, what is there selected: type over it, or press Enter."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def clear(self) -> None:
        """Look for nothing any more."""
        self._field.clear()

    def say(self, text: str) -> None:
        """Say how the search ended, in the field."""
        self._state.setText(text)
        self._place_state()

    def show_progress(self, percent: int) -> None:
        """Say how far the search is."""
        self.say(tr("log.find_searching", percent=percent))

    def set_busy(self, busy: bool) -> None:
        """While a search is at work, the next button stops it."""
        self._busy = busy
        self._next.setIcon(theme().icon("stop" if busy else "down"))
        self._retranslate_next()
        if not busy:
            self.say("")

    def _on_next(self) -> None:
        (self.stop_requested if self._busy else self.next_requested).emit()

    def _on_text(self, text: str) -> None:
        if not text:
            self._by_itself = True
        if self._by_itself and text[:2].lower() == "0x" and not self._is_on("find_regex"):
            self._hex.setChecked(True)
        self._tell()

    def _on_way(self, name: str, on: bool) -> None:
        self._tell()
        self.way_chosen.emit(name, on)

    def _on_hex_clicked(self, _on: bool) -> None:
        self._by_itself = False
        self._tell()

    def _tell(self) -> None:
        self.say("")
        set_role(self._field, "")
        self._field.setToolTip(tr("log.find_tip"))
        self.needle_changed.emit(self.needle)
        self._show_hint()

    def _say_wrong(self, sentence: str) -> None:
        set_role(self._field, "invalid")
        self._field.setToolTip(sentence)
        if self._field.hasFocus():
            below = self._field.mapToGlobal(self._field.rect().bottomLeft())
            QToolTip.showText(below, sentence, self._field)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Shift+Enter looks backwards; Esc clears, then leaves; Alt+C … are no menu's here."""
        if event.type() == QEvent.Type.Resize:
            self._place_state()
        if isinstance(event, QKeyEvent) and (way := _way_of(event)):
            if event.type() == QEvent.Type.KeyPress:
                self._ways[way].click()
            event.accept()
            return event.type() != QEvent.Type.KeyRelease
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self._on_escape()
                return True
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.previous_requested.emit()
                return True
        return False

    def _on_escape(self) -> None:
        if self._busy:
            self.stop_requested.emit()
        elif self.has_text:
            self.clear()
        else:
            self.left.emit()

    def _place_state(self) -> None:
        self._state.adjustSize()
        gap = theme().px(8)
        shown = bool(self._state.text())
        width = self._state.width() + gap if shown else 0
        top = (self._field.height() - self._state.height()) // 2
        self._state.move(self._field.width() - self._state.width() - gap, top)
        self._state.setVisible(shown)
        self._field.setTextMargins(0, 0, width, 0)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self._field.setAccessibleName(tr("log.find_name"))
        self._field.setToolTip(tr("log.find_tip"))
        _ = self.needle  # what is wrong is said in the new language
        for name, button in {**self._ways, "find_hex": self._hex}.items():
            button.setText(tr(f"log.{name}"))
            button.setToolTip(tr(f"log.{name}_tip"))
            button.setAccessibleName(tr(f"log.{name}_tip"))
        self._previous.setToolTip(tr("log.find_previous_tip"))
        self._previous.setAccessibleName(tr("log.find_previous"))
        self._retranslate_next()
        self._show_hint()

    def _retranslate_next(self) -> None:
        self._next.setToolTip(tr("log.find_stop" if self._busy else "log.find_next_tip"))
        self._next.setAccessibleName(tr("log.find_stop" if self._busy else "log.find_next"))

    def _show_hint(self) -> None:
        is_hex = self._hex.isChecked()
        self._field.setPlaceholderText(tr("log.find_hint_hex" if is_hex else "log.find_hint"))

    def minimumSizeHint(self) -> QSize:
        """A word, and the buttons."""
        buttons = sum(b.sizeHint().width() for b in self._buttons)
        return QSize(theme().px(112) + buttons, self._field.sizeHint().height())

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self._place_state()


def _way_of(event: QKeyEvent) -> str:
    """Return the setting that a key switches; "" if it is none."""
    if event.modifiers() != Qt.KeyboardModifier.AltModifier:
        return ""
    return next((name for name, key in _WAYS.items() if key == event.key()), "")
