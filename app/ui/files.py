"""Lets the user choose a file or a folder, and shows one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths

from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

_DOCUMENTS = QStandardPaths.StandardLocation.DocumentsLocation


def file_to_open(host: QWidget, title: str, kinds: str = "", place: str = "") -> Path | None:
    """Return the file that the user chose; None for none.

    At first `place` is shown, a folder or a file, or the documents.
    """
    from PySide6.QtWidgets import QFileDialog

    chosen, _ = QFileDialog.getOpenFileName(host, title, place or _documents(), kinds)
    return Path(chosen) if chosen else None


def file_to_save(
    host: QWidget, title: str, name: str, kinds: str, folder: str = ""
) -> tuple[Path, str] | None:
    """Return the place that the user chose, and which of `kinds`; None for none.

    `name` is proposed in `folder`, or among the documents where that is none.
    """
    from PySide6.QtWidgets import QFileDialog

    there = folder if folder and Path(folder).is_dir() else _documents()
    chosen, kind = QFileDialog.getSaveFileName(host, title, str(Path(there) / name), kinds)
    return (Path(chosen), kind) if chosen else None


def folder_to_fill(host: QWidget, title: str, folder: str) -> Path | None:
    """Return the folder that the user chose; None for none. `folder` is shown at first."""
    from PySide6.QtWidgets import QFileDialog

    chosen = QFileDialog.getExistingDirectory(host, title, folder)
    return Path(chosen) if chosen else None


def show_folder(folder: Path, say: Callable[[str], object]) -> None:
    """Have the system show a folder; where it shows none, `say` in a sentence where it is."""
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        say(tr("saving.not_shown", folder=str(folder)))


def _documents() -> str:
    return QStandardPaths.writableLocation(_DOCUMENTS)
