"""Receiving to files: what is in them is what the sockets carried, whatever happens."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.evidence.receiving import ReceiveOrder, Receiving
from app.evidence.stream_files import StreamFiles
from app.journal.entry import ClientRecord, Kind, Opening
from app.journal.journal import Journal
from app.reply import EchoReply
from tests.net.rig import Rig
from tests.support.wait import wait_until

BOTH = frozenset({int(Kind.IN), int(Kind.OUT)})
S_NS = 1_000_000_000


@contextmanager
def receiving(journal: Journal, order: ReceiveOrder) -> Iterator[Receiving]:
    work = Receiving(journal, order)
    work.start()
    try:
        yield work
    finally:
        work.finish()
        work.join(20)
        assert not work.is_alive()


def ended(work: Receiving) -> None:
    work.finish()
    work.join(20)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "j.db")
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "out"
    path.mkdir()
    return path


def add_client(journal: Journal, server_id: int = 1, host: str = "10.0.0.7") -> int:
    number = journal.new_client_id()
    journal.add_client(ClientRecord(number, host, 5000, "gbk", 1, server_id=server_id))
    return number


class Client:
    """Appends to the journal as a server does for it."""

    def __init__(self, journal: Journal, server_id: int = 1, host: str = "10.0.0.7") -> None:
        self.journal, self.number = journal, add_client(journal, server_id, host)
        self.offsets = [0, 0]

    def chunk(self, data: bytes, kind: Kind = Kind.IN) -> None:
        self.journal.append(self.number, int(kind), data, self.offsets[kind])
        self.offsets[kind] += len(data)


def test_a_flood_a_reset_and_a_closed_port_are_all_in_the_files(
    tmp_path: Path, folder: Path
) -> None:
    flood = os.urandom(1 << 20) * 12
    with Rig(tmp_path, recv_size_bytes=4096, reply=EchoReply()) as rig:
        with receiving(rig.journal, ReceiveOrder(folder, BOTH, rotate_bytes=5_000_000)) as work:
            one, session = rig.join()
            back = hashlib.sha256()

            def read_back() -> None:
                left = len(flood)
                while left:
                    part = one.recv(1 << 16)
                    left -= len(part)
                    back.update(part)

            reader = threading.Thread(target=read_back)
            reader.start()
            one.sendall(flood)
            reader.join()
            cut, cut_session = rig.join()
            cut.sendall(b"before the reset")
            wait_until(lambda: cut_session.bytes_in == 16)
            cut.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            cut.close()
            last, last_session = rig.join()
            last.sendall(b"last words")
            wait_until(lambda: last_session.bytes_in == 10)
            rig.stop()
            ended(work)
        for word, size in (("received", len(flood)), ("sent", len(flood))):
            parts = sorted(folder.glob(f"*client-{session.client_id}-*{word}*"))
            assert [path.stat().st_size for path in parts[:-1]] == [5_000_000] * (len(parts) - 1)
            whole = b"".join(path.read_bytes() for path in parts)
            assert len(whole) == size
            assert hashlib.sha256(whole).digest() == hashlib.sha256(flood).digest()
        for each, said in ((cut_session, b"before the reset"), (last_session, b"last words")):
            (path,) = folder.glob(f"*client-{each.client_id}-*received*")
            assert path.read_bytes() == said
        assert back.digest() == hashlib.sha256(flood).digest()
        assert work.state.missing_bytes == 0
        assert work.state.is_over
        assert not work.state.unwritten


def written(folder: Path) -> dict[str, bytes]:
    """Return what is in the files, by `client-direction`, several of one joined."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.glob("*.bin")):
        words = path.stem.split("-")
        at = words.index("client")
        key = f"{words[at + 1]}-{'sent' if 'sent' in words else 'received'}"
        found[key] = found.get(key, b"") + path.read_bytes()
    return found


