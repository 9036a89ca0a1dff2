"""The bug `if recv_data == 1`: bytes never equal a number, and the loop never ends."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

from app.net.facts import Endpoint
from app.teaching.experiments.bench import HOST, Client
from app.teaching.experiments.facts import Code, Result, Row, Rule, Seconds, yes_or_no

if TYPE_CHECKING:
    from app.teaching.experiments.lab import Lab

STEPS = ("hello", "digit", "closed", "spinning", "right")
ENOUGH = 10_000  # rounds after which nobody hopes any more
WRONG, RIGHT = "if recv_data == 1: break", "if not recv_data: break"


def run(lab: Lab) -> Result:
    """Run the loop with the bug, and the loop without."""
    client, server = _connected(lab)
    client.send(b"hello")
    hello = server.recv(1024)
    lab.step("hello", data=hello, equal=yes_or_no(_is_one(hello)))
    client.send(b"1")
    one = server.recv(1024)
    lab.step("digit", data=one, equal=yes_or_no(_is_one(one)))
    client.close()
    lab.step("closed")
    rounds, took_s = _spin(lab, server)
    lab.step("spinning", n=rounds, took=Seconds(took_s), line=Code(WRONG))
    client, server = _connected(lab)
    client.close()
    right_rounds = 1
    while recv_data := server.recv(1024):  # noqa: F841 - the line that is right
        right_rounds += 1
    lab.step("right", n=right_rounds, line=Code(RIGHT))
    return Result(
        (
            Row("hello", yes_or_no(False), yes_or_no(_is_one(hello))),
            Row("one", yes_or_no(False), yes_or_no(_is_one(one))),
            Row("empty", yes_or_no(False), yes_or_no(_is_one(b""))),
            Row("rounds", ENOUGH, rounds, Rule.AT_LEAST),
            Row("right_rounds", 1, right_rounds),
        )
    )


def _connected(lab: Lab) -> tuple[Client, socket.socket]:
    """A client, and the server's socket of it: the tutorial's, with nothing around."""
    with socket.create_server((HOST, 0)) as listening:
        client = Client(lab, Endpoint(*listening.getsockname()))
        server, _ = listening.accept()
    lab.belongings.enter_context(server)
    server.settimeout(10)
    return client, server


def _is_one(recv_data: object) -> bool:
    return recv_data == 1


def _spin(lab: Lab, server: socket.socket) -> tuple[int, float]:
    """Loop as the bug does until it is plain that it never ends."""
    rounds, began_s = 0, time.perf_counter()
    while rounds < ENOUGH:
        recv_data = server.recv(1024)
        if _is_one(recv_data):
            break
        rounds += 1
    lab.check()
    return rounds, time.perf_counter() - began_s
