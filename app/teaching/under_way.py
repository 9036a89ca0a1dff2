"""Calls that had begun before anybody looked, as the frames of their threads tell."""

from __future__ import annotations

import dis
from time import monotonic_ns
from typing import TYPE_CHECKING, NamedTuple

from app.net.session import Session

if TYPE_CHECKING:
    from types import FrameType

_TOLD_IN = "app.net.trace"
_LOOP, _END = Session._receive.__code__, Session._close.__code__


class Standing(NamedTuple):
    """A traced call that a thread is in."""

    name: str
    owner: object
    arguments: tuple[object, ...]
    is_told: bool  # its return will be told; else the thread's next call shows that it is over


def call_under_way(frame: FrameType | None) -> Standing | None:
    """Return the traced call that a thread with this innermost frame waits in, if any."""
    while frame is not None:
        here = frame.f_locals
        if frame.f_code.co_name == "told" and frame.f_globals.get("__name__") == _TOLD_IN:
            return Standing(here["name"], here["owner"], here["arguments"], is_told=True)
        if frame.f_code is _LOOP:
            if frame.f_lineno != _RECV_LINE:
                return None
            size_bytes = here["shared"].recv_size_bytes
            return Standing("recv", here["wire"]._socket, (size_bytes,), is_told=False)
        frame = frame.f_back
    return None


def over_with(frame: FrameType | None) -> tuple[int, object]:
    """Return when the `recv` that nobody told of has returned, and what.

    Called by its thread, at its next call: it is in the loop still, or closes.
    """
    while frame is not None:
        if frame.f_code is _LOOP:
            session = frame.f_locals["self"]
            return session._heard_mono_ns, frame.f_locals.get("chunk", b"")
        if frame.f_code is _END:
            error = frame.f_locals["error"]
            return monotonic_ns(), OSError(error) if error else b""
        frame = frame.f_back
    return monotonic_ns(), b""


def _line_of(name: str) -> int:
    """Return the line of the loop in which a method of this name is called."""
    steps = dis.get_instructions(_LOOP)
    return next(s.positions.lineno or 0 for s in steps if s.positions and s.argval == name)


_RECV_LINE = _line_of("recv")