def test_only_what_is_meant_is_written(journal: Journal, folder: Path) -> None:
    mine, other = Client(journal), Client(journal, server_id=2)
    mine.chunk(b"before")
    orders = [
        ReceiveOrder(folder / "a", BOTH, client_id=mine.number),
        ReceiveOrder(folder / "b", server_id=2),
    ]
    for order in orders:
        order.folder.mkdir()
    with receiving(journal, orders[0]), receiving(journal, orders[1]):
        mine.chunk(b"in")
        mine.chunk(b"out", Kind.OUT)
        other.chunk(b"other")
        other.chunk(b"not", Kind.OUT)
    assert written(folder / "a") == {"1-received": b"in", "1-sent": b"out"}
    assert written(folder / "b") == {"2-received": b"other"}


def test_of_one_client_it_ends_with_that(journal: Journal, folder: Path) -> None:
    client = Client(journal)
    with receiving(journal, ReceiveOrder(folder, client_id=client.number)) as work:
        client.chunk(b"all")
        journal.append_event(client.number, Kind.OFFLINE, reason="closed")
        wait_until(lambda: not work.is_alive())
    assert written(folder) == {"1-received": b"all"}


def test_names_say_server_client_and_time_and_nothing_is_overwritten(
    journal: Journal, folder: Path
) -> None:
    journal.add_opening(Opening(1, "tcp", "../车 载/x", '[["0.0.0.0", 8080]]', 1))
    client = Client(journal, host="fe80::1%eth0")
    order = ReceiveOrder(folder)
    for data in (b"first", b"second"):
        with receiving(journal, order):
            client.chunk(data)
    paths = sorted(folder.iterdir())
    assert {path.parent for path in paths} == {folder}
    assert [path.read_bytes() for path in paths] == [b"first", b"second"]
    assert paths[0].name.startswith("tcp-8080-.._车_载_x-client-1-fe80_1_eth0_5000-")


def test_a_file_holds_no_more_and_no_longer_than_wanted(journal: Journal, folder: Path) -> None:
    clock = iter([0, 0, 30 * S_NS, 61 * S_NS])
    files = StreamFiles(lambda time_ns: folder / f"{time_ns // S_NS}.bin", rotate_bytes=4)
    for data in (b"abc", b"defgh", b"ij", b"k"):
        rest, time_ns = memoryview(data), next(clock)
        while rest:
            rest = rest[files.write(rest, time_ns) :]
    files.close()
    sizes = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert sizes == {"0-0001.bin": b"abcd", "0-0002.bin": b"efgh", "30-0001.bin": b"ijk"}


