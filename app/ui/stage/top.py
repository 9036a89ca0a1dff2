"""The top of the stage: the pages of the story, type size, slow motion, light, the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from app.ui.stage.pages import PAGES
from app.ui.theme import set_role, theme
from app.ui.widgets import HeadingLabel, OverflowBar, PlainLabel, SegmentedButtons
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from app.settings import Settings
    from app.ui.actions import Actions

AROUND_PX = 60  # what is between and around its parts
DELAYS_MS = (0, 250, 500, 1000, 2000)


class Top(Worded, QWidget):
    """It tells each change, and changes nothing itself. GUI thread."""

    changed = Signal(str, object)  # the name of a Settings field, a value that fits it
    page_chosen = Signal(str)

    def __init__(self, commands: Actions, menu: QMenu) -> None:
        """`menu` holds the menus of the window, whose bar is hidden meanwhile."""
        super().__init__()
        self._heading = HeadingLabel()
        self.pages = SegmentedButtons(
            [(spec.name, f"classroom.{spec.name}") for spec in PAGES], name_key="classroom.story"
        )
        self._controls = OverflowBar()
        self._type_name, self.percent = PlainLabel(role="secondary"), PlainLabel()
        self._slow_name = PlainLabel(role="secondary")
        self.slow_motion, self.spotlight = QComboBox(), QCheckBox()
        self.leave_button, self.menu_button = QPushButton(), QToolButton()
        self._leave = commands["classroom"]
        self._lay_out(commands, menu)
        self.pages.changed.connect(self.page_chosen)
        self.leave_button.clicked.connect(self._leave.trigger)
        self.slow_motion.activated.connect(
            lambda index: self.changed.emit("slow_motion_ms", DELAYS_MS[index])
        )
        self.spotlight.toggled.connect(lambda on: self.changed.emit("spotlight", on))
        self.dress()

    def _lay_out(self, commands: Actions, menu: QMenu) -> None:
        controls = self._controls
        controls.add_widget(self._type_name)
        for name in ("type_smaller", "type_larger"):
            button = QToolButton()
            button.setAutoRaise(True)
            button.setDefaultAction(commands[name])
            controls.add_widget(button)
            if name == "type_smaller":
                controls.add_widget(self.percent)
        for widget in (self._slow_name, self.slow_motion, self.spotlight):
            controls.add_widget(widget)
        controls.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.menu_button.setIcon(theme().icon("list"))
        self.menu_button.setMenu(menu)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        set_role(self.menu_button, "segment-only")
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._heading)
        self._row.addWidget(self.pages)
        self._row.addStretch(1)
        self._row.addWidget(controls)
        self._row.addWidget(self.menu_button)
        self._row.addWidget(self.leave_button)

    def show_values(self, settings: Settings) -> None:
        """Show what is in force, telling nobody."""
        nearest = min(DELAYS_MS, key=lambda delay_ms: abs(delay_ms - settings.slow_motion_ms))
        self.slow_motion.setCurrentIndex(DELAYS_MS.index(nearest))
        self.spotlight.blockSignals(True)
        self.spotlight.setChecked(settings.spotlight)
        self.spotlight.blockSignals(False)
        self.percent.setText(f"{settings.projector_percent} %")

    def event(self, event: QEvent) -> bool:
        """There is another width, or a part wants another one."""
        done = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._fit()
        return done

    def _fit(self) -> None:
        """The controls go behind » first, then the pages into a menu: their names are not cut."""
        others = (self._heading, self.menu_button, self.leave_button)
        beside_px = sum(widget.sizeHint().width() for widget in others)
        beside_px += self._controls.minimumSizeHint().width() + theme().px(AROUND_PX)
        self.pages.fold(self.pages.whole_px > self.width() - beside_px)

    def restyle(self) -> None:
        """Take over the sizes of the moment."""
        px = theme().px
        self._row.setContentsMargins(px(10), px(1), px(10), px(1))
        self._row.setSpacing(px(8))

    def retranslate(self) -> None:
        """Fetch the words of the language."""
        self._heading.setText(tr("classroom.name"))
        self._type_name.setText(tr("classroom.type_size"))
        self._slow_name.setText(tr("classroom.slow_motion"))
        self.slow_motion.setAccessibleName(tr("classroom.slow_motion"))
        self.slow_motion.setToolTip(tr("classroom.slow_motion_tip"))
        chosen = max(self.slow_motion.currentIndex(), 0)
        self.slow_motion.clear()
        self.slow_motion.addItems([_delay_text(delay_ms) for delay_ms in DELAYS_MS])
        self.slow_motion.setCurrentIndex(chosen)
        self.spotlight.setText(tr("classroom.spotlight"))
        self.spotlight.setToolTip(tr("classroom.spotlight_tip"))
        self.leave_button.setText(tr("classroom.leave"))
        self.leave_button.setToolTip(tr("classroom.leave_tip"))
        self.menu_button.setToolTip(tr("classroom.menu"))
        self.menu_button.setAccessibleName(tr("classroom.menu"))


def _delay_text(delay_ms: int) -> str:
    if not delay_ms:
        return tr("classroom.full_speed")
    return tr("classroom.seconds", n=f"{delay_ms / 1000:g}")
