"""What a lane is called: a thread by its name, a client of an experiment by its letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.teaching.recorder import PLAYER
from app.wording import tr

if TYPE_CHECKING:
    from app.teaching.calls import Lane


def lane_name(lane: Lane) -> str:
    """Return the name, in the language of now; of a client it is one word, by a hard space."""
    if not lane.rests or lane.name == PLAYER:
        return lane.name
    return tr("timeline.peer", name=lane.name)
