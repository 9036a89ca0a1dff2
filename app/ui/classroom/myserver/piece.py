"""The editor, its buttons, where the program stands, what it prints, and what went wrong."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QSplitter

from app.bridge.hosting import Hosting, HostingState
from app.teaching.programs.kept import keep_program, read_program
from app.teaching.programs.starters import STARTERS, starter
from app.ui.classroom.editor import CodeEditor, OutputView
from app.ui.classroom.piece import Piece, is_seen
from app.ui.stage.page import StoryPage
from app.ui.theme import theme
from app.ui.widgets import PlainLabel
from app.wording import tr
from app.wording.terms import without_stop
from app.wording.verdicts import (
    calls_text,
    fault_sentence,
    forced_sentence,
    standing_sentence,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from app.ui.classroom.desk import Desk

LOOK_MS = 200  # between two looks where the threads stand
_MOST_MARKS = 20


class MyServerPiece(StoryPage, Piece):
    """Runs what stands in the editor. GUI thread."""

    key = "myserver"
    share = 0.5

    def __init__(self, desk: Desk) -> None:
        self.editor, self.output = CodeEditor(), OutputView()
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        super().__init__(desk, "myserver", self._splitter, LOOK_MS)
        self.hosting = Hosting(desk.controller, desk.service.open, self)
        self.state, self.starters = PlainLabel(role="secondary"), QComboBox()
        self._path = desk.places.my_server_path
        self._ran = ""  # the text of the last run
        self._marked: tuple[tuple[int, str], ...] = ()
        self._lay_out()
        self.dress()
        self._read_kept()
        self.hosting.changed.connect(self._show)
        self.editor.edited.connect(self._show)
        self.starters.activated.connect(self._on_starter)
        self._show()

    def _lay_out(self) -> None:
        for name in ("run_program", "stop_program"):
            self._bar.add_action(self._desk.commands[name])
        self._bar.add_widget(self.starters)
        self._add_tool("open", "folder-open", lambda _on: self._open())
        self._add_tool("save", "save", lambda _on: self._save_as())
        self.state.setWordWrap(True)
        self._splitter.addWidget(self.editor)
        self._splitter.addWidget(self.output)
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setChildrenCollapsible(False)
        self._stack(self.state)
        self._column.removeWidget(self._error)
        self._column.addWidget(self._error)  # below the text, as its errors are

    # -- running -------------------------------------------------------------------------------

    @property
    def topic(self) -> str:
        """There is one."""
        return "program"

    def enter(self) -> None:
        """Show where the threads stand."""
        self.catch_up()

    def leave(self) -> None:
        """Keep the text."""
        self.keep()

    def press_on(self) -> None:
        """Let what stands in the editor serve new clients."""
        self.keep()
        self._ran, self._marked = self.editor.source, ()
        self.editor.show_faults(())
        self.hosting.run(self._ran)
        self.catch_up()

    def stop(self) -> None:
        """End it."""
        self.hosting.stop()

    @property
    def _is_as_run(self) -> bool:
        return self.editor.source == self._ran

    def catch_up(self) -> None:
        """Show where the threads stand; asked for now and then while it runs."""
        standing = self.hosting.standing if self._is_as_run else []
        self.editor.show_standing(place.line for place in standing)
        self.state.setText(self._state_words())  # how many threads it has
        if self.hosting.state is HostingState.RUNNING:
            self._pace.ask()

    def _show(self) -> None:
        hosting = self.hosting
        stoppable = hosting.state in (HostingState.RUNNING, HostingState.WAITING)
        self._desk.commands.explain(
            {
                "run_program": "myserver.state_starting"
                if hosting.state is HostingState.STARTING
                else "",
                "stop_program": "" if stoppable else "window.why_no_program",
            }
        )
        self.state.setText(self._state_words())
        self._error.show_error("\n".join(self._troubles()))
        self._mark()
        self.output.follow(hosting.program.output if hosting.program else None)
        if is_seen(self):
            self.catch_up()

    def _state_words(self) -> str:
        hosting = self.hosting
        if hosting.state is HostingState.RUNNING and hosting.program is not None:
            if hosting.program.text != self.editor.source:
                return tr("myserver.state_changed")
            where = ", ".join(map(str, self._desk.controller.endpoints))
            return tr("myserver.state_running", where=where, n=hosting.program.stoppable.count)
        return tr(f"myserver.state_{hosting.state.name.lower()}")

    def _troubles(self) -> list[str]:
        """What went wrong, each in a sentence."""
        hosting, told = self.hosting, []
        if hosting.fault is not None:
            told.append(fault_sentence(hosting.fault))
            if hosting.state is HostingState.RUNNING:
                told.append(tr("myserver.still_before"))
        elif hosting.shut_out:
            told.append(tr(f"myserver.{hosting.shut_out}"))
        elif hosting.program is not None and hosting.program.failures:
            failed = hosting.program.failures[-1]
            told.append(fault_sentence(failed.fault))
            told.append(tr("myserver.only_its_client", thread=failed.thread.split(" ")[0]))
        told += map(forced_sentence, hosting.ended.forced)
        told += map(standing_sentence, hosting.ended.standing)
        return told

    def _mark(self) -> None:
        """Mark the lines of errors; they move with their lines until the next run."""
        faults = [self.hosting.fault] if self.hosting.fault else []
        if not faults and self.hosting.program is not None:
            faults = [failed.fault for failed in list(self.hosting.program.failures)]
        marks = {
            fault.line: f"{fault_sentence(fault)}\n{calls_text(fault.calls)}".strip()
            for fault in faults[-_MOST_MARKS:]
        }
        for place in (*self.hosting.ended.forced, *self.hosting.ended.standing):
            marks.setdefault(place.line, forced_sentence(place))
        found = tuple(marks.items())
        if found != self._marked and self._is_as_run:
            self._marked = found
            self.editor.show_faults(found)
            if self.hosting.fault is not None:
                self.editor.go_to(self.hosting.fault.line)

    # -- texts ---------------------------------------------------------------------------------

    def _on_starter(self, row: int) -> None:
        self.editor.replace_text(starter(STARTERS[row]))
        self.editor.setFocus()

    def _read_kept(self) -> None:
        text = None
        try:
            text = read_program(self._path)
        except (OSError, ValueError) as error:
            # What can't be read is not written over.
            self._show_file_error("not_read", self._path, error)
            self._path = self._path.with_stem(f"{self._path.stem}-2")
        self.editor.open_text(starter(STARTERS[0]) if text is None else text)

    def keep(self) -> None:
        """Keep the text for the next start."""
        try:
            keep_program(self._path, self.editor.source)
        except OSError as error:
            self._show_file_error("not_kept", self._path, error)

    def _open(self) -> None:
        from app.ui.files import file_to_open

        if path := file_to_open(self, tr("myserver.open"), tr("myserver.kinds")):
            self.open_file(path)

    def open_file(self, path: Path) -> None:
        """Read a file into the editor; undo leads back."""
        try:
            text = read_program(path)
        except (OSError, ValueError) as error:
            self._show_file_error("not_read", path, error)
            return
        self.editor.replace_text(text or "")

    def _save_as(self) -> None:
        path = self.saving.ask(tr("myserver.save"), self._path.name, tr("myserver.kinds"))
        if path is None:
            return
        try:
            keep_program(path, self.editor.source)
        except OSError as error:
            self._show_file_error("not_kept", path, error)
            return
        self.notice.say(lambda: tr("myserver.saved", name=path.name))

    def _show_file_error(self, key: str, path: Path, error: Exception) -> None:
        reason = tr("myserver.no_text")
        if isinstance(error, OSError):
            reason = without_stop(error.strerror or os.strerror(error.errno or 0))
        self.notice.say_error(lambda: tr(f"myserver.{key}", path=path, reason=reason))

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep the text."""
        super().hideEvent(event)
        self.keep()

    def put_away(self) -> None:
        """The class is over: outside of it nobody would see why clients are served so."""
        self.keep()
        self.hosting.stop()

    def shut_down(self) -> None:
        """Keep the text, end the program, and wait for that; the window closes."""
        self.keep()
        self.hosting.close()
        Piece.shut_down(self)

    # -- looks ---------------------------------------------------------------------------------

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        super().restyle()
        px = theme().px
        self.editor.setMinimumHeight(px(90))
        self.output.setMinimumHeight(px(44))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        super().retranslate()
        chosen = max(self.starters.currentIndex(), 0)
        self.starters.clear()
        self.starters.addItems([tr(f"myserver.starter_{name}") for name in STARTERS])
        self.starters.setCurrentIndex(chosen)
        self.starters.setAccessibleName(tr("myserver.starters"))
        self.starters.setToolTip(tr("myserver.starters_tip"))
        self._show()