def test_files_sorted_by_name_are_the_stream_whatever_second_they_began_in(folder: Path) -> None:
    files = StreamFiles(lambda time_ns: folder / f"{1000 + time_ns // S_NS}.bin", rotate_bytes=1)
    data = bytes(range(256))
    for n in data:
        files.write(memoryview(data)[n : n + 1], n // 100 * S_NS)
    files.close()
    assert b"".join(path.read_bytes() for path in sorted(folder.iterdir())) == data


def test_a_new_file_begins_when_the_old_one_is_old_enough(journal: Journal, folder: Path) -> None:
    client = Client(journal)
    order = ReceiveOrder(folder, rotate_s=60)
    with receiving(journal, order) as work:
        client.chunk(b"a")
        wait_until(lambda: work.state.size_bytes == 1)
        stream = work._streams[client.number, 0]
        stream.files.began_ns -= 61 * S_NS
        client.chunk(b"b")
        client.chunk(b"c")
    assert sorted(path.read_bytes() for path in folder.iterdir()) == [b"a", b"bc"]


def test_beyond_4_gib_each_byte_has_its_place(folder: Path) -> None:
    path, far = folder / "large-0001.bin", (5 << 30) + 3
    files = StreamFiles(lambda _time_ns: folder / "large.bin")
    files.write(memoryview(b"x"), 0)
    files.close()
    os.truncate(path, far)
    files.size_bytes = far
    files.write(memoryview(b"end"), 0)
    files.close()
    assert path.stat().st_size == far + 3
    with path.open("rb") as file:
        file.seek(far)
        assert file.read() == b"end"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_where_a_file_may_not_grow_another_one_begins(folder: Path) -> None:
    import resource

    files = StreamFiles(lambda _time_ns: folder / "a.bin")
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        rest = memoryview(b"0123456789abcdefghijklm")
        while rest:
            rest = rest[files.write(rest, 0) :]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
        files.close()
    parts = [(folder / name).read_bytes() for name in ("a-0001.bin", "a-0002.bin", "a-0003.bin")]
    assert parts == [b"0123456789", b"abcdefghij", b"klm"]


def test_a_folder_that_goes_and_comes_back_costs_nothing(journal: Journal, folder: Path) -> None:
    """As a stick that is pulled out and put in again: nothing is missing, nothing twice."""
    client, told = Client(journal), list[str]()
    away = folder.with_name("away")
    work = Receiving(journal, ReceiveOrder(folder, rotate_bytes=3), told.append)
    work.start()
    client.chunk(b"abc")
    wait_until(lambda: work.state.size_bytes == 3)
    folder.rename(away)
    client.chunk(b"defgh")
    wait_until(lambda: work.state.problem)
    client.chunk(b"i")
    away.rename(folder)
    wait_until(lambda: work.state.size_bytes == 9)
    ended(work)
    assert written(folder) == {"1-received": b"abcdefghi"}
    assert [bool(words) for words in told] == [True, False]


def test_a_deleted_file_is_followed_by_another(journal: Journal, folder: Path) -> None:
    client = Client(journal)
    with receiving(journal, ReceiveOrder(folder)) as work:
        client.chunk(b"abc")
        wait_until(lambda: work.state.size_bytes == 3)
        for path in folder.iterdir():
            path.unlink()
        client.chunk(b"def")
    assert written(folder) == {"1-received": b"def"}


def test_ended_while_it_cannot_write_it_says_so(journal: Journal, folder: Path) -> None:
    client = Client(journal)
    work = Receiving(journal, ReceiveOrder(folder / "none"))
    work.start()
    client.chunk(b"abc")
    wait_until(lambda: work.state.problem)
    ended(work)
    assert work.state.unwritten
    assert work.state.is_over


def test_the_journal_keeps_what_is_not_written_yet(tmp_path: Path, folder: Path) -> None:
    journal = Journal(tmp_path / "small.db", limit_bytes=2 << 20)
    try:
        client, digest = Client(journal), hashlib.sha256()
        work = Receiving(journal, ReceiveOrder(folder / "later"))
        work.start()
        for n in range(200):
            data = n.to_bytes(2, "big") * 32_768
            digest.update(data)
            client.chunk(data)
            journal.wait_for_room()
        wait_until(lambda: journal.stored_id == journal.last_id)
        assert journal.first_id <= 2
        (folder / "later").mkdir()
        wait_until(lambda: work.state.size_bytes == 200 * 65_536)
        ended(work)
        assert work.state.missing_bytes == 0
        assert hashlib.sha256(written(folder / "later")["1-received"]).digest() == digest.digest()
        client.chunk(b"x" * 70_000)  # now the oldest may go
        wait_until(lambda: journal.first_id > 2)
    finally:
        journal.close()


def test_what_the_journal_let_go_is_counted(journal: Journal, folder: Path) -> None:
    with receiving(journal, ReceiveOrder(folder)) as work:
        client = Client(journal)
        client.chunk(b"abc")
        client.offsets[Kind.IN] += 100
        client.chunk(b"def")
        wait_until(lambda: work.state.size_bytes == 6)
    assert work.state.missing_bytes == 100


def test_many_clients_need_few_descriptors(journal: Journal, folder: Path) -> None:
    clients = [Client(journal) for _ in range(150)]
    with receiving(journal, ReceiveOrder(folder)) as work:
        for word in (b"one", b"two"):
            for client in clients:
                client.chunk(word)
        wait_until(lambda: work.state.size_bytes == 900)
        assert len(work._open) <= 64
    assert set(written(folder).values()) == {b"onetwo"}
    assert len(written(folder)) == 150
