"""The frame of one piece of the classroom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.ui.widgets.titled_dock import TitledDock
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from app.ui.classroom.desk import Desk
    from app.ui.classroom.pieces import PieceSpec


def is_seen(widget: QWidget) -> bool:
    """Whether any part of it can be seen. For Qt, a dock under another's tab is visible too."""
    return not widget.visibleRegion().isEmpty()


class PieceDock(Worded, TitledDock):
    """Makes its piece when it is first shown; calls are recorded while it is visible.

    A piece may have `catch_up`, called when it can be seen again, `put_away`,
    called when its dock is closed, and `shut_down`.
    """

    def __init__(self, spec: PieceSpec, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"classroom_{spec.name}")
        self._spec = spec
        self._desk = desk
        # Also when another tab covers it: then it is hidden, and does not look.
        self.visibilityChanged.connect(self._on_visibility)
        self.toggleViewAction().toggled.connect(self._on_toggled)
        self.dress()

    def _on_visibility(self, visible: bool) -> None:
        classroom = self._desk.classroom
        if not visible:
            classroom.release(self)
            return
        self.piece()
        classroom.hold(self)
        self._ask("catch_up")

    def piece(self) -> QWidget:
        """Return what is in the frame, and make it if it was never shown."""
        if self.widget() is None:
            self.setWidget(self._spec.make(self._desk))
        return self.widget()

    def _on_toggled(self, on: bool) -> None:
        """End what the piece has running once it is closed, not when only a tab covers it."""
        if not on and self.isHidden():
            self._ask("put_away")

    def shut_down(self) -> None:
        """End what the piece has running; the window closes."""
        self._desk.classroom.release(self)
        self._ask("shut_down")

    def _ask(self, order: str) -> None:
        do = getattr(self.widget(), order, None)
        if do is not None:
            do()

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setWindowTitle(tr(f"classroom.{self._spec.name}"))
