"""What is said of a number that is no value of its setting."""

from __future__ import annotations

from dataclasses import fields

from app.settings import Settings
from app.wording.catalogue import tr


def number_complaint(name: str, text: str, unit: int = 1) -> str:
    """Say why `text`, in `unit`s of the setting, cannot be taken, and what can."""
    spec = next(field for field in fields(Settings) if field.name == name)
    low, high = spec.metadata["range"]
    limits = {"low": str(-(-low // unit)), "high": str(high // unit)}
    return tr("setup.bad_number", text=text, **limits) if text else tr("setup.no_number", **limits)
