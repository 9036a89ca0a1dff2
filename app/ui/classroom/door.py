"""The way into the classroom: its menu entries, its button, and what they switch."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QToolButton

from app.bridge.classroom import Classroom
from app.ui.classroom.desk import Desk
from app.ui.classroom.pieces import PIECES
from app.ui.classroom.projector import Projector
from app.ui.classroom.room import Room
from app.ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.bridge.controller import Controller
    from app.paths import Places
    from app.ui.actions import Actions
    from app.ui.clients import ClientPanel
    from app.ui.log import LogPanel
    from app.ui.service import Service


class Door:
    """Joins the classroom to the window. GUI thread."""

    def __init__(
        self,
        window: QMainWindow,
        controller: Controller,
        *,
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
        self.room = Room(window, setup, self.desk)
        self.projector = Projector(window, setup, self.desk)
        self._button = QToolButton()
        self._window = window

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the actions of the classroom's menu do."""
        change = self._controller.change
        handlers: dict[str, Callable[..., object]] = {
            "classroom": self.room.enter,
            "projector": self.projector.turn,
            "single_threaded": lambda on: change(single_threaded=on),
        }
        for spec in PIECES:
            handlers[f"piece_{spec.name}"] = partial(self.room.show_piece, spec.name)
        return handlers

    def fit(self, actions: Actions) -> None:
        """Put the button in its place, and keep the actions' marks true."""
        button = self._button
        button.setDefaultAction(actions["classroom"])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_role(button, "segment-only")
        self._window.menuBar().setCornerWidget(button, Qt.Corner.TopRightCorner)
        self.room.entered.connect(actions["classroom"].setChecked)
        self.projector.turned.connect(actions["projector"].setChecked)
        self.room.piece_shown.connect(lambda name, on: actions[f"piece_{name}"].setChecked(on))
        self._controller.settings_changed.connect(
            lambda settings: actions["single_threaded"].setChecked(settings.single_threaded)
        )
        actions["single_threaded"].setChecked(self._controller.settings.single_threaded)

    def end_projector(self) -> None:
        """Put type size and settings column back, before they are kept."""
        self.projector.turn(on=False)

    def close(self) -> None:
        """End what the pieces have running."""
        self.room.shut_down()
