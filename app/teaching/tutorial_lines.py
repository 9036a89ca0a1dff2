"""Which line of the tutorial program makes the call that a thread of Portside made."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from app.teaching.calls import Descriptor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.teaching.calls import Call, Lane, OpenCall

_SAME = {"sendall": "send"}  # what the tutorial calls otherwise
_CLIENT, _SERVER = "client", "server"


class TutorialLines:
    """The lines of one text of the program, found by reading it as Python does. GUI thread."""

    def __init__(self, source: str) -> None:
        self._lines = _calls_in(source)
        self._accepted: set[int] = set()  # descriptors of clients, as far as it was seen

    def line_of(self, call: Call) -> int:
        """Return the line, counted from 1; 0 if the program has no such call."""
        if isinstance(call.result, BlockingIOError):
            return 0  # Portside asked whether there is more; the program waits instead
        if call.name == "accept" and isinstance(call.result, tuple):
            accepted = call.result[0]
            if isinstance(accepted, Descriptor):
                self._accepted.add(accepted.fileno)
        if call.name != "close":
            return self._line(call.name)
        # A client that was refused is closed before it has a number.
        is_client = call.client_id or call.fileno in self._accepted
        self._accepted.discard(call.fileno)
        return self._line("close", _CLIENT if is_client else _SERVER)

    def standing(self, lanes: Iterable[Lane]) -> Counter[int]:
        """Return how many threads are in the call of each line now."""
        found: Counter[int] = Counter()
        for lane in lanes:
            # Once: the thread itself may leave the call while this looks.
            opened = lane.open
            if opened is not None and not lane.end_ns and lane.serves:
                line = self._line_of_open(lane, opened)
                if line:
                    found[line] += 1
        return found

    def _line_of_open(self, lane: Lane, opened: OpenCall) -> int:
        if opened.name == "close":
            return self._line("close", _CLIENT if opened.client_id else _SERVER)
        if opened.name == "select":  # Portside's listener waits there for what accept returns
            return self._line("accept") if lane.name == "listener" else 0
        return self._line(opened.name)

    def _line(self, name: str, owner: str = "") -> int:
        return self._lines.get((name, owner), 0)


def _calls_in(source: str) -> dict[tuple[str, str], int]:
    """Return the lines of the first call of each method; of `close`, for each owner."""
    found: dict[tuple[str, str], int] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = _SAME.get(node.func.attr, node.func.attr)
            owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            key = (name, owner if name == "close" else "")
            line = node.func.end_lineno or node.lineno
            found[key] = min(found.get(key, line), line)
    return found
