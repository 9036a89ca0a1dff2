"""What a lane is called: a thread by its name, a client of an experiment by its letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.teaching.call_text import whole_text
from app.teaching.calls import BARE_SERVER, PLAYER
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.teaching.calls import Call, Lane
    from app.teaching.pairs import CallPairs

# Who is played with plain sockets, and is no client.
_ROLES = {PLAYER: "player", BARE_SERVER: "bare_server", "stranger": "stranger"}


def lane_name(lane: Lane) -> str:
    """Return the name, in the language of now; of a client it is one word, by a hard space."""
    if not lane.rests:
        return lane.name
    if lane.name in _ROLES:
        return tr(f"timeline.{_ROLES[lane.name]}")
    return tr("timeline.peer", name=lane.name)


def partner_texts(call: Call, pairs: CallPairs, name_of: Callable[[int], str]) -> list[str]:
    """Say what a call brought about in which lane, or what brought it about there."""
    return [
        tr(
            "timeline.leads_to" if cause is call else "timeline.comes_from",
            name=name_of(other.lane), call=whole_text(other),
        )
        for cause, effect in pairs.pairs_of(call.id)
        for other in ((effect if cause is call else cause),)
    ]  # fmt: skip
