"""Frames and what is wrong with framings and kits, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.frames.cutting import Part
from app.frames.modules import MODULES
from app.wording.catalogue import tr

if TYPE_CHECKING:
    from app.frames.clue import Clue
    from app.frames.fields import Field
    from app.frames.framing import FramingFault
    from app.frames.kits import KitFault


def part_text(part: Part, clue: Clue | None = None) -> str:
    """Return the mark of a piece that is no frame, and what it may be; "" for a frame."""
    if part is Part.FRAME:
        return ""
    said = clue_text(clue)
    return f"{tr(f'frames.{part.value}')} ✗ {said} " if said else tr(f"frames.{part.value}")


def field_text(field: Field) -> str:
    """Return `name: value`, and what is wrong with it, as one line."""
    words = [f"{field.name}: {field.shown}".rstrip()]
    if field.want:
        words.append(tr("frames.should_be", want=field.want))
    if field.bad:
        words.append(tr("frames.bad", what=field.bad))
    return " ".join(words)


def clue_text(clue: Clue | None) -> str:
    """Say what a piece may be that is no whole frame; "" for nothing."""
    if clue is None:
        return ""
    words = []
    if clue.text and clue.length >= 0:
        words.append(tr("frames.length_spells", n=f"{clue.length:,}", text=clue.text))
    elif clue.text:
        words.append(tr("frames.begins_with", text=clue.text))
    if clue.protocol:
        words.append(tr("frames.looks_like", protocol=clue.protocol))
    return tr("frames.comma").join(words)


def framing_fault_sentence(fault: FramingFault) -> str:
    """Say what is wrong with a framing as it was written, and how it is written right."""
    return tr(f"frames.fault_{fault.case}", part=fault.part)


def kit_fault_sentence(fault: KitFault) -> str:
    """Say why a kit can't be used."""
    place = tr("frames.kit_line", line=fault.line) if fault.line else ""
    facts = {"file": fault.path.name, "detail": fault.detail, "line": place}
    return tr(f"frames.kit_{fault.case}", **facts, modules=", ".join(MODULES))
