"""The window's commands: what each of them does, and why it perhaps can do nothing now."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit

from app.settings import number_limits
from app.ui import dialogs
from app.ui.actions import ACTIONS, Actions
from app.ui.certificates import Certificates
from app.ui.receive_desk import ReceiveDesk
from app.ui.share_desk import ShareDesk

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bridge.controller import Controller
    from app.ui.window import MainWindow

TYPE_STEP_PERCENT = 10


class Commands(Actions):
    """Gathers them from the window's parts, and gives them to its menus and bars. GUI thread."""

    def __init__(self, window: MainWindow, controller: Controller) -> None:
        self._window, self._controller = window, controller
        self._parts = (
            *(window.archive, window.log, window.clients),
            *(window.service, window.servers, window.rules, window.prepared, window.sending),
            *(Certificates(controller, window.setup), ReceiveDesk(window, controller)),
            ShareDesk(window, controller),
        )
        handlers = self._own_handlers() | window.classroom.handlers() | window.frames.handlers()
        for part in self._parts:
            handlers |= part.handlers()
        super().__init__(window, window.classroom.leading(handlers))
        self.fill(window.menuBar())
        for bar in (
            *(window.setup, window.log, window.clients, window.status, window.classroom),
            window.composer.bar,
        ):
            bar.take_commands(self)
        self.looked_at.connect(self.look)
        for changed in (
            window.clients.abilities_changed, window.log.abilities_changed, window.archive.changed,
            window.service.demos.changed, window.classroom.turned,
            controller.fleet.state_changed, controller.fleet.listed,
            controller.state_changed, controller.ticked, controller.settings_changed,
        ):  # fmt: skip
            changed.connect(self.look)

    def _own_handlers(self) -> dict[str, Callable[..., object]]:
        window = self._window
        found: dict[str, Callable[..., object]] = {
            "quit": window.close,
            "copy": self._copy,
            "show_setup": window.classroom.show_setup,
            "type_larger": partial(self._change_type, TYPE_STEP_PERCENT),
            "type_smaller": partial(self._change_type, -TYPE_STEP_PERCENT),
            "type_normal": partial(self._change_type, None),
            "full_screen": self._fill_screen,
            "focus_composer": window.composer.focus_editor,
            "checksum": self._find_checksum,
            "keys": partial(dialogs.show_keys, window),
            "about": partial(dialogs.show_about, window),
        }
        for spec in ACTIONS:
            if spec.group:  # it is called as the setting is
                value = spec.name.partition("_")[2]
                found[spec.name] = partial(self._choose, spec.group, value)
        return found

    def _find_checksum(self) -> None:
        """Put one together, or look for the one that the bytes marked in the log carry."""
        self._window.composer.bar.checksum.open_dialog(self._window.log.detail_dock.marked)

    def _choose(self, setting: str, value: str, _checked: bool) -> None:
        self._controller.change(**{setting: value})

    def look(self) -> None:
        """Switch every command on, or off with its reason."""
        size, (low, high) = self._type_size, number_limits(self._type_setting)
        self.explain(
            {
                "copy": "" if self._copier() is not None else "window.why_no_copy",
                "type_larger": "" if size < high else "window.why_largest",
                "type_smaller": "" if size > low else "window.why_smallest",
                "type_normal": "" if size != 100 else "window.why_normal",
            }
        )
        for part in self._parts:
            self.explain(part.why_not())

    # -- looks -----------------------------------------------------------------------------

    @property
    def _type_setting(self) -> str:
        return self._window.classroom.type_setting

    @property
    def _type_size(self) -> int:
        size: int = getattr(self._controller.settings, self._type_setting)
        return size

    def _change_type(self, step: int | None) -> None:
        """Make the type larger or smaller by `step` percent, or as usual."""
        low, high = number_limits(self._type_setting)
        wanted = 100 if step is None else self._type_size + step
        self._controller.change(**{self._type_setting: min(max(wanted, low), high)})

    def _fill_screen(self, on: bool) -> None:
        # By its flag: the window is then found again as it was, maximised too.
        window, full = self._window, Qt.WindowState.WindowFullScreen
        window.setWindowState(window.windowState() | full if on else window.windowState() & ~full)

    # -- copying ---------------------------------------------------------------------------

    def _copy(self) -> None:
        copy = self._copier()
        if copy is not None:
            copy()

    def _copier(self) -> Callable[[], object] | None:
        """What copies the selection where the keyboard is; None: there is nothing to copy."""
        focus, table, log = self._window.focusWidget(), self._window.clients.table, self._window.log
        if focus is table:
            return table.copy if table.selected_rows() else None
        if focus is log.view:
            return log.copy if log.view.selection else None
        if isinstance(focus, QLineEdit):
            return focus.copy if focus.hasSelectedText() else None
        if isinstance(focus, QPlainTextEdit | QTextEdit):
            return focus.copy if focus.textCursor().hasSelection() else None
        return getattr(focus, "copy", None)
