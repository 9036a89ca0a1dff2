"""A disk that is slower than the clients: they wait, nothing is lost, and leaving still works."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from app.journal.errors import JournalClosed
from app.journal.journal import Journal
from app.net import server
from app.net.facts import ClientState, CloseReason
from app.net.session import HURRIED_NS
from tests.net.rig import Rig
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
        rig.server.send([(session.client_id, b"sending goes on", "")])
        assert client.recv(100) == b"sending goes on"
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
