"""A thousand clients, a thousand threads: what they cost while they wait."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from app.net.process import most_clients, raise_descriptor_limit
from app.reply import EchoReply
from app.teaching.experiments.bench import Bench, Client
from app.teaching.experiments.facts import Result, Row, Rule, Seconds, Size, Word

if TYPE_CHECKING:
    from app.teaching.experiments.lab import Lab

STEPS = ("alone", "started", "memory", "asked", "gone")
MANY = 1000
BACKLOG = 1024
KIB = 1024
ASKED = 20  # times; the median is taken
# Bounds, not aims: a program that costs more has another problem.
MOST_EACH, MOST_START_S, MOST_ANSWER_S = Size(256 * KIB), Seconds(0.05), Seconds(0.1)


def run(lab: Lab) -> Result:
    """Measure one client alone, and the same one beside a thousand that wait."""
    bench = Bench(lab, reply=EchoReply(), backlog=BACKLOG)
    client, _ = bench.join()
    alone_s = _answer_s(lab, client)
    lab.step(
        "alone",
        client.did("send"),
        client.did("recv"),
        took=Seconds(alone_s),
        threads=bench.server.thread_count,
    )
    many = _how_many()
    before, began_s = _memory(), time.perf_counter()
    for _ in range(many):
        Client(lab, bench.endpoint)
        lab.check()
    lab.wait_until(lambda: len(bench.joins) == many + 1)
    took_s = time.perf_counter() - began_s
    lab.step("started", n=many, took=Seconds(took_s), each=Seconds(took_s / many))
    memory, stacks = (after - earlier for after, earlier in zip(_memory(), before, strict=True))
    each = Size(max(memory, 0) // many)
    stack = Word("not_told") if sys.platform == "win32" else Size(max(stacks, 0) // many)
    lab.step("memory", all=Size(max(memory, 0)), each=each, stack=stack)
    beside_s = _answer_s(lab, client)
    lab.step(
        "asked",
        client.did("send"),
        client.did("recv"),
        took=Seconds(beside_s),
        alone=Seconds(alone_s),
    )
    workers = bench.server.worker_count
    lab.belongings.close()
    lab.step("gone", n=bench.server.worker_count, stuck=bench.server.stuck)
    return Result(
        (
            Row("threads", many + 1, workers),  # and that of the first client
            Row("start", MOST_START_S, Seconds(took_s / many), Rule.AT_MOST),
            Row("memory", MOST_EACH, each, Rule.AT_MOST),
            Row("answer", MOST_ANSWER_S, Seconds(beside_s), Rule.AT_MOST),
            Row("stuck", 0, bench.server.stuck),
        )
    )


def _how_many() -> int:
    """A thousand, or as many as the system lets this process have: two descriptors each."""
    raise_descriptor_limit()
    if sys.platform == "win32":
        return MANY
    import psutil

    left = most_clients(10 * MANY) - psutil.Process().num_fds()
    return max(1, min(MANY, left // 2))


def _memory() -> tuple[int, int]:
    """Bytes of this process in memory, and of address space that it has reserved.

    Windows tells of neither reservations nor stacks: there the second is what it may have to keep.
    """
    import psutil

    found = psutil.Process().memory_info()
    return found.rss, found.vms


def _answer_s(lab: Lab, client: Client) -> float:
    """How long the client waits for an answer: the median of several."""
    times = []
    for _ in range(ASKED):
        lab.check()
        began_s = time.perf_counter()
        client.send(b"?")
        client.recv()
        times.append(time.perf_counter() - began_s)
    return sorted(times)[ASKED // 2]
