"""One lesson to read, with its answer folded away."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QResizeEvent,
    QShowEvent,
    QTextCharFormat,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from app.ui.classroom.lessons.dressing import show_markdown
from app.ui.theme import theme
from app.ui.widgets.tips import TipsInView
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtCore import QUrl

    from app.teaching.lessons.reading import Lesson

ANSWER = "answer:"  # a link of ours, which no lesson's scheme is
WIDEST_EM = 46  # longer lines are hard to follow
MOST_FINDS = 500


class Reader(TipsInView, QTextBrowser):
    """Shows a lesson; a link is only told. Tab goes from link to link, Enter follows. GUI thread.

    A place in a lesson is a paragraph's number: it holds at any size of type.
    """

    link_chosen = Signal(str)  # where it leads, as it stands in the file

    def __init__(self, tip_of: Callable[[str], str], parent: QWidget | None = None) -> None:
        """`tip_of` says in words what a link does."""
        super().__init__(parent)
        self._tip_of = tip_of
        self._lesson: Lesson | None = None
        self._answer_shown = False
        self._query = ""
        self._paragraph = 0
        self._settling = False  # the text is being laid out: who scrolls then is not the reader
        self._laid_out = QSizeF()
        self.setOpenLinks(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.anchorClicked.connect(self._on_link)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        theme().changed.connect(self._render)
        self._render()

    # -- what is shown -------------------------------------------------------------------------

    @property
    def lesson(self) -> Lesson | None:
        """The lesson on show."""
        return self._lesson

    def open(self, lesson: Lesson, paragraph: int = 0, query: str = "") -> None:
        """Show a lesson from a paragraph on, or from the first place where `query` stands."""
        if self._lesson is None or self._lesson.name.key != lesson.name.key:
            self._answer_shown = False
        self._lesson, self._query, self._paragraph = lesson, query, paragraph
        self._render()
        if query:
            self._show_first_find()

    def close_lesson(self) -> None:
        """Show nothing."""
        self._lesson = None
        self._paragraph = 0
        self.clear()

    def show_answer(self) -> None:
        """Unfold the answer where its link stands, and bring as much of it as fits into sight."""
        at, scrolled = self.document().blockCount() - 1, self.verticalScrollBar().value()
        self._answer_shown = True
        self._render()
        self.verticalScrollBar().setValue(scrolled)
        self.moveCursor(QTextCursor.MoveOperation.End)
        self.setTextCursor(QTextCursor(self.document().findBlockByNumber(at)))

    def _markdown(self) -> str:
        lesson = self._lesson
        if lesson is None:
            return ""
        if not lesson.answer:
            return lesson.text
        if self._answer_shown:
            return f"{lesson.text}\n\n## {tr('lessons.answer')}\n\n{lesson.answer}\n"
        return f"{lesson.text}\n\n[{tr('lessons.show_answer')}]({ANSWER})\n"

    def _render(self) -> None:
        """Show the lesson as it is now, with the same paragraph at the top."""
        with self._laying_out():
            show_markdown(self.document(), self._markdown())
            self.setAccessibleName(self._lesson.title if self._lesson else tr("classroom.lessons"))
            self.moveCursor(QTextCursor.MoveOperation.Start)
            self._mark_finds()
            self._keep_lines_short()

    # -- the place -----------------------------------------------------------------------------

    @property
    def paragraph(self) -> int:
        """The number of the paragraph at the top, from 0."""
        return self._paragraph

    def _on_scrolled(self, value: int) -> None:
        """The reader moved on; not so when the text is laid out anew, or first shown."""
        if not self._settling and self.isVisible() and self.document().size() == self._laid_out:
            middle = QPoint(self.viewport().width() // 2, 2)
            self._paragraph = self.cursorForPosition(middle).blockNumber() if value else 0

    @contextmanager
    def _laying_out(self) -> Iterator[None]:
        """Whoever scrolls meanwhile is not the reader; then the place is as before. May nest."""
        before, self._settling = self._settling, True
        try:
            yield
            if not before:
                self._settle()
        finally:
            self._settling = before

    def _settle(self) -> None:
        """Bring the paragraph to the top again, at the size of now."""
        document = self.document()
        layout = document.documentLayout()
        layout.pageCount()  # only then is all of it laid out
        block = document.findBlockByNumber(min(self._paragraph, document.blockCount() - 1))
        top = layout.blockBoundingRect(block).top() if self._paragraph else 0.0
        self._laid_out = document.size()
        self.verticalScrollBar().setValue(round(top))

    # -- finding -------------------------------------------------------------------------------

    def _mark_finds(self) -> None:
        """Mark every place where the query stands."""
        marks: list[QTextEdit.ExtraSelection] = []
        look = QTextCharFormat()
        look.setBackground(theme().colour("find"))
        found = self._next_find(QTextCursor(self.document()))
        while not found.isNull() and len(marks) < MOST_FINDS:
            mark = QTextEdit.ExtraSelection()
            mark.cursor, mark.format = found, look
            marks.append(mark)
            found = self._next_find(found)
        self.setExtraSelections(marks)

    def _next_find(self, after: QTextCursor) -> QTextCursor:
        return self.document().find(self._query, after) if self._query else QTextCursor()

    def _show_first_find(self) -> None:
        found = self._next_find(QTextCursor(self.document()))
        if not found.isNull():
            found.setPosition(found.selectionStart())
            self.setTextCursor(found)
            self.ensureCursorVisible()

    # -- links ---------------------------------------------------------------------------------

    def _on_link(self, url: QUrl) -> None:
        href = url.toString()
        if href == ANSWER:
            self.show_answer()
        else:
            self.link_chosen.emit(href)

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:
        """Fetch nothing, from nowhere: what a file names is only text."""
        return None

    def tip_at(self, where: QPoint) -> str:
        """What the link there does."""
        href = self.anchorAt(where)
        return tr("lessons.tip_answer") if href == ANSWER else self._tip_of(href) if href else ""

    # -- looks ---------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls. The size of type is the window's."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the lines short where there is much room, and the place where they break anew."""
        with self._laying_out():
            self._keep_lines_short()
            super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Qt brings the text cursor into sight when this is first shown: not here."""
        with self._laying_out():
            super().showEvent(event)

    def _keep_lines_short(self) -> None:
        widest = self.document().defaultFont().pixelSize() * WIDEST_EM
        side = max(0, (self.width() - widest) // 2) if widest > 0 else 0
        if self.viewportMargins().left() != side:
            self.setViewportMargins(side, 0, side, 0)
