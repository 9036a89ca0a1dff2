"""Servers of the other kinds beside bare programs that only receive: TLS, UDP, forward."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from app.journal.entry import Kind
from app.journal.journal import Journal
from app.net.certificate import own_certificate
from app.net.facts import ServerOptions
from app.net.kinds import make_server
from tests.bench.figures import Figure, Values, at_least, at_most, quantile
from tests.bench.sizes import Size
from tests.bench.stage import Stage
from tests.bench.watching import MIB

CHUNK = 65_536
DATAGRAM = 512
UDP_S = 2.0
FLOOD_MIB, HANDSHAKES, PINGS = 128, 300, 500

FIGURES = (
    Figure("tls_mb_per_s", "TLS, 1 client floods: recorded (bare: a threaded ssl server)", "MB/s",
           None, "bare_tls_mb_per_s", at_least(0.6)),
    Figure("handshakes_per_s", "TLS handshakes", "/s", None, "bare_handshakes_per_s",
           at_least(0.5)),
    Figure("datagrams_per_s", "UDP, 512 bytes: recorded (bare: a recvfrom loop)", "/s", None,
           "bare_datagrams_per_s", at_least(0.5)),
    Figure("udp_dropped_percent", "the same: dropped by the kernel, counted and told", "%"),
    Figure("forward_mb_per_s", "forward, 64 KiB chunks, both sides recorded (bare: socat)", "MB/s",
           None, "socat_mb_per_s", at_least(0.5)),
    Figure("forward_adds_ms", "a forward adds to a round trip, p50", "ms", at_most(0.5)),
)  # fmt: skip

# What a client does that runs in a process of its own: {port}, {count}.
FLOOD = """
import socket, ssl, sys
c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT); c.check_hostname = False; c.verify_mode = 0
s = c.wrap_socket(socket.create_connection(("127.0.0.1", {port})))
block = bytes({chunk})
for _ in range({count}): s.sendall(block)
s.unwrap()
"""
SHAKE = """
import socket, ssl
c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT); c.check_hostname = False; c.verify_mode = 0
for _ in range({count}):
    c.wrap_socket(socket.create_connection(("127.0.0.1", {port}))).close()
"""
SPRAY = """
import socket, time
s = socket.socket(type=socket.SOCK_DGRAM); s.connect(("127.0.0.1", {port}))
end = time.monotonic() + {count}; block = bytes({chunk})
while time.monotonic() < end:
    for _ in range(100): s.send(block)
