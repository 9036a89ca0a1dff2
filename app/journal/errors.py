"""What the journal raises. Plain facts; `app.wording` makes the sentences."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path


class JournalError(Exception):
    """Base of what `app.journal` raises."""


class JournalBusy(JournalError):
    """Another process, or another Journal of this one, has the file locked."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class JournalClosed(JournalError):
    """Something was appended after `close`."""


class Unreadable(StrEnum):
    """Why a file cannot be used as a journal."""

    CANNOT_OPEN = "cannot_open"  # missing, a folder, no permission
    NOT_A_JOURNAL = "not_a_journal"  # some other file, or some other program's database
    DAMAGED = "damaged"  # a journal, but SQLite finds it malformed
    NEWER = "newer"  # written by a later version of this program


class JournalUnreadable(JournalError):
    """The file cannot be used as a journal; `system_text` is the system's own reason."""

    def __init__(self, path: Path, fault: Unreadable, system_text: str = "") -> None:
        super().__init__(f"{fault}: {path} {system_text}".rstrip())
        self.path = path
        self.fault = fault
        self.system_text = system_text
