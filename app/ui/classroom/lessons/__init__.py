"""The lessons: a list of them, one to read, and links that do what the text asks for."""

from app.ui.classroom.lessons.piece import LessonsPiece

__all__ = ["LessonsPiece"]
