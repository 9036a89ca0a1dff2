"""What a run without a window begins with: the user's settings and a journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.arguments import Arguments
from app.journal.journal import Journal
from app.journal.shelf import Shelf
from app.paths import Places, find_places
from app.settings import Settings, changed
from app.settings_file import SettingsProblem, load_settings
from app.wording import language_of, set_language, tr


@dataclass(frozen=True, slots=True)
class Run:
    """The settings of this run, and where its data goes."""

    arguments: Arguments
    settings: Settings
    places: Places
    problems: tuple[SettingsProblem, ...]


def begin(arguments: Arguments) -> Run:
    """Read the settings, put the command line's wishes over them, choose the language."""
    places = find_places(portable=arguments.portable)
    loaded = load_settings(places.settings_path)
    settings = changed(loaded.settings, **arguments.overrides)
    set_language(language_of(settings.language))
    return Run(arguments, settings, places, loaded.problems)


def open_journal(run: Run, on_news: Callable[[], None]) -> Journal:
    """Open the journal the user named, or a new one; the oldest of many are deleted.

    Raises JournalError, OSError.
    """
    path = run.arguments.journal
    if path is None:
        shelf = Shelf(run.places.journal_dir)
        path = shelf.new_path()
        shelf.prune()
    return Journal(path, limit_bytes=run.settings.journal_limit_bytes, on_news=on_news)


def settings_problem_sentence(problem: SettingsProblem) -> str:
    """Say what was wrong with the stored settings, and what became of it."""
    return tr(
        f"console.settings_{problem.fault}",
        name=problem.name,
        value=problem.value,
        file=problem.path,
        kept=problem.kept_as or "",
        reason=problem.system_text,
    )
