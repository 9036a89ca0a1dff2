"""The list of what was sent: filter, insert, remove, clear, and undo either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.text.compose import LineEnding
from app.text.visible import escaped
from app.ui.theme import set_role, theme
from app.ui.widgets import PlainLabel
from app.ui.widgets.one_line import hold_what_is_shown
from app.ui.widgets.popups import place_popup
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.sentences import encoding_label

if TYPE_CHECKING:
    from app.ui.composer.history import Draft, History

_SHOWN_CHARACTERS = 200  # of an entry in the list; more does not fit anyway
_TO_LIST = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class HistoryPopup(Worded, QFrame):
    """Newest at the bottom, next to the editor. Typing filters, Enter inserts, Delete removes."""

    chosen = Signal(object)  # Draft
    edited = Signal()  # entries were removed or brought back

    def __init__(self, history: History, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._history = history
        self._removed: tuple[Draft, ...] | None = None  # what there was before the first removal
        self.filter = QLineEdit(self)
        hold_what_is_shown(self.filter)
        self.filter.setClearButtonEnabled(True)
        self.list = _make_list(self)
        self._count = PlainLabel("", self, role="secondary")
        self.undo = QPushButton(self)
        self.clear = QPushButton(self)
        self._lay_out()
        self.filter.textChanged.connect(self._fill)
        self.filter.installEventFilter(self)
        self.list.installEventFilter(self)
        self.list.itemClicked.connect(self._insert)
        self.undo.clicked.connect(self._bring_back)
        self.clear.clicked.connect(lambda: self._remove(range(len(self._history.items))))
        self.dress()

    def _lay_out(self) -> None:
        set_role(self, "popup")
        foot = QHBoxLayout()
        foot.addWidget(self._count, 1)
        foot.addWidget(self.undo)
        foot.addWidget(self.clear)
        column = QVBoxLayout(self)
        column.addWidget(self.filter)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        self._column = column

    def open_over(self, anchor: QWidget) -> None:
        """Show the list above `anchor`, right edges aligned, within the screen."""
        self._removed = None
        self.filter.clear()
        self._fill()
        px = theme().px
        self._column.setContentsMargins(px(8), px(8), px(8), px(8))
        self._column.setSpacing(px(8))
        place_popup(anchor, self, QSize(px(460), px(320)), above=True)
        self.show()
        self.filter.setFocus(Qt.FocusReason.PopupFocusReason)

    # -- the list --------------------------------------------------------------------------

    def _fill(self) -> None:
        wanted, font = self.filter.text().casefold(), theme().mono_font()
        self.list.clear()
        rows = []
        for at, draft in enumerate(self._history.items):
            if wanted in draft.text.casefold():
                shown = escaped(draft.text[:_SHOWN_CHARACTERS])
                row = QTreeWidgetItem([shown, how_it_was_read(draft)])
                row.setData(0, Qt.ItemDataRole.UserRole, at)
                row.setForeground(1, theme().colour("secondary"))
                row.setFont(0, font)
                row.setSizeHint(0, QSize(0, theme().px(26)))
                rows.append(row)
        self.list.addTopLevelItems(rows)
        self.list.resizeColumnToContents(1)  # once: a mode of the header's does it for each row
        if rows:
            self.list.setCurrentItem(rows[-1])
            self.list.scrollToItem(rows[-1])
        any_sent = self._history.items or self._removed
        count = tr("composer.history_count", n=len(rows))
        self._count.setText(count if any_sent else tr("composer.history_empty"))
        self.clear.setEnabled(bool(self._history.items))
        self.undo.setVisible(self._removed is not None)

    def _insert(self, row: QTreeWidgetItem | None) -> None:
        if row is not None:
            draft = self._history.items[row.data(0, Qt.ItemDataRole.UserRole)]
            self.close()
            self.chosen.emit(draft)

    def _remove(self, places: range) -> None:
        items = self._history.items
        if self._removed is None:
            self._removed = items
        self._history.replace(d for at, d in enumerate(items) if at not in places)
        self._fill()
        self.edited.emit()

    def _remove_current(self) -> None:
        row = self.list.currentItem()
        if row is None:
            return
        at = row.data(0, Qt.ItemDataRole.UserRole)
        below = self.list.indexOfTopLevelItem(row)
        self._remove(range(at, at + 1))
        left = self.list.topLevelItem(min(below, self.list.topLevelItemCount() - 1))
        if left is not None:
            self.list.setCurrentItem(left)

    def _bring_back(self) -> None:
        if self._removed is not None:
            self._history.replace(self._removed)
            self._removed = None
            self._fill()
            self.filter.setFocus(Qt.FocusReason.OtherFocusReason)
            self.edited.emit()

    # -- keys ------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Delete work from the filter and from the list alike."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Escape:
            self.close()
            return True
        if key in _ENTER:
            self._insert(self.list.currentItem())
            return True
        if key is Qt.Key.Key_Delete and (watched is self.list or self._at_end_of_filter()):
            self._remove_current()
            return True
        if watched is self.filter and key in _TO_LIST:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.list.event(event)
            return True
        return super().eventFilter(watched, event)

    def _at_end_of_filter(self) -> bool:
        """Where Delete has nothing to delete in the filter itself."""
        text = self.filter.text()
        return not self.filter.hasSelectedText() and self.filter.cursorPosition() == len(text)

    # -- words -----------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setAccessibleName(tr("composer.history"))
        self.filter.setPlaceholderText(tr("composer.history_filter"))
        self.filter.setAccessibleName(tr("composer.history_filter"))
        self.list.setAccessibleName(tr("composer.history"))
        self.list.setToolTip(tr("composer.history_keys"))
        self.undo.setText(tr("composer.history_undo"))
        self.clear.setText(tr("composer.history_clear"))


def _make_list(parent: QWidget) -> QTreeWidget:
    made = QTreeWidget(parent)
    made.setColumnCount(2)
    made.setHeaderHidden(True)
    made.setRootIsDecorated(False)
    made.setUniformRowHeights(True)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.header().setStretchLastSection(False)
    made.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    return made


def how_it_was_read(draft: Draft) -> str:
    """The options of an entry in a few words; "" for plain text in the client's encoding."""
    options = draft.options
    if options.mode == "hex":
        return tr("composer.mode_hex")
    parts = [encoding_label(options.encoding)] if options.encoding else []
    if options.escapes:
        parts.append(tr("composer.escapes_short"))
    if options.line_ending is not LineEnding.NONE:
        parts.append(options.line_ending.name)
    return " · ".join(parts)
