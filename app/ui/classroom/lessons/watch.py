"""Watches the teacher's folder: what is dropped in there appears at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from app.teaching.lessons.names import SUFFIX
from app.teaching.lessons.shelf import MOST_FILES

if TYPE_CHECKING:
    from pathlib import Path

SETTLES_MS = 150  # an editor writes a file in several steps


class FolderWatch(QObject):
    """Tells that something changed in a folder, or that the folder came or went. GUI thread."""

    changed = Signal()

    def __init__(self, folder: Path, parent: QObject, suffix: str = SUFFIX) -> None:
        """Files with this suffix count, and folders."""
        super().__init__(parent)
        self._folder, self._suffix = folder, suffix
        self._watcher = QFileSystemWatcher(self)
        self._settled = QTimer(self, singleShot=True, interval=SETTLES_MS)
        self._watcher.directoryChanged.connect(lambda _path: self._settled.start())
        self._watcher.fileChanged.connect(lambda _path: self._settled.start())
        self._settled.timeout.connect(self._on_settled)

    def refresh(self) -> None:
        """Watch what is there now: a file that an editor replaced is another one."""
        wanted = set(self._paths())
        watched = {*self._watcher.files(), *self._watcher.directories()}
        if watched - wanted:
            self._watcher.removePaths(sorted(watched - wanted))
        if wanted - watched:
            self._watcher.addPaths(sorted(wanted - watched))

    def _paths(self) -> list[str]:
        if not self._folder.is_dir():
            # Somebody may make it.
            return [str(self._folder.parent)] if self._folder.parent.is_dir() else []
        try:
            files = [p for p in sorted(self._folder.iterdir()) if self._counts(p)]
            files += [p for folder in files if folder.is_dir() for p in sorted(folder.iterdir())]
        except OSError:
            return []
        return [str(self._folder), *map(str, files[:MOST_FILES])]

    def _on_settled(self) -> None:
        self.refresh()
        self.changed.emit()

    def _counts(self, path: Path) -> bool:
        return path.suffix.lower() == self._suffix or path.is_dir()
