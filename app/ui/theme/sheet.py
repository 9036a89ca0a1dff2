"""The sheet: `resources/styles/portside.qss` with colours, sizes and images filled in.

In the file `@accent` is a token's colour, `8u` eight of the design's pixels in the type size of
the moment, `8u-1` one pixel less (a border that grew by it), and `@images` the images' folder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from app.paths import resource

_HOLE = re.compile(r"@([a-z_]+)|\b(\d+)u(-\d)?\b")


@cache
def _source() -> str:
    return resource("styles/portside.qss").read_text("utf-8")


def make_sheet(tokens: Mapping[str, str], scale: float, images: str) -> str:
    """Return the sheet in the colours `tokens`, its sizes times `scale`, images from `images`."""
    values = {**tokens, "images": images}

    def filled(hole: re.Match[str]) -> str:
        name, size, less = hole.groups()
        if name:
            return values[name]
        return f"{max(0, round(int(size) * scale) + int(less or 0))}px"

    return _HOLE.sub(filled, _source())
