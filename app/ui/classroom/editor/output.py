"""What a program prints, each line with the thread that printed it; plain text, bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPlainTextEdit

from app.teaching.programs.output import MOST_LINES
from app.ui.classroom.tail import Tail
from app.ui.theme import theme
from app.ui.widgets.worded import Worded
from app.wording import tr

if TYPE_CHECKING:
    from app.teaching.programs.output import Output


class OutputView(Worded, QPlainTextEdit):
    """Follows its end until somebody scrolls back. GUI thread."""

    def __init__(self) -> None:
        super().__init__()
        self._output: Output | None = None
        self._shown = 0  # of the lines that were ever printed
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setMaximumBlockCount(MOST_LINES)
        self._tail = Tail(self)
        self.dress()

    def follow(self, output: Output | None) -> None:
        """Show what this one has printed since the last time; all of it if it is another."""
        if output is not self._output:
            self._output, self._shown = output, 0
            self.clear()
        if output is None or output.count == self._shown:
            return
        count, lines = output.count, output.lines()
        new = lines[-min(count - self._shown, len(lines)) :]
        self._shown = count
        with self._tail.quiet():
            self.appendPlainText("\n".join(f"{_short(each.thread)}  {each.text}" for each in new))
        self._tail.keep()

    def restyle(self) -> None:
        """Take over the sizes and colours of the moment."""
        self.setFont(theme().mono_font())

    def retranslate(self) -> None:
        """Fetch the words of the current language."""
        self.setAccessibleName(tr("editor.output"))
        self.setPlaceholderText(tr("editor.output_empty"))


def _short(thread: str) -> str:
    """Return `worker-2` for `worker-2 127.0.0.1:50000`."""
    return thread.split(" ")[0]
