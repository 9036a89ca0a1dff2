"""What a page of the story is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.ui.widgets.worded import Worded
from app.wording import tr


class StoryPage(Worded, QWidget):
    """Something to be told or tried at the left of the stage. GUI thread.

    It is made with the desk when it is first shown, and kept. Its place in the table is in
    `pages`, its name the words `classroom.<key>`.
    """

    topic_changed = Signal()  # `topic` is another one

    key = ""  # of the class
    share = 0.34  # of the stage's width, until the user chooses another

    @property
    def topic(self) -> str:
        """What it is about now, as a name for good; the piece below is remembered for each."""
        return ""

    def title(self) -> str:
        """Return its name, in the language of now."""
        return tr(f"classroom.{self.key}")

    def enter(self) -> None:
        """It is the page on show from now on."""

    def leave(self) -> None:
        """Another page is on show; what runs may go on."""

    def put_away(self) -> None:
        """The class is over: end what runs."""

    def shut_down(self) -> None:
        """The window closes: end what runs, and wait for that."""

    def press_on(self) -> None:
        """F8: run, or take the next step."""

    def stop(self) -> None:
        """Shift+F12: end what was begun here."""

    def take_key(self, key: int) -> bool:
        """Do what a key of the whole stage means here (Space, Esc, arrows); False: nothing."""
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that nothing on the page wanted."""
        if not self.take_key(event.key()):
            super().keyPressEvent(event)
