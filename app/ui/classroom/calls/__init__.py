"""The call trace: every call of the sockets and threads, in Python's own words."""

from app.ui.classroom.calls.piece import CallsPiece

__all__ = ["CallsPiece"]
