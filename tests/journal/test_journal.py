"""Appending: ids, news, clients, totals; what comes in is on disk soon and in order."""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.journal.entry import ClientRecord, Kind
from app.journal.errors import JournalBusy, JournalClosed
from app.journal.journal import Journal
from app.journal.reader import Reader
from tests.support.wait import wait_until

Opened = Callable[..., Journal]
Reading = Callable[[Journal | Path], Reader]


def test_entries_are_readable_at_once_and_stored_soon(opened: Opened, reading: Reading) -> None:
    journal = opened()
    reader = reading(journal)
    ids = [journal.append(1, Kind.IN, b"one", 0), journal.append(1, Kind.OUT, b"two", 0, "gbk")]
    assert ids == [1, 2]
    first, second = reader.entries(1, 10)
    assert (first.client_id, first.kind, first.data, first.encoding) == (1, Kind.IN, b"one", "")
    assert (second.kind, second.data, second.encoding) == (Kind.OUT, b"two", "gbk")
    assert first.mono_ns <= second.mono_ns
    assert (journal.bytes_in, journal.bytes_out) == (3, 3)
    wait_until(lambda: journal.stored_id == 2)
    wait_until(lambda: journal.waiting_bytes == 0)
    assert reader.entries(1, 10) == [first, second]


def test_events_carry_their_facts(opened: Opened, reading: Reading) -> None:
    journal = opened()
    journal.append_event(3, Kind.OFFLINE, reason="fin", unsent_bytes=7, error="\udcff 线")
    (event,) = reading(journal).entries(1, 1)
    assert event.detail == {"reason": "fin", "unsent_bytes": 7, "error": "\udcff 线"}
    assert journal.bytes_in == journal.bytes_out == 0


