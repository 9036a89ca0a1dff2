"""A light on the row that changed last, so that a class looks where something happens."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.journal.errors import JournalError
from app.journal.refs import ClientRef, EntryRef
from app.ui.theme import theme
from app.ui.widgets.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.classroom.desk import Desk

STEPS, STEP_MS = 12, 125  # each step paints the rows below anew: no smoother than the eye needs
FOLLOW_MS = 100
LINE_PX = 3


class Spotlight(QWidget):
    """A frame around one row of a view; it fades away by itself. GUI thread.

    It lies on the view's viewport and lets the mouse through.
    """

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self._place: Callable[[], QRect | None] = lambda: None
        self._left = 0  # steps
        self._steps = QTimer(self, interval=STEP_MS)
        self._steps.timeout.connect(self._fade)

    def shine_on(self, place: Callable[[], QRect | None]) -> None:
        """Light up a row; `place` tells where it is now, None: out of sight."""
        self._place = place
        self._left = STEPS
        self._steps.start()
        self._show()

    def go_out(self) -> None:
        """No light any more."""
        self._steps.stop()
        self.hide()

    def _fade(self) -> None:
        self._left -= 1
        if self._left:
            self._show()
        else:
            self.go_out()

    def _show(self) -> None:
        # Anew at each step: the row may have moved.
        where = self._place()
        if where is None:
            self.hide()
            return
        self.setGeometry(where)
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A frame, the fainter the longer ago."""
        strength = self._left / STEPS
        width = theme().px(LINE_PX)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(min(strength * 1.5, 1.0))
            painter.setPen(QPen(theme().colour("accent"), width))
            inset = width / 2
            inside = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(inside, width, width)


class Spotlights:
    """One light on the client table, one on the log; both follow the newest entry."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._on_table = Spotlight(desk.clients.table.viewport())
        self._on_log = Spotlight(desk.log.view.viewport())
        self._on = False
        self._pace = Pace(self._follow, FOLLOW_MS, self._on_log)

    def turn(self, on: bool) -> None:
        """Follow from now on, or go out."""
        if on is self._on:
            return
        self._on = on
        arrived = self._desk.controller.entries_arrived
        if on:
            arrived.connect(self._pace.ask)
        else:
            arrived.disconnect(self._pace.ask)
            self._pace.stop()
            self._on_table.go_out()
            self._on_log.go_out()

    def _follow(self) -> None:
        reader = self._desk.controller.reader
        try:
            entry = reader.entry(reader.last_id) if reader is not None else None
        except JournalError:  # the log says so in its place
            return
        if entry is not None and reader is not None:
            # Of the live journal: an old one may be shown, and its rows have the same numbers.
            client, row = ClientRef(reader.key, entry.client_id), EntryRef(reader.key, entry.id)
            self._on_table.shine_on(partial(self._desk.clients.table.row_rect, client))
            self._on_log.shine_on(partial(self._desk.log.row_rect, row))
