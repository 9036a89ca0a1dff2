"""What pyproject.toml asks for."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Wanted:
    """What to install: requirements by group, "base" and the names of extras."""

    groups: dict[str, tuple[str, ...]]

    pins: Path | None = None  # a file that names every file to install by its hash

    @property
    def requirements(self) -> list[str]:
        """All requirements, as pip takes them."""
        if self.pins is not None:
            return ["--require-hashes", "--requirement", str(self.pins)]
        return [requirement for group in self.groups.values() for requirement in group]

    @property
    def fingerprints(self) -> dict[str, str]:
        """For each group a text that changes when, and only when, its requirements change."""
        return {
            name: hashlib.sha256("\n".join(sorted(group)).encode()).hexdigest()
            for name, group in self.groups.items()
        }


def read_wanted(pyproject: Path, extras: tuple[str, ...]) -> Wanted:
    """Read the project's dependencies and those of `extras`."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    groups = {"base": tuple(project["dependencies"])}
    for extra in extras:
        groups[extra] = tuple(project["optional-dependencies"][extra])
    return Wanted(groups)


def read_pinned(pins: Path) -> Wanted:
    """Read a file of exact versions with their hashes: whenever it is built, it is the same."""
    return Wanted({"pinned": tuple(pins.read_text(encoding="utf-8").splitlines())}, pins)
