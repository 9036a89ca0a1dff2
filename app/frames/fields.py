"""What a decoded frame says: named values with their places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

Value = int | float | str | bytes | bool | None


class Look(NamedTuple):
    """How a field's value is shown. Made once for each kind of field, not for each frame."""

    names: Mapping[int, str] | None = None  # of an enumeration's values
    unit: str = ""
    hex_digits: int = 0  # 0: decimal

    def text(self, value: Value) -> str:
        """Return the value in words."""
        if isinstance(value, bytes):
            return value.hex(" ").upper()
        words = "" if value is None else str(value)
        name = self.names.get(value) if self.names and isinstance(value, int) else None
        if self.hex_digits and isinstance(value, int):
            words = f"0x{value:0{self.hex_digits}X}"
            words = f"{name} {words}" if name else words
        elif name:
            words = f"{words} {name}"
        return f"{words} {self.unit}" if self.unit else words


PLAIN = Look()
MOST_FIELDS = 20_000  # of a frame


class Field(NamedTuple):
    """One named value of a frame, with the bytes it was read from: `frame[start:end]`."""

    name: str
    value: Value
    start: int = 0
    end: int = 0
    bad: str = ""  # what is wrong, in words; "" if nothing is
    look: Look = PLAIN
    depth: int = 0  # a field of depth 1 belongs to the nearest one of depth 0 before it
    want: str = ""  # what would be right here: a checksum, a length

    @property
    def shown(self) -> str:
        """The value as one line of text."""
        return self.look.text(self.value)

    @property
    def is_wrong(self) -> bool:
        """Whether the frame breaks its protocol here."""
        return bool(self.bad or self.want)


def checked(found: Iterable[object]) -> list[Field]:
    """Return what a kit's `decode` gave if it can be shown. Raises TypeError, ValueError, anything.

    Every field is shown once, here, where a kit's time is limited.
    """
    fields: list[Field] = []
    for each in found:
        if not isinstance(each, Field):
            raise TypeError(f"decode: {type(each).__name__} ≠ Field")
        words, numbers = (each.name, each.bad, each.want), (each.start, each.end, each.depth)
        if not all(isinstance(part, str) for part in words):
            raise TypeError(f"Field {each.name!r}: name, bad, want ≠ str")
        if not all(isinstance(part, int) for part in numbers):
            raise TypeError(f"Field {each.name!r}: start, end, depth ≠ int")
        if not isinstance(each.value, Value | None) or not isinstance(each.look, Look):
            raise TypeError(f"Field {each.name!r}: {type(each.value).__name__}")
        each.shown.encode("utf-8", "backslashreplace")
        fields.append(each)
        if len(fields) > MOST_FIELDS:
            raise ValueError(f"decode: > {MOST_FIELDS} fields")
    return fields


class Short(Exception):
    """The frame ends before the field does. Carries what was read until then."""

    def __init__(self, name: str, missing_bytes: int, fields: list[Field], at: int) -> None:
        super().__init__(f"{name}: {missing_bytes} bytes are missing")
        self.name = name
        self.missing_bytes = missing_bytes
        self.fields = fields
        self.at = at  # where the field begins
