"""What a browser sends, told from what anybody else may send; and what it is answered.

Only GET and HEAD of HTTP/1.0 and 1.1: who asks for more than a page is no browser of the class.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

from app.teaching.roll.naming import tidy

MOST_BYTES = 16_384
_BEGINS = (b"GET /", b"HEAD /")
_FIRST = re.compile(rb"(GET|HEAD) (/\S*) HTTP/1\.[01]\r?\n")
_END = re.compile(rb"\r?\n\r?\n")
_COOKIE = re.compile(rb"(?im)^cookie:[^\r\n]*\bportside=([0-9a-f]{16})\b")
_REASONS = {200: "OK", 404: "Not Found", 431: "Request Header Fields Too Large"}
_MOST_FIELDS = 8


class Stage(Enum):
    """How much is known of the first bytes of a connection."""

    MAYBE = auto()  # a request, as far as they go
    NO = auto()  # something else
    WHOLE = auto()  # a request that waits for its answer


class Request(NamedTuple):
    """What is asked for."""

    path: str
    is_head: bool  # without the page itself
    token: str  # by which we know the browser again; "": it has none yet
    name: str  # that its owner typed
    answer: str


def stage_of(held: bytes) -> Stage:
    """Return how much is known of the first bytes of a connection."""
    if not any(held.startswith(begin) or begin.startswith(held) for begin in _BEGINS):
        return Stage.NO
    if b"\n" in held and not _FIRST.match(held):
        return Stage.NO
    return Stage.WHOLE if _END.search(held) or len(held) > MOST_BYTES else Stage.MAYBE


def read_request(held: bytes) -> Request:
    """Return what a whole request asks for."""
    from urllib.parse import parse_qs

    first = _FIRST.match(held)
    method, target = first.groups() if first else (b"GET", b"/?too-long")
    path, _, query = target.decode("ascii", "replace").partition("?")
    try:
        fields = parse_qs(query, errors="replace", max_num_fields=_MOST_FIELDS)
    except ValueError:
        fields = {}
    cookie = _COOKIE.search(held)
    return Request(
        path,
        method == b"HEAD",
        cookie[1].decode("ascii") if cookie else "",
        tidy(fields.get("name", [""])[0]),
        fields.get("answer", [""])[0],
    )


def response(page: str, *, status: int = 200, is_head: bool = False, token: str = "") -> bytes:
    """Return a whole answer; `page` is HTML. With a token the browser tells it again next time."""
    body = page.encode("utf-8", "replace")
    cookie = f"Set-Cookie: portside={token}; Path=/; HttpOnly; SameSite=Lax\r\n" if token else ""
    head = (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        f"{cookie}"
        "Connection: close\r\n"
        "\r\n"
    )
    return head.encode("ascii") + (b"" if is_head else body)
