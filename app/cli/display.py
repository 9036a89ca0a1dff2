"""Whether a window can be shown at all."""

from __future__ import annotations

import os
import sys


def display_at_hand() -> bool:
    """Tell whether there is a screen, as far as the environment says.

    On X11 and Wayland a program without one of these variables cannot reach any. Who names a
    platform plugin for Qt (offscreen, vnc) has chosen already.
    """
    if not sys.platform.startswith("linux"):
        return True
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in names)
