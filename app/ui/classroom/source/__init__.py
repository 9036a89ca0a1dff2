"""The source on display: the tutorial program, and Portside's own, with what runs there now."""

from app.ui.classroom.source.piece import SourcePiece

__all__ = ["SourcePiece"]
