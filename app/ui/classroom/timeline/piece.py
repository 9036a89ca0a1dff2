"""The time line with its tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from app.models.timeline import Timeline
from app.ui.classroom.dock import is_seen
from app.ui.classroom.timeline.legend import Legend
from app.ui.classroom.timeline.picture import save_picture
from app.ui.classroom.timeline.view import ZOOM_STEP, TimelineView
from app.ui.theme import theme
from app.ui.widgets import FieldError, OverflowBar
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.classroom.desk import Desk

_ICONS = {
    "pause": "pause",
    "zoom_in": "plus",
    "zoom_out": "minus",
    "fit": "unfold",
    "live": "follow",
    "save": "save",
}


FRAME_MS, STILL_MS = 33, 250  # between two pictures: while something happens, and while not
PAINT_SHARE = 0.2  # of the GUI thread's time: the workers need the interpreter too


class TimelinePiece(QWidget):
    """Threads, live. GUI thread."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._classroom = desk.classroom
        self.view = TimelineView()
        self._bar, self._legend, self._error = OverflowBar(), Legend(), FieldError()
        self._actions: dict[str, QAction] = {}
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._refresh)
        self._lay_out()
        self._classroom.started.connect(self._begin)
        self._classroom.news.connect(self._on_news)
        self.view.call_clicked.connect(lambda call_id: desk.call_chosen.emit(call_id, self))
        self.view.window_changed.connect(self._show_follows)
        desk.call_chosen.connect(self._on_call_chosen)
        theme().changed.connect(self._restyle)
        self._restyle()
        self._retranslate()
        self._begin()
        self.view.choose(self._classroom.recorder.call(desk.chosen_call))

    def _lay_out(self) -> None:
        view = self.view
        self._add("pause", view.pause, checkable=True)
        self._add("zoom_in", lambda: view.zoom(1 / ZOOM_STEP**2))
        self._add("zoom_out", lambda: view.zoom(ZOOM_STEP**2))
        self._add("fit", view.fit)
        self._add("live", view.go_live, checkable=True)
        self._add("save", self._ask_where)
        self._bar.add_widget(self._legend)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._bar)
        self._column.addWidget(self._error)
        self._column.addWidget(view, 1)

    def _add(self, name: str, order: Callable[..., object], *, checkable: bool = False) -> None:
        action = QAction(theme().icon(_ICONS[name]), "", self)
        action.setCheckable(checkable)
        if name == "pause":
            action.toggled.connect(order)
        else:
            action.triggered.connect(lambda _checked: order())
        self._actions[name] = action
        self._bar.add_action(action)

    # -- what is shown -------------------------------------------------------------------------

    def _begin(self) -> None:
        self._actions["pause"].setChecked(False)
        self.view.set_timeline(Timeline(self._classroom.recorder))
        self._show_follows()

    def _on_news(self) -> None:
        """Show it soon; the dearer a picture is, the fewer are painted."""
        wait_ms = max(FRAME_MS, int(self.view.paint_s * 1000 / PAINT_SHARE))
        if not self._next.isActive():
            self._next.start(wait_ms)
        elif self._next.interval() > wait_ms:
            shown_ms = self._next.interval() - self._next.remainingTime()
            self._next.start(max(wait_ms - shown_ms, 0))

    def _refresh(self) -> None:
        if is_seen(self):
            self.view.refresh()
            if self._classroom.is_recording and not self.view.paused:
                self._next.start(STILL_MS)  # time goes on where nothing happens

    def catch_up(self) -> None:
        """Take over what came while nobody saw it."""
        self.view.refresh()
        self._on_news()

    def _on_call_chosen(self, call_id: int, by: object) -> None:
        if by is not self:
            self.view.refresh()
            self.view.choose(self._classroom.recorder.call(call_id))

    def _show_follows(self) -> None:
        self._actions["live"].setChecked(self.view.window_.follows)

    # -- saving --------------------------------------------------------------------------------

    def _ask_where(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, tr("timeline.save"), "portside-threads.png", "PNG (*.png);;SVG (*.svg)"
        )
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Write what is on show, all lanes of it, as PNG or SVG; say so if that fails."""
        scene = self.view.scene()
        try:
            if scene is not None:
                save_picture(scene, path)
        except OSError as error:
            self._error.show_error(tr("timeline.save_failed", path=str(path), reason=str(error)))
        else:
            self._error.clear_error()

    # -- looks ---------------------------------------------------------------------------------

    def _restyle(self) -> None:
        px = theme().px
        self._column.setContentsMargins(px(8), px(4), px(8), px(8))
        self._column.setSpacing(px(4))

    def _retranslate(self) -> None:
        self.view.setAccessibleName(tr("classroom.timeline"))
        for name, action in self._actions.items():
            action.setText(tr(f"timeline.{name}"))
            action.setToolTip(tr(f"timeline.{name}_tip"))
        self._legend.updateGeometry()
        self._legend.update()

    def changeEvent(self, event: QEvent) -> None:
        """New words at a language change."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)
