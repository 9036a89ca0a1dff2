"""Calls read as they would be typed."""

from __future__ import annotations

import socket

import pytest

from app.teaching.call_text import whole_text
from app.teaching.calls import Call, Clipped, Descriptor


def made(name: str, arguments: tuple[object, ...], result: object, fileno: int = 7) -> Call:
    return Call(1, 1, name, 1, fileno, arguments, result, 0, 1, ())


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (made("recv", (1024,), "你好".encode("gbk")), r"recv(1024) → b'\xc4\xe3\xba\xc3'"),
        (made("recv", (1024,), b""), "recv(1024) → b''"),
        (made("recv", (4096,), Clipped(b"ab", 4096)), "recv(4096) → b'ab'… (4,096 bytes)"),
        (
            made("recv", (1,), ConnectionResetError(104, "Connection reset by peer")),
            "recv(1) → ConnectionResetError: [Errno 104] Connection reset by peer",
        ),
        (made("send", (b"hi",), 2), "send(b'hi') → 2"),
        (made("bind", (("0.0.0.0", 8080),), None), "bind(('0.0.0.0', 8080))"),
        (made("listen", (128,), None), "listen(128)"),
        (
            made("accept", (), (Descriptor(9), ("127.0.0.1", 53412))),
            "accept() → (<socket fd=9>, ('127.0.0.1', 53412))",
        ),
        (
            made("socket", (socket.AF_INET, socket.SOCK_STREAM, 6), None),
            "socket(AF_INET, SOCK_STREAM) → <socket fd=7>",
        ),
        (made("shutdown", (socket.SHUT_RD,), None), "shutdown(SHUT_RD)"),
        (made("close", (), None), "close()"),
        (made("start", ("worker-1",), None), "Thread(name='worker-1').start()"),
    ],
)
def test_a_call_reads_as_in_python(call: Call, text: str) -> None:
    assert whole_text(call) == text
