"""The time line with its tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QToolButton

from app.models.file_task import FileTask
from app.models.timeline import Timeline
from app.net.listening import places_in
from app.ui.classroom.piece import Piece
from app.ui.classroom.timeline.legend import Legend
from app.ui.classroom.timeline.picture import picture_of
from app.ui.classroom.timeline.servers import OpenServers
from app.ui.classroom.timeline.view import ZOOM_STEP, TimelineView
from app.wording import tr

if TYPE_CHECKING:
    from pathlib import Path

    from app.settings import Settings
    from app.ui.classroom.desk import Desk

FRAME_MS, STILL_MS = 33, 250  # between two pictures: while something happens, and while not
PAINT_SHARE = 0.2  # of the GUI thread's time: the workers need the interpreter too


class TimelinePiece(Piece):
    """Threads, live. GUI thread."""

    def __init__(self, desk: Desk) -> None:
        self.view = TimelineView()
        super().__init__(desk, "timeline", self.view, FRAME_MS)
        self._legend = Legend()
        self._still = QTimer(self, singleShot=True, interval=STILL_MS)
        self._still.timeout.connect(self._refresh)
        self._lay_out()
        desk.exhibit_changed.connect(self._begin)
        desk.news.connect(self._on_news)
        desk.spoken_changed.connect(self.view.mark)
        self.view.moment_dragged.connect(desk.moment_wanted)
        desk.controller.settings_changed.connect(self._on_settings)
        self.view.call_clicked.connect(lambda call_id: desk.call_chosen.emit(call_id, self))
        self.view.window_changed.connect(self._show_follows)
        desk.call_chosen.connect(self._on_call_chosen)
        self.retranslate()
        self._begin()
        self.view.choose(desk.exhibit.recorder.call(desk.chosen_call))

    def _lay_out(self) -> None:
        view = self.view
        self._add_tool("pause", "pause", view.pause, checkable=True)
        self._add_tool("zoom_in", "plus", lambda _on: view.zoom(1 / ZOOM_STEP**2))
        self._add_tool("zoom_out", "minus", lambda _on: view.zoom(ZOOM_STEP**2))
        self._add_tool("fit", "unfold", lambda _on: view.fit())
        self._add_tool("live", "follow", lambda _on: view.go_live(), checkable=True)
        change = self._desk.controller.change
        self._add_tool("arrows", "arrows", lambda on: change(timeline_arrows=on), checkable=True)
        self._on_settings(self._desk.controller.settings)
        self._add_tool("save", "save", lambda _on: self._ask_where())
        for button in self._bar.findChildren(QToolButton):  # tips name them; the room is the lanes'
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._bar.add_widget(self._legend)
        self._stack()

    # -- what is shown -------------------------------------------------------------------------

    def _begin(self) -> None:
        self.tools["pause"].setChecked(False)
        self.view.pause(False)
        exhibit = self._desk.exhibit
        servers = None
        if exhibit.is_own:
            servers = OpenServers(self._desk.controller, exhibit.recorder)
        self._timeline = Timeline(self._desk.pairs, flat=not exhibit.is_own, servers=servers)
        self.view.set_timeline(self._timeline)
        self.view.keep_whole(not exhibit.is_own)
        self.view.mark(self._desk.spoken)
        self._show_follows()

    def _on_news(self) -> None:
        """Show it soon; the dearer a picture is, the fewer are painted."""
        self._pace.interval_ms = max(FRAME_MS, int(self.view.paint_s * 1000 / PAINT_SHARE))
        self._pace.ask()

    def catch_up(self) -> None:
        """Take over what came, also while nobody saw it."""
        self._look_at_backlog()
        self.view.refresh()
        if self._desk.exhibit.is_recording and not self.view.paused:
            self._still.start()  # time goes on where nothing happens

    def _look_at_backlog(self) -> None:
        """Who dials from elsewhere is known by looking only, where the system tells."""
        exhibit, backlog = self._desk.exhibit, self._timeline.backlog
        if (server := exhibit.server) is not None:
            backlog.places = places_in(server.options.backlog)
            if exhibit.is_own and not self.view.paused:
                backlog.look(exhibit.recorder.now_ns, server.waiting_clients or 0)

    def _on_settings(self, settings: Settings) -> None:
        self.tools["arrows"].setChecked(settings.timeline_arrows)
        self.view.show_arrows(settings.timeline_arrows)

    def _on_call_chosen(self, call_id: int, by: object) -> None:
        if by is not self:
            self.view.refresh()
            self.view.choose(self._desk.exhibit.recorder.call(call_id))

    def _show_follows(self) -> None:
        self.tools["live"].setChecked(self.view.window_.follows)

    # -- saving --------------------------------------------------------------------------------

    def _ask_where(self) -> None:
        kinds = "PNG (*.png);;SVG (*.svg)"
        path = self.saving.ask(tr("timeline.save"), "portside-threads.png", kinds)
        if path is not None:
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Write what is on show, all lanes of it, as PNG or SVG, and say how it goes."""
        scene = self.view.scene()
        if scene is not None:
            task = FileTask("timeline-save", path, picture_of(scene, path.suffix))
            self.saving.write(task, path, lambda _pieces: tr("saving.done", path=str(path)))

    def shut_down(self) -> None:
        """The window closes."""
        super().shut_down()
        self._still.stop()

    # -- looks ---------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Fetch the words of the language."""
        super().retranslate()
        self._legend.updateGeometry()
        self._legend.update()
        self.view.setAccessibleDescription(tr("timeline.how"))
        self.view.viewport().update()
