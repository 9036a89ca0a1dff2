"""What can be wrong with regular expressions, apart from them: to tell it needs no engine."""

from __future__ import annotations


class PatternFault(ValueError):
    """No regular expression. `case`: "empty", "long" or "bad"; `part`: the reason, or the most."""

    def __init__(self, case: str, part: str = "") -> None:
        super().__init__(f"{case}: {part}")
        self.case = case
        self.part = part


class TooSlow(Exception):
    """A pattern took too long."""
