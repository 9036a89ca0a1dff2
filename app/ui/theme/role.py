"""Roles: what a control is for, as the sheet tells controls apart."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

ROLES: Mapping[str, str] = {
    "primary": "the one button to press next: filled with the accent",
    "danger": "ends something that runs: filled red",
    "link": "a button that reads as a link",
    "inline": "a small button in a line of text",
    "banner": "a button in a banner",
    "fold": "a group's heading that folds it away",
    "segment": "one of a row of buttons of which one is down, in the middle of it",
    "segment-first": "the same at the left end",
    "segment-last": "the same at the right end",
    "segment-only": "the same without neighbours",
    "heading": "a label over a group",
    "secondary": "a label of less weight",
    "error": "a label that says what went wrong",
    "invalid": "a field whose content cannot be taken",
    "contents": "a list whose rows are clicked, with room around their words",
    "card": "a frame that holds a table, a log or a text: surface, line, radius",
    "popup": "a frame that drops down",
    "banner-info": "a strip that tells something",
    "banner-warning": "a strip that warns",
    "banner-error": "a strip that tells what went wrong",
}


def set_role(widget: QWidget, role: str) -> None:
    """Give `widget` a role of ROLES ("" for none) and let it look so at once."""
    assert not role or role in ROLES, role
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()
