"""Settings on disk: one JSON object, replaced as a whole.

What cannot be used costs as little as possible: a value that does not fit falls back alone, a
file that is no JSON object is kept aside as `.bad`. Both are reported as facts. Names that this
version does not know, such as those of a later version, are passed over in silence.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.paths import replace_file
from app.settings import MOST_SERVERS, BadSetting, ServerProfile, Settings, checked

if TYPE_CHECKING:
    from pathlib import Path


class SettingsFault(StrEnum):
    """What was wrong with stored settings."""

    DAMAGED_VALUE = "damaged_value"  # this setting fell back to its default
    DAMAGED_FILE = "damaged_file"  # no JSON object: kept aside, all settings fell back
    UNREADABLE = "unreadable"  # the system did not let us read; the file is untouched


@dataclass(frozen=True, slots=True)
class SettingsProblem:
    """One thing to tell the user after loading."""

    fault: SettingsFault
    path: Path
    name: str = ""  # DAMAGED_VALUE: the setting
    value: object = None  # DAMAGED_VALUE: what was stored
    kept_as: Path | None = None  # DAMAGED_FILE: where the old file lies now; None: not moved
    system_text: str = ""  # the system's own words, where it refused something


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The usable settings, and what was wrong."""

    settings: Settings
    problems: tuple[SettingsProblem, ...] = ()


def load_settings(path: Path) -> LoadedSettings:
    """Read the settings at `path`; all defaults where there is no file. Raises nothing."""
    try:
        stored = json.loads(path.read_bytes())
    except FileNotFoundError:
        return LoadedSettings(Settings())
    except OSError as error:
        problem = SettingsProblem(SettingsFault.UNREADABLE, path, system_text=str(error))
        return LoadedSettings(Settings(), (problem,))
    except (ValueError, RecursionError):  # not UTF-8, not JSON, or nested to exhaust the parser
        return _without_file(path)
    if not isinstance(stored, dict):
        return _without_file(path)
    return _pick_usable(path, stored)


def store_settings(path: Path, settings: Settings) -> None:
    """Replace the file at `path` in one step; raise OSError where that fails."""
    replace_file(path, json.dumps(asdict(settings), indent=2) + "\n")


def _pick_usable(path: Path, stored: dict[str, Any]) -> LoadedSettings:
    picking = _Picking(path)
    usable = picking.usable(Settings, stored, without=("servers",))
    # An earlier version knew one server, whose settings stood among the program's.
    servers = picking.servers(stored["servers"]) if "servers" in stored else []
    if not servers:
        servers = [ServerProfile(**picking.usable(ServerProfile, stored))]
    settings = Settings(**usable, servers=tuple(servers))
    return LoadedSettings(settings, tuple(picking.problems))


class _Picking:
    """Takes what can be used, and notes what can not."""

    def __init__(self, path: Path) -> None:
        self.problems: list[SettingsProblem] = []
        self._path = path

    def usable(
        self,
        owner: type[Settings | ServerProfile],
        stored: dict[str, Any],
        *,
        without: tuple[str, ...] = (),
        where: str = "",
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for spec in fields(owner):
            if spec.name not in stored or spec.name in without:
                continue
            try:
                found[spec.name] = checked(spec.name, stored[spec.name])
            except BadSetting as bad:
                self._damaged(f"{where}{bad.name}", bad.value)
        return found

    def servers(self, stored: object) -> list[ServerProfile]:
        """Read the list; a number that is missing or taken is replaced."""
        if not isinstance(stored, list) or not stored:
            self._damaged("servers", stored)
            return []
        found: dict[int, ServerProfile] = {}
        for row, values in enumerate(stored[:MOST_SERVERS], 1):
            where = f"servers[{row}]"
            if not isinstance(values, dict):
                self._damaged(where, values)
                continue
            profile = ServerProfile(**self.usable(ServerProfile, values, where=f"{where}."))
            if "server_id" not in values or profile.server_id in found:
                profile = replace(profile, server_id=max(found, default=0) + 1)
            found[profile.server_id] = profile
        return list(found.values())

    def _damaged(self, name: str, value: object) -> None:
        problem = SettingsProblem(SettingsFault.DAMAGED_VALUE, self._path, name, value)
        self.problems.append(problem)


def _without_file(path: Path) -> LoadedSettings:
    """Put a damaged file aside, because the next store would destroy what the user could mend."""
    bad = path.with_name(path.name + ".bad")
    try:
        path.replace(bad)
    except OSError as error:
        problem = SettingsProblem(SettingsFault.DAMAGED_FILE, path, system_text=str(error))
    else:
        problem = SettingsProblem(SettingsFault.DAMAGED_FILE, path, kept_as=bad)
    return LoadedSettings(Settings(), (problem,))
