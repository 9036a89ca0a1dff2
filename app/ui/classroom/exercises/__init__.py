"""Exercises that check themselves: a list, one to work at, and how its checks went.

=======  ===================================================================
piece    finds the exercises; the list or the one that is worked at
listing  the list, the teacher's folder, the results to take home
work     task, editor and results of one exercise
outcome  how the checks went, step by step
=======  ===================================================================
"""

from app.ui.classroom.exercises.piece import ExercisesPiece

__all__ = ["ExercisesPiece"]
