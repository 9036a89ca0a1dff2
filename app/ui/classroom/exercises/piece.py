"""Finds the exercises, shows one, keeps what the student wrote and how it went."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from app.models.exercise_export import results_pieces
from app.models.file_task import FileTask
from app.paths import make_folder, resource
from app.teaching.exercises.results import Results
from app.teaching.exercises.shelf import Contents, look
from app.teaching.programs.kept import keep_program, read_program
from app.ui.classroom.exercises.display import CheckDisplay
from app.ui.classroom.exercises.listing import ListingPage
from app.ui.classroom.exercises.work import WorkPage
from app.ui.classroom.lessons.errands import Errands
from app.ui.classroom.lessons.watch import FolderWatch
from app.ui.files import show_folder
from app.ui.saving import Saving
from app.ui.stage.page import StoryPage
from app.ui.theme import theme
from app.ui.widgets import FootBanner
from app.wording import language, tr
from app.wording.terms import without_stop

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QHideEvent, QShowEvent

    from app.teaching.exercises.shelf import Exercise
    from app.ui.classroom.desk import Desk


class ExercisesPiece(StoryPage):
    """The list, or the exercise that is worked at. GUI thread."""

    key = "exercises"
    share = 0.55

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._places = desk, desk.places
        self._contents = Contents()
        self._errands = Errands(desk)
        self.results = Results(desk.places.results_path)
        self._watch = FolderWatch(desk.places.exercises_dir, self)
        self.list_page = ListingPage(str(desk.places.exercises_dir), self.results.is_done)
        self.work = WorkPage(
            desk.commands["check_exercise"], self._errands.tip, partial(CheckDisplay, desk)
        )
        self._stack = QStackedWidget()
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._stack)
        for page in (self.list_page, self.work):
            self._stack.addWidget(page)
        self.notice = FootBanner(self._stack)
        self.saving = Saving(self.notice, self)
        self._connect()
        self.dress()
        self._look()
        settings = desk.controller.settings
        self.list_page.who.setText(settings.student)
        self.list_page.hide_solutions.setChecked(not settings.show_solutions)
        if self._contents.find(settings.exercise):
            self.open(settings.exercise)

    def _connect(self) -> None:
        change = self._desk.controller.change
        page = self.list_page
        page.exercise_chosen.connect(self.open)
        page.folder_wanted.connect(self._open_folder)
        page.export_wanted.connect(self._export)
        page.student_named.connect(lambda name: change(student=name))
        page.solutions_hidden.connect(lambda on: change(show_solutions=not on))
        self.work.wanted.connect(self._on_wanted)
        self.work.tried.connect(self._on_tried)
        self.work.reader.link_chosen.connect(lambda href: self._say(self._errands.run(href)))
        self._watch.changed.connect(self._look)

    # -- finding them --------------------------------------------------------------------------

    def _look(self) -> None:
        """Look at both folders; show what changed."""
        contents = look(resource("exercises"), self._places.exercises_dir, language())
        if contents == self._contents:
            return
        self._contents = contents
        shown = self.work.exercise
        found = contents.find(shown.key) if shown else None
        if shown is not None and found is None:
            self.show_list()
        elif found is not None and found != shown:
            self.work.show_task(found, with_solution=self._shows_solutions)
        self.list_page.show_contents(contents, found.key if found else "")
        self._show_place()

    @property
    def _shows_solutions(self) -> bool:
        return self._desk.controller.settings.show_solutions

    def showEvent(self, event: QShowEvent) -> None:
        """Look anew: not every system tells what happens in a folder on a network."""
        super().showEvent(event)
        self._watch.refresh()
        self._look()

    # -- working -------------------------------------------------------------------------------

    @property
    def is_working(self) -> bool:
        """Whether an exercise is on show, and not the list."""
        return self._stack.currentWidget() is self.work

    def open(self, key: str) -> None:
        """Show an exercise with what the student wrote for it, or its starter."""
        exercise = self._contents.find(key)
        if exercise is None:
            return
        self.keep()
        self.work.open(exercise, self._text_of(exercise), with_solution=self._shows_solutions)
        self._stack.setCurrentWidget(self.work)
        self.work.editor.setFocus()
        self._desk.controller.change(exercise=key)
        self._show_place()
        self.topic_changed.emit()

    def show_list(self) -> None:
        """Show the list, with the exercise that was worked at last."""
        self.keep()
        shown = self.work.exercise
        self._stack.setCurrentWidget(self.list_page)
        self.list_page.show_contents(self._contents, shown.key if shown else "")
        self.list_page.list.setFocus()

    @property
    def topic(self) -> str:
        """The exercise that is worked at."""
        return self.work.exercise.key if self.is_working and self.work.exercise else ""

    def take_key(self, key: int) -> bool:
        """Esc checks no more."""
        if key != Qt.Key.Key_Escape or not self.work.is_checking:
            return False
        self.work.cancel()
        return True

    def leave(self) -> None:
        """Keep the text; a check goes on unseen."""
        self.keep()
        self.work.undisplay()

    def press_on(self) -> None:
        """Check the one on show; from the list, go to the one that was worked at first."""
        if not self.is_working and self._contents.exercises:
            kept = self._contents.find(self._desk.controller.settings.exercise)
            self.open((kept or self._contents.exercises[0]).key)
        self.keep()
        self.work.check()

    def _on_wanted(self, name: str) -> None:
        if name == "contents":
            self.show_list()
        elif (neighbour := self._neighbour(-1 if name == "previous" else 1)) is not None:
            self.open(neighbour.key)

    def _neighbour(self, step: int) -> Exercise | None:
        keys = [each.key for each in self._contents.exercises]
        shown = self.work.exercise
        if shown is None or shown.key not in keys:
            return None
        at = keys.index(shown.key) + step
        return self._contents.exercises[at] if 0 <= at < len(keys) else None

    def _show_place(self) -> None:
        keys = [each.key for each in self._contents.exercises]
        shown = self.work.exercise
        at = keys.index(shown.key) + 1 if shown is not None and shown.key in keys else 0
        self.work.place.setText(f"{at} / {len(keys)}" if at else "")
        for name, step in (("previous", -1), ("next", 1)):
            self.work.tools[name].setEnabled(self._neighbour(step) is not None)

    def _on_tried(self, key: str, outcomes: list[tuple[str, bool]]) -> None:
        try:
            self.results.add(key, outcomes)
        except OSError as error:
            self._say_error("not_kept", self._places.results_path, error)

    # -- what is kept --------------------------------------------------------------------------

    def _answer_path(self, exercise: Exercise) -> Path:
        return self._places.answers_dir / f"{exercise.key}.py"

    def _text_of(self, exercise: Exercise) -> str:
        try:
            text = read_program(self._answer_path(exercise))
        except (OSError, ValueError):
            text = None
        return exercise.starter if text is None else text

    def keep(self) -> None:
        """Keep what the student wrote."""
        exercise = self.work.exercise
        if exercise is None:
            return
        path, text = self._answer_path(exercise), self.work.editor.source
        if text == self._text_of(exercise):
            return
        try:
            keep_program(path, text)
        except OSError as error:
            self._say_error("not_kept", path, error)

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep the text."""
        super().hideEvent(event)
        self.keep()

    def put_away(self) -> None:
        """Nobody looks any more: check no more."""
        self.work.put_away()

    def shut_down(self) -> None:
        """Keep the text and end what runs; the window closes."""
        self.keep()
        self.work.shut_down()
        self.saving.stop()

    # -- the teacher's means -------------------------------------------------------------------

    def _open_folder(self) -> None:
        folder = self._places.exercises_dir
        try:
            make_folder(folder)
        except OSError as error:
            self.list_page.error.show_error(
                tr("exercises.no_folder", folder=folder, reason=_reason(error))
            )
            return
        self.list_page.error.clear_error()
        self._watch.refresh()
        show_folder(folder, self.list_page.error.show_error)

    def _export(self) -> None:
        path = self.saving.ask(tr("exercises.export"), "exercises.csv", tr("exercises.kinds"))
        if path is not None:
            self.export_to(path)

    def export_to(self, path: Path) -> None:
        """Write the results as CSV, in the background."""
        pieces = results_pieces(self.results.rows(), self.list_page.who.text().strip())
        task = FileTask("exercise results", path, pieces, parent=self)
        self.saving.write(task, path, lambda _count: tr("exercises.exported", name=path.name))

    def _say(self, words: str) -> None:
        if words:
            self.notice.say(lambda: words)

    def _say_error(self, key: str, path: Path, error: OSError) -> None:
        reason = _reason(error)
        self.notice.say_error(lambda: tr(f"exercises.{key}", path=path, reason=reason))

    # -- looks ---------------------------------------------------------------------------------

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        self._column.setContentsMargins(px(8), px(4), px(8), px(8))

    def retranslate(self) -> None:
        """The exercises of that language."""
        self._look()


def _reason(error: OSError) -> str:
    return without_stop(error.strerror or os.strerror(error.errno or 0))
