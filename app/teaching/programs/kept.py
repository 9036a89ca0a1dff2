"""A student's text, kept in a file of its own between two starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.paths import replace_file

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 256 * 1024


def read_program(path: Path) -> str | None:
    """Return a Python file's text; None where there is none. Raises OSError, ValueError.

    ValueError: it is too large, or no UTF-8.
    """
    if not path.exists():
        return None
    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        raise ValueError(str(path))
    return path.read_text(encoding="utf-8-sig")


def keep_program(path: Path, text: str) -> None:
    """Write it, whole or not at all. Raises OSError."""
    replace_file(path, text.encode("utf-8", "replace").decode())
