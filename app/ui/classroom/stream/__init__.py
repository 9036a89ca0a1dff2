"""The byte stream: one client's bytes, the calls that brought them, and their characters."""

from app.ui.classroom.stream.piece import StreamPiece

__all__ = ["StreamPiece"]
