"""A part of the window that is found again as it was left."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QByteArray


class Kept(NamedTuple):
    """How to save a part, and how to restore it; Qt checks what it is given."""

    save: Callable[[], QByteArray]
    restore: Callable[[QByteArray], object]
