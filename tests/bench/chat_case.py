"""Fifty clients say twenty things a second: what it costs, how soon it is seen and answered."""

from __future__ import annotations

import bisect
import sqlite3
import time
from contextlib import closing

from tests.bench.clients import crowd
from tests.bench.damage import repaints
from tests.bench.driven import Driven, bare_server
from tests.bench.figures import Figure, Peers, Values, at_most, quantile
from tests.bench.pinging import pinged
from tests.bench.sizes import Size
from tests.bench.stage import Stage
from tests.bench.talk import Talk
from tests.bench.watching import wait_for

CLIENTS, RATE = 50, 20.0
LINES, APART_S = 15, 0.2  # seen from outside while nobody else talks
UNSEEN_MS = 5_000.0

FIGURES = (
    Figure("cpu_percent", "50 clients × 20/s, log following: processor", "%", at_most(10),
           "bare_cpu_percent", peers=Peers("6 % ¹", "95 %", "75 %")),
    Figure("ping_p99_ms", "window answers a ping meanwhile, p99", "ms", at_most(16),
           peers=Peers("83 ms", "9 ms", "26 ms")),
    Figure("shown_p50_ms", "from send to screen meanwhile, p50", "ms", at_most(50)),
    Figure("seen_p50_ms", "from send to repaint (XDamage), one client alone, p50", "ms",
           at_most(50), peers=Peers("606 ms", "2 ms", "1.3 ms")),
    Figure("trip_p50_ms", "automatic reply (echo) in that chat: round trip, p50", "ms",
           at_most(0.3), "bare_trip_p50_ms", peers=Peers("601 ms ²", "", "1.0 ms ²")),
    Figure("trip_p99_ms", "the same, p99", "ms", at_most(3), "bare_trip_p99_ms",
           peers=Peers("602 ms ²", "", "1.7 ms ²")),
    Figure("unanswered", "messages without an answer", "", at_most(0)),
)  # fmt: skip


def run(stage: Stage, size: Size) -> Values:
    """Talk with the bare server, with the program, and with the program that answers."""
    values = _bare(size)
    with stage.window(reply_mode="echo") as window:
        values |= _answered(window, size)
    with stage.window() as window:
        values |= _seen(window)
        values |= _chat(window, size)
    return values


def _bare(size: Size) -> Values:
    with bare_server("--echo") as bare, crowd(bare.port, CLIENTS) as clients:
        talk = Talk(clients.sockets, RATE)
        talk.run(1, replies=True)
        talk = Talk(clients.sockets, RATE)
        cpu_s = bare.watched.cpu_s
        talk.run(size.chat_s, replies=True)
        cpu_percent = (bare.watched.cpu_s - cpu_s) / size.chat_s * 100
    values = {f"bare_{key}": value for key, value in talk.values.items()}
    return values | {"bare_cpu_percent": cpu_percent}


def _answered(window: Driven, size: Size) -> Values:
    with crowd(window.port, CLIENTS) as clients:
        Talk(clients.sockets, RATE).run(1, replies=True)
        talk = Talk(clients.sockets, RATE)
        talk.run(size.chat_s, replies=True)
    return talk.values


def _chat(window: Driven, size: Size) -> Values:
    watched = window.watched
    with crowd(window.port, CLIENTS) as clients:
        talk = Talk(clients.sockets, RATE)
        talk.run(1)
        with pinged(window.window) as ping:
            cpu_s = watched.cpu_s
            talk.run(size.chat_s)
            cpu_percent = (watched.cpu_s - cpu_s) / size.chat_s * 100
        window.do("watch_log")
        talk.sent_s.clear()
        talk.run(size.chat_s)
        time.sleep(0.5)
        paints = window.do("paints")["paints"]
        shown_ms = _shown_ms(window, talk.sent_s, paints)
    return ping.values | {"cpu_percent": cpu_percent, "shown_p50_ms": quantile(shown_ms, 0.5)}


def _shown_ms(
    window: Driven, sent_s: dict[bytes, float], paints: list[tuple[float, int]]
) -> list[float]:
    """Return how long after its sending each message was in a painted log.

    The log was painted at known times, each time up to a known entry; the journal tells which
    entry a message became.
    """
    last_id = window.do("report")["last_id"]
    question = "SELECT id, data FROM entry WHERE kind = 0"
    with closing(sqlite3.connect(f"file:{window.journal}?mode=ro", uri=True)) as journal:
        newest = "SELECT max(id) FROM entry"
        wait_for(lambda: journal.execute(newest).fetchone()[0] >= last_id, 10, "stored")
        ids = {data: entry_id for entry_id, data in journal.execute(question) if data in sent_s}
    painted_ids = [entry_id for _, entry_id in paints]
    found = []
    for text, at_s in sent_s.items():
        index = bisect.bisect_left(painted_ids, ids[text])
        shown = index < len(paints)
        found.append((paints[index][0] - at_s) * 1000 if shown else UNSEEN_MS)
    return found


def _seen(window: Driven) -> Values:
    """A line now and then, and the next repaint of the log as the X server sees it."""
    found_ms = []
    with crowd(window.port, 1) as clients, repaints(window.window, window.log) as painted:
        window.do("await_online", count=1)
        time.sleep(1)
        for number in range(LINES):
            painted.forget()
            at_s = time.monotonic()
            clients.sockets[0].send(b"seen %08d\n" % number)
            seen_s = painted.next(UNSEEN_MS / 1000)
            found_ms.append(UNSEEN_MS if seen_s is None else (seen_s - at_s) * 1000)
            time.sleep(APART_S)
    return {"seen_p50_ms": quantile(found_ms, 0.5)}
