"""What every run begins with, with a window or without: the user's settings, and a journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.settings import Settings, changed
from app.settings_file import SettingsProblem, load_settings
from app.wording import language_of, set_language

if TYPE_CHECKING:
    from app.arguments import Arguments
    from app.journal.journal import Journal
    from app.paths import Places


@dataclass(frozen=True, slots=True)
class Run:
    """The settings of this run, and where its data goes."""

    arguments: Arguments
    places: Places
    stored: Settings  # as the file has them
    settings: Settings  # with what the command line asks for, which holds for this run alone
    problems: tuple[SettingsProblem, ...]

    def open_journal(self, on_news: Callable[[], None], limit_bytes: int) -> Journal:
        """Open the journal the user named, or a new one. Raises JournalError, OSError."""
        from app.journal.journal import Journal  # the first paint needs neither
        from app.journal.shelf import Shelf

        path = self.arguments.journal or Shelf(self.places.journal_dir).new_path()
        return Journal(path, limit_bytes=limit_bytes, on_news=on_news)


def begin(arguments: Arguments, places: Places) -> Run:
    """Read the settings, put the command line's wishes over them, choose the language."""
    loaded = load_settings(places.settings_path)
    settings = changed(loaded.settings, **arguments.overrides)
    set_language(language_of(settings.language))
    return Run(arguments, places, loaded.settings, settings, loaded.problems)
