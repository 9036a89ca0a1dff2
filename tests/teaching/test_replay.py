"""What a client sent is sent again, to the byte, to real servers of every kind."""

from __future__ import annotations

import hashlib
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.journal.entry import ClientRecord, Endpoint, Kind, Opening
from app.journal.journal import Journal
from app.journal.reader import Reader
from app.net.tls_server import TlsServer
from app.reply import EchoReply
from app.teaching.replay import Carrier, Control, Replay, Stopped, Target, carrier_of
from tests.net.rig import Rig
from tests.net.test_udp import UdpRig
from tests.support.wait import wait_until

CHUNKS = [random.Random(n).randbytes(1 + n * 37 % 3_000) for n in range(200)]
WHOLE = b"".join(CHUNKS)
SHA = hashlib.sha256(WHOLE).hexdigest()


def journal_of(path: Path, chunks: list[bytes], kind: str = "tcp") -> Path:
    with closing(Journal(path)) as journal:
        journal.add_opening(Opening(1, kind, "", "[]", 1))
        journal.add_client(ClientRecord(1, "10.0.0.9", 5, "gbk", 1))
        offset = 0
        for number, data in enumerate(chunks):
            journal.append(1, Kind.IN, data, offset)
            journal.append(1, Kind.OUT, b"an answer", number * 9)
            journal.append(2, Kind.IN, b"somebody else", number * 13)
            offset += len(data)
    return path


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Reader]:
    with closing(Reader(journal_of(tmp_path / "old.db", CHUNKS))) as reader:
        yield reader


def heard(rig: Rig) -> list[bytes]:
    return [entry.data for entry in rig.entries(Kind.IN)]


@pytest.mark.parametrize("server", [Rig, TlsServer], ids=["tcp", "tls"])
def test_every_byte_comes_again(tmp_path: Path, recorded: Reader, server: type) -> None:
    tls = server is TlsServer
    more = {"server": TlsServer, "kind": "tls", "certificate_dir": tmp_path} if tls else {}
    with Rig(tmp_path, reply=EchoReply(), **more) as rig:
        replay = Replay(Target(Carrier.TLS if tls else Carrier.TCP, rig.endpoint), 0)
        told: list[tuple[int, int]] = []
        done = replay.run(recorded, 1, lambda *now: told.append(now))
        assert done == (200, len(WHOLE), SHA, len(WHOLE), True)
        assert told[-1] == (len(WHOLE), len(WHOLE))
        wait_until(lambda: b"".join(heard(rig)) == WHOLE)
        assert rig.seen.joins[0].endpoint == replay.own_endpoint


def test_a_datagram_stays_a_datagram(tmp_path: Path) -> None:
    letters = [b"%d" % n * (n % 400 + 1) for n in range(100)]
    old = journal_of(tmp_path / "old.db", letters, "udp")
    with closing(Reader(old)) as reader, UdpRig(tmp_path) as rig:
        assert carrier_of(reader, 1) is Carrier.UDP
        assert carrier_of(reader, 7) is Carrier.TCP  # nobody knows
        Replay(Target(Carrier.UDP, rig.endpoint), 0).run(reader, 1)
        wait_until(lambda: heard(rig) == letters)


def test_the_pauses_are_kept_or_shortened(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(Journal(path)) as journal:
        for number in range(4):
            begun = time.monotonic()
            journal.append(1, Kind.IN, b"x", number)
            wait_until(lambda begun=begun: time.monotonic() > begun + 0.15)
    with closing(Reader(path)) as reader, Rig(tmp_path) as rig:
        entries = reader.entries(1, 9)
        span_s = (entries[-1].mono_ns - entries[0].mono_ns) / 1e9
        for speed in (1, 3):
            begun = time.monotonic()
            Replay(Target(Carrier.TCP, rig.endpoint), speed).run(reader, 1)
            assert time.monotonic() - begun >= span_s / speed


def test_it_is_paused_and_stopped(tmp_path: Path, recorded: Reader) -> None:
    with Rig(tmp_path) as rig:
        control = Control()
        replay = Replay(Target(Carrier.TCP, rig.endpoint), 0, control)
        sent: list[int] = []

        def on_progress(done: int, _total: int) -> None:
            sent.append(done)
            if len(sent) == 50:
                control.pause(True)

        raised: list[BaseException] = []

        def work() -> None:
            try:
                replay.run(recorded, 1, on_progress)
            except Stopped as stopped:
                raised.append(stopped)

        with_it = threading.Thread(target=work)
        with_it.start()
        wait_until(lambda: len(sent) == 50)
        before = len(sent)
        control.pause(False)
        wait_until(lambda: len(sent) > before)
        control.pause(True)
        control.stop()
        with_it.join(10)
        assert not with_it.is_alive()
        assert len(raised) == (len(sent) < len(CHUNKS))


def test_a_server_that_closes_ends_it(recorded: Reader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            accepted, _ = listening.accept()
            accepted.recv(10)
            accepted.close()

        other = threading.Thread(target=serve)
        other.start()
        port = listening.getsockname()[1]
        done = Replay(Target(Carrier.TCP, Endpoint("127.0.0.1", port)), 1_000_000).run(recorded, 1)
        other.join()
    assert not done.whole
    with pytest.raises(OSError, match="refused"):
        Replay(Target(Carrier.TCP, Endpoint("127.0.0.1", port)), 0).run(recorded, 1)


def test_a_client_of_many_chunks(tmp_path: Path) -> None:
    many = [b"%06d\n" % n for n in range(20_000)]
    with (
        closing(Reader(journal_of(tmp_path / "old.db", many))) as reader,
        Rig(tmp_path) as rig,
    ):
        done = Replay(Target(Carrier.TCP, rig.endpoint), 0).run(reader, 1)
        assert done.sha256 == hashlib.sha256(b"".join(many)).hexdigest()
        wait_until(lambda: b"".join(heard(rig)) == b"".join(many))
