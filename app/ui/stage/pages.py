"""All that can be on the stage, in the order of its switches and of the menu.

A page or a piece is there as soon as its line is here: its words are `classroom.<name>`, its
command is `piece_<name>`, and a lesson leads to it with `piece:<name>`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.classroom.desk import Desk


class PieceSpec(NamedTuple):
    """One page or piece: its class is made with the desk, when it is first shown."""

    name: str
    class_name: str
    module: str  # in app.ui
    keys: str = ""  # portable text of QKeySequence

    def make(self, desk: Desk) -> QWidget:
        """Import it and make it."""
        made: QWidget = getattr(import_module(f"app.ui.{self.module}"), self.class_name)(desk)
        return made


# At the left, one at a time; each is a StoryPage.
PAGES: tuple[PieceSpec, ...] = (
    PieceSpec("experiments", "ExperimentsPiece", "classroom.experiments", "Alt+8"),
    PieceSpec("lessons", "LessonsPiece", "classroom.lessons", "Alt+9"),
    PieceSpec("exercises", "ExercisesPiece", "classroom.exercises", "Alt+X"),
    PieceSpec("myserver", "MyServerPiece", "classroom.myserver", "Alt+M"),
    PieceSpec("assembly", "AssemblyPiece", "classroom.assembly", "Alt+J"),
)
# At the right: the first always, below it one of the others, or the log.
SEEN: tuple[PieceSpec, ...] = (
    PieceSpec("timeline", "TimelinePiece", "classroom.timeline", "Alt+4"),
    PieceSpec("source", "SourcePiece", "classroom.source", "Alt+5"),
    PieceSpec("calls", "CallsPiece", "classroom.calls", "Alt+6"),
    PieceSpec("stream", "StreamPiece", "classroom.stream", "Alt+7"),
)
# For a while in the place of what is below the time line, beside parts of the window.
PANES: tuple[PieceSpec, ...] = (PieceSpec("crowd", "CrowdPiece", "classroom.crowd", "Alt+0"),)
PIECES = PAGES + SEEN + PANES
