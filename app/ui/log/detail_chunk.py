"""A chunk's bytes: as text in any encoding, as a hex dump, and in all encodings to compare."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.journal.context import ContextDecoder
from app.journal.entry import Entry
from app.models.log_gather import plain
from app.text.decoder import decode
from app.text.encodings import find_encoding
from app.text.hexa import format_hex
from app.ui.log.detail_text import (
    Part,
    dump_text,
    dump_width,
    own_text,
    part_count,
    part_of,
    readings,
    text_in,
)
from app.ui.log.readings import ReadingList
from app.ui.theme import theme
from app.ui.widgets import HeadingLabel, PlainLabel
from app.ui.widgets.worded import Worded
from app.wording import tr

LEAST_HEIGHT_PX = 400  # of the design's: lower, some lines of each part could not be read


class ChunkPane(Worded, QWidget):
    """Of a large chunk one part at a time is rendered, and the others are a click away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry: Entry | None = None
        self._decoder: ContextDecoder | None = None
        self._own = ""  # the encoding in which the log shows the chunk
        self._encoding = ""  # the one of the text shown here
        self._index = 0
        self._part = Part(0, b"", 0)
        self._text_title, self._dump_title = HeadingLabel(), HeadingLabel()
        self._readings_title, self._page = HeadingLabel(), PlainLabel(role="secondary")
        self._text, self._dump = _editor(wraps=True), _editor(wraps=False)
        self._readings = ReadingList()
        self._readings.chosen.connect(self._show_text)
        self._copy_text, self._copy_hex = QPushButton(), QPushButton()
        self._copy_text.clicked.connect(self._on_copy_text)
        self._copy_hex.clicked.connect(self._on_copy_hex)
        self._previous, self._next = QToolButton(), QToolButton()
        self._previous.clicked.connect(lambda: self._show_part(self._index - 1))
        self._next.clicked.connect(lambda: self._show_part(self._index + 1))
        self._dump_soon = QTimer(self, singleShot=True, interval=0)
        self._dump_soon.timeout.connect(self._show_dump)
        self._dump.installEventFilter(self)
        self._lay_out()
        self.dress()

    def _lay_out(self) -> None:
        self._pages = _row(self._previous, self._page, self._next)
        self._sections = sections = QSplitter(Qt.Orientation.Vertical)
        sections.setChildrenCollapsible(False)
        for head, body in (
            (_row(self._text_title, None, self._copy_text), self._text),
            (_row(self._dump_title, None, self._copy_hex), self._dump),
            (self._readings_title, self._readings),
        ):
            sections.addWidget(_column(head, body))
        for at, share in enumerate((2, 3, 3)):
            sections.setStretchFactor(at, share)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        scrolled = QScrollArea()
        scrolled.setFrameShape(QScrollArea.Shape.NoFrame)
        scrolled.setWidgetResizable(True)
        scrolled.setWidget(sections)
        column.addWidget(scrolled, 1)

    def show_chunk(self, entry: Entry, decoder: ContextDecoder, index: int = 0) -> None:
        """Show part `index` of a chunk, its text as the log reads it."""
        self._entry, self._decoder = entry, decoder
        self._own = decoder.encoding(entry).name
        self.restyle()  # a style sheet takes a font away when its widget is moved into a window
        self._show_part(index)

    @property
    def index(self) -> int:
        """Which part is shown."""
        return self._index

    @property
    def text(self) -> str:
        """The text of the part, as it is shown."""
        return self._text.toPlainText()

    @property
    def dump(self) -> str:
        """The hex dump of the part, as it is shown."""
        return self._dump.toPlainText()

    def _show_part(self, index: int) -> None:
        if self._entry is None:
            return
        count = part_count(self._entry)
        self._index = min(max(index, 0), count - 1)
        self._part = part_of(self._entry, self._index)
        self._pages.setVisible(count > 1)
        self._previous.setEnabled(self._index > 0)
        self._next.setEnabled(self._index < count - 1)
        self._name_part()
        self._readings.show_readings(readings(self._part.data), self._own)
        self._show_text(self._own)
        self._show_dump()

    def _name_part(self) -> None:
        start, end, total = self._part.start, self._part.end, self._part.total_bytes
        self._page.setText(
            tr("log.detail_page", start=f"{start:,}", end=f"{end:,}", total=f"{total:,}")
        )

    def _show_text(self, encoding_name: str) -> None:
        if self._entry is None or self._decoder is None:
            return
        self._encoding = encoding_name
        if encoding_name == self._own:
            self._text.setPlainText(own_text(self._entry, self._part, self._decoder))
        else:
            self._text.setPlainText(text_in(self._part, encoding_name))
        self._name_text()

    def _name_text(self) -> None:
        label = find_encoding(self._encoding).label if self._encoding else ""
        self._text_title.setText(tr("log.detail_text", encoding=label))

    def _show_dump(self) -> None:
        if self._entry is None:
            return
        margins = 2 * self._dump.document().documentMargin()
        cell = self._dump.fontMetrics().horizontalAdvance("0")
        # As if the scroll bar were always there: it comes and goes with what is written.
        bar = self._dump.verticalScrollBar().sizeHint().width()
        room = int((self._dump.maximumViewportSize().width() - bar - margins) / cell)
        text = dump_text(self._part, dump_width(self._part.total_bytes, room))
        if text != self.dump:
            self._dump.setPlainText(text)

    def _on_copy_text(self) -> None:
        if self._entry is None or self._decoder is None:
            return
        if self._encoding == self._own:
            text = self._decoder.decode(self._entry, limit_bytes=None).text
        else:
            text = decode(self._entry.data, self._encoding)
        QGuiApplication.clipboard().setText(plain(text))

    def _on_copy_hex(self) -> None:
        if self._entry is not None:
            QGuiApplication.clipboard().setText(format_hex(self._entry.data))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Another number of bytes fits into a line of the dump."""
        if event.type() == QEvent.Type.Resize:
            self._dump_soon.start()  # not in the midst of the laying out
        return super().eventFilter(watched, event)

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self._dump_title.setText(tr("log.detail_hex"))
        self._readings_title.setText(tr("log.detail_encodings"))
        self._copy_text.setText(tr("log.detail_copy_text"))
        self._copy_hex.setText(tr("log.detail_copy_hex"))
        for button, name in ((self._previous, "previous"), (self._next, "next")):
            button.setToolTip(tr(f"log.detail_{name}"))
            button.setAccessibleName(tr(f"log.detail_{name}"))
        self._text.setAccessibleName(tr("log.detail_as_text"))
        self._dump.setAccessibleName(tr("log.detail_hex"))
        self._name_text()
        self._name_part()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        for editor in (self._text, self._dump):
            editor.setFont(theme().mono_font())
        self._sections.setMinimumHeight(theme().px(LEAST_HEIGHT_PX))
        self._dump_soon.start()
        self._previous.setIcon(theme().icon("previous"))
        self._next.setIcon(theme().icon("next"))


def _editor(*, wraps: bool) -> QPlainTextEdit:
    editor = QPlainTextEdit()
    editor.setReadOnly(True)
    editor.setUndoRedoEnabled(False)
    anywhere = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
    editor.setWordWrapMode(anywhere if wraps else QTextOption.WrapMode.NoWrap)
    editor.setTabChangesFocus(True)
    return editor


def _row(*widgets: QWidget | None) -> QWidget:
    """Return widgets side by side; None stands for a stretch."""
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    if None not in widgets:
        row.addStretch(1)
    return whole


def _column(head: QWidget, body: QWidget) -> QWidget:
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, theme().px(4), 0, 0)
    column.setSpacing(theme().px(4))
    column.addWidget(head)
    column.addWidget(body, 1)
    return whole
