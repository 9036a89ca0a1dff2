"""A client that does not read: where its bytes wait, and that nobody else waits with it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from app.net.facts import SendResult
from app.teaching.experiments.bench import Bench, Client
from app.teaching.experiments.facts import Result, Row, Rule, Seconds, Size, Word, yes_or_no

if TYPE_CHECKING:
    from app.net.session import Session
    from app.teaching.experiments.lab import Lab

STEPS = ("sending", "full", "refused", "other", "reads", "whole")
OUTBOX_BYTES, PIECE_BYTES = 1024 * 1024, 256 * 1024
MOST_PIECES = 200  # 50 MiB: no system's buffers are so large
SOON_S = 0.5


def run(lab: Lab) -> Result:
    """Send until everything is full, talk with somebody else, then let the client read."""
    bench = Bench(lab, outbox_limit_bytes=OUTBOX_BYTES)
    deaf, session = bench.join()
    other, other_session = bench.join()
    lab.step("sending", n=PIECE_BYTES // 1024)
    accepted, last = _fill(lab, bench, session)
    in_kernel, in_outbox = session.bytes_out, session.waiting_bytes
    lab.step("full", kernel=Size(in_kernel), outbox=Size(in_outbox))
    lab.step("refused", limit=Size(OUTBOX_BYTES), result=Word(f"send_{last}"))
    took_s = _answer(bench, other_session, other)
    lab.step("other", other.did("recv"), took=Seconds(took_s))
    received = 0
    while received < accepted:
        received += len(deaf.recv())
    lab.step("reads", deaf.did("recv"), n=received)
    lab.wait_until(lambda: not session.waiting_bytes)
    lab.step("whole", accepted=accepted, received=received)
    return Result(
        (
            Row("kernel_is_bounded", yes_or_no(True), yes_or_no(in_kernel < accepted)),
            Row("outbox", Size(OUTBOX_BYTES), Size(in_outbox), Rule.AT_MOST),
            Row("last", Word("send_refused"), Word(f"send_{last}")),
            Row("other", Seconds(SOON_S), Seconds(took_s), Rule.AT_MOST),
            Row("received", accepted, received),
        )
    )


def _fill(lab: Lab, bench: Bench, session: Session) -> tuple[int, SendResult]:
    """Send pieces until one is refused; return how many bytes were accepted, and the last word."""
    piece, accepted, result = bytes(PIECE_BYTES), 0, SendResult.SENT
    for _ in range(MOST_PIECES):
        result = _send(lab, bench, session, piece)
        if result is SendResult.REFUSED:
            break
        accepted += len(piece)
    return accepted, result


def _send(lab: Lab, bench: Bench, session: Session, piece: bytes) -> SendResult:
    report = bench.server.send([(session.ref, piece, "")])
    lab.wait_until(lambda: report in bench.reports)  # the sender has tried
    return report.results[session.client_id]


def _answer(bench: Bench, session: Session, client: Client) -> float:
    """Return how long another client waits for what it is sent now."""
    began_s = time.perf_counter()
    bench.server.send([(session.ref, b"and you?", "ascii")])
    client.recv()
    return time.perf_counter() - began_s
