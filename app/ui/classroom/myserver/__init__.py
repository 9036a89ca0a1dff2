"""My server: a program of the user's own, written, run, stopped and changed while others watch."""

from app.ui.classroom.myserver.piece import MyServerPiece

__all__ = ["MyServerPiece"]
