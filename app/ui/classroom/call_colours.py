"""One verdict on what came of a call, wherever it is shown: the token of its colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.teaching.calls import Call

_MOVES_BYTES = {"recv": "received", "send": "sent"}


def call_token(call: Call, otherwise: str) -> str:
    """`otherwise` for calls that neither move bytes nor raised.

    Nothing failed where a call only would have had to wait.
    """
    if isinstance(call.result, BlockingIOError):
        return "secondary"
    if isinstance(call.result, BaseException):
        return "error"
    return _MOVES_BYTES.get(call.name, otherwise)
