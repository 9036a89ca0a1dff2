"""Portside's server and journal without a window: what the rooms below the bridge can do.

    python tests/bench/raw_server.py --port 0 --journal FILE [--recv-size 1024] [--reply TEXT]

Ends by SIGTERM or SIGINT, and then prints on one JSON line how long that took.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.journal.journal import Journal
from app.net.facts import SendReport, ServerOptions
from app.net.server import Server
from app.net.session import Session
from app.reply import EchoReply, FixedReply


class Counter:
    """A watcher that only counts."""

    def __init__(self) -> None:
        self.joins = self.leaves = 0

    def joined(self, session: Session) -> None:
        """A client was accepted."""
        self.joins += 1

    def left(self, session: Session) -> None:
        """A client went offline."""
        self.leaves += 1

    def sent(self, report: SendReport) -> None:
        """Nobody sends here."""


class Ticker:
    """How late another thread is that wants to run every 20 ms, as a window does."""

    EVERY_S = 0.02

    def __init__(self) -> None:
        self._late_s: list[float] = []
        threading.Thread(target=self._tick, name="ticker", daemon=True).start()

    def _tick(self) -> None:
        while True:
            due_s = time.monotonic() + self.EVERY_S
            time.sleep(self.EVERY_S)
            self._late_s.append(time.monotonic() - due_s)

    def report(self) -> dict[str, float]:
        """Return the median, the 99th percentile and the worst, in ms."""
        late_ms = sorted(late_s * 1000 for late_s in self._late_s)
        names = {"late_p50_ms": 0.5, "late_p99_ms": 0.99, "late_max_ms": 1.0}
        last = len(late_ms) - 1
        return {name: round(late_ms[int(last * part)], 2) for name, part in names.items()}


def main() -> None:
    """Open, wait for a signal, close."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--backlog", type=int, default=128)
    parser.add_argument("--recv-size", type=int, default=1024)
    parser.add_argument("--reply", default="")
    parser.add_argument("--echo", action="store_true")
    parser.add_argument("--journal", type=Path)
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        journal = Journal(arguments.journal or folder / "journal.db")
        reply = FixedReply(arguments.reply) if arguments.reply else None
        server = Server(
            ServerOptions(
                host=arguments.host,
                port=arguments.port,
                backlog=arguments.backlog,
                recv_size_bytes=arguments.recv_size,
            ),
            journal,
            watcher=Counter(),
            reply=EchoReply() if arguments.echo else reply,
        )
        run(server, journal)


def run(server: Server, journal: Journal) -> None:
    """Serve until a signal comes; then say how the end went."""
    (endpoint,) = server.open()
    ended = threading.Event()
    ticker = Ticker()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    listener = threading.Thread(target=server.serve, name="listener")
    listener.start()
    sys.stdout.write(f"listening on {endpoint}\n")
    sys.stdout.flush()
    ended.wait()
    clients = len(server.sessions)
    began_s = time.monotonic()
    server.stop()
    listener.join()
    stopped_s = time.monotonic()
    lost = journal.close()
    report = {
        "clients": clients,
        "stop_s": round(stopped_s - began_s, 3),
        "journal_close_s": round(time.monotonic() - stopped_s, 3),
        "stuck": server.stuck,
        "lost": lost,
        "entries": journal.last_id,
        "bytes_in": journal.bytes_in,
        "bytes_out": journal.bytes_out,
        **ticker.report(),
    }
    sys.stdout.write(json.dumps(report) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
