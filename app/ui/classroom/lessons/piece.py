"""The list and the reader, one in place of the other, and the bar above the reader."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.paths import resource
from app.teaching.lessons.folder import adapt, make_folder
from app.teaching.lessons.links import Scheme, parse_link
from app.teaching.lessons.shelf import Contents, Shelf
from app.ui.classroom.lessons.contents import ContentsPage
from app.ui.classroom.lessons.errands import TARGETS, Errands
from app.ui.classroom.lessons.reader import Reader
from app.ui.classroom.lessons.watch import FolderWatch
from app.ui.files import show_folder
from app.ui.stage.page import StoryPage
from app.ui.theme import theme
from app.ui.widgets import FieldError, OverflowBar, PlainLabel
from app.wording import language, tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QHideEvent, QShowEvent

    from app.ui.classroom.desk import Desk

_KEYS = {"contents": "Alt+Up", "previous": "Alt+Left", "next": "Alt+Right"}
_ICONS = {"contents": "show-all", "previous": "left", "next": "right", "adapt": "note"}


class LessonsPiece(StoryPage):
    """Finds the lessons, shows one, remembers where the reader was. GUI thread."""

    key = "lessons"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._folder = desk.places.lessons_dir
        self._shelf = Shelf(resource("lessons"), self._folder)
        self._errands = Errands(desk)
        self._watch = FolderWatch(self._folder, self)
        self._contents = Contents()
        self._places: dict[str, int] = {}  # where the reader was in each lesson
        self.list_page = ContentsPage(str(self._folder))
        self.reader = Reader(self._errands.tip)
        self.said, self._error = PlainLabel(role="secondary"), FieldError()
        self._bar, self._number = OverflowBar(), PlainLabel(role="secondary")
        self._actions: dict[str, QAction] = {}
        self._stack, self._reading = QStackedWidget(), QWidget()
        self._lay_out()
        self._connect()
        self.dress()
        self._open_remembered()

    def _lay_out(self) -> None:
        self._add("contents", self.show_list)
        self._add("previous", lambda: self._step(-1))
        self._add("next", lambda: self._step(1))
        self._bar.add_widget(self._number)
        self._add("adapt", self._adapt)
        self.said.setWordWrap(True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._inner = QVBoxLayout(self._reading)
        self._inner.setContentsMargins(0, 0, 0, 0)
        self._inner.addWidget(self._bar)
        self._inner.addWidget(self.reader, 1)
        for widget in (self.said, self._error):
            self._inner.addWidget(widget)
        self._stack.addWidget(self.list_page)
        self._stack.addWidget(self._reading)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._stack)

    def _add(self, name: str, order: Callable[[], object]) -> None:
        action = QAction(theme().icon(_ICONS[name]), "", self)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setShortcut(QKeySequence(_KEYS.get(name, "")))
        action.triggered.connect(lambda _checked: order())
        self._actions[name] = action
        self.addAction(action)
        button = self._bar.add_action(action)
        if name in ("previous", "next"):  # the arrows say it; large type needs the room
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)

    def _connect(self) -> None:
        self.list_page.lesson_chosen.connect(self.open)
        self.list_page.folder_wanted.connect(self._open_folder)
        self.reader.link_chosen.connect(self._on_link)
        self._watch.changed.connect(self._look)

    # -- finding the lessons -------------------------------------------------------------------

    def _look(self) -> None:
        """Look at both folders; show what changed."""
        contents = self._shelf.look(language(), TARGETS)
        if contents == self._contents:
            return
        self._contents = contents
        shown = self.reader.lesson
        volume = contents.find(shown.name.key) if shown else None
        if shown is not None and volume is None:
            self.reader.close_lesson()
            self.show_list()
        elif volume is not None and volume.lesson != shown:
            self.reader.open(volume.lesson, self.reader.paragraph)
        self.list_page.show_contents(contents, volume.lesson.name.key if volume else "")
        self._show_bar()

    def showEvent(self, event: QShowEvent) -> None:
        """Look anew: not every system tells what happens in a folder on a network."""
        super().showEvent(event)
        self._watch.refresh()
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember the place."""
        super().hideEvent(event)
        self._remember()

    def shut_down(self) -> None:
        """Remember the place; the window closes."""
        self._remember()

    # -- reading -------------------------------------------------------------------------------

    @property
    def is_reading(self) -> bool:
        """Whether a lesson is on show, and not the list."""
        return self._stack.currentWidget() is self._reading

    def open(self, key: str, query: str = "") -> None:
        """Show a lesson where the reader was, or where `query` stands."""
        volume = self._contents.find(key)
        if volume is None:
            return
        self._remember()
        self._stack.setCurrentWidget(self._reading)
        self._say("")
        self.reader.open(volume.lesson, self._places.get(key, 0), query)
        self.reader.setFocus()
        self._remember()
        self._show_bar()

    def show_list(self) -> None:
        """Show the list, with the lesson that was read last."""
        self._remember()
        self._stack.setCurrentWidget(self.list_page)
        shown = self.reader.lesson
        self.list_page.show_contents(self._contents, shown.name.key if shown else "")
        self.list_page.list.setFocus()
        self._show_bar()

    def _open_remembered(self) -> None:
        settings = self._desk.controller.settings
        self._places[settings.lesson] = settings.lesson_paragraph
        volume = self._contents.find(settings.lesson)
        if volume is not None:
            self._stack.setCurrentWidget(self._reading)
            self.reader.open(volume.lesson, settings.lesson_paragraph)
            self._show_bar()

    def _remember(self) -> None:
        shown = self.reader.lesson
        if shown is not None and self.is_reading:
            key, paragraph = shown.name.key, self.reader.paragraph
            self._places[key] = paragraph
            settings = self._desk.controller.settings
            if (settings.lesson, settings.lesson_paragraph) != (key, paragraph):
                self._desk.controller.change(lesson=key, lesson_paragraph=paragraph)

    def _neighbour(self, step: int) -> str:
        """The key of the lesson before or after this one; "": there is none."""
        volumes, shown = self._contents.volumes, self.reader.lesson
        found = self._contents.find(shown.name.key) if shown else None
        at = found.number - 1 + step if found else -1
        return volumes[at].lesson.name.key if 0 <= at < len(volumes) else ""

    def _step(self, step: int) -> None:
        key = self._neighbour(step)
        if key:
            self._places.pop(key, None)  # who turns the page begins at its top
            self.open(key)

    def _show_bar(self) -> None:
        shown = self.reader.lesson if self.is_reading else None
        volume = self._contents.find(shown.name.key) if shown else None
        of = tr("lessons.number", number=volume.number if volume else 0,
                count=len(self._contents.volumes))  # fmt: skip
        self._number.setText(of if volume else "")
        self._actions["contents"].setEnabled(shown is not None)
        self._actions["adapt"].setEnabled(volume is not None and not volume.is_own)
        for name, step in (("previous", -1), ("next", 1)):
            key = self._neighbour(step) if shown else ""
            other = self._contents.find(key) if key else None
            action = self._actions[name]
            action.setEnabled(other is not None)
            tip = tr(f"lessons.{name}")
            action.setToolTip(
                f"{tip} ({_KEYS[name]})" + (f"\n{other.lesson.title}" if other else "")
            )

    # -- links ---------------------------------------------------------------------------------

    def _on_link(self, href: str) -> None:
        link = parse_link(href)
        if link is None or link.scheme is not Scheme.LESSON:
            self._say(self._errands.run(href))
        elif self._contents.find(link.target) is None:
            self._say(tr("lessons.no_such_place", where=href))
        else:
            self.open(link.target)

    def _say(self, sentence: str) -> None:
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))
        self._error.clear_error()

    # -- the teacher's folder ------------------------------------------------------------------

    def _open_folder(self) -> None:
        """Make the folder if need be, and show it in the system's file manager."""
        try:
            make_folder(self._folder, language())
        except OSError as error:
            self._show_error(self.list_page.error, error)
            return
        self.list_page.error.clear_error()
        self._watch.refresh()
        show_folder(self._folder, self.list_page.error.show_error)

    def _adapt(self) -> None:
        """Copy the lesson on show into the teacher's folder, to be changed there."""
        shown = self.reader.lesson
        if shown is None:
            return
        try:
            copy = adapt(shown, self._folder, language())
        except OSError as error:
            self._show_error(self._error, error)
            return
        self._watch.refresh()
        self._look()
        self._say(tr("lessons.adapted", path=str(copy)))
        show_folder(self._folder, self.list_page.error.show_error)

    def _show_error(self, where: FieldError, error: OSError) -> None:
        reason = error.strerror or os.strerror(error.errno or 0)
        where.show_error(tr("lessons.no_folder", folder=str(self._folder), reason=reason))

    # -- looks ---------------------------------------------------------------------------------

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        self._column.setContentsMargins(px(8), px(4), px(8), px(8))
        self._inner.setSpacing(px(4))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        for name, action in self._actions.items():
            action.setText(tr(f"lessons.{name}"))
            keys = f" ({_KEYS[name]})" if name in _KEYS else ""
            action.setToolTip(tr(f"lessons.{name}_tip") + keys)
        self._say("")
        self._look()
        self._show_bar()
