"""A frame in the detail: its fields, its bytes, and what the marked bytes may be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.frames.inspect import senses
from app.models.task import Task, TaskSlot
from app.text.decoder import decode
from app.text.hexa import format_hex
from app.text.visible import escaped
from app.ui.log.field_tree import FieldTree
from app.ui.log.hex_dump import HexDump
from app.ui.theme import theme
from app.ui.widgets import HeadingLabel
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from app.frames.fields import Field
    from app.frames.kits import Kit

_TEXT_BYTES = 256
LEAST_HEIGHT_PX = 460  # of the design's: lower, some lines of each part could not be read


class FramePane(Worded, QWidget):
    """Shows one frame; its kit decodes it in the background. GUI thread."""

    column_wanted = Signal(str, bool)  # a field's name; whether it is to have a column
    plot_wanted = Signal(str)  # a field's name

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data, self._encoding = b"", "ascii"
        self._columns: Collection[str] = ()
        self._range = (0, 0)
        self._shown: tuple[object, ...] = ()
        self._title, self._hex_title, self._marked_title = (HeadingLabel() for _ in range(3))
        self.tree, self.dump, self.senses = FieldTree(), HexDump(), _senses_list()
        self._copy = QPushButton()
        self._copy.clicked.connect(self._on_copy)
        self._decoding = TaskSlot(self)
        self._decoding.done.connect(self._show_fields)
        self.tree.chosen.connect(lambda field: self._mark(field.start, field.end))
        self.tree.column_wanted.connect(self.column_wanted)
        self.tree.plot_wanted.connect(self.plot_wanted)
        self.dump.marked.connect(self._on_marked)
        self._lay_out()
        self.dress()

    def _lay_out(self) -> None:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._hex_title, 1)
        row.addWidget(self._copy)
        self._sections = sections = QSplitter(Qt.Orientation.Vertical)
        sections.setChildrenCollapsible(False)
        self._fields = _section(self._title, self.tree)
        for at, (section, share) in enumerate(
            (
                (self._fields, 5),
                (_section(head, self.dump), 4),
                (_section(self._marked_title, self.senses), 3),
            )
        ):
            sections.addWidget(section)
            sections.setStretchFactor(at, share)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        scrolled = QScrollArea()
        scrolled.setFrameShape(QScrollArea.Shape.NoFrame)
        scrolled.setWidgetResizable(True)
        scrolled.setWidget(sections)
        column.addWidget(scrolled)

    def show_frame(
        self, data: bytes, encoding: str, kit: Kit | None, columns: Collection[str]
    ) -> None:
        """Show a frame; its text in `encoding`, its fields as `kit` tells them."""
        shown = (data, encoding, kit, tuple(columns))
        if shown == self._shown:
            return
        self._shown = shown
        self._data, self._encoding, self._columns = data, encoding, columns
        self.restyle()  # a style sheet takes a font away when its widget is moved into a window
        self.dump.show_bytes(data)
        self._range = (0, len(data))
        self._show_senses()
        self._fields.setVisible(kit is not None)
        if kit is None:
            self.tree.show_fields(data, (), ())
            self._decoding.cancel()
            return
        self._title.setText(kit.name)
        self._decoding.start(Task("log-fields", lambda _task: (data, kit.decode(data))))

    @property
    def marked(self) -> bytes:
        """The bytes that are marked; all, if none are."""
        start, end = self._range
        return self._data[start:end]

    def shut_down(self) -> None:
        """Cancel what is at work."""
        self._decoding.stop()

    def _show_fields(self, told: tuple[bytes, Sequence[Field]]) -> None:
        data, fields = told
        if data == self._data:
            self.tree.show_fields(data, fields, self._columns)

    def _mark(self, start: int, end: int) -> None:
        self._range = (start, end)
        self.dump.mark(start, end)
        self._show_senses()

    def _on_marked(self, start: int, end: int) -> None:
        """The user marked bytes: one chooses its field, several are what they are."""
        if end - start == 1 and self.tree.choose_at(start) and self.tree.current is not None:
            start, end = self.tree.current.start, self.tree.current.end
        self._range = (start, end)
        self.dump.mark_only(start, end)
        self._show_senses()

    def _show_senses(self) -> None:
        start, end = self._range
        data = self._data[start:end]
        self._marked_title.setText(tr("log.marked", n=len(data), start=start))
        self.senses.clear()
        lines = [(tr("log.sense_text"), escaped(decode(data[:_TEXT_BYTES], self._encoding)))]
        for sense in senses(data):
            order = tr(f"log.order_{sense.order}") if sense.order else ""
            lines.insert(-1, (f"{tr(f'log.sense_{sense.name}')} {order}".strip(), sense.text))
        for name, text in lines:
            item = QTreeWidgetItem(self.senses, [name, text])
            item.setForeground(0, theme().colour("secondary"))
            item.setFont(1, theme().mono_font())

    def _on_copy(self) -> None:
        start, end = self._range
        QGuiApplication.clipboard().setText(format_hex(self._data[start:end]))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self._hex_title.setText(tr("log.detail_hex"))
        self._copy.setText(tr("log.detail_copy_hex"))
        self.senses.setHeaderLabels([tr("log.sense_name"), tr("log.field_value")])
        self.senses.setAccessibleName(tr("log.senses"))
        self._show_senses()

    def restyle(self) -> None:
        """Take over the sizes of the moment."""
        self.dump.restyle()
        self._sections.setMinimumHeight(theme().px(LEAST_HEIGHT_PX))


def _senses_list() -> QTreeWidget:
    made = QTreeWidget()
    made.setColumnCount(2)
    made.setRootIsDecorated(False)
    made.setUniformRowHeights(True)
    made.header().setSectionsMovable(False)
    made.header().setStretchLastSection(True)
    made.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
    return made


def _section(head: QWidget, body: QWidget) -> QWidget:
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme().px(4))
    column.addWidget(head)
    column.addWidget(body, 1)
    return whole
