"""The list of the lessons, what is wrong with some files, and the way to the teacher's folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.teaching.lessons.reading import MOST_BYTES, MOST_LINES
from app.teaching.lessons.shelf import MOST_FILES
from app.ui.theme import set_role, theme
from app.ui.widgets import FieldError, PlainLabel
from app.ui.widgets.labels import plain_tooltip
from app.ui.widgets.one_line import hold_what_is_shown
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from app.teaching.lessons.reading import Flaw
    from app.teaching.lessons.shelf import Contents, Volume

_KEY = Qt.ItemDataRole.UserRole


class ContentsPage(Worded, QWidget):
    """Tells which lesson was chosen. GUI thread."""

    lesson_chosen = Signal(str, str)  # its key, what is searched for
    folder_wanted = Signal()

    def __init__(self, folder: str) -> None:
        """`folder` is the teacher's, in the system's notation."""
        super().__init__()
        self._folder = folder
        self._contents: Contents | None = None
        self._current = ""
        self.search, self.list = QLineEdit(), QListWidget()
        self.nothing, self._how = PlainLabel(role="secondary"), PlainLabel(role="secondary")
        self.open_folder, self.error = QPushButton(), FieldError()
        self._lay_out()
        self._connect()
        self.dress()

    def _lay_out(self) -> None:
        self.search.setClearButtonEnabled(True)
        hold_what_is_shown(self.search)
        set_role(self.list, "contents")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        for label in (self.nothing, self._how):
            label.setWordWrap(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.search)
        self._column.addWidget(self.nothing)
        self._column.addWidget(self.list, 1)
        self._column.addWidget(self._how)
        self._column.addWidget(self.error)
        self._column.addWidget(self.open_folder, 0, Qt.AlignmentFlag.AlignLeft)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._fill)
        self.search.returnPressed.connect(self._open_first)
        # A click opens, as in a table of contents; so does Enter.
        self.list.itemClicked.connect(self._choose)
        self.list.itemActivated.connect(self._choose)
        self.open_folder.clicked.connect(self.folder_wanted)

    def show_contents(self, contents: Contents, current: str) -> None:
        """Show these; the lesson whose key is `current` is chosen. What is new comes into sight."""
        before = {_unnumbered(self.list.item(row)) for row in range(self.list.count())}
        self._contents, self._current = contents, current
        self._fill()
        items = [self.list.item(row) for row in range(self.list.count())]
        new = next((item for item in items if _unnumbered(item) not in before), None)
        if new is not None and before:
            self.list.scrollToItem(new)

    def _fill(self) -> None:
        contents, query = self._contents, self.search.text().strip().casefold()
        if contents is None:
            return
        self.list.clear()
        found = [volume for volume in contents.volumes if query in _words(volume)]
        for flaw in () if query else contents.flaws:  # first: who dropped the file looks for it
            item = QListWidgetItem(theme().icon("warning", "warning"), _sentence(flaw))
            item.setToolTip(plain_tooltip(flaw.file_name))
            self.list.addItem(item)
        for volume in found:
            self._add(volume)
        self.nothing.setVisible(not found)
        lost = "lessons.none_found" if query else "lessons.none"
        self.nothing.setText("" if found else tr(lost, text=self.search.text().strip()))

    def _add(self, volume: Volume) -> None:
        title = f"{volume.number}.  {volume.lesson.title}"
        item = QListWidgetItem(tr("lessons.own", title=title) if volume.is_own else title)
        item.setData(_KEY, volume.lesson.name.key)
        item.setToolTip(plain_tooltip(volume.lesson.path.name))
        self.list.addItem(item)
        if volume.lesson.name.key == self._current:
            self.list.setCurrentItem(item)

    def _choose(self, item: QListWidgetItem) -> None:
        key = item.data(_KEY)
        if key:
            self.lesson_chosen.emit(key, self.search.text().strip())

    def _open_first(self) -> None:
        items = [self.list.item(row) for row in range(self.list.count())]
        first = next((item for item in items if item.data(_KEY)), None)
        if first is not None:
            self._choose(first)

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        self._column.setSpacing(px(6))
        self.list.setIconSize(QSize(px(16), px(16)))
        self._fill()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.search.setPlaceholderText(tr("lessons.search"))
        self.search.setAccessibleName(tr("lessons.search"))
        self.list.setAccessibleName(tr("classroom.lessons"))
        self._how.setText(tr("lessons.how"))
        self.open_folder.setText(tr("lessons.folder"))
        tip = tr("lessons.folder_tip", folder=self._folder)
        self.open_folder.setToolTip(plain_tooltip(tip))
        self._fill()


def _unnumbered(item: QListWidgetItem) -> str:
    return item.text().partition(".  ")[2] if item.data(_KEY) else item.text()


def _words(volume: Volume) -> str:
    lesson = volume.lesson
    return f"{lesson.title}\n{lesson.text}\n{lesson.answer}".casefold()


def _sentence(flaw: Flaw) -> str:
    return tr(
        f"lessons.flaw_{flaw.fault}",
        name=flaw.file_name,
        detail=flaw.detail,
        limit=f"{MOST_BYTES // 1024} KB",
        lines=f"{MOST_LINES:,}",
        most=MOST_FILES,
    )
