#!/usr/bin/env python3
"""Draw the style sheet's images, our icons in the colours of each theme: `draw_images.py`.

A sheet can colour lines and surfaces but not an SVG. So the few icons that it draws (arrows,
check marks) lie in a file for each theme. Qt renders them when a control first needs one, as sharp
as the screen is.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.ui.theme.icons import svg_in  # noqa: E402
from app.ui.theme.tokens import DARK, LIGHT  # noqa: E402

FOLDER = ROOT / "resources" / "images"
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


def main() -> None:
    """Write them all."""
    for theme, tokens in (("light", LIGHT), ("dark", DARK)):
        (FOLDER / theme).mkdir(parents=True, exist_ok=True)
        for name, image in IMAGES.items():
            (FOLDER / theme / f"{name}.svg").write_bytes(drawn(image, tokens))


def drawn(image: _Image, tokens: Mapping[str, str]) -> bytes:
    """Return an image in the colours of a theme."""
    svg = svg_in(image.icon, tokens[image.token]).decode("utf-8")
    if image.bold:
        svg = svg.replace('stroke-width="1.75"', 'stroke-width="3"')
    _, _, width, height = image.crop
    frame = f'width="{width}" height="{height}" viewBox="{" ".join(map(str, image.crop))}"'
    return svg.replace('width="24" height="24" viewBox="0 0 24 24"', frame).encode("utf-8")


if __name__ == "__main__":
    main()
