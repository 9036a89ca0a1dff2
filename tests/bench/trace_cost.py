"""What the trace points cost while nobody looks.

    python -m tests.bench.trace_cost [--mib 20] [--runs 3]

(ns per trace point, measured alone) × (points per chunk) ÷ (ns per chunk in the flood). A point is
a guard in `wire`: does somebody look? The least of many repeats. The flood is received by the
server and its journal in a process of its own.
Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable

from app.net import trace
from tests.bench.journal_writer import SENDER

MIB = 1024 * 1024
RECV_SIZE_BYTES = 1024  # the default
REPEATS, CALLS = 100, 5_000
MOST_PERCENT = 2.0


def points_ns() -> dict[str, float]:
    """Return what the guards of `recv` and of `send` cost, in ns; below 0 is noise. Any thread."""
    assert not trace.is_watched

    def bare(count: range) -> None:
        for _ in count:
            pass

    def guarded(count: range) -> None:
        for _ in count:
            if not trace.is_watched:
                pass

    guard_ns = _difference_ns(guarded, bare)
    return {"recv_ns": guard_ns, "send_ns": guard_ns}


def _difference_ns(guarded: Callable[[range], None], bare: Callable[[range], None]) -> float:
    """Return by how much a call of one takes longer than of the other; they take turns."""
    count, least = range(CALLS), {guarded: float("inf"), bare: float("inf")}
    for _ in range(REPEATS):
        for measured in least:
            begun = time.perf_counter_ns()
            measured(count)
            least[measured] = min(least[measured], (time.perf_counter_ns() - begun) / CALLS)
    return least[guarded] - least[bare]


def flood_chunk_ns(total_bytes: int, runs: int = 3, clients: int = 1) -> float:
    """Return how long the server takes for a chunk of a flood, in ns: the least of some runs."""
    return min(_one_flood_ns(total_bytes, clients) for _ in range(runs))


def _one_flood_ns(total_bytes: int, clients: int) -> float:
    command = [sys.executable, "-m", "tests.bench.raw_server", "--host", "127.0.0.1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = server.stdout.readline().rpartition(":")[2].strip()
        begun = time.perf_counter_ns()
        sender = [sys.executable, "-c", SENDER, port, str(clients), str(total_bytes)]
        subprocess.run(sender, check=True)
        took_ns = time.perf_counter_ns() - begun
        server.terminate()
        report = json.loads(server.stdout.readline())
    return took_ns / max(report["bytes_in"] / RECV_SIZE_BYTES, 1)


def figures(chunk_ns: float) -> dict[str, float | bool]:
    """Return the cost of the points in a flood whose chunks take so long each."""
    points = points_ns()
    recv_ns, send_ns = (max(points[name], 0.0) for name in ("recv_ns", "send_ns"))
    silent, answering = recv_ns / chunk_ns * 100, (recv_ns + send_ns) / chunk_ns * 100
    return {
        "recv_point_ns": round(points["recv_ns"], 1),
        "send_point_ns": round(points["send_ns"], 1),
        "points_per_chunk": 1,
        "points_per_chunk_answered": 2,
        "chunk_ns": round(chunk_ns),
        "percent": round(silent, 2),
        # An answered chunk takes longer than that: so this is more than it really is.
        "percent_answered": round(answering, 2),
        "holds": max(silent, answering) <= MOST_PERCENT,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--mib", type=int, default=60)
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    found = figures(flood_chunk_ns(chosen.mib * MIB, chosen.runs))
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
