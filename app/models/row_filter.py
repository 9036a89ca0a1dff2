"""What is done with rows of the log that match: they are coloured, hidden, or shown alone.

A filter is data, kept in the settings of the program rather than of a server: the same words matter
in every journal, old ones too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Final

MATCHES: Final = ("text", "hex", "field")
DEEDS: Final = ("colour", "hide", "only")
HUES: Final = ("yellow", "orange", "red", "pink", "violet", "blue", "teal", "green")
MOST_FILTERS = 100


@dataclass(frozen=True, slots=True)
class RowFilter:
    """One of the list. The first that fits a row decides on its colour, and on whether it shows."""

    match: str = "text"
    pattern: str = ""  # text, hex with ??, or `field = value`
    case: bool = False  # upper and lower case differ
    deed: str = "colour"
    hue: str = "yellow"
    on: bool = True


Filters = tuple[RowFilter, ...]
_ALLOWED = {"match": MATCHES, "deed": DEEDS, "hue": HUES}
_SPECS = {spec.name: spec for spec in fields(RowFilter)}


def write_filters(filters: Iterable[RowFilter]) -> str:
    """Return a list as it is kept: JSON, "" for none."""
    found = [asdict(each) for each in filters]
    return json.dumps(found, ensure_ascii=False) if found else ""


def read_filters(text: str) -> Filters:
    """Return what was kept; what does not fit is left out."""
    try:
        found = json.loads(text) if text else []
    except (ValueError, RecursionError):
        return ()
    if not isinstance(found, list):
        return ()
    read = (_filter(each) for each in found[:MOST_FILTERS])
    return tuple(each for each in read if each is not None)


def _filter(value: object) -> RowFilter | None:
    if not isinstance(value, dict) or not value.keys() <= _SPECS.keys():
        return None
    for name, part in value.items():
        allowed = _ALLOWED.get(name)
        if type(part) is not type(_SPECS[name].default) or (allowed and part not in allowed):
            return None
    return RowFilter(**value)
