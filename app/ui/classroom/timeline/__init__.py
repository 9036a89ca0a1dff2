"""The thread time line: a lane for each thread, coloured by what the thread really did."""

from app.ui.classroom.timeline.piece import TimelinePiece

__all__ = ["TimelinePiece"]
