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

    @property
    def requirements(self) -> list[str]:
        """All requirements, as pip takes them."""
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
