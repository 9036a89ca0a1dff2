"""Where a student writes Python: the text, what its keys do, what is marked at its lines.

=======  ====================================================
editor   the text with numbers, colours, badges and errors
typing   indenting, outdenting, commenting, a new line
output   what a program prints
=======  ====================================================
"""

from app.ui.classroom.editor.editor import CodeEditor
from app.ui.classroom.editor.output import OutputView

__all__ = ["CodeEditor", "OutputView"]
