"""What pieces of the classroom have in common: tools, a view, what went wrong, files."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.saving import Saving
from app.ui.theme import theme
from app.ui.widgets import FieldError, OverflowBar
from app.ui.widgets.pace import Pace
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.classroom.desk import Desk
    from app.ui.widgets import FootBanner


def is_seen(widget: QWidget) -> bool:
    """Whether any part of it can be seen. What other windows cover counts as seen."""
    return not widget.visibleRegion().isEmpty()


class Piece(Worded, QWidget):
    """Tools above a view, which is brought up to date now and then while it is seen. GUI thread.

    Its words are `<name>.<tool>` and `<name>.<tool>_tip`; the view's name is `classroom.<name>`.
    """

    def __init__(self, desk: Desk, name: str, view: QWidget, refresh_ms: int) -> None:
        super().__init__()
        self._desk, self._name, self._view = desk, name, view
        self.tools: dict[str, QAction] = {}
        self._bar, self._error = OverflowBar(), FieldError()
        self._pace = Pace(self._refresh, refresh_ms, self)
        self._column = QVBoxLayout(self)
        theme().changed.connect(self.restyle)

    @property
    def bar(self) -> OverflowBar:
        """Its tools; whoever has room for them above may take them."""
        return self._bar

    def take_bar(self) -> None:
        """Have the tools at the top again."""
        self._column.insertWidget(0, self._bar)
        self._bar.show()

    def _add_tool(
        self, name: str, icon: str, order: Callable[[bool], object], *, checkable: bool = False
    ) -> None:
        """Add a button; `order` hears whether it is checked, by the user."""
        action = QAction(theme().icon(icon), "", self)
        action.setCheckable(checkable)
        action.triggered.connect(order)
        self.tools[name] = action
        self._bar.add_action(action)

    def _stack(self, *above: QWidget, below: QWidget | None = None) -> None:
        """Put the tools at the top, what may be said below them, then the view; once, at first."""
        for widget in (self._bar, self._error, *above):
            self._column.addWidget(widget)
        self._column.addWidget(self._view, 1)
        if below is not None:
            self._column.addWidget(below)
        self.restyle()

    # -- keeping up ----------------------------------------------------------------------------

    def _refresh(self) -> None:
        if is_seen(self):
            self.catch_up()

    def catch_up(self) -> None:
        """Take over what came, also while nobody saw it."""
        raise NotImplementedError

    # -- files ---------------------------------------------------------------------------------

    @cached_property
    def notice(self) -> FootBanner:
        """What is said at the view's foot."""
        from app.ui.widgets import FootBanner

        return FootBanner(self._view)

    @cached_property
    def saving(self) -> Saving:
        """Writes what is taken home."""
        return Saving(self.notice, self)

    def shut_down(self) -> None:
        """The window closes: nothing more is written or shown."""
        self._pace.stop()
        if "saving" in vars(self):
            self.saving.stop()

    # -- looks ---------------------------------------------------------------------------------

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        self._column.setContentsMargins(px(4), px(2), px(4), px(2))
        self._column.setSpacing(px(4))

    def retranslate(self) -> None:
        """Fetch the words of the language."""
        self._view.setAccessibleName(tr(f"classroom.{self._name}"))
        for name, action in self.tools.items():
            action.setText(tr(f"{self._name}.{name}"))
            action.setToolTip(tr(f"{self._name}.{name}_tip"))
