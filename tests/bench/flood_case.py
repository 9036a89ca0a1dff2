"""One client, or fifty, send as fast as they can; every byte must be in the journal."""

from __future__ import annotations

import hashlib
import os
import select
import socket
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.bench.clients import crowd
from tests.bench.driven import Driven
from tests.bench.figures import Figure, Peers, Values, at_least, at_most
from tests.bench.journal_writer import bare_rate
from tests.bench.pinging import pinged
from tests.bench.sizes import Size
from tests.bench.stage import Stage
from tests.bench.watching import MIB, wait_for

MANY = 50
LARGE, SMALL = 65_536, 1_024  # bytes of a chunk
PAYLOAD_BYTES = MIB  # about; sent over and over
LONGEST_S = 300.0

_LARGE = Peers("15 MB/s", "2–31 MB/s", "26 MB/s")
_LARGE_FREEZE = Peers("9,500 ms", "22,000–110,000 ms", "1,400 ms")
_LARGE_MEMORY = Peers("2,800–16,000 MB", "800–1,600 MB", "1,300 MB")
_SMALL = Peers("22,500 /s", "17,400 /s", "35,800 /s")
_SMALL_FREEZE = Peers("3,800 ms", "2,400 ms", "110 ms")
_SAME = Figure("same_percent", "clients with equal SHA-256 of sent and journal", "%", at_least(100))


def large_figures(clients: int) -> tuple[Figure, ...]:
    """Of a flood in 64 KiB chunks. The peers were measured with one client."""
    one = clients == 1
    return (
        Figure("mb_per_s", f"{who(clients)}, 64 KiB chunks: recorded", "MB/s",
               at_least(200, if_baseline=250), "bare_mb_per_s", at_least(0.8),
               _LARGE if one else None),
        Figure("ping_p99_ms", "window answers a ping meanwhile, p99", "ms", at_most(33)),
        Figure("ping_max_ms", "the same, longest", "ms", peers=_LARGE_FREEZE if one else None),
        Figure("grown_mb", "memory grows by", "MB", at_most(150),
               peers=_LARGE_MEMORY if one else None),
        _SAME,
    )  # fmt: skip


def small_figures(clients: int) -> tuple[Figure, ...]:
    """Of a flood in 1,024-byte chunks."""
    one = clients == 1
    return (
        Figure("chunks_per_s", f"{who(clients)}, 1,024-byte chunks: recorded", "/s",
               at_least(100_000 if one else 60_000), "bare_chunks_per_s",
               peers=_SMALL if one else None),
        Figure("ping_p99_ms", "window answers a ping meanwhile, p99", "ms", at_most(33)),
        Figure("ping_max_ms", "the same, longest", "ms", peers=_SMALL_FREEZE if one else None),
        _SAME,
    )  # fmt: skip


def who(clients: int) -> str:
    """Say who sends."""
    return "1 client" if clients == 1 else f"{clients} clients"


def large(clients: int) -> Callable[[Stage, Size], Values]:
    """Return the case for so many clients."""
    return lambda stage, size: _run(stage, clients, LARGE, size.flood_mib)


def small(clients: int) -> Callable[[Stage, Size], Values]:
    """Return the case for so many clients."""
    return lambda stage, size: _run(stage, clients, SMALL, size.small_mib)


