"""Qt's enumerations, made in an eighth of the time.

PySide makes all enumerations of a class with that class, by Python's `Enum(name, pairs)`: 330 with
4,600 members until our window stands, `Qt.Key` and `QLocale.Language` among them. Python's way
makes each member by way of a class attribute that replaces itself, 10 µs each: 95 of the 330 ms
that a start took. Here the same members are put into the same places without the way round.

The places are Python's own business. So of each kind one is made both ways first, and a kind that
differs in anything is left as usual.
"""

from __future__ import annotations

import enum
from typing import Any

_metaclass: Any = enum.EnumType
_usual = _metaclass._create_
_KINDS: tuple[Any, ...] = (enum.Enum, enum.IntEnum, enum.Flag, enum.IntFlag)
_KEEP = enum.FlagBoundary.KEEP  # what PySide asks for, whatever the kind
_PYSIDES = {"module": None, "qualname": None, "type": None, "start": 1}  # it tells them later
# Flags: several bits, none, two names for one, and not in order.
_PROBE = [("C", 4), ("A", 1), ("B", 2), ("SAME", 1), ("AB", 3), ("NONE", 0), ("REST", 0x50)]
# By kind: all that is in an enumeration without members.
_templates: dict[type, dict[str, Any]] = {}


def make_quickly() -> None:
    """Do so from now on, for the kinds that are in this Python as we know them."""
    if _metaclass._create_ is _quick:
        return
    for kind in _KINDS:
        empty = kind("Empty", [], boundary=_KEEP)
        _templates[kind] = dict(empty.__dict__)
        usual = kind("Probe", list(_PROBE), boundary=_KEEP)
        try:
            known = _anatomy(_made(kind, "Probe", _PROBE)) == _anatomy(usual)
        except (AttributeError, LookupError, TypeError, ValueError):  # it has other places
            known = False
        if not known:
            del _templates[kind]
    _metaclass._create_ = _quick


def make_as_usual() -> None:
    """Leave it to Python again."""
    _metaclass._create_ = _usual
    _templates.clear()


def _quick(cls: Any, class_name: str, names: Any, *, boundary: Any = None, **rest: Any) -> Any:
    if cls in _templates and type(names) is list and boundary is _KEEP and rest == _PYSIDES:
        return _made(cls, class_name, names)
    return _usual(cls, class_name, names, boundary=boundary, **rest)


def _made(kind: type, name: str, pairs: list[tuple[str, int]]) -> Any:
    space = {
        key: value.copy() if isinstance(value, (list, dict)) else value
        for key, value in _templates[kind].items()
    }
    made: Any = type.__new__(_metaclass, name, (kind,), space)
    flags = issubclass(kind, enum.Flag)
    if flags:
        _note_bits(made, [value for _, value in pairs])
    _fill(made, pairs, flags=flags)
    # Each change of a class makes Python forget where it found what: so all at the end.
    for member_name, member in made._member_map_.items():
        type.__setattr__(made, member_name, member)
    return made


def _fill(made: Any, pairs: list[tuple[str, int]], *, flags: bool) -> None:
    names, by_name, by_value = made._member_names_, made._member_map_, made._value2member_map_
    base = made._member_type_  # object, or int
    for name, value in pairs:
        member = by_value.get(value)
        if member is None:
            member = base.__new__(made) if base is object else base.__new__(made, value)
            by_value[value] = member
            member._value_ = value
            member._name_ = name
            member.__objclass__ = made
            member._sort_order_ = len(names)
            if not flags or _is_one_bit(value):
                names.append(name)
        by_name[name] = member


def _note_bits(made: Any, values: list[int]) -> None:
    mask = singles = 0
    for value in values:
        mask |= value
        if _is_one_bit(value):
            singles |= value
    type.__setattr__(made, "_flag_mask_", mask)
    type.__setattr__(made, "_singles_mask_", singles)
    type.__setattr__(made, "_all_bits_", 2 ** mask.bit_length() - 1)
    in_order = [value for value in dict.fromkeys(values) if _is_one_bit(value)]
    if in_order != sorted(in_order):
        type.__setattr__(made, "_iter_member_", made._iter_member_by_def_)


def _is_one_bit(value: int) -> bool:
    return value != 0 and value & (value - 1) == 0


def _anatomy(made: Any) -> dict[str, object]:
    """Return all there is to an enumeration; its members by what they are made of."""

    def plain(value: Any) -> object:
        if isinstance(value, made):
            return {key: part for key, part in value.__dict__.items() if part is not made}
        if isinstance(value, dict):
            return {key: plain(part) for key, part in value.items()}
        return getattr(value, "__func__", value)

    return {key: plain(value) for key, value in made.__dict__.items() if key != "__module__"}
