"""Roles: what a control is for, as the sheet tells controls apart.

=========  =====================================================================
primary    the one button to press next: filled with the accent
danger     ends something that runs: filled red
link       a button that reads as a link
quiet      a button without a frame until the pointer is over it
title      the one large line of an empty page
heading    a label over a group
secondary  a label or text of less weight
error      a label that says what went wrong
contents   a list whose rows are clicked, with room around their words
card       a frame that holds a table, a log or a text: surface, line, radius
=========  =====================================================================
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def set_role(widget: QWidget, role: str) -> None:
    """Give `widget` a role of the sheet ("" for none) and let it look so at once."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()