def _run(stage: Stage, clients: int, chunk_bytes: int, total_mib: int) -> Values:
    os.sync()  # nobody writes what an earlier run left
    rows = total_mib * MIB // chunk_bytes
    bare = bare_rate(stage.folder / "bare.db", chunk_bytes, rows, clients)
    os.sync()
    with stage.window(recv_size_bytes=chunk_bytes) as window:
        window.watched.settle()
        values = _flood(window, clients, chunk_bytes, total_mib * MIB // clients)
    return values | {
        "bare_mb_per_s": bare * chunk_bytes / 1e6,
        "bare_chunks_per_s": bare,
    }


def _flood(window: Driven, clients: int, chunk_bytes: int, each_bytes: int) -> Values:
    watched = window.watched
    payloads = [payload(number, chunk_bytes) for number in range(clients)]
    with pinged(window.window) as ping, crowd(window.port, clients) as sending:
        window.do("await_online", count=clients)
        ports = [client.getsockname()[1] for client in sending.sockets]
        before_bytes = watched.memory_bytes
        watched.restart_peak()
        from_s = time.monotonic()
        pour(sending.sockets, payloads, each_bytes, chunk_bytes)
        sending.wait_read(LONGEST_S)
        took_s = _wait_stored(window, each_bytes * clients) - from_s
        ping.stop()
        peak_bytes = watched.peak_bytes
    expected = {
        port: sha256_of(data, each_bytes) for port, data in zip(ports, payloads, strict=True)
    }
    found, chunks = recorded(window.journal)
    same = sum(found.get(port) == digest for port, digest in expected.items())
    return ping.values | {
        "mb_per_s": each_bytes * clients / took_s / 1e6,
        "chunks_per_s": chunks / took_s,
        "grown_mb": (peak_bytes - before_bytes) / 1e6,
        "same_percent": same / clients * 100,
    }


def payload(number: int, chunk_bytes: int) -> bytes:
    """Return what client `number` sends over and over: whole chunks of numbered lines."""
    line = b"%07d client %03d: temperature 23.5, pressure 101.3, state normal\r\n"
    count = PAYLOAD_BYTES // len(line % (0, 0))
    text = b"".join([line % (n, number) for n in range(count)])
    return text[: len(text) // chunk_bytes * chunk_bytes]


def pour(
    clients: Sequence[socket.socket], payloads: Sequence[bytes], each_bytes: int, chunk_bytes: int
) -> None:
    """Send `each_bytes` from every client, in chunks, as fast as the server takes them."""
    under_way = {}
    with select.epoll() as poll:
        for client, data in zip(clients, payloads, strict=True):
            under_way[client.fileno()] = Pouring(client, memoryview(data), each_bytes)
            poll.register(client, select.EPOLLOUT)
        while under_way:
            for number, _ in poll.poll():
                if under_way[number].send_some(chunk_bytes):
                    poll.unregister(number)
                    del under_way[number]


@dataclass
class Pouring:
    """One client that has something left to send."""

    client: socket.socket
    data: memoryview  # over and over
    total_bytes: int
    sent_bytes: int = 0

    def send_some(self, chunk_bytes: int) -> bool:
        """Send until the kernel takes no more, or 64 chunks: others send too; return if done."""
        for _ in range(64):
            at = self.sent_bytes % len(self.data)
            # After a partial send the rest of the chunk goes first, so that chunks stay chunks.
            length = min(chunk_bytes - at % chunk_bytes, self.total_bytes - self.sent_bytes)
            if not length:
                break
            try:
                self.sent_bytes += self.client.send(self.data[at : at + length])
            except BlockingIOError:
                break
        return self.sent_bytes == self.total_bytes


def _wait_stored(window: Driven, total_bytes: int) -> float:
    """Wait until the database itself holds everything; return when that was, monotonic."""
    facts = window.do("report")
    assert facts["bytes_in"] == total_bytes, f"{facts['bytes_in']} of {total_bytes} bytes received"
    with closing(_read_only(window.journal)) as journal:
        question = "SELECT max(id) FROM entry"
        last_id = facts["last_id"]
        return wait_for(
            lambda: journal.execute(question).fetchone()[0] >= last_id, 60, "stored", 0.002
        )


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def recorded(path: Path) -> tuple[dict[int, str], int]:
    """Return the SHA-256 of what each client sent, by its port, and the number of chunks."""
    with closing(_read_only(path)) as journal:
        ports = dict(journal.execute("SELECT client_id, port FROM client"))
        digests = {client_id: hashlib.sha256() for client_id in ports}
        chunks = 0
        for client_id, data in journal.execute(
            "SELECT client_id, data FROM entry WHERE kind = 0 ORDER BY id"
        ):
            digests[client_id].update(data)
            chunks += 1
    return {ports[number]: digest.hexdigest() for number, digest in digests.items()}, chunks


def sha256_of(data: bytes, length: int) -> str:
    """Return the SHA-256 of `length` bytes of `data` over and over."""
    digest = hashlib.sha256()
    for _ in range(length // len(data)):
        digest.update(data)
    digest.update(data[: length % len(data)])
    return digest.hexdigest()
