"""What a line of text may hold."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QLineEdit

HIDDEN = re.compile("[\x00-\x08\x0a-\x1f\u2028\u2029]")  # Qt draws each of them as a space


def hold_what_is_shown(line: QLineEdit, written: Callable[[str], str] | None = None) -> None:
    """Let pasted line breaks and control characters be spaces in `line`, as they look there.

    `written` puts something in their place that can be seen.
    """
    line.setValidator(_OneLine(line, written or _as_shown))


def _as_shown(text: str) -> str:
    return HIDDEN.sub(" ", text.strip("\r\n"))


class _OneLine(QValidator):
    def __init__(self, line: QLineEdit, written: Callable[[str], str]) -> None:
        super().__init__(line)
        self._written = written

    def validate(self, text: str, position: int) -> object:
        """Accept anything; what could not be seen is changed."""
        if HIDDEN.search(text):
            position = len(self._written(text[:position]))
            text = self._written(text)
        return QValidator.State.Acceptable, text, position
