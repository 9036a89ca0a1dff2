"""Three messages, three sends, one recv: TCP keeps the bytes in order, and no borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.teaching.experiments.bench import Bench
from app.teaching.experiments.facts import Result, Row
from app.teaching.experiments.held_up import Busy
from app.teaching.experiments.samples import HELLO, ORDERS

if TYPE_CHECKING:
    from app.teaching.experiments.lab import Lab

STEPS = ("busy", "sent", "waiting", "glued", "parted")


def run(lab: Lab) -> Result:
    """Let the messages arrive while the worker is busy."""
    busy = Busy(lab)
    bench = Bench(lab, reply=busy)
    busy.guard()
    client, session = bench.join()
    first = HELLO.encode("gbk")
    client.send(first)
    lab.wait_until(busy.is_busy.is_set)
    lab.step("busy", lab.did(session.client_id, "recv"), text=HELLO)
    messages = [order.encode("gbk") for order in ORDERS]
    for message in messages:
        client.send(message)
    whole = b"".join(messages)
    lab.step("sent", client.did("send", len(messages)), n=len(messages), messages=ORDERS)
    lab.wait_until(lambda: bench.waits_in_kernel(session) == len(whole))
    lab.step("waiting", client.did("send", len(messages)), n=len(whole))
    busy.go_on()
    bench.wait_received(session, len(first) + len(whole))
    chunks = bench.chunks(session)[1:]
    lab.step("glued", lab.did(session.client_id, "recv"), data=chunks[0], n=len(chunks))
    parted = tuple(b"".join(chunks).decode("gbk").splitlines(keepends=True))
    lab.step("parted", lab.did(session.client_id, "recv"), messages=parted)
    return Result(
        (
            Row("sends", 3, len(messages)),
            Row("recvs", 1, len(chunks)),
            Row("bytes", len(whole), len(chunks[0])),
            Row("parted", ORDERS, parted),
        )
    )
