"""A traced call in Python's own words: `recv(1024) → b'\\xc4\\xe3'`."""

from __future__ import annotations

import socket
from enum import Enum
from typing import TYPE_CHECKING

from app.teaching.calls import Clipped, Descriptor

if TYPE_CHECKING:
    from app.teaching.calls import Call, OpenCall

ARROW = " → "
_HOW = {socket.SHUT_RD: "SHUT_RD", socket.SHUT_WR: "SHUT_WR", socket.SHUT_RDWR: "SHUT_RDWR"}


def call_text(call: Call | OpenCall) -> str:
    """Return the call as it would be typed, without its result."""
    if call.name == "start":
        name = ", ".join(f"name={value_text(value)}" for value in call.arguments)
        return f"Thread({name}).start()"
    if call.name == "shutdown":
        return f"shutdown({_HOW.get(call.arguments[0], call.arguments[0])})"  # type: ignore[call-overload]
    return f"{call.name}({', '.join(map(value_text, _without_defaults(call)))})"


def result_text(call: Call) -> str:
    """Return what came of it; "" for None."""
    result = call.result
    if result is None:
        # The constructor returns nothing: what it made is the descriptor.
        return value_text(Descriptor(call.fileno)) if call.name == "socket" else ""
    if isinstance(result, BaseException):
        return f"{type(result).__name__}: {result}"
    return value_text(result)


def whole_text(call: Call) -> str:
    """Return the call and its result in one line."""
    result = result_text(call)
    return f"{call_text(call)}{ARROW}{result}" if result else call_text(call)


def value_text(value: object) -> str:
    """Return Python's repr of what the recorder kept."""
    if isinstance(value, Clipped):
        return f"{value.head!r}… ({value.size_bytes:,} bytes)"
    if isinstance(value, Descriptor):
        return f"<socket fd={value.fileno}>"
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, tuple):
        inside = ", ".join(map(value_text, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return repr(value)


def _without_defaults(call: Call | OpenCall) -> tuple[object, ...]:
    # socket(family, kind, 0): nobody types the protocol.
    if call.name == "socket" and call.arguments[2:] in ((0,), (socket.IPPROTO_TCP,)):
        return call.arguments[:2]
    return call.arguments
