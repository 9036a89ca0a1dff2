"""What the typed text would send, or what is wrong with it. No Qt in here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

from app.text.compose import ComposeFault, ComposeOptions, compose


class Check(NamedTuple):
    """The outcome for all the encodings in which a text may be sent."""

    least_bytes: int
    most_bytes: int  # differs where clients of different encodings are meant
    fault: ComposeFault | None  # the first one; "empty" is none


def check(text: str, options: ComposeOptions, encodings: Collection[str]) -> Check:
    """Compose `text` in each of `encodings` (names) and measure; nothing is sent."""
    sizes = []
    for name in sorted(encodings):
        try:
            sizes.append(len(compose(text, replace(options, encoding=name))))
        except ComposeFault as fault:
            if fault.kind != "empty":
                return Check(0, 0, fault)
    return Check(min(sizes, default=0), max(sizes, default=0), None)


def is_half_typed(fault: ComposeFault, text: str) -> bool:
    """Whether the fault is only that the user has not typed on: `4` of `41`, `\\` of `\\n`."""
    return fault.kind in ("odd_hex", "bad_escape") and fault.position + fault.length >= len(text)
