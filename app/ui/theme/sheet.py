"""The sheet: `resources/styles/portside.qss` with colours and sizes filled in.

In the file `@accent` is a token's colour and `8u` eight of the design's pixels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from app.paths import resource

_HOLE = re.compile(r"@([a-z_]+)|\b(\d+)u\b")


@cache
def _source() -> str:
    return resource("styles/portside.qss").read_text("utf-8")


def make_sheet(tokens: Mapping[str, str], scale: float) -> str:
    """Return the sheet in the colours `tokens`, its sizes times `scale`."""

    def filled(hole: re.Match[str]) -> str:
        token, size = hole.groups()
        return tokens[token] if token else f"{max(1, round(int(size) * scale))}px"

    return _HOLE.sub(filled, _source())
