"""Files that are written in the background, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from app.evidence.whole import whole_file
from app.models.task import Task

if TYPE_CHECKING:
    from PySide6.QtCore import QObject


class FileTask(Task):
    """Writes pieces into a file. Emits `done` with their number."""

    def __init__(
        self,
        name: str,
        path: Path,
        pieces: Iterable[bytes],
        total: int = 1,
        parent: QObject | None = None,
    ) -> None:
        """`pieces` are asked for in the thread `name`; there are `total` of them."""
        super().__init__(name, self._write, parent)
        self._path = path
        self._pieces = pieces
        self._total = total

    def _write(self, _task: Task) -> int:
        count = 0
        with whole_file(self._path, self.cancelled) as file:
            for piece in self._pieces:
                if self.cancelled():
                    break
                file.write(piece)
                count += 1
                self.report(count, self._total)
        return count
