"""The catalogues: which words a key stands for in the language of the moment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from app.paths import resource

LANGUAGES = ("zh_CN", "en")


class UnknownWordingError(KeyError):
    """A key that no catalogue has."""


class Catalogue:
    """Words by language and key.

    An area's file is read when its first key is asked for, so that a start reads only what the
    first window shows. Safe to use from any thread: at worst two threads read the same file.
    """

    def __init__(self, folder: Path, *, strict: bool) -> None:
        """Serve the files under `folder`; `strict` raises where a user would see a stopgap."""
        self._folder = folder
        self.strict = strict
        self._areas: dict[tuple[str, str], Mapping[str, str]] = {}
        self.language = LANGUAGES[0]

    def pattern(self, key: str, *, one: bool = False) -> str:
        """Return what `key` stands for; with `one`, the wording for a count of one if there is one.

        A missing key falls back to the other language, then to the key itself: a reader gets
        further with a word of the wrong language than with an error. Strict: UnknownWordingError.
        """
        for wanted in ([f"{key}.one"] if one else []) + [key]:
            found = self._look_up(self.language, wanted)
            if found is not None:
                return found
        if self.strict:
            raise UnknownWordingError(f"{self.language}: {key}")
        others = (self._look_up(other, key) for other in LANGUAGES if other != self.language)
        return next((found for found in others if found is not None), key)

    def _look_up(self, language_name: str, key: str) -> str | None:
        area, _, name = key.partition(".")
        words = self._areas.get((language_name, area))
        if words is None:
            words = self._read(language_name, area)
            self._areas[language_name, area] = words
        return words.get(name)

    def _read(self, language_name: str, area: str) -> Mapping[str, str]:
        path = self._folder / language_name / f"{area}.json"
        try:
            words: dict[str, str] = json.loads(path.read_bytes())
        except (OSError, ValueError):
            if self.strict:
                raise
            return {}
        return words


_catalogue = Catalogue(resource("i18n"), strict=False)


def tr(key: str, **fields: object) -> str:
    """Return the words for `key` in the current language, `fields` filled in."""
    pattern = _catalogue.pattern(key, one=fields.get("n") == 1)
    return pattern.format_map(fields) if fields else pattern


def be_strict() -> None:
    """Let a missing word raise UnknownWordingError: for tests; with a user it must never do so."""
    _catalogue.strict = True


def set_language(name: str) -> None:
    """Let `tr` speak `name`, one of LANGUAGES; raise ValueError for any other."""
    if name not in LANGUAGES:
        raise ValueError(name)
    _catalogue.language = name


def language() -> str:
    """Return the language that `tr` speaks now."""
    return _catalogue.language
