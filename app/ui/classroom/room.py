"""Arranges the window for a class, and puts it back afterwards."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QByteArray, QObject, Qt, Signal

from app.ui.classroom.dock import PieceDock
from app.ui.classroom.pieces import PIECES
from app.ui.state import Kept

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from app.ui.classroom.desk import Desk
    from app.ui.classroom.experiments import ExperimentsPiece
    from app.ui.classroom.folding import Folding
    from app.ui.fit import ScreenFit

# Of the window's width and height, what the docks take at first.
RIGHT_SHARE, BOTTOM_SHARE = 0.36, 0.28
_ACROSS, _DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical


class Room(QObject):
    """The docks of the pieces. GUI thread."""

    entered = Signal(bool)  # the window is arranged for a class, or is as before
    piece_shown = Signal(str, bool)  # a dock was shown or hidden, by whatever way

    def __init__(self, window: QMainWindow, fit: ScreenFit, setup: Folding, desk: Desk) -> None:
        """`setup` is the settings column, folded away meanwhile."""
        super().__init__(window)
        self._window = window
        self._setup = setup
        self._desk = desk
        self._docks: dict[str, PieceDock] = {}
        # The right side is the taller one: what is read there is text.
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self._before: QByteArray | None = None  # the window outside of a class
        self._arranged = QByteArray()  # the window in the last class
        self._fit = fit
        desk.piece_wanted.connect(lambda name: self.show_piece(name, True))

    @property
    def is_entered(self) -> bool:
        """Whether the window is arranged for a class."""
        return self._before is not None

    @property
    def docks(self) -> list[PieceDock]:
        """The docks that were made."""
        return list(self._docks.values())

    def enter(self, on: bool) -> None:
        """Arrange the window for a class, as it was in the last one; or put it back."""
        if on is not self.is_entered:
            if on:
                self._enter()
            else:
                self._leave()
            self.entered.emit(on)

    def show_piece(self, name: str, on: bool) -> None:
        """Show one piece, or hide it, in class or out of it."""
        self._dock(name).setVisible(on)
        if on:
            self._docks[name].raise_()

    def show_experiment(self, experiment_id: str) -> None:
        """Show the experiments with this one chosen; it is not run."""
        self._experiments().choose(experiment_id)

    def run_experiment(self) -> None:
        """Show the experiments and run the chosen one; while it waits, take the next step."""
        self._experiments().press_on()

    def _experiments(self) -> ExperimentsPiece:
        name = "experiments"
        if not self._dock(name).isVisible():
            self.show_piece(name, True)
        self._docks[name].raise_()
        return cast("ExperimentsPiece", self._docks[name].piece())

    def _enter(self) -> None:
        window = self._window
        self._before = window.saveState()
        self._setup.fold(self)
        docks = [self._dock(spec.name) for spec in PIECES]
        if self._arranged.isEmpty() or not window.restoreState(self._arranged):
            self._arrange(docks)
        self._fit.forget()
        self._fit.look_later()

    def _arrange(self, docks: list[PieceDock]) -> None:
        window = self._window
        first: dict[Qt.DockWidgetArea, PieceDock] = {}
        for spec, dock in zip(PIECES, docks, strict=True):
            window.addDockWidget(spec.area, dock)
            dock.show()
            if spec.area in first:
                window.tabifyDockWidget(first[spec.area], dock)
            else:
                first[spec.area] = dock
        for dock in first.values():
            dock.raise_()
        for area, size, direction in (
            (Qt.DockWidgetArea.RightDockWidgetArea, RIGHT_SHARE * window.width(), _ACROSS),
            (Qt.DockWidgetArea.BottomDockWidgetArea, BOTTOM_SHARE * window.height(), _DOWN),
        ):
            if area in first:
                window.resizeDocks([first[area]], [int(size)], direction)

    def _leave(self) -> None:
        assert self._before is not None
        self._arranged = self._fit.saved()
        self._fit.forget()
        before, self._before = self._before, None
        for dock in self._docks.values():
            dock.hide()
        self._window.restoreState(before)
        self._setup.unfold(self)
        self._fit.look_later()

    def _dock(self, name: str) -> PieceDock:
        dock = self._docks.get(name)
        if dock is None:
            spec = next(spec for spec in PIECES if spec.name == name)
            dock = self._docks[name] = PieceDock(spec, self._desk, self._window)
            self._window.addDockWidget(spec.area, dock)
            dock.hide()
            self._window.restoreDockWidget(dock)  # where it stood at the last start
            dock.toggleViewAction().toggled.connect(partial(self.piece_shown.emit, name))
        return dock

    # -- between two starts ------------------------------------------------------------------

    def kept(self) -> dict[str, Kept]:
        """The docks outside of a class, and in class."""
        return {
            "docks": Kept(self._save_outside, self._window.restoreState),
            "classroom": Kept(self._save_arranged, self._restore_arranged),
        }

    def _save_outside(self) -> QByteArray:
        return self._window.saveState() if self._before is None else self._before

    def _save_arranged(self) -> QByteArray:
        return self._arranged if self._before is None else self._fit.saved()

    def _restore_arranged(self, saved: QByteArray) -> None:
        self._arranged = saved

    def shut_down(self) -> None:
        """End what the pieces have running."""
        for dock in self._docks.values():
            dock.shut_down()