def test_ids_are_dense_and_in_order_under_many_threads(opened: Opened, reading: Reading) -> None:
    journal = opened()
    threads, each = 8, 3_000

    def work(client_id: int) -> None:
        for number in range(each):
            journal.append(client_id, Kind.IN, b"%d" % number, number)
            if journal.crowded:
                journal.wait_for_room()

    workers = [threading.Thread(target=work, args=(n + 1,)) for n in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert journal.last_id == threads * each
    assert journal.close() == 0
    reader = reading(journal.path)
    entries = reader.entries(1, threads * each + 1)
    assert [entry.id for entry in entries] == list(range(1, threads * each + 1))
    assert all(a.mono_ns <= b.mono_ns for a, b in itertools.pairwise(entries))
    for client_id in range(1, threads + 1):
        own = [int(entry.data) for entry in entries if entry.client_id == client_id]
        assert own == list(range(each))


def test_news_comes_once_after_each_rearm(opened: Opened) -> None:
    news: list[str] = []
    journal = opened(on_news=lambda: news.append(threading.current_thread().name))
    for _ in range(5):
        journal.append(1, Kind.IN, b"x")
    assert len(news) == 1
    assert journal.rearm_news() == 5
    assert len(news) == 1
    for _ in range(5):
        journal.append(1, Kind.IN, b"x")
    assert news == [threading.current_thread().name] * 2


def test_an_existing_file_is_appended_to(opened: Opened, reading: Reading) -> None:
    journal = opened()
    first_client = journal.new_client_id()
    journal.add_client(ClientRecord(first_client, "127.0.0.1", 5000, "gbk", 1))
    journal.append(first_client, Kind.IN, b"before")
    journal.close()
    journal = opened()
    assert (journal.first_id, journal.last_id, journal.stored_id) == (1, 1, 1)
    assert journal.new_client_id() == first_client + 1
    assert journal.append(2, Kind.IN, b"after") == 2
    reader = reading(journal)
    assert [entry.data for entry in reader.entries(1, 9)] == [b"before", b"after"]
    assert [entry.id for entry in reader.back(1, Kind.IN, 2, 5)] == [1]


def test_clients_are_seen_before_and_after_they_are_stored(
    opened: Opened, reading: Reading
) -> None:
    journal = opened()
    reader = reading(journal)
    record = ClientRecord(1, "192.168.1.7", 64570, "gbk", 10)
    journal.add_client(record)
    journal.update_client(1, note="泵 \udc80")
    expected = record._replace(note="泵 ?")
    assert reader.client(1) == expected
    assert reader.clients() == {1: expected}
    wait_until(lambda: not journal._ledger.waiting())
    assert reader.client(1) == expected
    journal.update_client(1, encoding="utf-8")
    journal.update_client(1, closed_ns=20, reason="fin")
    expected = expected._replace(encoding="utf-8", closed_ns=20, reason="fin")
    assert reader.client(1) == expected
    assert reader.client(2) is None
    journal.close()
    assert reading(journal.path).clients() == {1: expected}


def test_ten_thousand_clients_come_and_go(opened: Opened, reading: Reading) -> None:
    journal = opened()
    for client_id in range(1, 10_001):
        journal.add_client(ClientRecord(client_id, "::1", client_id, "gbk", 1))
    wait_until(lambda: not journal._ledger.waiting())
    for client_id in range(1, 10_001):
        journal.update_client(client_id, closed_ns=2, reason="reset")
    journal.close()
    clients = reading(journal.path).clients()
    assert len(clients) == 10_000
    assert {(c.encoding, c.closed_ns, c.reason) for c in clients.values()} == {("gbk", 2, "reset")}


def test_a_journal_in_use_is_busy(opened: Opened, path: Path) -> None:
    journal = opened()
    with pytest.raises(JournalBusy) as caught:
        Journal(path)
    assert caught.value.path == path
    journal.close()
    opened()


def test_after_the_end_nothing_is_taken(opened: Opened) -> None:
    journal = opened()
    journal.append(1, Kind.IN, b"x")
    assert journal.close() == 0
    assert journal.close() == 0
    with pytest.raises(JournalClosed):
        journal.append(1, Kind.IN, b"y")
    with pytest.raises(JournalClosed):
        journal.append_event(0, Kind.SERVER_CLOSED)
    assert journal.last_id == 1


def test_the_views_for_outside_tools(opened: Opened, path: Path) -> None:
    journal = opened()
    journal.add_client(ClientRecord(1, "10.0.0.1", 99, "gbk", 5))
    journal.append_event(1, Kind.ONLINE)
    journal.append(1, Kind.IN, b"\x00\xff")
    journal.append(1, Kind.OUT, b"ok", 0, "gbk")
    journal.append_event(1, Kind.OFFLINE, reason="重置")
    wait_until(lambda: journal.stored_id == 4)
    with closing(sqlite3.connect(path)) as outside:
        chunks = outside.execute("SELECT * FROM chunks ORDER BY id")
        names = [column[0] for column in chunks.description]
        assert names == ["id", "time_ns", "client_id", "host", "port", "direction", "data"]
        assert [row[2:] for row in chunks] == [
            (1, "10.0.0.1", 99, "in", b"\x00\xff"),
            (1, "10.0.0.1", 99, "out", b"ok"),
        ]
        events = outside.execute("SELECT * FROM events ORDER BY id")
        names = [column[0] for column in events.description]
        assert names == ["id", "time_ns", "client_id", "kind", "detail"]
        assert [row[2:] for row in events] == [
            (1, "online", "{}"),
            (1, "offline", '{"reason":"重置"}'),
        ]
        clients = outside.execute("SELECT * FROM clients")
        names = [column[0] for column in clients.description]
        assert names == [
            *("client_id", "host", "port", "encoding", "opened_ns", "closed_ns", "reason"),
            *("server_id", "local_host", "local_port", "role", "peer_id"),
        ]
        assert clients.fetchall() == [
            (1, "10.0.0.1", 99, "gbk", 5, None, "", 1, "", 0, "client", None)
        ]
        servers = outside.execute("SELECT * FROM servers")
        names = [column[0] for column in servers.description]
        assert names == ["server_id", "kind", "name", "endpoints", "opened_ns"]
