"""The sources that can be shown, each with its own way to say which line a call and a thread is at.

A page has `source`, its text; `line_of`, the line of a call that was made (0: none of this text);
and `standing`, how many threads are at each line now. Lines count from 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from app.teaching.own_source import own_line_of, read_source, threads_in
from app.teaching.tutorial_lines import TutorialLines

if TYPE_CHECKING:
    from collections import Counter

    from app.teaching.calls import Call
    from app.teaching.recorder import CallRecorder


class SourcePage(Protocol):
    """One text. GUI thread."""

    source: str

    def line_of(self, call: Call) -> int:
        """Return the line that made a call; 0 if none of this text did."""

    def standing(self, recorder: CallRecorder) -> Counter[int]:
        """Return how many threads stand at each line now."""


class TutorialPage:
    """The tutorial program: a line stands for the same call of Portside's threads."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._lines = TutorialLines(source)

    def line_of(self, call: Call) -> int:
        """See `SourcePage`."""
        return self._lines.line_of(call)

    def standing(self, recorder: CallRecorder) -> Counter[int]:
        """See `SourcePage`."""
        return self._lines.standing(recorder.lanes())


class OwnPage:
    """One of Portside's own modules, as it runs."""

    def __init__(self, module_name: str) -> None:
        """Raises OSError if the source did not ship with the program."""
        self.module_name = module_name
        self.source = read_source(module_name)

    def line_of(self, call: Call) -> int:
        """See `SourcePage`."""
        module, number = own_line_of(call)
        return number if module == self.module_name else 0

    def standing(self, recorder: CallRecorder) -> Counter[int]:
        """See `SourcePage`."""
        return threads_in(self.module_name, recorder.runs)
