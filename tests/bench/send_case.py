"""The window sends: to a thousand clients of whom some never read, and much to slow readers."""

from __future__ import annotations

import hashlib
import json
import select
import socket
import time
from collections.abc import Callable, Sequence

from tests.bench.clients import crowd
from tests.bench.driven import Child, Driven, bare_server, child
from tests.bench.figures import Figure, Peers, Values, at_least, at_most, median
from tests.bench.pinging import pinged
from tests.bench.sizes import Size
from tests.bench.stage import Stage
from tests.bench.talk import Talk
from tests.bench.watching import MIB, TookTooLong

READING, NEVER = 980, 20
BROADCAST_BYTES = 1_024
FILL_MIB = 5  # more than the kernel's buffers hold: those who never read have an outbox then
FLOOD_CHUNK_BYTES = 65_536
REST_S = 0.3  # between two broadcasts

SLOW, TALKING, RATE = 10, 40, 20.0
SLOW_MIB, SLOW_MIB_PER_S = 12, 1
LINE = "0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWX\r\n"  # 64 bytes

BROADCAST_FIGURES = (
    Figure("quiet_ms", "1 KiB to 1,000 clients, 20 never read: all readers have it after", "ms",
           at_most(200), "bare_quiet_ms"),
    Figure("flooded_ms", "the same while another client floods", "ms", at_most(200),
           "bare_flooded_ms"),
    Figure("ping_max_ms", "window answers a ping meanwhile, longest", "ms", at_most(50)),
)  # fmt: skip

SLOW_FIGURES = (
    Figure("arrived_percent", "12 MiB to each of 10 that read 1 MiB/s: arrived whole", "%",
           at_least(100), peers=Peers("", "6 % ³", "100 % ³")),
    Figure("ping_p99_ms", "window answers a ping meanwhile, p99", "ms", at_most(33)),
    Figure("ping_max_ms", "the same, longest", "ms", peers=Peers("90,000 ms ³", "", "")),
    Figure("trip_p50_ms", "40 others' round trips (bare: the same ones without), p50", "ms", None,
           "alone_trip_p50_ms", at_most(1.5)),
    Figure("trip_p99_ms", "the same, p99", "ms", None, "alone_trip_p99_ms", at_most(1.5)),
)  # fmt: skip


def broadcast(stage: Stage, size: Size) -> Values:
    """Measure the bare server's loop over its clients, then Send in the window."""
    with bare_server() as bare, crowd(bare.port, READING) as reading:
        found = _rounds(bare.port, reading.sockets, _bare_sender(bare.child), size)
        values = {f"bare_{k}": v for k, v in found.items()}
    with stage.window() as window, crowd(window.port, NEVER) as never:
        with crowd(window.port, READING) as reading:
            window.do("await_online", count=NEVER + READING)
            ports = [client.getsockname()[1] for client in never.sockets]
            window.do("send", text=LINE, times=FILL_MIB * MIB // len(LINE), ports=ports)
            window.do("type", text="x" * BROADCAST_BYTES)
            window.watched.settle()
            with pinged(window.window) as ping:
                values |= _rounds(window.port, reading.sockets, _window_sender(window), size)
        values["ping_max_ms"] = ping.values["ping_max_ms"]
    return values


def _window_sender(window: Driven) -> Callable[[], Callable[[], float]]:
    def press() -> Callable[[], float]:
        window.ask("press_send")
        return lambda: float(window.answer()["at_s"])

    return press


def _bare_sender(bare: Child) -> Callable[[], Callable[[], float]]:
    def press() -> Callable[[], float]:
        bare.tell("x" * BROADCAST_BYTES)
        return lambda: float(bare.line(10))

    return press


def _rounds(
    port: int,
    clients: Sequence[socket.socket],
    press: Callable[[], Callable[[], float]],
    size: Size,
) -> Values:
    """Send some times while it is quiet, then while another client floods; medians in ms."""
    quiet = [_one_round(clients, press) for _ in range(size.broadcasts)]
    with child(["-m", "tests.bench.flooder", str(port), str(FLOOD_CHUNK_BYTES)]) as flooder:
        flooder.line(10)
        time.sleep(0.5)
        flooded = [_one_round(clients, press) for _ in range(size.broadcasts)]
    return {"quiet_ms": median(quiet) or 0.0, "flooded_ms": median(flooded) or 0.0}


def _one_round(clients: Sequence[socket.socket], press: Callable[[], Callable[[], float]]) -> float:
    """Return the ms from pressing Send until the last client has read it all."""
    time.sleep(REST_S)
    missing = {client.fileno(): BROADCAST_BYTES for client in clients}
    by_number = {client.fileno(): client for client in clients}
    with select.epoll() as poll:
        for client in clients:
            poll.register(client, select.EPOLLIN)
        when = press()
        until_s = time.monotonic() + 10
        while missing and time.monotonic() < until_s:
            for number, _ in poll.poll(0.1):
                missing[number] -= len(by_number[number].recv(65_536))
                if missing[number] <= 0:
                    del missing[number]
                    poll.unregister(number)
        last_s = time.monotonic()
    if missing:
        raise TookTooLong(f"{len(missing)} clients did not get everything within 10 s")
    return (last_s - when()) * 1000


def slow(stage: Stage, size: Size) -> Values:
    """Others talk with automatic replies, first alone, then beside a huge send to slow readers."""
    with stage.window(reply_mode="echo") as window, crowd(window.port, TALKING) as talking:
        Talk(talking.sockets, RATE).run(1, replies=True)
        alone = Talk(talking.sockets, RATE)
        alone.run(size.chat_s, replies=True)
        values = {f"alone_{key}": value for key, value in alone.values.items()}
        return values | _beside_slow_readers(window, talking.sockets)


def _beside_slow_readers(window: Driven, talking: Sequence[socket.socket]) -> Values:
    size_bytes = SLOW_MIB * MIB
    words = [str(n) for n in (window.port, SLOW, size_bytes, SLOW_MIB_PER_S * MIB)]
    with child(["-m", "tests.bench.slow_readers", *words]) as readers:
        ports = json.loads(readers.line(10))
        window.do("await_online", count=len(talking) + SLOW)
        talk = Talk(talking, RATE)
        with pinged(window.window) as ping:
            window.ask("send", text=LINE, times=size_bytes // len(LINE), ports=ports)
            readers.tell("go")
            talk.run(SLOW_MIB / SLOW_MIB_PER_S, replies=True)
            window.answer()
            digests = json.loads(readers.line(60))
    expected = hashlib.sha256(LINE.encode() * (size_bytes // len(LINE))).hexdigest()
    arrived = sum(digests[str(port)] == expected for port in ports)
    return talk.values | ping.values | {"arrived_percent": arrived / SLOW * 100}
