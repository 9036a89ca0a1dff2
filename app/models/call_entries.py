"""Which entry of the journal belongs to which traced call, and back.

A worker appends a chunk right after its `recv` has returned, and before its next one; whoever
sends appends under the session's lock right after `send`. Ids are given in the order of append.
So the entry of a call is the first one of its client and direction that is not older than the
call's end, by time.monotonic_ns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.journal.entry import Kind

if TYPE_CHECKING:
    from app.journal.entry import Entry
    from app.journal.reader import Reader
    from app.teaching.calls import Call
    from app.teaching.clock import Clock
    from app.teaching.recorder import CallRecorder

_KINDS = {"recv": Kind.IN, "send": Kind.OUT}
_CALLS = {kind: name for name, kind in _KINDS.items()}


def entry_of(call: Call, reader: Reader, clock: Clock) -> Entry | None:
    """Return the entry of a `recv` or `send`; None for any other call, or if it was deleted.

    Raises JournalError.
    """
    kind = _KINDS.get(call.name)
    if kind is None or not call.client_id or not moved_bytes(call):
        return None
    first = _first_since(clock.monotonic_ns(call.end_ns), reader)
    found = reader.ahead(call.client_id, kind, first - 1, 1)
    return found[0] if found else None


def call_of(entry: Entry, recorder: CallRecorder) -> Call | None:
    """Return the call that made an entry; None for an event, or if it was let go."""
    name = _CALLS.get(Kind(entry.kind))
    for call in reversed(recorder.calls_after(0)):
        if (
            call.name == name
            and call.client_id == entry.client_id
            and recorder.clock.monotonic_ns(call.end_ns) <= entry.mono_ns
            and moved_bytes(call)
        ):
            return call
    return None


def moved_bytes(call: Call) -> bool:
    """Whether the call brought or took bytes, and did not fail or tell the end."""
    return bool(call.result) and not isinstance(call.result, BaseException)


def _first_since(mono_ns: int, reader: Reader) -> int:
    low, high = reader.first_id, reader.last_id + 1
    while low < high:
        middle = (low + high) // 2
        entry = reader.entry(middle)
        if entry is not None and entry.mono_ns < mono_ns:
            low = middle + 1
        else:
            high = middle
    return low
