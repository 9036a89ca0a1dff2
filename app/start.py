"""What every run begins with, with a window or without: the user's settings, and a journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.settings import ServerProfile, Settings, changed
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

    @property
    def profiles(self) -> tuple[ServerProfile, ...]:
        """The servers to open at once: all that the command line names, or the first."""
        return self.settings.servers if self.arguments.servers else (self.settings.server,)

    @property
    def framings(self) -> dict[int, str | None]:
        """How the console cuts what comes to each of these: as their addresses say, or as all."""
        usual = self.arguments.framing
        named = [values.get("framing") for values in self.arguments.servers] or [None]
        pairs = zip(self.profiles, named, strict=True)
        return {p.server_id: spec if isinstance(spec, str) else usual for p, spec in pairs}

    def open_journal(self, on_news: Callable[[], None], limit_bytes: int) -> Journal:
        """Open the journal the user named, or a new one. Raises JournalError, OSError."""
        from app.journal.journal import Journal  # the first paint needs neither
        from app.journal.shelf import Shelf

        path = self.arguments.journal or Shelf(self.places.journal_dir).new_path()
        return Journal(path, limit_bytes=limit_bytes, on_news=on_news)


def _wished(stored: Settings, arguments: Arguments) -> Settings:
    """Return the settings with the command line's wishes: of servers, they mean the first.

    Those that it names are the only ones of this run; each begins with the settings of the first.
    """
    first = {"selected_id": stored.servers[0].server_id} if arguments.listen else {}
    settings = changed(stored, **first, **arguments.overrides)
    if not arguments.servers:
        return settings
    free = max(profile.server_id for profile in stored.servers)
    servers = [
        changed(settings.server, **{"name": "", **values}, server_id=free + row)
        for row, values in enumerate(arguments.servers)
    ]
    servers[0] = replace(servers[0], server_id=settings.server.server_id)
    return changed(settings, servers=tuple(servers))


def listening_line(kind: str, endpoint: object, *, is_alone: bool) -> str:
    """Say to whoever started us where a server listens. Fixed words: programs read them."""
    plain = is_alone and kind == "tcp"
    return f"listening on {endpoint}" if plain else f"listening on {kind} {endpoint}"


def begin(arguments: Arguments, places: Places) -> Run:
    """Read the settings, put the command line's wishes over them, choose the language."""
    loaded = load_settings(places.settings_path)
    settings = _wished(loaded.settings, arguments)
    set_language(language_of(settings.language))
    return Run(arguments, places, loaded.settings, settings, loaded.problems)
