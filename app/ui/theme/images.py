"""The sheet's images: our icons in the colours of a theme, as files that `url()` can name.

A sheet can colour lines and surfaces but not an SVG. So the few icons that it draws (arrows,
check marks) are recoloured into files that live as long as the program. Qt renders them when a
control first needs one, as sharp as the screen is.
"""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QDir, QTemporaryDir

from app.ui.theme.icons import svg_in

_WHOLE = (0, 0, 24, 24)


class _Image(NamedTuple):
    icon: str
    token: str
    bold: bool = False  # a line of 1.75 / 24 is too fine for a check box
    crop: tuple[float, float, float, float] = _WHOLE  # of 24 x 24: x, y, width, height


IMAGES: Mapping[str, _Image] = {
    "arrow-down": _Image("chevron-down", "mark"),
    "arrow-down-off": _Image("chevron-down", "disabled_text"),
    "arrow-right": _Image("chevron-right", "mark"),
    "check": _Image("check", "on_accent", bold=True),
    "check-off": _Image("check", "disabled_text", bold=True),
    "tick": _Image("check", "link", bold=True),
    "question": _Image("question", "link"),
    "info": _Image("info", "link"),
    "warning": _Image("warning", "warning"),
    "error": _Image("error", "error"),
    "close": _Image("close-x", "mark", bold=True, crop=(3, 3, 18, 18)),
    "float": _Image("float", "mark", bold=True, crop=(3, 3, 18, 18)),
}


@cache
def _home() -> QTemporaryDir:
    made = QTemporaryDir()
    atexit.register(made.remove)
    return made


def image_folder(name: str, tokens: Mapping[str, str]) -> str:
    """Return the folder of the images in the colours `tokens`, a theme's, whose name is `name`.

    As a prefix of Qt's, for a path may have what a sheet's `url()` may not. Where no file can be
    written, nothing is in it: the controls do without arrows.
    """
    prefix = f"images{name}"
    folder = Path(_home().filePath(name))
    if _home().isValid() and not folder.exists():
        folder.mkdir()
        for key, image in IMAGES.items():
            (folder / f"{key}.svg").write_bytes(_drawn(image, tokens))
        QDir.addSearchPath(prefix, str(folder))
    return f"{prefix}:"


def _drawn(image: _Image, tokens: Mapping[str, str]) -> bytes:
    svg = svg_in(image.icon, tokens[image.token]).decode("utf-8")
    if image.bold:
        svg = svg.replace('stroke-width="1.75"', 'stroke-width="3"')
    _, _, width, height = image.crop
    frame = f'width="{width}" height="{height}" viewBox="{" ".join(map(str, image.crop))}"'
    return svg.replace('width="24" height="24" viewBox="0 0 24 24"', frame).encode("utf-8")
