"""The formats by name, for whoever only asks for one."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

STDOUT = "-"  # instead of a file's name


class Format(StrEnum):
    """What a journal is written as; the values are what the command line calls them."""

    TXT = "txt"
    CSV = "csv"
    JSONL = "jsonl"
    HTML = "html"
    RAW = "raw"
    PCAPNG = "pcapng"
    ZIP = "zip"

    @property
    def is_folder(self) -> bool:
        """Whether it is many files."""
        return self is Format.RAW

    @property
    def is_whole(self) -> bool:
        """Whether it holds the whole journal, whatever is selected."""
        return self is Format.ZIP

    @property
    def suffix(self) -> str:
        """What a file's name ends with; "" for a folder."""
        return "" if self.is_folder else f".{self}"


_ALSO = {".htm": Format.HTML, ".json": Format.JSONL, ".log": Format.TXT}


def format_of(path: Path) -> Format | None:
    """Return the format that a file's suffix asks for."""
    suffix = path.suffix.lower()
    return next((f for f in Format if f.suffix and f.suffix == suffix), _ALSO.get(suffix))
