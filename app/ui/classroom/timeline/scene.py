"""What is to be painted of a time line, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.ui.classroom.exhibit import Spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.models.timeline import Row, Timeline
    from app.teaching.calls import Call
    from app.ui.classroom.timeline.cursor import Cursor
    from app.ui.classroom.timeline.window import TimeWindow

_NEVER_NS = 1 << 63


@dataclass(slots=True)
class Scene:
    """What is to be painted."""

    timeline: Timeline
    rows: Sequence[Row]
    window: TimeWindow
    width: float
    height: float
    scrolled_y: int = 0
    chosen: Call | None = None
    cursor: Cursor | None = None  # of the keyboard, while it is here
    spoken: Spoken = field(default_factory=Spoken)  # what the step on show is about
    pointed_at: Call | None = None  # by the mouse
    arrows: bool = True

    @property
    def at_cursor(self) -> Call | None:
        """The call at which the keyboard stands."""
        return self.cursor.call if self.cursor is not None else None

    @property
    def until_ns(self) -> int:
        """Looking back, nothing that came after the step has happened yet."""
        return self.spoken.to_ns if self.spoken.looks_back else _NEVER_NS

    def marked(self) -> list[tuple[Call, float, bool]]:
        """Calls in frames: how wide, and whether dashed. The later frame covers the earlier."""
        pairs, recorder = self.timeline.pairs, self.timeline.pairs.recorder
        spoken = (recorder.call(call_id) for call_id in self.spoken.calls)
        found = [(call, 2.0, False) for call in spoken if call is not None]
        for call in (self.pointed_at, self.at_cursor, self.chosen):
            if call is not None:
                found += [(other, 1.5, False) for other in pairs.partners(call.id)]
        if self.chosen is not None:
            found.append((self.chosen, 2.0, False))
        if self.at_cursor is not None:
            found.append((self.at_cursor, 1.0, True))
        return found
