"""The banners above the table: what cannot be said beside a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QThread, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.widgets import Banner
from app.wording import tr
from app.wording.amounts import size_text
from app.wording.sentences import (
    encoding_label,
    journal_error_sentence,
    journal_problem_sentence,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.journal.journal import JournalHealth
    from app.journal.shelf import ShelfItem


class Notices(QWidget):
    """One banner for each kind of news; a newer one of the same kind takes its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        kinds = ("health", "archive", "error", "warning", "crashed", "hint")
        self._banners = {name: Banner(self) for name in kinds}
        for banner in self._banners.values():
            column.addWidget(banner)
        self._search: _CrashSearch | None = None

    def say_error(self, text: str) -> None:
        """Something that was asked for did not work."""
        self._banners["error"].show_message("error", text)

    def say_warning(self, text: str) -> None:
        """Something is not as it should be."""
        self._banners["warning"].show_message("warning", text)

    def say_damaged(self, names: Sequence[str]) -> None:
        """Stored settings of these names could not be used."""
        if names:
            self.say_warning(tr("window.settings_damaged", names=", ".join(names)))

    def show_journal_failure(self, error: Exception) -> None:
        """The live journal could not be made."""
        self.say_error(journal_error_sentence(error))

    def show_health(self, health: JournalHealth) -> None:
        """The disk does not take what the clients send, or takes it again."""
        banner = self._banners["health"]
        if health.fault is None:
            banner.hide()
        else:
            banner.show_message("error", journal_problem_sentence(health), closable=False)

    def show_archive(self, name: str, leave: Callable[[], object]) -> None:
        """An old journal is shown."""
        banner = self._banners["archive"]
        banner.show_message("info", tr("window.archive", name=name), closable=False)
        banner.add_action(tr("window.archive_back"), leave)

    def hide_archive(self) -> None:
        """The live journal is shown."""
        self._banners["archive"].hide()

    def show_hint(
        self, client_id: int, current: str, suggested: str, take: Callable[[], object]
    ) -> None:
        """A client's bytes look like another encoding; one click takes it."""
        banner = self._banners["hint"]
        names = {"encoding": encoding_label(suggested), "current": encoding_label(current)}
        banner.show_message("info", tr("window.hint", id=client_id, **names))

        def switch() -> None:
            banner.hide()
            take()

        banner.add_action(tr("window.hint_take", **names), switch)

    def offer_crashed(self, folder: Path, enter: Callable[[Path], object]) -> None:
        """Look for journals of crashed runs in a thread of its own, and offer the newest."""
        if self._search is None:
            self._search = _CrashSearch(folder, self)
            self._search.found.connect(lambda item: self._offer(folder, item, enter))
            self._search.start()

    def _offer(self, folder: Path, item: ShelfItem, enter: Callable[[Path], object]) -> None:
        from app.journal.shelf import Shelf

        def settle() -> None:
            Shelf(folder).settle(item.path)

        banner = self._banners["crashed"]
        # Opened or closed by the user: either way it is not offered again.
        banner.closed.connect(settle)
        banner.show_message(
            "info", tr("window.crashed", name=item.path.name, size=size_text(item.size_bytes))
        )

        def open_it() -> None:
            banner.hide()
            settle()
            enter(item.path)

        banner.add_action(tr("window.crashed_open"), open_it)

    def wait(self) -> None:
        """Wait for the search in the background (the program ends)."""
        if self._search is not None:
            self._search.wait()


class _CrashSearch(QThread):
    """Finds the newest crashed journal, then prunes the shelf: file work in its own thread."""

    found = Signal(object)  # ShelfItem

    def __init__(self, folder: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._folder = folder

    def run(self) -> None:
        from app.journal.shelf import Shelf

        if not self._folder.is_dir():
            return
        shelf = Shelf(self._folder)
        crashed = shelf.crashed()
        if crashed:
            self.found.emit(crashed[0])
        shelf.prune()
