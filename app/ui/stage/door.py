"""The way onto the stage and back: what its commands do, and the window as it was before."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton

from app.bridge.classroom import Classroom
from app.ui.classroom.desk import Desk
from app.ui.classroom.spotlight import Spotlights
from app.ui.stage.loan import Loan
from app.ui.stage.memory import Memory
from app.ui.stage.pages import PIECES
from app.ui.state import Kept
from app.ui.theme import set_role, theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QByteArray
    from PySide6.QtWidgets import QSplitter, QWidget

    from app.bridge.controller import Controller
    from app.paths import Places
    from app.ui.actions import Actions
    from app.ui.classroom.experiments import ExperimentsPiece
    from app.ui.fit import ScreenFit
    from app.ui.stage.page import StoryPage
    from app.ui.stage.stage import Stage
    from app.ui.window import MainWindow

# Commands whose part of the window is in a pane or below the time line meanwhile.
_LEADS_TO = {
    "focus_clients": "clients", "focus_composer": "composer", "focus_log": "log",
    "find": "log", "find_next": "log", "find_previous": "log",
}  # fmt: skip
_TITLES = {
    "clients": "window.focus_clients", "composer": "window.focus_composer",
    "setup": "window.show_setup",
}  # fmt: skip
_FULL = Qt.WindowState.WindowFullScreen


class Door(QObject):
    """Joins the stage to the window. GUI thread."""

    turned = Signal(bool)  # the stage is on, or off

    def __init__(
        self, window: MainWindow, controller: Controller, *, fit: ScreenFit, places: Places,
        splitters: tuple[QSplitter, ...],
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._window, self._controller, self._fit = window, controller, fit
        self._splitters = splitters
        self.classroom = Classroom(controller)
        self.desk = Desk(
            controller, self.classroom, log=window.log, clients=window.clients,
            service=window.service, places=places, parent=window,
        )  # fmt: skip
        self.desk.piece_wanted.connect(self.show_piece)
        self.desk.experiment_chosen.connect(self._show_experiment)
        self.desk.exhibit_changed.connect(lambda: window.archive.lend_log(self.desk.exhibit))
        self.desk.news.connect(window.archive.on_exhibit_news)
        self._button = QToolButton()
        self._memory = Memory()
        self._stage: Stage | None = None  # made when it is first entered
        self._spotlights: Spotlights | None = None
        self._loans: list[Loan] = []
        self._before: _Before | None = None  # the window outside of the class
        self._commands: Actions  # by `take_commands`
        controller.settings_changed.connect(self._follow)

    @property
    def is_on(self) -> bool:
        """Whether the window is the stage."""
        return self._before is not None

    @property
    def stage(self) -> Stage:
        """The stage; it is made if need be."""
        if self._stage is None:
            from app.ui.stage.stage import Stage

            menu = QMenu(self._window)
            menu.addActions(self._window.menuBar().actions())
            self._stage = stage = Stage(self.desk, self._commands, menu, self._memory)
            stage.seen.pane.turned.connect(self._mark_setup)
            stage.top.changed.connect(lambda name, value: self._controller.change(**{name: value}))
            stage.foot.concurrency_chosen.connect(
                lambda on: self._controller.change(single_threaded=on)
            )
        return self._stage

    @property
    def type_setting(self) -> str:
        """The setting that holds the type size in force."""
        return "projector_percent" if self.is_on else "type_percent"

    # -- commands ----------------------------------------------------------------------------------

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What the actions of the classroom's menu do."""
        change = self._controller.change
        handlers: dict[str, Callable[..., object]] = {
            "classroom": self.enter,
            "run_experiment": self.run_experiment,
            "run_program": lambda: self._page("myserver").press_on(),
            "stop_program": lambda: self._page("myserver").stop(),
            "check_exercise": lambda: self._page("exercises").press_on(),
            "single_threaded": lambda on: change(single_threaded=on),
            "next_page": partial(self._step_pages, 1),
            "previous_page": partial(self._step_pages, -1),
        }
        for spec in PIECES:
            handlers[f"piece_{spec.name}"] = partial(self.show_piece, spec.name)
        return handlers

    def leading(
        self, handlers: dict[str, Callable[..., object]]
    ) -> dict[str, Callable[..., object]]:
        """Return handlers of other parts that first bring their part into sight on the stage."""
        return handlers | {
            name: partial(self._lead, place, handlers[name]) for name, place in _LEADS_TO.items()
        }

    def show_setup(self, on: bool) -> None:
        """F9: the settings, at the window's side or in a pane."""
        if not self.is_on:
            self._window.setup.setVisible(on)
        elif on:
            self.reveal("setup")
        else:
            self.stage.seen.close_pane()

    def _lead(self, place: str, handler: Callable[..., object], *args: object) -> None:
        self.reveal(place)
        handler(*args)

    def reveal(self, name: str) -> None:
        """Bring a part of the window into sight, if the window is the stage."""
        if self.is_on:
            self.stage.reveal(name)

    def take_commands(self, commands: Actions) -> None:
        """Put the button in its place, and keep the actions' marks true."""
        self._commands = self.desk.commands = commands
        commands.explain({"stop_program": "window.why_no_program"})
        button = self._button
        button.setDefaultAction(commands["classroom"])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_role(button, "segment-only")
        self._window.menuBar().setCornerWidget(button, Qt.Corner.TopRightCorner)
        self.turned.connect(commands["classroom"].setChecked)
        self._controller.settings_changed.connect(
            lambda settings: commands["single_threaded"].setChecked(settings.server.single_threaded)
        )
        commands["single_threaded"].setChecked(self._controller.settings.server.single_threaded)

    def show_piece(self, name: str) -> None:
        """Show a page or a piece on the stage, and give it the keyboard."""
        self.enter(True)
        self.stage.reveal(name)

    def _page(self, name: str) -> StoryPage:
        self.enter(True)
        self.stage.turn_to(name)
        return self.stage.story.page

    def _experiments(self) -> ExperimentsPiece:
        from app.ui.classroom.experiments import ExperimentsPiece

        page = self._page("experiments")
        assert isinstance(page, ExperimentsPiece)
        return page

    def _show_experiment(self, experiment_id: str) -> None:
        self._experiments().choose(experiment_id)

    def run_experiment(self) -> None:
        """Run what the story shows, or take its next step; begins the class if need be."""
        self.enter(True)
        self.stage.story.page.press_on()

    def _step_pages(self, step: int) -> None:
        self.enter(True)
        self.stage.story.step(step)

    # -- in and out --------------------------------------------------------------------------------

    def enter(self, on: bool) -> None:
        """Turn the window into the stage, or back into what it was."""
        if on is self.is_on:
            return
        if on:
            with theme().sheet_last():
                self._enter()
        else:
            self._leave()
        self.turned.emit(on)

    def _enter(self) -> None:
        window, stage = self._window, self.stage
        self._before = _Before(window, self._fit, self._splitters)
        self._fit.rests = True
        self._lend()
        window.menuBar().hide()
        window.statusBar().hide()
        window.show_in_centre(stage)
        self._follow()
        self.classroom.hold(self)
        stage.open()
        stage.story.page.setFocus()

    def _lend(self) -> None:
        window, stage = self._window, self.stage
        detail = window.log.detail_dock
        parts = (window.notices, window.log, window.clients, window.composer, window.setup)
        self._loans = [Loan(part) for part in parts]
        window.removeDockWidget(detail)
        window.prepared.dock.hide()
        stage.notices_slot.addWidget(window.notices)
        stage.seen.lend_detail(detail)
        for name, words in _TITLES.items():
            stage.seen.pane.put(name, getattr(window, name), words)

    def _leave(self) -> None:
        assert self._before is not None
        window, stage = self._window, self.stage
        before, self._before = self._before, None
        self.classroom.release(self)
        stage.close_up()
        self._follow()
        detail = window.log.detail_dock
        detail.hide()
        stage.seen.give_back(_TITLES)
        for loan in reversed(self._loans):
            loan.give_back(as_it_is=loan.part is window.notices)
        self._loans.clear()
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, detail)
        window.menuBar().show()
        window.statusBar().show()
        stage.hide()
        window.show_in_centre(None)
        self._mark_setup("")
        self._fit.rests = False
        self._fit.forget()
        before.bring_back()
        self._fit.look_later()

    def _mark_setup(self, part: str) -> None:
        setup = self._window.setup
        self._commands["show_setup"].setChecked(
            part == "setup" if self.is_on else not setup.isHidden()
        )

    def _follow(self) -> None:
        """Do what the settings say."""
        settings, on = self._controller.settings, self.is_on
        theme().magnify(settings.projector_percent if on else None)
        delay_ms = settings.slow_motion_ms if on else 0
        if self.classroom.slow_motion_ms != delay_ms:
            self.classroom.set_slow_motion(delay_ms)
        if self._spotlights is None and on and settings.spotlight:
            self._spotlights = Spotlights(self.desk)
        if self._spotlights is not None:
            self._spotlights.turn(on and settings.spotlight)
        if on:
            self.stage.top.show_values(settings)
            self.stage.foot.show_values(settings)

    # -- between two starts ------------------------------------------------------------------------

    def kept(self) -> dict[str, Kept]:
        """What is found again at the next start."""
        return {
            "docks": Kept(self._window.saveState, self._window.restoreState),
            "stage": Kept(self._memory.save, self._memory.restore),
        }

    def shut_down(self) -> None:
        """End what the pieces have running."""
        if self._stage is not None:
            self._stage.shut_down()


