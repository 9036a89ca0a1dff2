"""The looks: colours, fonts, icons, sizes, and their change at run time.

Fusion draws, a QPalette colours what it draws, and one sheet (`resources/styles/portside.qss`)
shapes the controls. All three are made from the tokens of `tokens.py` and the type size, so a
change of either is one call and leaves nothing behind. Looks are application-wide in Qt, hence
one Theme for the program: `theme()`.

A widget that paints by itself asks the theme at paint time and connects `changed` to `update()`.
"""

from __future__ import annotations

from app.ui.theme.looks import Theme, theme
from app.ui.theme.role import set_role

__all__ = ["Theme", "set_role", "theme"]
