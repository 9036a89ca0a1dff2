"""The built-in kits, and what they read of a frame, for tests against other programs' readers."""

from __future__ import annotations

from app.frames.fields import Field
from app.frames.kits import Kit, load_kit
from app.paths import resource


def built_in(name: str) -> Kit:
    return load_kit(resource("kits") / f"{name}.py")


def read(kit: Kit, frame: bytes) -> list[Field]:
    """Return the fields of a frame that is whole and in which nothing is wrong."""
    assert kit.split(frame) == len(frame), frame.hex()
    assert not [size for size in range(1, min(len(frame), 64)) if kit.split(frame[:size]) > 0]
    fields = kit.decode(frame)
    assert not [field for field in fields if field.is_wrong], (frame.hex(), fields)
    assert kit.check(frame) == ""
    return fields


def values(kit: Kit, frame: bytes) -> dict[str, object]:
    """Return the values by their names; of one name the first."""
    return {field.name: field.value for field in reversed(read(kit, frame))}
