"""Projector mode: large type, no settings column, slow motion, a spotlight on what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QMainWindow,
    QSlider,
    QToolBar,
    QToolButton,
    QWidget,
)

from app.ui.classroom.spotlight import Spotlights
from app.ui.theme import theme
from app.ui.widgets import HeadingLabel, PlainLabel
from app.wording import tr

if TYPE_CHECKING:
    from app.settings import Settings
    from app.ui.classroom.desk import Desk

DELAYS_MS = (0, 250, 500, 1000, 2000)
STEP_PERCENT = 10


class Projector(QObject):
    """Turns the mode on and off; what it changes is put back. GUI thread."""

    turned = Signal(bool)

    def __init__(self, window: QMainWindow, setup: QWidget, desk: Desk) -> None:
        super().__init__(window)
        self._window = window
        self._setup = setup
        self._desk = desk
        self._bar: ProjectorBar | None = None
        self._spotlights: Spotlights | None = None
        self._before: tuple[int, bool] | None = None  # type size, whether setup was shown

    @property
    def is_on(self) -> bool:
        """Whether the mode is on."""
        return self._before is not None

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
        settings = controller.settings
        self._before = settings.type_percent, not self._setup.isHidden()
        self._setup.hide()
        if self._bar is None:
            self._bar = ProjectorBar(self._window)
            self._bar.changed.connect(lambda name, value: controller.change(**{name: value}))
            self._bar.end_requested.connect(lambda: self.turn(on=False))
            self._window.addToolBar(Qt.ToolBarArea.TopToolBarArea, self._bar)
        self._bar.show()
        controller.settings_changed.connect(self._follow)
        controller.change(type_percent=settings.projector_percent)

    def _end(self) -> None:
        assert self._before is not None
        assert self._bar is not None
        controller = self._desk.controller
        controller.settings_changed.disconnect(self._follow)
        type_percent, setup_shown = self._before
        self._before = None
        self._bar.hide()
        self._setup.setVisible(setup_shown)
        self._slow_down(0)
        self._light(on=False)
        controller.change(type_percent=type_percent)

    def _follow(self) -> None:
        """The settings are what the mode shows."""
        controller, bar = self._desk.controller, self._bar
        assert bar is not None
        settings = controller.settings
        bar.show_values(settings)
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


class ProjectorBar(QToolBar):
    """The mode's own controls."""

    changed = Signal(str, object)  # the name of a Settings field, a value that fits it
    end_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("projector")
        self.setMovable(False)
        self.toggleViewAction().setVisible(False)
        self._name, self._type_name, self._percent = HeadingLabel(), PlainLabel(), PlainLabel()
        self._slow_name = PlainLabel()
        self.type_size = QSlider(Qt.Orientation.Horizontal)
        self.type_size.setRange(100 // STEP_PERCENT, 250 // STEP_PERCENT)
        self.slow_motion = QComboBox()
        self.spotlight = QCheckBox()
        self.end = QToolButton()
        self.end.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.end.setIcon(theme().icon("close-x"))
        self._lay_out()
        # Not while dragged: each size lays the whole window out anew.
        self.type_size.setTracking(False)
        self.type_size.valueChanged.connect(
            lambda tens: self.changed.emit("type_percent", tens * STEP_PERCENT)
        )
        self.type_size.sliderMoved.connect(self._show_percent)
        self.slow_motion.activated.connect(
            lambda index: self.changed.emit("slow_motion_ms", DELAYS_MS[index])
        )
        self.spotlight.toggled.connect(lambda on: self.changed.emit("spotlight", on))
        self.end.clicked.connect(self.end_requested)
        theme().changed.connect(self._restyle)
        self._restyle()
        self._retranslate()

    def _lay_out(self) -> None:
        inside = QWidget()
        self._row = QHBoxLayout(inside)
        for widget in (
            self._name, self._type_name, self.type_size, self._percent, self._slow_name,
            self.slow_motion, self.spotlight,
        ):  # fmt: skip
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self._row.addWidget(self.end)
        self.addWidget(inside)

    def show_values(self, settings: Settings) -> None:
        """Show what is in force, telling nobody."""
        for control in (self.type_size, self.slow_motion, self.spotlight):
            control.blockSignals(True)
        self.type_size.setValue(round(settings.type_percent / STEP_PERCENT))
        nearest = min(DELAYS_MS, key=lambda delay_ms: abs(delay_ms - settings.slow_motion_ms))
        self.slow_motion.setCurrentIndex(DELAYS_MS.index(nearest))
        self.spotlight.setChecked(settings.spotlight)
        for control in (self.type_size, self.slow_motion, self.spotlight):
            control.blockSignals(False)
        self._percent.setText(f"{settings.type_percent} %")

    def _show_percent(self, tens: int) -> None:
        self._percent.setText(f"{tens * STEP_PERCENT} %")

    def _restyle(self) -> None:
        px = theme().px
        self._row.setContentsMargins(px(12), px(2), px(12), px(2))
        self._row.setSpacing(px(8))
        self.type_size.setFixedWidth(px(120))

    def _retranslate(self) -> None:
        self._name.setText(tr("classroom.projector"))
        self._type_name.setText(tr("classroom.type_size"))
        self.type_size.setAccessibleName(tr("classroom.type_size"))
        self._slow_name.setText(tr("classroom.slow_motion"))
        self.slow_motion.setAccessibleName(tr("classroom.slow_motion"))
        self.slow_motion.setToolTip(tr("classroom.slow_motion_tip"))
        chosen = max(self.slow_motion.currentIndex(), 0)
        self.slow_motion.clear()
        for delay_ms in DELAYS_MS:
            self.slow_motion.addItem(
                tr("classroom.seconds", n=f"{delay_ms / 1000:g}")
                if delay_ms
                else tr("classroom.full_speed")
            )
        self.slow_motion.setCurrentIndex(chosen)
        self.spotlight.setText(tr("classroom.spotlight"))
        self.spotlight.setToolTip(tr("classroom.spotlight_tip"))
        self.end.setText(tr("classroom.projector_end"))

    def changeEvent(self, event: QEvent) -> None:
        """New words at a language change."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)