"""
POUR = """
import socket
s = socket.create_connection(("127.0.0.1", {port})); block = bytes({chunk})
for _ in range({count}): s.sendall(block)
s.shutdown(socket.SHUT_WR); s.recv(1)
"""


def run(stage: Stage, size: Size) -> Values:
    """Measure each kind and its baseline by turns."""
    folder = stage.folder / "kinds"
    folder.mkdir(exist_ok=True)
    return {**_tls(folder), **_udp(folder), **_forward(folder)}


class _Nobody:
    def joined(self, session: object) -> None: ...
    def left(self, session: object) -> None: ...
    def sent(self, report: object) -> None: ...


@contextlib.contextmanager
def _served(folder: Path, **options: object) -> Iterator[tuple[int, Journal]]:
    journal = Journal(folder / f"{time.monotonic_ns()}.db")
    chosen = replace(ServerOptions(host="127.0.0.1", port=0, recv_size_bytes=CHUNK), **options)  # type: ignore[arg-type]
    server = make_server(chosen, journal, watcher=_Nobody())
    port = server.open()[0].port
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield port, journal
    finally:
        server.stop()
        thread.join()
        journal.close()


def _elapsed(program: str, port: int, count: float, chunk: int = CHUNK) -> float:
    code = program.format(port=port, count=count, chunk=chunk)
    began_s = time.monotonic()
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
    return time.monotonic() - began_s


@contextlib.contextmanager
def _bare_tls(folder: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    for path in own_certificate(folder).paths:
        context.load_cert_chain(path, path)
    context.num_tickets = 0

    def serve(plain: socket.socket) -> None:
        with contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as client:
            while client.recv(CHUNK):
                pass
            client.unwrap()

    with _listening(serve) as port:
        yield port


@contextlib.contextmanager
def _listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=serve, args=(listening.accept()[0],)).start()

        thread = threading.Thread(target=accept)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def _tls(folder: Path) -> Values:
    values = {}
    count = FLOOD_MIB * MIB // CHUNK
    with (
        _served(folder, kind="tls", certificate_dir=str(folder)) as (port, _),
        _bare_tls(folder) as bare,
    ):
        for name, where in (("", port), ("bare_", bare)):
            values[f"{name}tls_mb_per_s"] = FLOOD_MIB * MIB / 1e6 / _elapsed(FLOOD, where, count)
            values[f"{name}handshakes_per_s"] = HANDSHAKES / _elapsed(SHAKE, where, HANDSHAKES)
    return values


def _udp(folder: Path) -> Values:
    bare_per_s = _bare_datagrams_per_s()
    with _served(folder, kind="udp") as (port, journal):
        _elapsed(SPRAY, port, UDP_S, DATAGRAM)
        time.sleep(1.5)  # drops are told of once a second
        reader = journal.reader()
        rows = reader.entries(reader.first_id, reader.last_id)
        reader.close()
    came = [row for row in rows if row.kind == Kind.IN]
    dropped = sum(row.detail["count"] for row in rows if row.kind == Kind.DROPPED)
    took_s = (came[-1].mono_ns - came[0].mono_ns) / 1e9
    return {
        "datagrams_per_s": len(came) / took_s,
        "bare_datagrams_per_s": bare_per_s,
        "udp_dropped_percent": dropped / (len(came) + dropped) * 100,
    }


def _bare_datagrams_per_s() -> float:
    with socket.socket(type=socket.SOCK_DGRAM) as own:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * MIB)
        own.bind(("127.0.0.1", 0))
        own.settimeout(1)
        where = (SPRAY, own.getsockname()[1], UDP_S, DATAGRAM)
        spraying = threading.Thread(target=_elapsed, args=where)
        spraying.start()
        count = 0
        own.recvfrom(CHUNK)
        from_s = to_s = time.monotonic()
        with contextlib.suppress(TimeoutError):
            while own.recvfrom(CHUNK):
                count += 1
                to_s = time.monotonic()
        spraying.join()
    return count / (to_s - from_s)


def _forward(folder: Path) -> Values:
    values = {}
    count = FLOOD_MIB * MIB // CHUNK

    def sink(client: socket.socket) -> None:
        with client:
            while client.recv(CHUNK):
                pass

    def echo(client: socket.socket) -> None:
        with client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while data := client.recv(CHUNK):
                client.sendall(data)

    with _listening(sink) as behind:
        with _served(folder, kind="forward", target=f"127.0.0.1:{behind}") as (port, _):
            values["forward_mb_per_s"] = FLOOD_MIB * MIB / 1e6 / _elapsed(POUR, port, count)
        with _socat(behind) as port:
            values["socat_mb_per_s"] = FLOOD_MIB * MIB / 1e6 / _elapsed(POUR, port, count)
    with (
        _listening(echo) as behind,
        _served(folder, kind="forward", target=f"127.0.0.1:{behind}") as (port, _),
    ):
        values["forward_adds_ms"] = (_p50_s(port) - _p50_s(behind)) * 1e3
    return values


@contextlib.contextmanager
def _socat(behind: int) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["socat", "-b", str(CHUNK), f"TCP-LISTEN:{port},bind=127.0.0.1,reuseaddr,fork",
               f"TCP:127.0.0.1:{behind}"]  # fmt: skip
    with subprocess.Popen(command) as process:
        try:
            while True:
                with contextlib.suppress(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
            yield port
        finally:
            process.terminate()


def _p50_s(port: int) -> float:
    took_s = []
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(PINGS):
            began_s = time.perf_counter()
            client.sendall(b"ping" * 16)
            client.recv(100)
            took_s.append(time.perf_counter() - began_s)
    return quantile(took_s, 0.5)
