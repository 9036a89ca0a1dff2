"""One message, several recvs: the buffer was too small, or the sender paused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.teaching.experiments.bench import Bench
from app.teaching.experiments.facts import Result, Row
from app.teaching.experiments.samples import NEWS

if TYPE_CHECKING:
    from app.teaching.experiments.lab import Lab

STEPS = ("sent", "cut", "half_sent", "half_received", "rest_sent", "whole")
SMALL_BYTES, USUAL_BYTES = 8, 1024


def run(lab: Lab) -> Result:
    """Cut a message twice: by the receiver, by the sender."""
    message = NEWS.encode("gbk")
    small = _small_buffer(lab, message)
    halves, kept, lines = _two_halves(lab, message)
    at_least = -(-len(message) // SMALL_BYTES)
    return Result(
        (
            Row("pieces_small", at_least, len(small)),
            Row("longest", SMALL_BYTES, max(map(len, small))),
            Row("pieces_halves", 2, len(halves)),
            Row("lines_after_half", 0, kept),
            Row("joined", (NEWS,), lines),
        )
    )


def _small_buffer(lab: Lab, message: bytes) -> list[bytes]:
    bench = Bench(lab, recv_size_bytes=SMALL_BYTES)
    client, session = bench.join()
    client.send(message)
    lab.step("sent", client.did("send"), text=NEWS, n=len(message))
    bench.wait_received(session, len(message))
    chunks = bench.chunks(session)
    lab.step(
        "cut",
        lab.did(session.client_id, "recv", len(chunks)),
        size=SMALL_BYTES,
        chunks=tuple(chunks),
        n=len(chunks),
    )
    return chunks


def _two_halves(lab: Lab, message: bytes) -> tuple[list[bytes], int, tuple[str, ...]]:
    """Return the pieces, how many lines were whole after the first, and the lines at the end."""
    bench = Bench(lab, recv_size_bytes=USUAL_BYTES)
    client, session = bench.join()
    half = len(message) // 2
    client.send(message[:half])
    lab.step("half_sent", client.did("send"), n=half)
    bench.wait_received(session, half)
    kept = b"".join(bench.chunks(session))
    whole_lines = kept.count(b"\n")
    lab.step("half_received", lab.did(session.client_id, "recv"), data=kept, n=whole_lines)
    client.send(message[half:])
    lab.step("rest_sent", client.did("send"), n=len(message) - half)
    bench.wait_received(session, len(message))
    chunks = bench.chunks(session)
    lines = tuple(b"".join(chunks).decode("gbk").splitlines(keepends=True))
    lab.step("whole", lab.did(session.client_id, "recv", 2), messages=lines)
    return chunks, whole_lines, lines
