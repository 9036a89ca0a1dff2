"""The source with its tools: which text, export, and the marks that are kept fresh."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from app.models.file_task import FileTask
from app.teaching.call_text import ARROW, result_text, whole_text
from app.teaching.marks import LineMarks
from app.teaching.own_source import OWN_MODULES, own_line_of
from app.teaching.source_pages import OwnPage, TutorialPage
from app.teaching.tutorial import check_reply, tutorial_source
from app.text.decoder import EncodeFault
from app.text.encodings import find_encoding
from app.ui.classroom.call_colours import call_token
from app.ui.classroom.next_step import NextStep
from app.ui.classroom.piece import Piece, is_seen
from app.ui.classroom.source.view import CodeView, Value
from app.ui.log.speech import say_row
from app.ui.widgets import SegmentedButtons
from app.ui.widgets.eliding_combo import ElidingCombo
from app.wording import language, tr
from app.wording.lanes import lane_name

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QHideEvent, QShowEvent

    from app.teaching.calls import Call
    from app.teaching.source_pages import SourcePage
    from app.ui.classroom.desk import Desk

LOOK_MS = 100
LOOKS_PER_COUNT = 3  # threads are counted at every third look
FLASH_NS = 500_000_000
FOLLOW_NS = 1_000_000_000  # between two lines that are followed; more often is flicker


class SourcePiece(Piece):
    """Two pages: the tutorial program, and Portside's own files. GUI thread."""

    def __init__(self, desk: Desk) -> None:
        self.view = CodeView(self._facts)
        super().__init__(desk, "source", self.view, LOOK_MS)
        self._pages = SegmentedButtons(
            (("tutorial", "source.tutorial"), ("own", "source.own")), name_key="source.page"
        )
        self._files = ElidingCombo()
        self._next = NextStep(desk, self)
        self._looks = QTimer(self, interval=LOOK_MS)
        self._looked = 0
        self._followed_ns = self._followed_id = 0
        self._lanes: dict[int, str] = {}
        self._standing: dict[int, int] = {}
        self._server = desk.exhibit.server  # whose settings the tutorial has
        self._page: SourcePage = TutorialPage("")
        self._marks = LineMarks(desk.exhibit.recorder, self._page.line_of)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        for module in OWN_MODULES:
            self._files.addItem(f"{module.rpartition('.')[2]}.py", module)
        self._files.setMinimumContentsLength(max(map(len, OWN_MODULES)) - len("app.net"))
        self._bar.add_widget(self._pages)
        self._bar.add_widget(self._files)
        self._add_tool("follow", "follow", lambda _on: None, checkable=True)
        self.tools["follow"].setChecked(True)
        self._add_tool("export", "export", lambda _on: self._ask_where())
        self._add_tool("copy", "copy", lambda _on: self.copy())
        self._stack(self._next)

    def _connect(self) -> None:
        desk, view = self._desk, self.view
        self._pages.changed.connect(lambda _value: self._open_page())
        self._files.activated.connect(lambda _index: self._open_page())
        self._looks.timeout.connect(self._look)
        desk.exhibit_changed.connect(self._begin)
        desk.exhibit_changed.connect(self._on_news)
        desk.news.connect(self._on_news)
        desk.controller.settings_changed.connect(self._on_settings)
        desk.call_chosen.connect(self._on_call_chosen)
        view.line_chosen.connect(self._choose)
        view.line_reached.connect(self._describe)
        view.scrolled_away.connect(lambda: self.tools["follow"].setChecked(False))

    # -- the text ------------------------------------------------------------------------------

    @property
    def page(self) -> SourcePage:
        """The text on show."""
        return self._page

    def _tutorial(self) -> str:
        """The program with the settings of the server on display."""
        profile, server = self._desk.controller.settings.server, self._server
        if not self._desk.exhibit.is_own and server is not None:
            options = server.options
            profile = replace(
                profile, host=options.host, backlog=options.backlog, reply_mode="echo",
                recv_size_bytes=options.recv_size_bytes, single_threaded=server.single_threaded,
            )  # fmt: skip
        return tutorial_source(profile, language())

    def _open_page(self, *, keep_place: bool = False) -> None:
        """Show what is chosen, from its top or where something was passed last."""
        own = self._pages.value == "own"
        self._files.setVisible(own)
        self.tools["export"].setVisible(not own)
        self._error.clear_error()
        try:
            page: SourcePage = (
                OwnPage(self._files.currentData()) if own else TutorialPage(self._tutorial())
            )
        except OSError as error:
            reason = error.strerror or str(error)
            self._error.show_error(tr("source.unreadable", reason=reason))
            page = TutorialPage("")
        self._page = page
        self.view.choose(0)
        self.view.set_source(page.source, keep_place=keep_place)
        self._pages.setToolTip(tr("source.own_how" if own else "source.tutorial_how"))
        if not keep_place:
            self._followed_ns = self._followed_id = 0
        self._begin()

    def _on_settings(self) -> None:
        """The tutorial program is what the settings of now would make it."""
        if self._pages.value == "tutorial" and self._page.source != self._tutorial():
            self._open_page(keep_place=True)

    def _on_news(self) -> None:
        """An experiment may have opened another server, with other settings."""
        server = self._desk.exhibit.server
        if server is not self._server:
            self._server = server
            self._on_settings()

    # -- the marks -----------------------------------------------------------------------------

    def _begin(self) -> None:
        self._marks = LineMarks(self._desk.exhibit.recorder, self._page.line_of)
        self._lanes.clear()
        self._looked = 0
        self._look()

    def _look(self) -> None:
        """Take over what was passed, and now and then count the threads."""
        if not is_seen(self) and self._looked:
            return
        recording = self._desk.exhibit.is_recording
        if self._looked % LOOKS_PER_COUNT == 0:
            recorder = self._desk.exhibit.recorder
            self._standing = dict(self._page.standing(recorder)) if recording else {}
        self._looked += 1
        self._marks.update()
        last, now_ns = self._marks.last, self._desk.exhibit.recorder.now_ns
        flashing = sorted(line for line, call in last.items() if now_ns - call.end_ns < FLASH_NS)
        values = {line: self._value(call) for line, call in last.items()}
        self.view.set_marks(self._standing, values, tuple(flashing))
        if last and now_ns - self._followed_ns > FOLLOW_NS:
            self._follow(now_ns)

    def _follow(self, now_ns: int) -> None:
        """Bring the line that was passed last into sight, if it was not before."""
        last = self._marks.last
        newest = max(last, key=lambda line: last[line].id)
        if last[newest].id != self._followed_id and self.tools["follow"].isChecked():
            self._followed_id, self._followed_ns = last[newest].id, now_ns
            self.view.bring_into_sight(newest)

    def _value(self, call: Call) -> Value:
        result = result_text(call)
        returned = f"{ARROW.strip()} {result}  " if result else ""
        name = self._thread_name(call.lane).split(" ")[0]
        token = call_token(call, "secondary")
        return Value(f"{returned}{name}", token, covers=bool(result))

    def _thread_name(self, lane: int) -> str:
        if lane not in self._lanes:
            lanes = self._desk.exhibit.recorder.lanes()
            self._lanes = {known.number: lane_name(known) for known in lanes}
        return self._lanes.get(lane, "")

    def showEvent(self, event: QShowEvent) -> None:
        """Look while it is seen."""
        super().showEvent(event)
        self._looks.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self._looks.stop()

    def catch_up(self) -> None:
        """Take over what came while nobody saw it."""
        self._looked = 0
        self._look()

    def shut_down(self) -> None:
        """Look no more."""
        super().shut_down()
        self._looks.stop()

    # -- choosing ------------------------------------------------------------------------------

    def _choose(self, line: int) -> None:
        """The user chose a line: choose the last call that it made."""
        call = self._marks.last.get(line)
        self.view.choose(line if call else 0)
        if call is not None:
            self._desk.call_chosen.emit(call.id, self)

    def _on_call_chosen(self, call_id: int, by: object) -> None:
        call = self._desk.exhibit.recorder.call(call_id)
        if by is self or call is None:
            return
        if self._pages.value == "own":
            module, _ = own_line_of(call)
            if module and module != self._files.currentData():
                self._files.setCurrentIndex(self._files.findData(module))
                self._open_page()
        self.view.choose(self._page.line_of(call))

    def _facts(self, line: int) -> list[str]:
        """What stands beside a line, in words."""
        count, call = self._standing.get(line, 0), self._marks.last.get(line)
        facts = [tr("source.threads", n=count)] if count else []
        if call is not None:
            facts += [whole_text(call), self._thread_name(call.lane)]
        return facts

    def _describe(self, line: int) -> None:
        """Let a screen reader say the line of the caret, and what stands beside it."""
        text = self.view.document().findBlockByNumber(line - 1).text().strip()
        say_row(self.view, " · ".join((tr("source.line", n=line), text, *self._facts(line))))

    # -- taking home ---------------------------------------------------------------------------

    def copy(self) -> None:
        """Copy the whole text."""
        QGuiApplication.clipboard().setText(self._page.source)

    def _ask_where(self) -> None:
        kinds = f"{tr('source.python_files')} (*.py)"
        path = self.saving.ask(tr("source.export"), "tutorial_server.py", kinds)
        if path is not None:
            self.export_to(path)

    def export_to(self, path: Path) -> None:
        """Write the tutorial program with the settings of now; say how it went."""
        try:
            check_reply(self._desk.controller.settings.server)
        except EncodeFault as fault:
            label = find_encoding(fault.encoding).label
            self._error.show_error(
                tr("source.reply_fault", character=fault.character, encoding=label)
            )
            return
        self._error.clear_error()
        task = FileTask("tutorial-export", path, [self._tutorial().encode()])
        self.saving.write(task, path, lambda _pieces: tr("source.exported", path=str(path)))

    # -- looks ---------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Fetch the words of the language."""
        super().retranslate()
        self._files.setAccessibleName(tr("source.file"))
        self._open_page()
