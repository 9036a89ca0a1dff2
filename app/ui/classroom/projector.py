"""Projector mode: large type, no settings column, slow motion, a spotlight on what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.ui.classroom.spotlight import Spotlights
from app.ui.theme import theme

if TYPE_CHECKING:
    from app.ui.classroom.desk import Desk
    from app.ui.classroom.folding import Folding


class Projector(QObject):
    """Turns the mode on and off; what it changes lasts as long as it is on. GUI thread."""

    turned = Signal(bool)

    def __init__(self, setup: Folding, desk: Desk) -> None:
        super().__init__(desk)
        self._setup = setup
        self._desk = desk
        self._spotlights: Spotlights | None = None
        self.is_on = False
        desk.controller.settings_changed.connect(self._follow)

    @property
    def type_setting(self) -> str:
        """The setting that holds the type size in force."""
        return "projector_percent" if self.is_on else "type_percent"

    def turn(self, on: bool) -> None:
        """Turn the mode on or off."""
        if on is self.is_on:
            return
        self.is_on = on
        if on:
            self._setup.fold(self)
            self._follow()
        else:
            self._setup.unfold(self)
            self._slow_down(0)
            self._light(on=False)
            theme().magnify(None)
        self.turned.emit(on)

    def _follow(self) -> None:
        """Do what the settings say."""
        if self.is_on:
            settings = self._desk.controller.settings
            theme().magnify(settings.projector_percent)
            self._slow_down(settings.slow_motion_ms)
            self._light(on=settings.spotlight)

    def _slow_down(self, delay_ms: int) -> None:
        classroom = self._desk.classroom
        if delay_ms:
            classroom.hold(self)  # it is the recorder that holds the threads up
        if classroom.slow_motion_ms != delay_ms:
            classroom.set_slow_motion(delay_ms)
        if not delay_ms:
            classroom.release(self)

    def _light(self, *, on: bool) -> None:
        if self._spotlights is None:
            if not on:
                return
            self._spotlights = Spotlights(self._desk)
        self._spotlights.turn(on)
