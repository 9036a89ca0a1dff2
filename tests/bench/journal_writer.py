"""What the journal costs and carries, beside a bare SQLite writer of the same rows.

    python -m tests.bench.journal_writer [--kills N] [--json FILE]

Each rate is the median of three; the bare writer runs between the journal's runs, with the same
rows and pragmas, so that both see the same machine. `--kills` repeats kill -9 under a flood. What a
journal of millions of entries costs its readers is in `large_journal`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from app.journal.entry import Kind
from app.journal.intake import Intake
from app.journal.journal import Journal
from app.journal.opening import connect_writer
from app.journal.rowbatch import insert_rows
from app.journal.schema import ENTRY_COLUMNS
from tests.journal.crashes import check_prefix, kill_in_flood

MIB = 1024 * 1024
RUNS = 3
Figures = dict[str, float]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=0)
    options.add_argument("--json", type=Path)
    options.add_argument("--folder", type=Path, help="where the journals are written")
    chosen = options.parse_args()
    figures: Figures = {}
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        folder = Path(name)
        figures |= append_cost()
        figures |= writer_rates(folder)
        figures |= received(folder)
        if chosen.kills:
            figures |= kills(folder, chosen.kills)
    for key, value in figures.items():
        sys.stdout.write(f"{key:<58} {value:>14,.{3 if value < 100 else 0}f}\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1))


def append_cost() -> Figures:
    """The hot path alone: no writer thread takes the interpreter from it."""
    data = bytes(1024)
    best_ns = 10**9
    for _ in range(20):
        intake = Intake(0, lambda: None)
        intake._alarm_bytes = 10**12
        append, count = intake.append, 5_000
        started = time.perf_counter_ns()
        for number in range(count):
            append(1, 0, data, number)
        best_ns = min(best_ns, (time.perf_counter_ns() - started) // count)
    return {"append, ns (best of 20)": best_ns}


def writer_rates(folder: Path) -> Figures:
    """Rows/s of one thread that appends, for three sizes and 1 and 50 clients."""
    figures: Figures = {}
    for size_bytes, count in ((64, 600_000), (1_024, 250_000), (65_536, 8_000)):
        for clients in (1, 50):
            ours, bare = [], []
            for _ in range(RUNS):
                ours.append(journal_rate(folder / "ours.db", size_bytes, count, clients))
                bare.append(bare_rate(folder / "bare.db", size_bytes, count, clients))
            rate, limit = statistics.median(ours), statistics.median(bare)
            name = f"{size_bytes} B, {clients} client{'s' if clients > 1 else ''}"
            figures[f"{name}: journal, rows/s"] = rate
            figures[f"{name}: bare SQLite, rows/s"] = limit
            figures[f"{name}: ratio"] = rate / limit
            figures[f"{name}: journal, MB/s"] = rate * size_bytes / 1e6
    return figures


def journal_rate(path: Path, size_bytes: int, count: int, clients: int) -> float:
    data = os.urandom(size_bytes)
    journal = Journal(path)
    started = time.perf_counter()
    for number in range(count):
        journal.append(1 + number % clients, Kind.IN, data, number)
        if journal.crowded:
            journal.wait_for_room()
    journal.close()
    took_s = time.perf_counter() - started
    remove(path)
    return count / took_s


def bare_rate(path: Path, size_bytes: int, count: int, clients: int) -> float:
    """The same rows and pragmas in transactions of 2 MiB, with nothing else to do."""
    data = os.urandom(size_bytes)
    each = max(1, min(8_192, 2 * MIB // (size_bytes + 256)))
    numbers = itertools.count(1)
    connection = connect_writer(path)
    started = time.perf_counter()
    for start in range(0, count, each):
        rows = [
            (next(numbers), time.time_ns(), time.monotonic_ns(), 1 + n % clients, 0, n, data, "")
            for n in range(start, min(start + each, count))
        ]
        connection.execute("BEGIN IMMEDIATE")
        insert_rows(connection, f"INSERT INTO entry({ENTRY_COLUMNS})", rows)
        connection.execute("COMMIT")
    connection.close()
    took_s = time.perf_counter() - started
    remove(path)
    return count / took_s


def received(folder: Path) -> Figures:
    """What workers record of a flood that another process sends over loopback."""
    figures: Figures = {}
    cases = ((1_024, 200 * MIB, 1), (1_024, 200 * MIB, 50), (65_536, 1_024 * MIB, 1))
    for size_bytes, total_bytes, clients in cases:
        rates = [flood(folder / "flood.db", size_bytes, total_bytes, clients) for _ in range(RUNS)]
        name = f"recv({size_bytes}), {clients} client{'s' if clients > 1 else ''}"
        figures[f"{name}: chunks/s"] = statistics.median(chunks for chunks, _ in rates)
        figures[f"{name}: MB/s"] = statistics.median(mb for _, mb in rates)
    figures["memory, peak of all the above, MiB"] = (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    )
    return figures


SENDER = """
import socket, sys, threading
port, clients, total = map(int, sys.argv[1:4])
data = bytes(65536)
def send():
    with socket.create_connection(("127.0.0.1", port)) as peer:
        for _ in range(total // clients // len(data)):
            peer.sendall(data)
threads = [threading.Thread(target=send) for _ in range(clients)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def flood(path: Path, size_bytes: int, total_bytes: int, clients: int) -> tuple[float, float]:
    journal = Journal(path)
    workers = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        child = subprocess.Popen(
            [sys.executable, "-c", SENDER, *map(str, (port, clients, total_bytes))]
        )
        for number in range(clients):
            peer = listener.accept()[0]
            worker = threading.Thread(target=receive, args=(journal, peer, number, size_bytes))
            workers.append(worker)
        started = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    journal.close()
    took_s = time.perf_counter() - started
    child.wait()
    chunks, received_bytes = journal.last_id, journal.bytes_in
    remove(path)
    return chunks / took_s, received_bytes / took_s / 1e6


def receive(journal: Journal, peer: socket.socket, number: int, size_bytes: int) -> None:
    offset = 0
    with peer:
        while chunk := peer.recv(size_bytes):
            journal.append(number + 1, 0, chunk, offset)
            offset += len(chunk)
            if journal.crowded:
                journal.wait_for_room()


def kills(folder: Path, count: int) -> Figures:
    """kill -9 under a flood of 50 clients, again and again."""
    lost = []
    for number in range(count):
        path = folder / f"kill{number}.db"
        killed = kill_in_flood(path, 0.2 + 0.05 * number)
        lost.append(check_prefix(path, killed).lost_s)
        remove(path)
    return {
        "kill -9: unbroken prefixes": count,
        "kill -9: worst loss, s": max(lost),
        "kill -9: median loss, s": statistics.median(lost),
    }


def remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", ".lock"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
