"""Demo clients: real sockets with habits of their own, started by the dozen."""

from app.ui.classroom.crowd.piece import CrowdPiece

__all__ = ["CrowdPiece"]
