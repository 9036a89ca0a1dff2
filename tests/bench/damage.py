"""When a window is painted, as the X server sees it (XDamage)."""

from __future__ import annotations

import contextlib
import select
import time
from collections.abc import Iterator

SMALLEST_PX = 400  # a blinking cursor is no news
APART_S = 0.005  # rectangles that are nearer than this belong to one repaint

Area = tuple[int, int, int, int]


class Repaints:
    """Watches one window, or an area of it."""

    def __init__(self, window_id: int, area: Area | None = None) -> None:
        from Xlib.display import Display  # the bench's own tests do without
        from Xlib.ext import damage

        self._area = area
        self._display = Display()
        self._display.damage_query_version()
        window = self._display.create_resource_object("window", window_id)
        window.damage_create(damage.DamageReportRawRectangles)
        self._display.sync()

    def close(self) -> None:
        """Watch no more."""
        self._display.close()

    def next(self, longest_s: float) -> float | None:
        """Return when the next repaint was, monotonic; None if there is none in time."""
        until_s = time.monotonic() + longest_s
        while True:
            while self._display.pending_events():
                event = self._display.next_event()
                if hasattr(event, "area") and self._counts(event.area):
                    return time.monotonic()
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                return None
            select.select([self._display.fileno()], [], [], left_s)

    def _counts(self, found: object) -> bool:
        x, y = getattr(found, "x", 0), getattr(found, "y", 0)
        width, height = getattr(found, "width", 0), getattr(found, "height", 0)
        if width * height < SMALLEST_PX:
            return False
        if self._area is None:
            return True
        left, top, wide, high = self._area
        return x < left + wide and left < x + width and y < top + high and top < y + height

    def forget(self) -> None:
        """Leave out what was painted so far."""
        while self.next(0) is not None:
            pass

    def count(self, seconds: float) -> int:
        """Count the repaints from now on."""
        self.forget()
        until_s = time.monotonic() + seconds
        repaints, last_s = 0, 0.0
        while (left_s := until_s - time.monotonic()) > 0:
            at_s = self.next(left_s)
            if at_s is not None:
                repaints += at_s - last_s > APART_S
                last_s = at_s
        return repaints


@contextlib.contextmanager
def repaints(window_id: int, area: Area | None = None) -> Iterator[Repaints]:
    """Watch a window for as long as the block lasts; begin before there are 1,000 descriptors.

    (python-xlib uses select(), which knows none above 1,023.)
    """
    watching = Repaints(window_id, area)
    try:
        yield watching
    finally:
        watching.close()
