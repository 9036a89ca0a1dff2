"""What bytes may be that a length has cut wrongly: the letters that it spells, who begins so.

An absurd length is most often no length: whoever reads `GET ` as one waits for a gigabyte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.frames.framing import Framing, KitFraming, LengthField

if TYPE_CHECKING:
    from app.frames.kits import Kit

_BEGINNINGS = {
    "TLS": tuple(bytes((0x16, 3, minor)) for minor in range(5)),
    "HTTP": (b"GET ", b"HEAD ", b"POST ", b"PUT ", b"OPTIONS ", b"CONNECT ", b"HTTP/1."),
    "SSH": (b"SSH-",),
}
_LETTERS = 4  # of a beginning
_LEAST = 2  # bytes of a length: one letter is spelled by chance


class Clue(NamedTuple):
    """Of a piece that is no whole frame. Text from the network: data."""

    text: str = ""  # the letters that stand where a length, or a frame, is expected
    length: int = -1  # that they were taken for; -1: nobody knows
    protocol: str = ""  # whose beginning it is


def clue_of(framing: Framing, kit: Kit | None, data: bytes) -> Clue | None:
    """Say what a piece may be that is no whole frame; None where nothing speaks for anything."""
    if isinstance(framing, LengthField):
        found = _of_length(framing, data)
    elif isinstance(framing, KitFraming) and kit is not None:
        found = _of_kit(kit, data)
    else:
        return None
    return found if any((found.text, found.protocol)) else None


def _of_length(framing: LengthField, data: bytes) -> Clue:
    field = data[framing.offset : framing.offset + framing.size]
    protocol = _protocol(data)
    length = framing.length_in(data)
    text = _letters(field)
    if length is None or len(field) < _LEAST or (framing.decimal and length >= 0):
        return Clue("", -1, protocol)
    return Clue(text, -1 if framing.decimal or not text else _value(framing, field), protocol)


def _value(framing: LengthField, field: bytes) -> int:
    return int.from_bytes(field, "little" if framing.order == "little" else "big")


def _of_kit(kit: Kit, data: bytes) -> Clue:
    """A kit's own beginnings say nothing, nor letters where its frames are letters."""
    own = [frame for frame, _ in kit.examples]
    protocol = _protocol(data)
    if any(_protocol(frame) == protocol for frame in own):
        protocol = ""
    text = "" if any(_letters(frame[:_LETTERS]) for frame in own) else _letters(data[:_LETTERS])
    return Clue(text if len(data) >= _LETTERS else "", -1, protocol)


def _protocol(data: bytes) -> str:
    return next((name for name, marks in _BEGINNINGS.items() if data.startswith(marks)), "")


def _letters(data: bytes) -> str:
    """The letters that bytes spell; "" if any of them is none, or no letter is among them."""
    words = data.decode("ascii", "replace")
    return words if words.isprintable() and any(map(str.isalpha, words)) else ""
