"""The pieces of the classroom, in the order of the menu."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.classroom.desk import Desk

_RIGHT, _BOTTOM = Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea


class PieceSpec(NamedTuple):
    """One piece: its class is made with the desk, when it is first shown."""

    name: str  # its words: `classroom.<name>`
    class_name: str  # in app.ui.classroom.<name>
    area: Qt.DockWidgetArea

    def make(self, desk: Desk) -> QWidget:
        """Import the piece and make it."""
        made: QWidget = getattr(import_module(f"app.ui.classroom.{self.name}"), self.class_name)(
            desk
        )
        return made


PIECES: tuple[PieceSpec, ...] = (
    PieceSpec("timeline", "TimelinePiece", _BOTTOM),
    PieceSpec("calls", "CallsPiece", _BOTTOM),
    PieceSpec("stream", "StreamPiece", _BOTTOM),
    PieceSpec("experiments", "ExperimentsPiece", _RIGHT),  # the first on its side: in front
    PieceSpec("source", "SourcePiece", _RIGHT),
    PieceSpec("crowd", "CrowdPiece", _RIGHT),
    PieceSpec("lessons", "LessonsPiece", _RIGHT),
)
