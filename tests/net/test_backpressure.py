"""A disk that is slower than the clients: they wait, nothing is lost, and leaving still works."""

from __future__ import annotations

import random
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.journal.entry import Kind
from app.journal.errors import JournalClosed
from app.journal.intake import BUDGET_BYTES
from app.journal.journal import Journal
from app.net import server
from app.net.facts import ClientState, CloseReason, SendResult
from app.net.outbox import PIECE_BYTES
from app.net.session import HURRIED_NS
from tests.net.rig import TIMEOUT_S, Rig
from tests.support.wait import wait_until


class SlowJournal(Journal):
    """A journal that says when it has room."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.room = threading.Event()
        self.room.set()

    full = True  # when it is crowded, also who says little waits

    @property
    def crowded(self) -> bool:  # type: ignore[override]
        return not self.room.is_set()

    @crowded.setter
    def crowded(self, value: bool) -> None:
        pass

    def wait_for_room(self) -> None:
        self.room.wait()


@pytest.fixture
def journal(tmp_path: Path) -> SlowJournal:
    return SlowJournal(tmp_path / "slow.db")


def test_a_worker_waits_after_it_has_recorded(tmp_path: Path, journal: SlowJournal) -> None:
    with Rig(tmp_path, journal=journal) as rig:
        client, session = rig.join()
        journal.room.clear()
        client.sendall(b"kept")
        wait_until(lambda: session.state is ClientState.WAITING_FOR_DISK)
        assert session.bytes_in == 4
        client.sendall(b"later")
        journal.full = False
        rig.server.send([(session.ref, b"a little goes on", "")])
        assert client.recv(100) == b"a little goes on"
        assert session.bytes_in == 4
        journal.room.set()
        wait_until(lambda: session.bytes_in == 9)
        assert session.state is ClientState.ONLINE
    journal.close()


def test_who_says_little_goes_on_while_others_wait(tmp_path: Path, journal: SlowJournal) -> None:
    journal.full = False
    with Rig(tmp_path, journal=journal) as rig:
        talker, talking = rig.join()
        flooder, flooding = rig.join()
        journal.room.clear()
        thread = threading.Thread(target=lambda: [flooder.sendall(bytes(9999)) for _ in range(99)])
        thread.start()
        wait_until(lambda: flooding.state is ClientState.WAITING_FOR_DISK)
        for number in range(3):
            rested_ns = talking.last_active_mono_ns + HURRIED_NS
            wait_until(lambda at_ns=rested_ns: time.monotonic_ns() > at_ns)
            talker.sendall(b"hello")
            wait_until(lambda n=number: talking.bytes_in == 5 * (n + 1))
            assert talking.state is ClientState.ONLINE
        journal.room.set()
        thread.join()
        wait_until(lambda: flooding.bytes_in == 99 * 9999)
    journal.close()


def test_a_worker_that_outlives_the_journal_ends_quietly(
    tmp_path: Path, journal: SlowJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "STOP_DEADLINE_S", 0.1)
    with Rig(tmp_path, journal=journal) as rig:
        client, session = rig.join()
        journal.room.clear()
        client.sendall(b"kept")
        wait_until(lambda: session.state is ClientState.WAITING_FOR_DISK)
        rig.stop()
        assert rig.server.stuck == 1
    journal.close()
    with pytest.raises(JournalClosed):
        journal.append(1, 0, b"")
    journal.room.set()
    rig.wait_gone(session)
    assert session.reason is CloseReason.SERVER_CLOSED


class Gate:
    """Lets the journal's writer through, or does not. A disk."""

    def __init__(self) -> None:
        self.is_open = threading.Event()
        self.is_open.set()

    def configure(self, connection: sqlite3.Connection) -> None:
        connection.set_progress_handler(self._wait, 100)

    def _wait(self) -> int:
        self.is_open.wait(TIMEOUT_S)
        return 0  # go on


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.is_open.set()


def swallow(client: socket.socket, size_bytes: int, into: list[int]) -> None:
    """Read as fast as possible, and keep nothing but the number of bytes."""
    while size_bytes > 0 and (chunk := client.recv(1 << 20)):
        size_bytes -= len(chunk)
        into.append(len(chunk))


def test_sends_wait_for_the_disk(tmp_path: Path, gate: Gate) -> None:
    """16 MiB to each of 10 that read fast: what waits for the disk stays within its budget."""
    count, data = 10, random.Random(1).randbytes(16 << 20)
    journal = Journal(tmp_path / "gated.db", configure=gate.configure)
    with Rig(tmp_path, journal=journal) as rig:
        clients = [rig.join() for _ in range(count)]
        taken: list[int] = []
        readers = [
            threading.Thread(target=swallow, args=(client, len(data), taken))
            for client, _ in clients
        ]
        for reader in readers:
            reader.start()
        gate.is_open.clear()
        report = rig.server.send([(s.ref, data, "") for _, s in clients])
        wait_until(lambda: journal.crowded)
        wait_until(lambda: len(rig.seen.reports) == 1)  # everybody has been tried
        most_bytes = BUDGET_BYTES + count * PIECE_BYTES
        assert journal.waiting_bytes <= most_bytes
        # An order is carried out at once also now, and a few bytes go on.
        talker, talking = rig.join()
        rig.server.send([(talking.ref, b"hello", "")])
        assert talker.recv(10) == b"hello"
        assert journal.waiting_bytes <= most_bytes
        gate.is_open.set()
        peak_bytes = 0

        def all_read() -> bool:
            nonlocal peak_bytes
            peak_bytes = max(peak_bytes, journal.waiting_bytes)
            return sum(taken) == count * len(data)

        wait_until(all_read, 60)
        for reader in readers:
            reader.join()
        assert peak_bytes <= most_bytes + BUDGET_BYTES
        wait_until(lambda: rig.seen.reports[-1].finished)
        assert set(rig.seen.reports[-1].results.values()) == {SendResult.SENT}
        assert rig.seen.reports[-1].send_id >= report.send_id
        session = clients[7][1]
        assert rig.stream(Kind.OUT, session.client_id) == data
    journal.close()


def test_a_client_that_leaves_while_its_bytes_wait_for_the_disk(tmp_path: Path, gate: Gate) -> None:
    journal = Journal(tmp_path / "gated.db", configure=gate.configure)
    with Rig(tmp_path, journal=journal) as rig:
        client, session = rig.join()
        reader = threading.Thread(target=swallow, args=(client, 1 << 30, []))
        reader.start()
        gate.is_open.clear()
        rig.server.send([(session.ref, bytes(16 << 20), "")])
        wait_until(lambda: journal.crowded and session.waiting_bytes)
        rig.server.disconnect([session.ref])
        rig.wait_gone(session)
        gate.is_open.set()
        reader.join()
        wait_until(lambda: rig.seen.reports)
        assert rig.seen.reports[-1].results == {session.client_id: SendResult.GONE}
    journal.close()
