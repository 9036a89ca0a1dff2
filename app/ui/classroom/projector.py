"""Projector mode: large type, no settings column, slow motion, a spotlight on what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.ui.classroom.spotlight import Spotlights

if TYPE_CHECKING:
    from app.ui.classroom.desk import Desk
    from app.ui.classroom.folding import Folding


class Projector(QObject):
    """Turns the mode on and off; what it changes is put back. GUI thread."""

    turned = Signal(bool)

    def __init__(self, setup: Folding, desk: Desk) -> None:
        super().__init__(desk)
        self._setup = setup
        self._desk = desk
        self._spotlights: Spotlights | None = None
        self._usual_percent: int | None = None  # the type size outside of the mode

    @property
    def is_on(self) -> bool:
        """Whether the mode is on."""
        return self._usual_percent is not None

    def turn(self, on: bool) -> None:
        """Turn the mode on or off."""
        if on is self.is_on:
            return
        if on:
            self._begin()
        else:
            self._end()
        self.turned.emit(on)

    def _begin(self) -> None:
        controller = self._desk.controller
        self._usual_percent = controller.settings.type_percent
        self._setup.fold(self)
        controller.settings_changed.connect(self._follow)
        controller.change(type_percent=controller.settings.projector_percent)

    def _end(self) -> None:
        assert self._usual_percent is not None
        controller = self._desk.controller
        controller.settings_changed.disconnect(self._follow)
        percent, self._usual_percent = self._usual_percent, None
        self._setup.unfold(self)
        self._slow_down(0)
        self._light(on=False)
        controller.change(type_percent=percent)

    def _follow(self) -> None:
        """Do what the settings say, and remember the size for the next time."""
        controller = self._desk.controller
        settings = controller.settings
        self._slow_down(settings.slow_motion_ms)
        self._light(on=settings.spotlight)
        if settings.projector_percent != settings.type_percent >= 100:
            controller.change(projector_percent=settings.type_percent)

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
