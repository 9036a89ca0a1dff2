"""The kits there are: built in and the user's own, which of them may run, and how they fare.

Nothing of the user's runs before it was switched on by name, nor what has changed since then,
unless its user is writing it. One that fails to load never takes the place of the one that works.
Any thread; what the user switches, the GUI thread.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from app.frames.kits import Kit, KitFault, load_kit


class KitState(Enum):
    """Whether a kit can be used."""

    OK = "ok"
    OFF = "off"  # by the user, or never switched on
    CHANGED = "changed"  # since the user switched it on
    FAILED = "failed"  # it does not load; what was loaded before goes on
    TIRED = "tired"  # too many errors in a row: off until it is saved again


@dataclass(slots=True)
class KitItem:
    """One kit of the shelf."""

    id: str
    path: Path
    own: bool
    state: KitState
    kit: Kit | None = None  # the one that works
    fault: KitFault | None = None
    writing: bool = False  # a change needs no new consent
    mark: str = ""  # of the file that was looked at last


class KitShelf:
    """Kits by their ids; the user's own comes before one of ours with the same id."""

    def __init__(
        self, built_in: Path, own: Path, choices: str = "", *, trusting: bool = False
    ) -> None:
        """`choices` is what `choices` said when it was kept; `trusting` lets all of them run."""
        self.built_in, self.own, self._trusting = built_in, own, trusting
        self._items: dict[Path, KitItem] = {}
        self._guard = threading.RLock()
        self._choices: dict[str, dict[str, object]] = _read(choices)

    @property
    def choices(self) -> str:
        """What the user switched on and off, to be kept."""
        return json.dumps(self._choices, sort_keys=True) if self._choices else ""

    def find(self, kit_id: str) -> Kit | None:
        """Return the kit that is meant by an id; None if there is none that may run."""
        if Path(kit_id).name != kit_id or not kit_id:
            return None
        for path, own in self._paths(kit_id):
            item = self._look(path, own)
            if item is None:
                continue
            if item.kit is not None and item.state not in (KitState.OFF, KitState.CHANGED):
                return item.kit
            if not own:
                return None
        return None

    def items(self) -> list[KitItem]:
        """Return every kit, ours first. Loads what may run and was not loaded yet: slow once."""
        found = []
        for folder, own in ((self.built_in, False), (self.own, True)):
            for path in sorted(folder.glob("*.py")) if folder.is_dir() else ():
                item = self._look(path, own)
                if item is not None:
                    found.append(item)
        return found

    def own_item(self, kit_id: str) -> KitItem | None:
        """Return the user's kit of this id as it is now, whether it may run or not."""
        plain = Path(kit_id).name == kit_id and kit_id
        return self._look(self.own / f"{kit_id}.py", True) if plain else None

    def usable(self) -> list[Kit]:
        """Return the kits that may be chosen, by name."""
        ids = {item.id for item in self.items()}
        kits = [kit for kit_id in ids if (kit := self.find(kit_id)) is not None]
        return sorted(kits, key=lambda kit: kit.name.casefold())

    def switch(self, item: KitItem, on: bool) -> None:
        """Let a kit run as it is now, or not at all."""
        choice: dict[str, object] = {"on": on}
        if item.own and on:
            choice["sha256"] = _sha256(_source(item.path))
        self._choose(item, choice)

    def set_writing(self, item: KitItem, writing: bool) -> None:
        """Let changes of a kit run without being asked, or not."""
        self._choose(item, {**self._choices.get(_name(item), {}), "writing": writing})

    def _choose(self, item: KitItem, choice: dict[str, object]) -> None:
        if choice.get("on", True) and not item.own and not choice.get("writing"):
            self._choices.pop(_name(item), None)
        else:
            self._choices[_name(item)] = choice
        item.mark = ""  # look again
        self._look(item.path, item.own)

    def _paths(self, kit_id: str) -> Iterator[tuple[Path, bool]]:
        yield self.own / f"{kit_id}.py", True
        yield self.built_in / f"{kit_id}.py", False

    def _look(self, path: Path, own: bool) -> KitItem | None:
        """Return a kit as its file is now, loaded if it may be."""
        with self._guard:
            return self._look_alone(path, own)

    def _look_alone(self, path: Path, own: bool) -> KitItem | None:
        try:
            stat = path.stat()
        except OSError:
            self._items.pop(path, None)
            return None
        mark = f"{stat.st_mtime_ns} {stat.st_size}"
        item = self._items.get(path)
        if item is None:
            item = self._items[path] = KitItem(path.stem, path, own, KitState.OFF)
        if item.mark == mark:
            if item.kit is not None and item.state is KitState.OK and item.kit.health.tired:
                item.state = KitState.TIRED
            return item
        item.mark = mark
        item.fault = None
        source = _source(path)  # once: what runs is what was consented to
        item.state = self._may_run(item, source)
        if item.state is KitState.OK:
            self._load(item, source)
        return item

    def _may_run(self, item: KitItem, source: bytes) -> KitState:
        choice = self._choices.get(_name(item), {})
        item.writing = choice.get("writing") is True or self._trusting
        if not choice.get("on", not item.own or self._trusting):
            return KitState.OFF
        if not item.own or item.writing or choice.get("sha256") == _sha256(source):
            return KitState.OK
        return KitState.CHANGED

    def _load(self, item: KitItem, source: bytes) -> None:
        try:
            item.kit = load_kit(item.path, limited=item.own, source=source)
        except KitFault as fault:
            item.state, item.fault = KitState.FAILED, fault


def _name(item: KitItem) -> str:
    """A kit's name among the choices: ours and the user's of one id are two."""
    return item.id if item.own else f"/{item.id}"


def _source(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _sha256(source: bytes) -> str:
    return hashlib.sha256(source).hexdigest()


def _read(choices: str) -> dict[str, dict[str, object]]:
    try:
        found = json.loads(choices) if choices else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): value for name, value in found.items() if isinstance(value, dict)}
