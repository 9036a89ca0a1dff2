"""HTTP as tshark reads it."""

from __future__ import annotations

import random
from pathlib import Path

from tests.frames.compared.kits import built_in, read
from tests.frames.compared.packets import needs_tshark, tshark

pytestmark = needs_tshark
HTTP = built_in("http1")


def _message(chance: random.Random) -> bytes:
    body = bytes(chance.choices(b"abc 123\r\n", k=chance.choice([0, 1, 50])))
    answers = chance.random() < 0.5
    if answers:
        code = chance.choice(
            [b"200 OK", b"404 Not Found", b"500 ", b"204 No Content", b"304 Not Modified"]
        )
        lines = [b"HTTP/1.%d " % chance.randrange(2) + code]
        if code[:3] in (b"204", b"304"):
            body = b""
    else:
        method = chance.choice([b"GET", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"HEAD", b"PATCH"])
        lines = [
            method + b" /a/%d?b=c HTTP/1.1" % chance.randrange(1000),
            b"Host: x%d.example" % chance.randrange(9),
        ]
    lines.append(b"X-Thing:  spaces around \t")
    if body and chance.random() < 0.5:
        half = len(body) // 2
        parts = [part for part in (body[:half], body[half:]) if part]
        body = b"".join(b"%x\r\n" % len(part) + part + b"\r\n" for part in parts) + b"0\r\n\r\n"
        lines.append(b"Transfer-Encoding: chunked")
    elif body or answers:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def test_http(tmp_path: Path) -> None:
    chance = random.Random(11)
    frames = [_message(chance) for _ in range(150)]
    names = {
        "http.request.method": "method", "http.request.uri": "target",
        "http.request.version": "version", "http.response.code": "status",
        "http.response.phrase": "reason", "http.response.version": "version",
        "http.host": "Host", "http.content_length_header": "Content-Length",
        "http.transfer_encoding": "Transfer-Encoding",
    }  # fmt: skip
    for frame, cells in zip(frames, tshark(tmp_path, "http", frames, list(names)), strict=True):
        mine = {field.name: field.shown for field in read(HTTP, frame)}
        for name, cell in zip(names, cells, strict=True):
            if cell and "phrase" not in name:
                assert mine[names[name]] == cell[0], frame
            elif cell:
                assert mine.get("reason", "") == cell[0].strip(), frame


def test_an_answer_without_a_body_has_none_whatever_its_length_says() -> None:
    """RFC 9112, section 6.3: the length is that of the body that another answer would have."""
    for status in (b"304 Not Modified", b"204 No Content", b"100 Continue"):
        head = b"HTTP/1.1 " + status + b"\r\nContent-Length: 5\r\n\r\n"
        assert HTTP.split(head + b"HTTP/1.1 200 OK") == len(head)
        assert read(HTTP, head)
