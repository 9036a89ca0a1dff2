"""The bug `if recv_data == 1`: bytes never equal a number, and the loop never ends."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from app.teaching.calls import BARE_SERVER
from app.teaching.experiments.bench import connected
from app.teaching.experiments.facts import Code, Result, Row, Rule, Seconds, yes_or_no

if TYPE_CHECKING:
    from app.teaching.experiments.bench import Peer
    from app.teaching.experiments.lab import Lab

STEPS = ("hello", "digit", "closed", "spinning", "right")
ENOUGH = 10_000  # rounds after which nobody hopes any more
WRONG, RIGHT = "if recv_data == 1: break", "if not recv_data: break"


def run(lab: Lab) -> Result:
    """Run the loop with the bug, and the loop without."""
    client, server = connected(lab, BARE_SERVER)
    client.send(b"hello")
    hello = server.recv(1024)
    lab.step("hello", server.did("recv"), data=hello, equal=yes_or_no(_is_one(hello)))
    client.send(b"1")
    one = server.recv(1024)
    lab.step("digit", server.did("recv"), data=one, equal=yes_or_no(_is_one(one)))
    client.close()
    lab.step("closed", client.did("close"))
    rounds, took_s = _spin(lab, server)
    lab.step("spinning", n=rounds, took=Seconds(took_s), line=Code(WRONG))
    client, server = connected(lab, BARE_SERVER)
    client.close()
    right_rounds = 1
    while recv_data := server.recv(1024):  # noqa: F841 - the line that is right
        right_rounds += 1
    lab.step("right", server.did("recv"), n=right_rounds, line=Code(RIGHT))
    return Result(
        (
            Row("hello", yes_or_no(False), yes_or_no(_is_one(hello))),
            Row("one", yes_or_no(False), yes_or_no(_is_one(one))),
            Row("empty", yes_or_no(False), yes_or_no(_is_one(b""))),
            Row("rounds", ENOUGH, rounds, Rule.AT_LEAST),
            Row("right_rounds", 1, right_rounds),
        )
    )


def _is_one(recv_data: object) -> bool:
    return recv_data == 1


def _spin(lab: Lab, server: Peer) -> tuple[int, float]:
    """Loop as the bug does until it is plain that it never ends."""
    rounds, began_s = 0, time.perf_counter()
    while rounds < ENOUGH:
        recv_data = server.recv(1024)
        if _is_one(recv_data):
            break
        rounds += 1
    lab.check()
    return rounds, time.perf_counter() - began_s
