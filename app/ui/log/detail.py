"""The detail of one entry: all its bytes, as text in any encoding and in hexadecimal."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.journal.entry import Entry, Kind
from app.models.log_gather import plain
from app.models.log_rows import LogRows
from app.text.encodings import find_encoding
from app.text.hexa import format_hex
from app.ui.log.detail_text import (
    DUMP_WIDTHS,
    Part,
    dump_cells,
    dump_text,
    own_text,
    part_count,
    part_of,
    readings,
    text_in,
)
from app.ui.log.readings import ReadingList
from app.ui.theme import set_role, theme
from app.ui.widgets import HeadingLabel, PlainLabel
from app.wording import tr
from app.wording.amounts import exact_size_text, moment_text
from app.wording.events import event_sentence


class DetailDock(QDockWidget):
    """Shows one entry of LogRows. Of a large chunk one part at a time is rendered. GUI thread."""

    def __init__(self, rows: LogRows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("log_detail")
        self._rows = rows
        self._entry: Entry | None = None
        self._wanted_id: int | None = None
        self._part = Part(0, b"", 0)
        self._index = 0
        self._own = ""  # the encoding in which the log shows the entry
        self._lay_out()
        rows.altered.connect(self._on_altered)
        theme().changed.connect(self._restyle)
        self._restyle()
        self.retranslate()

    def _lay_out(self) -> None:
        self._title, self._facts = HeadingLabel(), PlainLabel(role="secondary")
        self._event = PlainLabel()
        self._hint = PlainLabel(role="secondary")
        for label in (self._title, self._facts, self._event, self._hint):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._readings = ReadingList()
        self._readings.chosen.connect(self._show_text)
        self._text_title, self._dump_title = HeadingLabel(), HeadingLabel()
        self._readings_title = HeadingLabel()
        self._copy_text, self._copy_hex = QPushButton(), QPushButton()
        self._copy_text.clicked.connect(self._on_copy_text)
        self._copy_hex.clicked.connect(self._on_copy_hex)
        self._text, self._dump = _pane(wraps=True), _pane(wraps=False)
        self._previous, self._next = QToolButton(), QToolButton()
        self._previous.clicked.connect(lambda: self._show_part(self._index - 1))
        self._next.clicked.connect(lambda: self._show_part(self._index + 1))
        self._pages, self._page_text = QWidget(), PlainLabel(role="secondary")
        _fill_row(self._pages, self._previous, self._page_text, self._next)
        panes = QSplitter(Qt.Orientation.Vertical)
        panes.setChildrenCollapsible(False)
        panes.addWidget(_section(_row(self._text_title, self._copy_text), self._text))
        panes.addWidget(_section(_row(self._dump_title, self._copy_hex), self._dump))
        panes.addWidget(_section(self._readings_title, self._readings))
        self._bytes = _section(self._pages, panes)
        whole = QWidget()
        self._column = QVBoxLayout(whole)
        for widget in (self._title, self._facts, self._event):
            self._column.addWidget(widget)
        self._column.addWidget(self._bytes, 1)
        self._column.addStretch(0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._hint)
        self._stack.addWidget(whole)
        self.setWidget(self._stack)

    # Which entry

    @property
    def entry_id(self) -> int | None:
        """The entry shown, or None."""
        return self._wanted_id

    def show_entry(self, entry_id: int) -> None:
        """Show an entry from its first part on; say so if it has been deleted."""
        self._wanted_id = entry_id
        self._index = 0
        self._load()

    def clear(self) -> None:
        """Show nothing."""
        self._wanted_id = None
        self._load()

    def _on_altered(self) -> None:
        # Another encoding, another language, another journal.
        if self._wanted_id is not None:
            self._load()

    def _load(self) -> None:
        entry_id = self._wanted_id
        self._entry = self._rows.entry(entry_id) if entry_id is not None else None
        self._hint.setText(tr("log.detail_none" if entry_id is None else "log.detail_gone"))
        self._stack.setCurrentIndex(0 if self._entry is None else 1)
        if self._entry is not None:
            self._show(self._entry)

    def _show(self, entry: Entry) -> None:
        row = self._rows.row(entry.id)
        decoder = self._rows.decoder
        if row is None or decoder is None:
            return
        client = f"{row.client_text} {row.address}".strip()
        self._bytes.setVisible(row.is_chunk)
        self._event.setVisible(not row.is_chunk)
        moment = moment_text(entry.time_ns)
        if not row.is_chunk:
            self._title.setText(f"{tr('log.detail_event')} {client}".strip())
            self._facts.setText(moment)
            self._event.setText(event_sentence(entry))
            return
        key = "log.detail_received" if entry.kind == Kind.IN else "log.detail_sent"
        self._title.setText(tr(key, client=client))
        self._own = decoder.encoding(entry).name
        shown = decoder.decode(entry, limit_bytes=None)
        facts = tr(
            "log.detail_facts",
            size=exact_size_text(len(entry.data)),
            start=f"{entry.offset:,}",
            end=f"{entry.offset + len(entry.data):,}",
        )
        lines = [moment, facts]
        if shown.continues:
            lines.append(tr("log.detail_continues"))
        if shown.waiting_bytes:
            lines.append(tr("log.detail_waits", n=shown.waiting_bytes))
        self._facts.setText("\n".join(lines))
        self._show_part(self._index)

    # One part of its bytes

    def _show_part(self, index: int) -> None:
        if self._entry is None:
            return
        count = part_count(self._entry)
        self._index = min(max(index, 0), count - 1)
        self._part = part = part_of(self._entry, self._index)
        self._pages.setVisible(count > 1)
        self._previous.setEnabled(self._index > 0)
        self._next.setEnabled(self._index < count - 1)
        self._page_text.setText(
            tr(
                "log.detail_page",
                start=f"{part.start:,}",
                end=f"{part.end:,}",
                total=f"{part.total_bytes:,}",
            )
        )
        self._readings.show_readings(readings(part.data), self._own)
        self._show_text(self._own)
        self._show_dump()

    def _show_text(self, encoding_name: str) -> None:
        decoder = self._rows.decoder
        if self._entry is None or decoder is None:
            return
        own = encoding_name == self._own
        text = (
            own_text(self._entry, self._part, decoder)
            if own
            else text_in(self._part, encoding_name)
        )
        self._text.setPlainText(text)
        label = find_encoding(encoding_name).label
        self._text_title.setText(tr("log.detail_text", encoding=label))

    def _show_dump(self) -> None:
        cell = self._dump.fontMetrics().horizontalAdvance("0")
        room = self._dump.viewport().width() - 2 * self._dump.document().documentMargin()
        fitting = (
            w for w in DUMP_WIDTHS if dump_cells(self._part.total_bytes, w) * cell <= room
        )
        width = next(fitting, DUMP_WIDTHS[-1])
        text = dump_text(self._part, width)
        if text != self._dump.toPlainText():
            self._dump.setPlainText(text)

    def _on_copy_text(self) -> None:
        decoder = self._rows.decoder
        if self._entry is not None and decoder is not None:
            whole = decoder.decode(self._entry, limit_bytes=None).text
            QGuiApplication.clipboard().setText(plain(whole))

    def _on_copy_hex(self) -> None:
        if self._entry is not None:
            QGuiApplication.clipboard().setText(format_hex(self._entry.data))

    # Words and looks

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setWindowTitle(tr("log.detail_title"))
        self._dump_title.setText(tr("log.detail_hex"))
        self._readings_title.setText(tr("log.detail_encodings"))
        self._copy_text.setText(tr("log.detail_copy_text"))
        self._copy_hex.setText(tr("log.detail_copy_hex"))
        for button, key in ((self._previous, "previous"), (self._next, "next")):
            button.setToolTip(tr(f"log.detail_{key}"))
            button.setAccessibleName(tr(f"log.detail_{key}"))
        self._text.setAccessibleName(tr("log.detail_as_text"))
        self._dump.setAccessibleName(tr("log.detail_hex"))
        self._load()

    def changeEvent(self, event: QEvent) -> None:
        """New words at a language change."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Another number of bytes fits into a line of the dump."""
        if event.type() == QEvent.Type.Resize and self._entry is not None:
            self._show_dump()
        return False

    def _restyle(self) -> None:
        px = theme().px
        for pane in (self._text, self._dump):
            pane.setFont(theme().mono_font())
        self._column.setContentsMargins(px(12), px(8), px(12), px(8))
        self._column.setSpacing(px(6))
        self._hint.setContentsMargins(px(24), px(24), px(24), px(24))
        self._previous.setIcon(theme().icon("previous"))
        self._next.setIcon(theme().icon("next"))
        self.setMinimumWidth(px(300))
