"""The links of a lesson: a closed set of schemes, all of which stay inside the program."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Scheme(StrEnum):
    """What stands before the colon."""

    PIECE = "piece"  # shows a piece of the classroom
    EXPERIMENT = "experiment"  # shows an experiment, ready to run
    DEMO = "demo"  # starts a demo client of a kind
    ACTION = "action"  # does something in the window
    LESSON = "lesson"  # opens another lesson, by its name without language and `.md`


class Action(StrEnum):
    """What an action link can do."""

    OPEN = "open"  # the port
    ONE_THREAD = "one-thread"  # serve one client at a time
    MANY_THREADS = "many-threads"  # serve each in a thread of its own


class Link(NamedTuple):
    """A link that belongs to us; whether its target exists is another question."""

    scheme: Scheme
    target: str


Targets = Mapping[Scheme, frozenset[str]]  # what exists

_INLINE = re.compile(
    r"(?<![!\\])\[(?:[^\[\]\\]|\\.)*\]\(\s*<?(?P<href>[^()\s<>]+)>?(?:\s+[\"'][^\"'\n]*[\"'])?\s*\)"
)
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)


def parse_link(href: str) -> Link | None:
    """Return what a link leads to; None if it leads out of the program, or nowhere."""
    scheme, colon, target = href.partition(":")
    if not colon or not target or scheme not in list(Scheme):
        return None
    # A lesson's key is in small letters, as the systems' files are the same in both.
    return Link(Scheme(scheme), target.lower() if scheme == Scheme.LESSON else target)


def exists(link: Link, targets: Targets) -> bool:
    """Whether what it leads to exists."""
    return link.target in targets.get(link.scheme, frozenset())


def hrefs(prose: str) -> tuple[str, ...]:
    """Return where the links in Markdown lead, in order. `prose` has no code blocks any more."""
    # The code's place is kept, so that nothing before and behind it grows together.
    return tuple(found["href"] for found in _INLINE.finditer(_CODE.sub(" ", prose)))


def dangling(found: tuple[str, ...], targets: Targets) -> tuple[str, ...]:
    """Return those that name a place of ours that does not exist."""
    return tuple(href for href in found if (link := parse_link(href)) and not exists(link, targets))
