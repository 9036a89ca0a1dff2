"""The frame of one piece; the piece can be torn off, as a window for a second screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from app.ui.theme import theme
from app.ui.widgets import PlainLabel
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

SHARE = 0.6  # of its screen, for a window that nobody has given a size


class Place(Worded, QWidget):
    """Makes its piece when it is first shown. GUI thread.

    A piece may have `catch_up`, called when it can be seen again, and `shut_down`.
    """

    changed = Signal()  # made, torn off, or back

    def __init__(self, name: str, make: Callable[[], QWidget], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"classroom_{name}")
        self.name = name
        self._make = make
        self._piece: QWidget | None = None
        self._away: _Window | None = None
        self._geometry = QByteArray()  # of the window, the last time
        self._hint, self._back = PlainLabel(role="secondary"), QPushButton()
        self._hint.setWordWrap(True)
        self._back.clicked.connect(self.put_back)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self._hint, 0, Qt.AlignmentFlag.AlignCenter)
        self._box.addWidget(self._back, 0, Qt.AlignmentFlag.AlignCenter)
        self._hint.hide()
        self._back.hide()
        self.retranslate()

    @property
    def made(self) -> QWidget | None:
        """The piece, if it was ever shown."""
        return self._piece

    @property
    def piece(self) -> QWidget:
        """The piece; it is made if need be."""
        if self._piece is None:
            self._piece = self._make()
            self._box.insertWidget(0, self._piece, 1)
            self._piece.show()
            self.changed.emit()
        return self._piece

    @property
    def bar(self) -> QWidget | None:
        """The tools of the piece, while it is here; its frame shows them in a row of its own."""
        return None if self.is_torn else getattr(self._piece, "bar", None)

    def reveal(self) -> None:
        """Show it, and give it the keyboard."""
        piece = self.piece
        if self._away is not None:
            self._away.raise_()
            self._away.activateWindow()
        target = getattr(piece, "view", piece)
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Make the piece, and let it take over what came meanwhile."""
        super().showEvent(event)
        catch_up = getattr(self.piece, "catch_up", None)
        if catch_up is not None:
            catch_up()

    def release(self) -> QWidget:
        """Give the piece away: it goes back to where it came from."""
        piece, self._piece = self.piece, None
        return piece

    def shut_down(self) -> None:
        """End what the piece has running; the window closes."""
        shut_down = getattr(self._piece, "shut_down", None)
        if shut_down is not None:
            shut_down()

    # -- a window of its own -----------------------------------------------------------------------

    @property
    def is_torn(self) -> bool:
        """Whether the piece is in a window of its own."""
        return self._away is not None

    @property
    def geometry_away(self) -> QByteArray:
        """Of its window, now or the last time; empty: never."""
        return self._away.saveGeometry() if self._away is not None else self._geometry

    def remember(self, geometry: QByteArray) -> None:
        """It is to be found again where it was."""
        self._geometry = geometry

    def tear_off(self) -> None:
        """Put the piece into a window of its own, on another screen if there is one."""
        if self._away is not None:
            return
        away = self._away = _Window(self)
        away.closed.connect(self.put_back)
        take_bar = getattr(self.piece, "take_bar", None)
        if take_bar is not None:
            take_bar()
        away.take(self.piece)
        if self._geometry.isEmpty() or not away.restoreGeometry(self._geometry):
            away.setGeometry(_free_room(self))
        # The keys of the main window are meant here, too.
        away.addActions(self.window().actions())
        self._show_state()
        away.show()

    def put_back(self) -> None:
        """Take the piece back into its frame."""
        away, self._away = self._away, None
        if away is None:
            return
        self._geometry = away.saveGeometry()
        for dialog in away.findChildren(QDialog):
            dialog.close()  # in order: it may have a thread at work
        self._box.insertWidget(0, self.piece, 1)
        self.piece.show()
        away.hide()
        away.deleteLater()
        self._show_state()

    def _show_state(self) -> None:
        self._hint.setVisible(self.is_torn)
        self._back.setVisible(self.is_torn)
        self.retranslate()
        self.changed.emit()

    def retranslate(self) -> None:
        """Fetch the words of the language."""
        name = tr(f"classroom.{self.name}")
        self._hint.setText(tr("classroom.is_torn", name=name))
        self._back.setText(tr("classroom.put_back"))
        if self._away is not None:
            self._away.setWindowTitle(name)


class _Window(QWidget):
    """Holds a torn piece; closing it gives the piece back."""

    closed = Signal()

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner.window(), Qt.WindowType.Window)
        self._box = QVBoxLayout(self)
        edge = theme().px(6)
        self._box.setContentsMargins(edge, edge, edge, edge)

    def take(self, piece: QWidget) -> None:
        """Hold this one."""
        self._box.addWidget(piece)
        piece.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing is lost."""
        event.ignore()
        self.closed.emit()


def _free_room(beside: QWidget) -> QRect:
    """Return where a new window is out of the way: on another screen, or at the right."""
    here = beside.screen()
    others = [screen for screen in QGuiApplication.screens() if screen is not here]
    if others:
        return others[0].availableGeometry()
    room = here.availableGeometry()
    size = room.size() * SHARE
    return QRect(room.bottomRight() - QRect(room.topLeft(), size).bottomRight(), size)
