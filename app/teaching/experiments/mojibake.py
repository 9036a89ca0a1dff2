"""The right bytes, read with the wrong table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.teaching.experiments.bench import Bench
from app.teaching.experiments.facts import Result, Row, yes_or_no
from app.teaching.experiments.samples import HELLO

if TYPE_CHECKING:
    from app.teaching.experiments.lab import Lab

STEPS = ("sent", "received", "wrong", "right", "back", "other_way", "lost")


def run(lab: Lab) -> Result:
    """Send UTF-8 to one who reads GBK, and the other way round."""
    utf8, gbk = HELLO.encode("utf-8"), HELLO.encode("gbk")
    received, recv = _received(lab, utf8)
    wrong = received.decode("gbk")
    lab.step("wrong", recv, text=wrong)
    right = received.decode("utf-8")
    lab.step("right", recv, text=right)
    back = wrong.encode("gbk").decode("utf-8")
    lab.step("back", recv, text=back)
    shown = gbk.decode("utf-8", "replace")
    lab.step("other_way", data=gbk, text=shown)
    saved = shown.encode("utf-8")
    is_lost = saved != gbk
    lab.step("lost", data=saved, lost=yes_or_no(is_lost))
    return Result(
        (
            Row("same_bytes", utf8, received),
            Row("is_wrong", yes_or_no(True), yes_or_no(wrong != HELLO)),
            Row("right", HELLO, right),
            Row("back", HELLO, back),
            Row("lost", yes_or_no(True), yes_or_no(is_lost)),
        )
    )


def _received(lab: Lab, data: bytes) -> tuple[bytes, tuple[int, ...]]:
    """Return what came, and the call that brought it."""
    bench = Bench(lab)
    client, session = bench.join()
    client.send(data)
    lab.step("sent", client.did("send"), text=HELLO, data=data)
    bench.wait_received(session, len(data))
    received = b"".join(bench.chunks(session))
    recv = lab.did(session.client_id, "recv")
    lab.step("received", recv, data=received)
    return received, recv
