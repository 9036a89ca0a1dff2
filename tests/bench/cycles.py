"""Open and close a port again and again while clients send, and look for what is left behind.

    python tests/bench/cycles.py [--cycles 200] [--clients 50]

The clients run in a process of their own and dial again whenever they are cut off. Prints one
JSON line: seconds per cycle, bytes received, and the threads and descriptors that are left (0).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.journal.journal import Journal
from app.net.facts import ServerOptions
from app.net.server import Server
from tests.bench.raw_server import Counter

AT_LEAST_BYTES = 100_000  # received in each cycle before the port is closed


def fire(port: int, clients: int) -> None:
    """Send from so many clients for ever."""

    def send() -> None:
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port), 1) as client:
                    while True:
                        client.sendall(b"x" * 1000)
            except OSError:
                time.sleep(0.01)

    threads = [threading.Thread(target=send, daemon=True) for _ in range(clients)]
    for thread in threads:
        thread.start()
    threads[0].join()


def cycle(port: int, journal: Journal) -> tuple[int, int]:
    """Open, receive something, close; return the port and the threads that did not stop."""
    server = Server(ServerOptions("127.0.0.1", port), journal, watcher=Counter())
    (endpoint,) = server.open()
    listener = threading.Thread(target=server.serve, name="listener")
    listener.start()
    goal_bytes = journal.bytes_in + AT_LEAST_BYTES
    while port and journal.bytes_in < goal_bytes:
        time.sleep(0.005)
    server.stop()
    listener.join()
    return endpoint.port, server.stuck


def descriptors() -> int:
    """How many this process has open (Linux; elsewhere 0)."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def main() -> None:
    """Run the cycles and print what was left."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cycles", type=int, default=200)
    parser.add_argument("--clients", type=int, default=50)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "journal.db")
        port, _ = cycle(0, journal)  # finds a free port
        firing = multiprocessing.Process(target=fire, args=(port, arguments.clients), daemon=True)
        firing.start()
        threads, open_before = threading.active_count(), descriptors()
        began_s, stuck = time.monotonic(), 0
        for _ in range(arguments.cycles):
            stuck += cycle(port, journal)[1]
        seconds = time.monotonic() - began_s
        left = threading.active_count() - threads, descriptors() - open_before
        firing.kill()
        firing.join()
        report = {
            "cycles": arguments.cycles,
            "clients": arguments.clients,
            "ms_per_cycle": round(seconds / arguments.cycles * 1000, 1),
            "mib_received": round(journal.bytes_in / 2**20, 1),
            "stuck": stuck,
            "threads_left": left[0],
            "descriptors_left": left[1],
            "lost": journal.close(),
        }
    sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main()
