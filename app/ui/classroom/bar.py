"""The bar of the classroom: one thread or many, and the projector's type, speed and light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QToolBar,
    QWidget,
)

from app.ui.theme import theme
from app.ui.widgets import OverflowBar, PlainLabel, SegmentedButtons
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from app.settings import Settings

DELAYS_MS = (0, 250, 500, 1000, 2000)
STEP_PERCENT = 10


class ClassroomBar(Worded, QToolBar):
    """Shown in class and in projector mode. It tells each change, and changes nothing itself."""

    changed = Signal(str, object)  # the name of a Settings field, a value that fits it

    def __init__(self, projector: QAction, parent: QWidget) -> None:
        """`projector` turns projector mode on and off."""
        super().__init__(parent)
        self.setObjectName("classroom_bar")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._concurrency_name = PlainLabel(role="secondary")
        self.concurrency = SegmentedButtons(
            (("many", "classroom.many_threads"), ("one", "classroom.one_thread")),
            name_key="classroom.concurrency",
        )
        self._type_name, self._percent = PlainLabel(role="secondary"), PlainLabel()
        self.type_size = QSlider(Qt.Orientation.Horizontal)
        self.type_size.setRange(100 // STEP_PERCENT, 250 // STEP_PERCENT)
        # Not while dragged: each size lays the whole window out anew.
        self.type_size.setTracking(False)
        self._slow_name = PlainLabel(role="secondary")
        self.slow_motion = QComboBox()
        self.spotlight = QCheckBox()
        self._lay_out(projector)
        self._connect()
        self.show_projector(on=False)
        self.dress()

    def _lay_out(self, projector: QAction) -> None:
        controls = OverflowBar()
        # A slider would take all the room there is.
        self.type_size.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        controls.add_widget(self._concurrency_name)
        controls.add_widget(self.concurrency)
        controls.add_action(projector)
        for widget in self._projectors:
            controls.add_widget(widget)
        inside = QWidget()  # a tool bar has the same margin on all sides
        self._row = QHBoxLayout(inside)
        self._row.addWidget(controls)
        self.addWidget(inside)

    @property
    def _projectors(self) -> tuple[QWidget, ...]:
        return (
            self._type_name, self.type_size, self._percent, self._slow_name, self.slow_motion,
            self.spotlight,
        )  # fmt: skip

    def _connect(self) -> None:
        self.concurrency.changed.connect(
            lambda value: self.changed.emit("single_threaded", value == "one")
        )
        self.type_size.valueChanged.connect(
            lambda tens: self.changed.emit("type_percent", tens * STEP_PERCENT)
        )
        self.type_size.sliderMoved.connect(self._show_percent)
        self.slow_motion.activated.connect(
            lambda index: self.changed.emit("slow_motion_ms", DELAYS_MS[index])
        )
        self.spotlight.toggled.connect(lambda on: self.changed.emit("spotlight", on))

    def show_projector(self, *, on: bool) -> None:
        """Show what belongs to projector mode, or hide it."""
        for widget in self._projectors:
            widget.setVisible(on)

    def show_values(self, settings: Settings, type_percent: int) -> None:
        """Show what is in force, telling nobody."""
        self.concurrency.set_value("one" if settings.single_threaded else "many")
        controls = (self.type_size, self.slow_motion, self.spotlight)
        for control in controls:
            control.blockSignals(True)
        self.type_size.setValue(round(type_percent / STEP_PERCENT))
        nearest = min(DELAYS_MS, key=lambda delay_ms: abs(delay_ms - settings.slow_motion_ms))
        self.slow_motion.setCurrentIndex(DELAYS_MS.index(nearest))
        self.spotlight.setChecked(settings.spotlight)
        for control in controls:
            control.blockSignals(False)
        self._percent.setText(f"{type_percent} %")

    def _show_percent(self, tens: int) -> None:
        self._percent.setText(f"{tens * STEP_PERCENT} %")

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        px = theme().px
        self._row.setContentsMargins(px(12), px(3), px(12), px(3))
        self.type_size.setFixedWidth(px(110))
        self._percent.setMinimumWidth(self._percent.fontMetrics().horizontalAdvance("250 %"))

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self._concurrency_name.setText(tr("classroom.concurrency"))
        self.concurrency.setToolTip(tr("classroom.concurrency_tip"))
        self._type_name.setText(tr("classroom.type_size"))
        self.type_size.setAccessibleName(tr("classroom.type_size"))
        self._slow_name.setText(tr("classroom.slow_motion"))
        self.slow_motion.setAccessibleName(tr("classroom.slow_motion"))
        self.slow_motion.setToolTip(tr("classroom.slow_motion_tip"))
        chosen = max(self.slow_motion.currentIndex(), 0)
        self.slow_motion.clear()
        self.slow_motion.addItems([_delay_text(delay_ms) for delay_ms in DELAYS_MS])
        self.slow_motion.setCurrentIndex(chosen)
        self.spotlight.setText(tr("classroom.spotlight"))
        self.spotlight.setToolTip(tr("classroom.spotlight_tip"))


def _delay_text(delay_ms: int) -> str:
    if not delay_ms:
        return tr("classroom.full_speed")
    return tr("classroom.seconds", n=f"{delay_ms / 1000:g}")
