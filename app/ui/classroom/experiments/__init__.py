"""Experiments: a list of them, and a page that runs the chosen one and tells what happens.

=======  ===================================================================
piece    the list beside the page, or one of them where there is no room
chooser  the list
page     the chosen experiment: its buttons, and where it stands
view     what is told, scrolled to what happens now
story    writes it: what to watch, the steps, expected beside measured
=======  ===================================================================
"""

from app.ui.classroom.experiments.piece import ExperimentsPiece

__all__ = ["ExperimentsPiece"]
