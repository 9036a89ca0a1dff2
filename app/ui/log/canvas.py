"""The log's rows on the screen: one paint event for all of them, thirty times a second at most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from app.ui.log.field_header import FieldHeader
from app.ui.log.marks import Marks
from app.ui.log.metrics import LogMetrics
from app.ui.log.painting import TEXT_SHARE, LogPainter, Scene
from app.ui.log.scroll import ScrollPlace
from app.ui.log.selection import Selection
from app.ui.theme import set_role, theme
from app.ui.widgets.pace import Pace
from app.ui.widgets.worded import Worded

if TYPE_CHECKING:
    from app.journal.needle import Needle
    from app.models.log_row import LogRow
    from app.models.log_rows import LogRows
    from app.models.row_hues import RowHues

FRAME_MS = 30  # the feed has fewer frames: this is for rows that a filter finds


class LogCanvas(Worded, QAbstractScrollArea):
    """Shows LogRows and scrolls by whole rows. GUI thread.

    New rows only ask for a frame, however many there are; what the user does is painted at once.
    """

    follow_changed = Signal(bool)
    """The user scrolled away from the end, or back to it."""
    resized = Signal()
    """The room for rows has changed: what lies over them must follow."""

    def __init__(self, rows: LogRows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.selection = Selection()
        self._rows = rows
        self._metrics = LogMetrics()
        self._painter = LogPainter(self._metrics)
        self._place = ScrollPlace(rows)
        self._mode = "text"
        self._placeholder = ""
        self._painted: list[LogRow] = []  # what is in sight: a click means one of these
        self._known_width = 0.0  # of the widest line seen
        self._updating = False  # the scroll bar is moved by us
        self._pace = Pace(self._refresh, FRAME_MS, self)
        self._hues: RowHues | None = None
        self.header = FieldHeader(self, self._metrics)
        set_role(self, "card")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        # Nothing behind it is painted: it fills all of itself.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.horizontalScrollBar().valueChanged.connect(self.viewport().update)
        rows.changed.connect(self._pace.ask)
        rows.altered.connect(self._on_altered)

    # What is shown

    @property
    def mode(self) -> str:
        """How content is shown: "text", "hex" or "mixed"."""
        return self._mode

    def set_mode(self, mode: str) -> None:
        """Show content as "text", as "hex", or "mixed": both side by side."""
        if mode != self._mode:
            self._mode = mode
            self._start_anew()

    def set_columns(self, names: Sequence[str]) -> None:
        """Show the values of these fields in columns, under their names."""
        if list(names) != list(self.header.names):
            self._metrics.set_columns(names)
            self.header.show_names(names)
            self._fit_header()
            self._start_anew()

    def _fit_header(self) -> None:
        height = self.header.sizeHint().height() if self.header.names else 0
        self.setViewportMargins(0, height, 0, 0)
        area = self.viewport().geometry()
        self.header.setGeometry(area.left(), area.top() - height, area.width(), height)

    def set_marked(self, needle: Needle | None) -> None:
        """Mark what is looked for wherever it is in sight."""
        self._painter.marks = Marks(needle)
        self.lay_out_anew()

    def set_comments(self, comment_of: Callable[[int], str | None]) -> None:
        """Ask this for the comment at a row's bookmark; None: it has none."""
        self._painter.comment_of = comment_of

    def lay_out_anew(self) -> None:
        """Rows say more, or less, than before."""
        self._painter.forget()
        self.viewport().update()

    def set_hues(self, hues: RowHues) -> None:
        """Paint rows in these colours."""
        self._hues = hues
        hues.changed.connect(self.viewport().update)

    def set_placeholder(self, text: str) -> None:
        """Say `text` where there are no rows."""
        if text != self._placeholder:
            self._placeholder = text
            self.viewport().update()

    @property
    def visible_rows(self) -> list[LogRow]:
        """The rows painted last."""
        return list(self._painted)

    def row_rect(self, entry_id: int) -> QRect | None:
        """Return where an entry's row was painted last; None if it is out of sight."""
        height = self._metrics.row_height
        for index, row in enumerate(self._painted):
            if row.id == entry_id:
                return QRect(0, index * height, self.viewport().width(), height)
        return None

    # Where it stands

    @property
    def page_rows(self) -> int:
        """How many whole rows fit."""
        return max(self.viewport().height() // self._metrics.row_height, 1)

    @property
    def follows(self) -> bool:
        """Whether the newest rows are shown as they come."""
        return self._place.follows

    def set_follows(self, follows: bool) -> None:
        """Follow the end from now on, or stay where it is; does not tell."""
        if follows:
            self._place.follows = True
        else:
            self._place.stop_following(self.page_rows)
        self._refresh()

    def show_row(self, row: int, *, centred: bool = False) -> None:
        """Scroll so that `row` is in sight; `centred`: with rows before and after it."""
        followed = self._place.follows
        if centred:
            self._place.centre(row, self.page_rows)
        else:
            self._place.show_row(row, self.page_rows)
        self._tell_follow(followed)
        self._refresh()

    def _on_scrolled(self, value: int) -> None:
        if self._updating:
            return
        followed = self._place.follows
        self._place.go_to(value, self.page_rows)
        self._tell_follow(followed)
        self.viewport().update()

    def _tell_follow(self, before: bool) -> None:
        if before != self._place.follows:
            self.follow_changed.emit(self._place.follows)

    def _span(self) -> tuple[int, int]:
        """Return the first row in sight, and how many are; the last one may be cut."""
        page = self.page_rows
        spare = self.viewport().height() > page * self._metrics.row_height
        return self._place.top_row(page), page + spare

    # Frames

    def _on_altered(self) -> None:
        self._painter.forget()
        self._refresh()
        self.viewport().update()

    def _refresh(self) -> None:
        """Adapt the scroll bar to the rows, and paint again if other rows come in sight."""
        page = self.page_rows
        bar = self.verticalScrollBar()
        self._updating = True
        bar.setPageStep(page)
        bar.setRange(0, self._place.last_top_row(page))
        bar.setValue(self._place.top_row(page))
        self._updating = False
        painted = [row.id for row in self._painted]
        same = list(self._rows.ids(*self._span())) == painted
        # An unfinished character is finished by rows that may be out of sight.
        if not same or any(row.waiting_bytes or not row.final for row in self._painted):
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint every row in sight."""
        self._painted = self._rows.rows(*self._span())
        grown = self._metrics.grow(self._painted, servers=self._rows.servers_are_several)
        area = self.viewport()
        scene = Scene(
            rows=self._painted,
            width=area.width(),
            height=area.height(),
            scrolled_x=self.horizontalScrollBar().value(),
            mode=self._mode,
            selection=self.selection,
            has_focus=self.hasFocus(),
            hues=self._hues.of(self._painted) if self._hues is not None else {},
        )
        with QPainter(area) as painter:
            self._painter.paint(painter, scene)
            if not self._painted and self._placeholder:
                painter.setFont(theme().ui_font())
                painter.setPen(theme().colour("secondary"))
                painter.drawText(area.rect(), Qt.AlignmentFlag.AlignCenter, self._placeholder)
        if grown or self._painter.content_width > self._known_width:
            self._fit_width()
            self.header.update()

    def _fit_width(self) -> None:
        """Let the horizontal scroll bar reach the end of the widest line seen."""
        self._known_width = self._painter.content_width
        room = self.viewport().width() - self._metrics.content_x - self._metrics.columns_width
        if self._mode == "mixed":
            room = round(room * (1 - TEXT_SHARE))
        bar = self.horizontalScrollBar()
        bar.setPageStep(max(room, 1))
        bar.setSingleStep(round(self._metrics.cell * 4))
        bar.setRange(0, max(round(self._known_width) + self._metrics.margin - room, 0))

    def _start_anew(self) -> None:
        self._painter.forget()
        self.horizontalScrollBar().setValue(0)
        self._fit_width()
        self._refresh()
        self.viewport().update()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self._metrics.restyle()
        self._fit_header()
        self._start_anew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another number of rows fits."""
        super().resizeEvent(event)
        self._fit_header()
        self._fit_width()
        self._refresh()
        self.resized.emit()

    def retranslate(self) -> None:
        """Events say the same in the words of the current language."""
        self._painter.forget()
        self._rows.retranslate()

    def sizeHint(self) -> QSize:
        """Fourteen rows."""
        return QSize(theme().px(640), self._metrics.row_height * 14)
