"""The window stays within its screen: at any type size, with whatever is shown.

What finds no room gives way in this order: the parts shrink to their least, then the middle
scrolls. Smaller type brings everything back. In a class it rests: the stage fits by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from app.ui.theme import theme
from app.ui.widgets.popups import moved_inside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QMainWindow, QSplitter

LEAST_PX = 60  # of the middle, when it scrolls
FRAME = QSize(16, 40)  # of a window, as long as nobody knows it


class Middle(QScrollArea):
    """Holds the window's middle, and scrolls once that is told to be shorter than it can be."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self._lack = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        QApplication.instance().focusChanged.connect(self._follow_focus)  # type: ignore[union-attr]

    @property
    def lack(self) -> int:
        """So many pixels of its content's height it goes without."""
        return self._lack

    def go_without(self, lack: int) -> None:
        """Be content with a height `lack` pixels less than the content's least."""
        if lack != self._lack:
            self._lack = lack
            self.updateGeometry()

    @property
    def least(self) -> int:
        """The height that its content needs."""
        return self._content.minimumSizeHint().height()

    def minimumSizeHint(self) -> QSize:
        """What the content needs, less what it goes without."""
        bar = self.verticalScrollBar().sizeHint().width() if self._lack else 0
        width = self._content.minimumSizeHint().width() + bar
        return QSize(width, max(self.least - self._lack, 0))

    def viewportEvent(self, event: QEvent) -> bool:
        """What the content needs is what this needs."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().viewportEvent(event)

    def _follow_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """A key may lead to a part that has been scrolled away."""
        hidden = self._lack and new is not None and new.visibleRegion().isEmpty()
        if hidden and new is not None and self._content.isAncestorOf(new):
            self.ensureWidgetVisible(new)


class _Roomy(NamedTuple):
    """The window when there was room."""

    scale: float
    states: list[QByteArray]  # the window's own, then those of the splitters
    size: QSize


class ScreenFit(QObject):
    """Watches a window's screen, its type size and what its parts need. GUI thread."""

    def __init__(self, window: QMainWindow, middle: Middle, splitters: Sequence[QSplitter]) -> None:
        """`splitters`: their sizes come back, too, when smaller type does."""
        super().__init__(window)
        self._window = window
        self._middle = middle
        self._splitters = splitters
        self._roomy: _Roomy | None = None
        self._frame = FRAME  # the window's, as seen last
        self._left_size = QSize()  # of the window, as the last look left it
        self._left_alone = False  # nobody gave it another one, until the type was resized
        self.rests = False  # the window stays on its screen; nothing else is done
        self._scale = theme().scale
        self._resized = False  # the type, since the last look
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._keep_in)
        self._look_soon = QTimer(self, singleShot=True, interval=0)
        self._look_soon.timeout.connect(self._look)
        theme().resizing.connect(self._before_another_size)
        theme().changed.connect(self.look_later)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look when the window is shown, and when its parts need another size."""
        if event.type() == QEvent.Type.Show:
            self.look_later()
            handle = self._window.windowHandle()
            handle.screenChanged.connect(self.look_later, Qt.ConnectionType.UniqueConnection)
        elif event.type() == QEvent.Type.LayoutRequest:
            self._soon.start()
        return False

    def look_later(self) -> None:
        """Fit the window anew, once the new sizes are known."""
        self._look_soon.start()

    def forget(self) -> None:
        """The window has another state now."""
        self._roomy, self._resized = None, False

    # -- looking ---------------------------------------------------------------------------

    def _look(self) -> None:
        roomy, resized, before = self._roomy, self._resized, self._scale
        self._resized, self._scale = False, theme().scale
        if roomy is not None and resized and self._scale <= max(before, roomy.scale):
            self._bring_back(roomy)
        self._go_without()
        self._place()
        if self._roomy is not None and self._scale <= self._roomy.scale:
            self._roomy = None
        self._left_size = self._window.size()

    def _lacking(self) -> int:
        """How many pixels the window would be too high, if its middle did not scroll."""
        window = self._window
        needed = window.minimumSizeHint().height() + self._middle.lack
        return needed - self._limit().height()

    def _go_without(self) -> None:
        middle, lack = self._middle, 0
        if self._lacking() > 0:  # perhaps beside the middle
            around = self._window.height() - middle.height()
            lack = middle.least - max(self._limit().height() - around, theme().px(LEAST_PX))
        middle.go_without(max(0, lack))

    def _keep_in(self) -> None:
        """Parts need more or less than they did; the window may have grown with them."""
        self._go_without()
        window = self._window
        if window.height() > self._limit().height() or window.height() == window.minimumHeight():
            self._place()

    def _limit(self) -> QSize:
        """How large the window may be inside its frame."""
        window = self._window
        frame = window.frameGeometry().size() - window.size()
        if not (window.isMaximized() or window.isFullScreen()):
            # Just back from full screen it has none for a moment.
            frame = self._frame = self._frame if frame.isEmpty() else frame
        return window.screen().availableGeometry().size() - frame

    def settle(self) -> None:
        """Let the window's layout learn what its parts need now."""
        # A splitter tells the window in an event of its own.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        layout = self._window.layout()
        assert layout is not None
        layout.activate()

    def _place(self) -> None:
        """Bring it back from beyond the edges of its screen."""
        window = self._window
        if window.isMaximized() or window.isFullScreen() or not window.isVisible():
            return
        self.settle()
        wanted = window.size().boundedTo(self._limit())
        if wanted != window.size():
            window.resize(wanted)
        room, frame = window.screen().availableGeometry(), window.frameGeometry()
        inside = moved_inside(frame, room)
        if inside != frame:
            window.move(inside.topLeft())

    # -- larger type and back --------------------------------------------------------------

    def _before_another_size(self) -> None:
        if self.rests:
            return
        self._roomy = self._roomy or self._now()
        if not self._resized:  # from here on the window may grow with its parts by itself
            self._left_alone = self._window.size() in (self._left_size, self._roomy.size)
        self._resized = True

    def _now(self) -> _Roomy:
        states = [self._window.saveState(), *(splitter.saveState() for splitter in self._splitters)]
        return _Roomy(theme().scale, states, self._window.size())

    def _bring_back(self, roomy: _Roomy) -> None:
        window = self._window
        self._middle.go_without(0)
        self.settle()
        if self._left_alone and not window.isMaximized():
            window.resize(roomy.size)
        # Twice: a dock that comes from behind another learns its least size only when it is seen.
        for _ in range(2):
            window.restoreState(roomy.states[0])
            self.settle()
        for splitter, state in zip(self._splitters, roomy.states[1:], strict=True):
            splitter.restoreState(state)
