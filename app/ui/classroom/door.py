"""The way into the classroom: its menu entries, its button, and what they switch."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QToolButton

from app.bridge.classroom import Classroom
from app.ui.classroom.desk import Desk
from app.ui.classroom.folding import Folding
from app.ui.classroom.pieces import PIECES
from app.ui.classroom.projector import Projector
from app.ui.classroom.room import Room
from app.ui.state import Kept
from app.ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from app.bridge.controller import Controller
    from app.paths import Places
    from app.ui.actions import Actions
    from app.ui.classroom.bar import ClassroomBar
    from app.ui.clients import ClientPanel
    from app.ui.fit import ScreenFit
    from app.ui.log import LogPanel
    from app.ui.service import Service


class Door:
    """Joins the classroom to the window. GUI thread."""

    def __init__(
        self,
        window: QMainWindow,
        controller: Controller,
        *,
        fit: ScreenFit,
        setup: QWidget,
        log: LogPanel,
        clients: ClientPanel,
        service: Service,
        places: Places,
    ) -> None:
        self._controller = controller
        self.classroom = Classroom(controller)
        self.desk = Desk(
            controller,
            self.classroom,
            log=log,
            clients=clients,
            service=service,
            places=places,
            parent=window,
        )
        self._setup = Folding(setup)
        self.room = Room(window, fit, self._setup, self.desk)
        self.projector = Projector(self._setup, self.desk)
        self.desk.experiment_chosen.connect(self.room.show_experiment)
        self._button = QToolButton()
        self._bar: ClassroomBar | None = None  # made when it is first needed
        self._window = window

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the actions of the classroom's menu do."""
        change = self._controller.change
        handlers: dict[str, Callable[..., object]] = {
            "classroom": self.room.enter,
            "projector": self.projector.turn,
            "run_experiment": self.room.run_experiment,
            "single_threaded": lambda on: change(single_threaded=on),
        }
        for spec in PIECES:
            handlers[f"piece_{spec.name}"] = partial(self.room.show_piece, spec.name)
        return handlers

    def take_commands(self, actions: Actions) -> None:
        """Put the button in its place, and keep the actions' marks true."""
        button = self._button
        button.setDefaultAction(actions["classroom"])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_role(button, "segment-only")
        self._window.menuBar().setCornerWidget(button, Qt.Corner.TopRightCorner)
        self.room.entered.connect(actions["classroom"].setChecked)
        self.projector.turned.connect(actions["projector"].setChecked)
        for turned in (self.room.entered, self.projector.turned):
            turned.connect(lambda: self._show_bar(actions["projector"]))
        self.room.piece_shown.connect(lambda name, on: actions[f"piece_{name}"].setChecked(on))
        self._controller.settings_changed.connect(
            lambda settings: actions["single_threaded"].setChecked(settings.single_threaded)
        )
        actions["single_threaded"].setChecked(self._controller.settings.single_threaded)

    def _show_bar(self, projector: QAction) -> None:
        if self._bar is None:
            from app.ui.classroom.bar import ClassroomBar

            self._bar = bar = ClassroomBar(projector, self._window)
            bar.changed.connect(self._on_bar)
            self._controller.settings_changed.connect(self._show_values)
            self._window.addToolBar(Qt.ToolBarArea.TopToolBarArea, bar)
        self._show_values()
        self._bar.show_projector(on=self.projector.is_on)
        self._bar.setVisible(self.projector.is_on or self.room.is_entered)

    def _show_values(self) -> None:
        settings = self._controller.settings
        if self._bar is not None:
            self._bar.show_values(settings, getattr(settings, self.projector.type_setting))

    def _on_bar(self, name: str, value: object) -> None:
        if name == "type_percent":
            name = self.projector.type_setting
        self._controller.change(**{name: value})

    def kept(self) -> dict[str, Kept]:
        """What of the window's layout is found again at the next start."""
        return {**self.room.kept(), "setup": Kept(self._setup.save, self._setup.restore)}

    def end_projector(self) -> None:
        """Unfold the settings column, before the layout is kept."""
        self.projector.turn(on=False)

    def close(self) -> None:
        """End what the pieces have running."""
        self.room.shut_down()
