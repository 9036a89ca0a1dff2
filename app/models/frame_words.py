"""What a kit says of a frame: one line, what is wrong, and the values of some fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.frames.kits import Kit
from app.wording.frames import field_text


class FrameWords(NamedTuple):
    """A frame in words. Text from the network: data."""

    summary: str = ""
    wrong: str = ""  # what is not as the protocol wants it, and what would be right
    columns: tuple[str, ...] = ()  # the values of the fields that were asked for


def words_of(kit: Kit, frame: bytes, columns: Sequence[str] = ()) -> FrameWords:
    """Decode a frame. Not in the GUI thread: a kit may take its time."""
    fields = kit.decode(frame)
    wrong = " · ".join(field_text(each) for each in fields if each.is_wrong)
    if not columns:
        return FrameWords(kit.words(fields), wrong)
    shown = {each.name: each.shown for each in reversed(fields)}
    return FrameWords(kit.words(fields), wrong, tuple(shown.get(name, "") for name in columns))