class _Before(QObject):
    """The window as it was, to the pixel: brought back at once, and again at its old size."""

    def __init__(
        self, window: MainWindow, fit: ScreenFit, splitters: tuple[QSplitter, ...]
    ) -> None:
        super().__init__(window)
        self._window, self._fit, self._splitters = window, fit, splitters
        self._state: QByteArray = window.saveState()
        self._flags, self._where = window.windowState(), QRect(window.geometry())
        self._sizes = [splitter.saveState() for splitter in splitters]
        self._focus: QWidget | None = window.focusWidget()

    def bring_back(self) -> None:
        """Bring everything back; where the system takes its time, once more when it has."""
        window = self._window
        if (window.windowState() ^ self._flags) & (_FULL | Qt.WindowState.WindowMaximized):
            window.setWindowState(self._flags)
        if not window.isMaximized() and not window.isFullScreen():
            window.setGeometry(self._where)
        self._restore()
        if window.size() == self._where.size():
            self.deleteLater()
        else:
            window.installEventFilter(self)
        if self._focus is not None:
            self._focus.setFocus()

    def _restore(self) -> None:
        self._fit.settle()
        self._window.restoreState(self._state)
        for splitter, state in zip(self._splitters, self._sizes, strict=True):
            splitter.restoreState(state)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window has its size again."""
        if event.type() == QEvent.Type.Resize and self._window.size() == self._where.size():
            self._window.removeEventFilter(self)
            self._restore()
            self.deleteLater()
        return False
