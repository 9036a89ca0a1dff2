"""What an experiment tells, scrolled to what happens now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QAbstractSlider, QFrame, QTextEdit

from app.ui.classroom.experiments.story import Story, Stretch, columns_from_px
from app.ui.theme import theme
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from app.teaching.experiments.catalogue import Experiment
    from app.teaching.experiments.performance import Performance

# They belong to the experiment, not to the text: see the piece.
_NOT_OURS = (
    Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape,
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End,
)  # fmt: skip
_Scroll = QAbstractSlider.SliderAction
_SCROLLS = {
    Qt.Key.Key_Up: _Scroll.SliderSingleStepSub,
    Qt.Key.Key_Down: _Scroll.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: _Scroll.SliderPageStepSub,
    Qt.Key.Key_PageDown: _Scroll.SliderPageStepAdd,
}


class StoryView(Worded, QTextEdit):
    """Text to read, to select and to copy. GUI thread."""

    copy_requested = Signal()  # with nothing selected: the whole result

    def __init__(self) -> None:
        super().__init__()
        self._experiment: Experiment | None = None
        self._run: Performance | None = None
        self._looked_at = -1
        self._seen: Stretch | None = None
        self._is_wide = False
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        # No caret: the arrows scroll.
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # Bytes as Python shows them are one long word.
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme().changed.connect(self._write)
        self.dress()

    def show_story(
        self, experiment: Experiment, run: Performance | None, looked_at: int = -1
    ) -> None:
        """Tell what is known of this experiment now; `looked_at`: mark this step, looking back."""
        if experiment is not self._experiment or run is not self._run:
            self.verticalScrollBar().setValue(0)
            self._seen = None
        self._experiment, self._run, self._looked_at = experiment, run, looked_at
        self._write()

    def _write(self) -> None:
        if self._experiment is None:
            return
        bar = self.verticalScrollBar()
        before = bar.value()
        self._is_wide = self._has_room()
        story = Story(self.document(), wide=self._is_wide)
        story.write(self._experiment, self._run, self._looked_at)
        bar.setValue(before)
        if story.now is not None and story.now != self._seen:
            self._reveal(story.now)
        self._seen = story.now

    def _reveal(self, stretch: Stretch) -> None:
        """Scroll as little as shows all of it, and its beginning in any case."""
        bar = self.verticalScrollBar()
        top = self.cursorRect(self._at(stretch.start)).top() + bar.value()
        bottom = self.cursorRect(self._at(stretch.end)).bottom() + bar.value()
        margin = theme().px(8)
        least = bottom + margin - self.viewport().height()
        bar.setValue(min(max(bar.value(), least), max(top - margin, 0)))

    def _at(self, position: int) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        return cursor

    def _has_room(self) -> bool:
        # As if there were no scroll bar: that one comes and goes while the text is written.
        return self.maximumViewportSize().width() >= columns_from_px()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other columns in another width."""
        super().resizeEvent(event)
        if self._has_room() is not self._is_wide:
            self._write()

    def copy(self) -> None:
        """Copy what is selected; with nothing selected, ask for the whole result."""
        if self.textCursor().hasSelection():
            super().copy()
        else:
            self.copy_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that go on or cancel are left to the piece."""
        if event.key() in _NOT_OURS:
            event.ignore()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif (action := _SCROLLS.get(Qt.Key(event.key()))) is not None:
            self.verticalScrollBar().triggerAction(action)
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        """Any size is enough: it breaks its lines, and scrolls."""
        return QSize(theme().px(120), theme().px(60))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setAccessibleName(tr("laboratory.story"))
        self._write()
