"""Memory stays bounded: workers wait while the disk is slower, and go on when it is not."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable

from app.journal.entry import Kind
from app.journal.intake import BUDGET_BYTES
from app.journal.journal import Journal
from app.journal.recent import KEPT_BYTES, KEPT_ENTRIES, size_of
from app.journal.room import FEW, Room
from tests.support.wait import wait_until

Opened = Callable[..., Journal]


class SlowDisk:
    """Holds every transaction up until `go` is set."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def configure(self, connection: sqlite3.Connection) -> None:
        connection.set_trace_callback(self._statement)

    def _statement(self, sql: str) -> None:
        if sql.startswith(("BEGIN", "INSERT")):
            self.go.wait(10)


def test_workers_wait_and_nothing_is_lost(opened: Opened) -> None:
    disk = SlowDisk()
    journal = opened(configure=disk.configure)
    workers, each, size_bytes = 8, 1_000, 4_096

    def work(client_id: int) -> None:
        for _ in range(each):
            journal.append(client_id, Kind.IN, bytes(size_bytes))
            if journal.crowded:
                journal.wait_for_room()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(workers)]
    for thread in threads:
        thread.start()
    wait_until(lambda: journal.waiting_threads == workers)
    assert journal.crowded
    assert BUDGET_BYTES <= journal.health.waiting_bytes < BUDGET_BYTES * 1.2
    disk.go.set()
    for thread in threads:
        thread.join()
    assert journal.close() == 0
    assert journal.bytes_in == workers * each * size_bytes


def test_memory_keeps_the_newest_only(opened: Opened) -> None:
    journal = opened()
    for size_bytes, count in ((10, 5_000), (65_536, 500)):
        for _ in range(count):
            journal.append(1, Kind.IN, bytes(size_bytes))
            if journal.crowded:
                journal.wait_for_room()
        wait_until(lambda: journal.stored_id == journal.last_id)
        wait_until(lambda: journal.waiting_bytes == 0)
        recent = journal.recent()
        rows = recent.between(recent.first_id, recent.last_id)
        assert rows[-1][0] == journal.last_id
        assert len(rows) <= KEPT_ENTRIES
        assert size_of(rows) <= KEPT_BYTES * 1.05
        assert len(rows) == min(KEPT_ENTRIES, KEPT_BYTES // size_bytes)


def test_closing_lets_the_waiting_go(opened: Opened) -> None:
    disk = SlowDisk()
    journal = opened(configure=disk.configure)
    journal.append(1, Kind.IN, bytes(BUDGET_BYTES))
    waiter = threading.Thread(target=journal.wait_for_room)
    waiter.start()
    wait_until(lambda: journal.waiting_threads == 1)
    closer = threading.Thread(target=journal.close)
    closer.start()
    waiter.join(5)
    assert not waiter.is_alive()
    disk.go.set()
    closer.join()


def in_the_room(room: Room, crowded: threading.Event, count: int) -> list[threading.Thread]:
    crowded.set()
    threads = [threading.Thread(target=room.wait, args=(crowded.is_set,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    wait_until(lambda: room.waiting == count)
    return threads


def test_each_lets_another_one_in_after_it() -> None:
    room, crowded = Room(), threading.Event()
    threads = in_the_room(room, crowded, 250)
    crowded.clear()
    room.release()  # once for all of them
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()
    assert room.waiting == 0


def test_who_finds_no_room_waits_again_and_wakes_nobody() -> None:
    room, crowded = Room(), threading.Event()
    looks = []

    def look() -> bool:
        looks.append(threading.get_ident())
        return crowded.is_set()

    crowded.set()
    threads = [threading.Thread(target=room.wait, args=(look,)) for _ in range(50)]
    for thread in threads:
        thread.start()
    wait_until(lambda: room.waiting == 50)
    looks.clear()
    room.release()  # but it is as crowded as before
    wait_until(lambda: len(looks) == FEW and room.waiting == 50)
    crowded.clear()
    room.release()
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()
