"""What stands beside the lines of a source: the last call that each of them made."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.teaching.calls import Call
    from app.teaching.recorder import CallRecorder

# Looked at in one go. In a flood more are made between two looks: then the newest count, for
# nobody sees a line flash a thousand times.
MOST_AT_ONCE = 2_000


class LineMarks:
    """The newest call of each line, taken over when `update` is called. GUI thread.

    A client's own calls look like the server's, and are made by no line of it.
    """

    def __init__(self, recorder: CallRecorder, line_of: Callable[[Call], int]) -> None:
        """`line_of` returns the line that made a call; 0: none of this source."""
        self.last: dict[int, Call] = {}  # by line
        self._recorder = recorder
        self._line_of = line_of
        self._seen_id = 0

    def update(self) -> bool:
        """Take over what is new; return whether any line has a newer call."""
        newest = self._recorder.last_id
        if newest == self._seen_id:
            return False
        calls = self._recorder.calls_after(max(self._seen_id, newest - MOST_AT_ONCE))
        changed = False
        serving = {lane.number for lane in self._recorder.lanes() if lane.serves}
        for call in calls:
            line = self._line_of(call) if call.lane in serving else 0
            if line:
                self.last[line] = call
                changed = True
        if calls:
            self._seen_id = calls[-1].id
        return changed
