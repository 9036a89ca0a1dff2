"""What is said of a number that is no value of its setting."""

from __future__ import annotations

from app.settings import number_limits
from app.wording.catalogue import tr


def number_complaint(name: str, text: str, unit: int = 1) -> str:
    """Say why `text`, in `unit`s of the setting, cannot be taken, and what can."""
    low, high = number_limits(name)
    limits = {"low": str(-(-low // unit)), "high": str(high // unit)}
    return tr("setup.bad_number", text=text, **limits) if text else tr("setup.no_number", **limits)
