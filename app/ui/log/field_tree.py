"""The fields of a frame as a tree: each tells its bytes, and can be copied or shown as a column."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QMenu, QTreeWidget, QTreeWidgetItem, QWidget

from app.frames.fields import Field
from app.text.hexa import format_hex
from app.text.visible import escaped
from app.ui.theme import theme
from app.ui.widgets.labels import plain_tooltip
from app.ui.widgets.worded import Worded
from app.wording import tr
from app.wording.frames import field_text

_FIELD = Qt.ItemDataRole.UserRole
_MOST_CHARS = 400  # of a value; more does not fit anyway


class FieldTree(Worded, QTreeWidget):
    """Shows decoded fields. GUI thread."""

    chosen = Signal(object)  # Field
    column_wanted = Signal(str, bool)  # a field's name; whether it is to have a column
    plot_wanted = Signal(str)  # a field's name

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = b""
        self._columns: Collection[str] = ()
        self.setColumnCount(2)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)
        self.header().setSectionsMovable(False)
        self.header().setStretchLastSection(True)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.currentItemChanged.connect(self._on_current)
        self.dress()

    def show_fields(self, frame: bytes, fields: Sequence[Field], columns: Collection[str]) -> None:
        """Show these; `columns` are the names of those that have a column in the log."""
        self._frame, self._columns = frame, columns
        current = self.current
        self.blockSignals(True)
        self.clear()
        self.setRootIsDecorated(any(field.depth for field in fields))
        above: list[QTreeWidgetItem] = []
        for field in fields:
            del above[field.depth :]
            item = QTreeWidgetItem(above[-1] if above else self.invisibleRootItem())
            self._fill(item, field)
            above.append(item)
        self.expandAll()
        if current is not None:  # the same field of another frame
            for item in self._items():
                if item.data(0, _FIELD).name == current.name:
                    self.setCurrentItem(item)
                    break
        self.blockSignals(False)
        if self.current is not None:
            self.chosen.emit(self.current)

    @property
    def current(self) -> Field | None:
        """The field that is chosen."""
        item = self.currentItem()
        return item.data(0, _FIELD) if item is not None else None

    def choose_at(self, byte: int) -> bool:
        """Choose the narrowest field over a byte, without telling; False: there is none."""
        over = [
            item
            for item in self._items()
            if item.data(0, _FIELD).start <= byte < item.data(0, _FIELD).end
        ]
        if not over:
            return False
        narrow = min(over, key=lambda i: i.data(0, _FIELD).end - i.data(0, _FIELD).start)
        self.blockSignals(True)
        self.setCurrentItem(narrow)
        self.blockSignals(False)
        self.scrollToItem(narrow)
        return True

    def _fill(self, item: QTreeWidgetItem, field: Field) -> None:
        words = escaped(field_text(field))
        value = words.removeprefix(escaped(field.name)).removeprefix(":").strip()
        item.setText(0, escaped(field.name))
        item.setText(1, value[:_MOST_CHARS])
        item.setToolTip(1, plain_tooltip(words[:4_000]))
        item.setData(0, _FIELD, field)
        item.setForeground(0, theme().colour("secondary"))
        item.setFont(1, theme().mono_font())
        if field.is_wrong:
            item.setForeground(1, theme().colour("error"))

    def _items(self) -> list[QTreeWidgetItem]:
        found: list[QTreeWidgetItem] = []
        waiting = [self.invisibleRootItem()]
        while waiting:
            item = waiting.pop()
            children = [c for at in range(item.childCount()) if (c := item.child(at)) is not None]
            found += children
            waiting += children
        return found

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(0, _FIELD))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies the field's value."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Copy the value of the field that is chosen."""
        if self.current is not None:
            QGuiApplication.clipboard().setText(escaped(self.current.shown))

    def _show_menu(self, where: QPoint) -> None:
        field = self.current
        if field is None:
            return
        clipboard = QGuiApplication.clipboard()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("log.field_copy"), self.copy).setShortcut(QKeySequence("Ctrl+C"))
        words, data = escaped(field_text(field)), self._frame[field.start : field.end]
        menu.addAction(tr("log.field_copy_named"), lambda: clipboard.setText(words))
        menu.addAction(tr("log.field_copy_hex"), lambda: clipboard.setText(format_hex(data)))
        menu.addSeparator()
        column = menu.addAction(tr("log.field_column"))
        column.setCheckable(True)
        column.setChecked(field.name in self._columns)
        column.triggered.connect(lambda on: self.column_wanted.emit(field.name, on))
        if isinstance(field.value, int | float):
            menu.addAction(tr("log.field_plot"), lambda: self.plot_wanted.emit(field.name))
        menu.popup(self.viewport().mapToGlobal(where))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setHeaderLabels([tr("log.field_name"), tr("log.field_value")])
        self.setAccessibleName(tr("log.fields"))
