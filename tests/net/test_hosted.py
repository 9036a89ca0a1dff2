"""A program of the user's own serves clients in their workers: what it may do, what it may not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.journal.entry import Entry, Kind
from app.net.facts import CloseReason
from app.teaching.programs.program import Program
from app.teaching.programs.stage import ProgramServer
from tests.support.wait import wait_until


@contextmanager
def serving(text: str) -> Iterator[ProgramServer]:
    program = Program(text)
    program.load()
    server = ProgramServer(program)
    try:
        yield server
    finally:
        server.close()


def dial(server: ProgramServer) -> socket.socket:
    client = socket.create_connection(server.endpoint, timeout=10)
    client.settimeout(10)
    return client


def entries(server: ProgramServer) -> list[Entry]:
    reader = server.journal.reader()
    try:
        return reader.entries(1, 1000)
    finally:
        reader.close()


def ended(server: ProgramServer) -> Entry:
    def offline() -> list[Entry]:
        return [entry for entry in entries(server) if entry.kind == Kind.OFFLINE]

    wait_until(offline)
    return offline()[0]


def test_what_it_receives_and_sends_is_in_the_journal() -> None:
    text = "def handle(c):\n    while data := c.recv(3):\n        c.send(data.upper())\n"
    with serving(text) as server, dial(server) as client:
        client.sendall(b"abcdef")
        assert client.recv(3) + client.recv(3) == b"ABCDEF"
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""
        assert ended(server).detail["reason"] == CloseReason.FIN
        data = [(e.kind, e.data) for e in entries(server) if e.kind <= Kind.OUT]
        assert data == [
            (Kind.IN, b"abc"), (Kind.OUT, b"ABC"), (Kind.IN, b"def"), (Kind.OUT, b"DEF"),
        ]  # fmt: skip


def test_what_it_raises_is_told_with_its_line_and_ends_only_its_client() -> None:
    text = "def handle(c):\n    data = c.recv()\n    c.send(str(1 / (data != b'zero')))\n"
    with serving(text) as server, dial(server) as other, dial(server) as client:
        client.sendall(b"zero")
        assert client.recv(1) == b""
        assert ended(server).detail["reason"] == CloseReason.PROGRAM_FAILED
        failed = next(e for e in entries(server) if e.kind == Kind.PROGRAM_FAILED)
        assert failed.detail["line"] == 3
        assert failed.detail["error"].startswith("ZeroDivisionError")
        other.sendall(b"one")
        assert other.recv(3) == b"1.0"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("c.send('你好')", CloseReason.PROGRAM_CLOSED),
        ("c.send('你好')\n    c.close()\n    assert c.recv() == b''", CloseReason.PROGRAM_CLOSED),
        ("c.send('你好')\n    c.log('done', 1)\n    c.sleep(0.01)", CloseReason.PROGRAM_CLOSED),
    ],
)
def test_when_it_returns_the_client_is_closed(body: str, reason: CloseReason) -> None:
    with serving(f"def handle(c):\n    {body}\n") as server, dial(server) as client:
        assert client.recv(10) == "你好".encode("gbk")
        assert client.recv(1) == b""
        assert ended(server).detail["reason"] == reason
        said = [e.detail["text"] for e in entries(server) if e.kind == Kind.PROGRAM_SAID]
        assert said == (["done 1"] if "log" in body else [])


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("c.recv(0)", "ValueError"),
        ("c.recv(-5)", "ValueError"),
        ("c.recv(10 ** 12)", "ValueError"),
        ("c.send('😀')", "EncodeFault"),
        ("c.send(None)", "TypeError"),
    ],
)
def test_a_wrong_call_is_an_error_in_the_students_line(call: str, error: str) -> None:
    with serving(f"def handle(c):\n    {call}\n") as server, dial(server):
        ended(server)
        failed = next(e for e in entries(server) if e.kind == Kind.PROGRAM_FAILED)
        assert failed.detail["line"] == 2
        assert failed.detail["error"].startswith(error)


def test_ten_megabytes_go_out_to_who_reads_slowly() -> None:
    text = "def handle(c):\n    c.send(bytes(10_000_000))\n"
    with serving(text) as server, dial(server) as client:
        size = 0
        while chunk := client.recv(65_536):
            size += len(chunk)
        assert size == 10_000_000


def test_stopping_ends_those_who_wait_for_their_clients() -> None:
    text = (
        "def handle(c):\n    try:\n        c.recv()\n    finally:\n        print('bye', c.number)\n"
    )
    with serving(text) as server, dial(server) as one, dial(server) as two:
        wait_until(lambda: server.program.stoppable.count == 2)
        server.close()
        assert server.standing == []
        assert one.recv(1) == two.recv(1) == b""
        assert len(server.program.output.lines()) == 2
