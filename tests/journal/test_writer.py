"""The writer thread outlives whatever happens in it: all is kept, said, and stored later."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.journal.entry import ClientRecord, Kind
from app.journal.errors import JournalUnreadable
from app.journal.intake import Intake
from app.journal.journal import Journal
from app.journal.ledger import Ledger
from app.journal.lock import is_locked
from app.journal.pruning import Pruner
from app.journal.reader import Reader
from app.journal.store import Store
from app.journal.trail import Loose
from app.journal.writer import Writer
from tests.support.wait import wait_until

Opened = Callable[..., Journal]
Reading = Callable[[Journal | Path], Reader]

PLACES: list[tuple[type, str]] = [
    (Intake, "sleep_if_idle"),
    (Intake, "take"),
    (Intake, "settle"),
    (Ledger, "waiting"),
    (Ledger, "settle"),
    (Store, "write"),
    (Store, "_write_items"),
    (Pruner, "prune"),
    (Loose, "add"),
    (Writer, "_note_pruned"),
]


class Fault:
    """Makes a method raise, before it does its work or afterwards, while `on`."""

    def __init__(self, error: BaseException, *, late: bool) -> None:
        self.error = error
        self.late = late
        self.on = threading.Event()
        self.hit = threading.Event()

    def put(self, patch: pytest.MonkeyPatch, owner: type, name: str) -> None:
        real = getattr(owner, name)

        def method(this: Any, *args: Any, **named: Any) -> Any:
            in_writer = threading.current_thread().name == "journal-writer"
            if in_writer and self.on.is_set() and not self.late:
                self._strike()
            result = real(this, *args, **named)
            if in_writer and self.on.is_set() and self.late:
                self._strike()
            return result

        patch.setattr(owner, name, method)

    def _strike(self) -> None:
        self.hit.set()
        raise self.error


@pytest.fixture
def quick_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.journal.writer.RETRY_S", 0.02)


@pytest.mark.usefixtures("quick_retry")
@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("odd")], ids=["memory", "other"])
@pytest.mark.parametrize(("owner", "name"), PLACES, ids=[name for _, name in PLACES])
def test_nothing_ends_the_writer(
    owner: type,
    name: str,
    error: Exception,
    late: bool,
    opened: Opened,
    reading: Reading,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fault = Fault(error, late=late)
    fault.put(monkeypatch, owner, name)
    journal = opened()
    fault.on.set()
    journal.add_client(ClientRecord(1, "::1", 1, "gbk", 1))
    for number in range(300):
        journal.append(1, Kind.IN, b"%d" % number, number)
    wait_until(lambda: journal.health.fault == "failing")
    assert journal.health.problem == (str(error) or "MemoryError")
    assert fault.hit.is_set()
    for number in range(300, 600):
        journal.append(1 + number % 2, Kind.IN, b"%d" % number, number)
    journal.update_client(1, note="later")
    fault.on.clear()
    wait_until(lambda: journal.stored_id == 600 and journal.health.fault is None)
    live = reading(journal)
    expected = [*range(300), *range(300, 600, 2)]
    assert [int(e.data) for e in live.ahead(1, Kind.IN, 0, 999)] == expected
    assert journal.close() == 0
    old = reading(journal.path)
    assert [int(e.data) for e in old.entries(1, 999)] == list(range(600))
    # What is stored is in its trails too.
    assert [int(e.data) for e in old.ahead(1, Kind.IN, 0, 999)] == expected
    client = old.client(1)
    assert client is not None
    assert client.note == "later"


@pytest.mark.usefixtures("quick_retry")
def test_workers_go_on_after_it(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = Fault(MemoryError(), late=False)
    fault.put(monkeypatch, Store, "write")
    journal = opened()
    fault.on.set()
    while not journal.crowded:
        journal.append(1, Kind.IN, bytes(100_000))
    worker = threading.Thread(target=journal.wait_for_room)
    worker.start()
    wait_until(lambda: journal.waiting_threads == 1 and journal.health.fault == "failing")
    fault.on.clear()
    worker.join(20)
    assert not worker.is_alive()


@pytest.mark.usefixtures("quick_retry")
def test_news_that_cannot_be_told_do_not_end_it(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def on_news() -> None:
        told.append(threading.current_thread().name)
        if told[-1] == "journal-writer":
            raise RuntimeError("nobody listens")

    fault = Fault(RuntimeError("odd"), late=False)
    fault.put(monkeypatch, Store, "write")
    journal = opened(on_news=on_news)
    journal.append(1, Kind.IN, b"1")  # takes the first news
    wait_until(lambda: journal.stored_id == 1)
    fault.on.set()
    journal.rearm_news()
    journal.append(1, Kind.IN, b"2")
    journal.rearm_news()
    wait_until(lambda: journal.health.fault == "failing" and "journal-writer" in told)
    fault.on.clear()
    wait_until(lambda: journal.stored_id == 2)


@pytest.mark.parametrize("error", [MemoryError(), OSError("odd"), ValueError("odd")])
def test_an_end_that_fails_frees_the_file(
    error: Exception, opened: Opened, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Fault(error, late=False)
    fault.put(monkeypatch, Store, "finish")
    journal = opened()
    fault.on.set()
    journal.append(1, Kind.IN, b"x")
    assert journal.close() == 0
    assert journal.health.fault == "failing"
    assert not is_locked(journal.path)
    assert reading(journal.path).last_id == 1


def test_without_a_thread_there_is_no_journal(
    path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "start", start)
        with pytest.raises(JournalUnreadable, match="can't start new thread"):
            Journal(path)
    assert not is_locked(path)
    assert opened().append(1, Kind.IN, b"x") == 1
