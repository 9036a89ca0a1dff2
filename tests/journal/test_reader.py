"""Reading what is in memory, loose, in blocks; live, while it is written, and from old files."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.journal import trail
from app.journal.entry import ClientRecord, Kind
from app.journal.journal import Journal
from app.journal.reader import Reader
from tests.support.wait import wait_until

Opened = Callable[..., Journal]
Reading = Callable[[Journal | Path], Reader]

CLIENTS = 7
COUNT = 4_000


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.journal.store.BLOCK_ENTRIES", 300)


def stream_of(number: int) -> tuple[int, int]:
    """Some clients are busy, some send once in a while; answers and events are rarer."""
    mixed = random.Random(number)
    client_id = mixed.choice([1, 1, 1, 1, 2, 2, 3, 4, 5, CLIENTS if number % 50 == 0 else 6])
    kind = mixed.choice([Kind.IN, Kind.IN, Kind.IN, Kind.OUT, Kind.SEND_REFUSED])
    return client_id, int(kind)


STREAMS = [stream_of(number) for number in range(1, COUNT + 1)]


def fill(journal: Journal) -> None:
    for start in range(0, COUNT, 200):
        for number in range(start + 1, start + 201):
            client_id, kind = STREAMS[number - 1]
            journal.append(client_id, kind, b"%d" % number, number)
        if start % 600 == 0:  # several transactions, so that blocks fill
            wait_until(lambda: journal.stored_id == journal.last_id)


@pytest.mark.parametrize("where", ["memory", "live", "closed", "appended"])
def test_every_question_has_the_same_answer_everywhere(
    where: str, opened: Opened, reading: Reading, request: pytest.FixtureRequest
) -> None:
    if where != "memory":
        request.getfixturevalue("small_blocks")
    journal = opened()
    fill(journal)
    if where in ("live", "appended"):
        wait_until(lambda: journal.stored_id == COUNT)
    if where in ("closed", "appended"):
        journal.close()
    if where == "appended":
        journal = opened()
    reader = reading(journal.path if where == "closed" else journal)
    assert (reader.first_id, reader.last_id) == (1, COUNT)
    check_ids(reader)
    check_streams(reader)
    check_filters(reader)


def check_ids(reader: Reader) -> None:
    for first_id, count in ((1, 10), (COUNT - 4, 50), (COUNT - 2_100, 300), (500, 0), (-5, 10)):
        wanted = [n for n in range(first_id, first_id + count) if 1 <= n <= COUNT]
        assert [int(entry.data) for entry in reader.entries(first_id, count)] == wanted
    assert reader.entry(0) is None
    assert reader.entry(COUNT + 1) is None
    ids = random.Random(5).sample(range(1, COUNT + 1), 1_200)
    assert [entry.id for entry in reader.pick([*ids, COUNT + 9, 0])] == ids


def check_streams(reader: Reader) -> None:
    for client_id in range(1, CLIENTS + 2):
        own = [n for n, s in enumerate(STREAMS, 1) if s == (client_id, Kind.IN)]
        for place in (0, 1, 299, 300, 301, 1_999, 2_000, 2_001, COUNT, COUNT + 1):
            back = [entry.id for entry in reader.back(client_id, Kind.IN, place, 40)]
            assert back == [n for n in reversed(own) if n < place][:40]
            ahead = [entry.id for entry in reader.ahead(client_id, Kind.IN, place, 40)]
            assert ahead == [n for n in own if n > place][:40]
        streams = reader.streams()
        for place in range(0, COUNT, 97):
            following = next((n for n in own if n > place), 0)
            assert streams.next_of((client_id, Kind.IN), place) == following


def check_filters(reader: Reader) -> None:
    for clients in (None, frozenset({1}), frozenset({3, CLIENTS}), frozenset({99})):
        for kinds in (None, frozenset({0}), frozenset({1, 8})):
            wanted = [
                n
                for n, (client_id, kind) in enumerate(STREAMS, 1)
                if (clients is None or client_id in clients) and (kinds is None or kind in kinds)
            ]
            for place in (0, 299, 1_000, COUNT - 100, COUNT):
                later = [n for n in wanted if n > place]
                earlier = [n for n in reversed(wanted) if n < place]
                assert list(reader.matching_ids(clients, kinds, place, COUNT)) == later
                assert list(reader.matching_ids(clients, kinds, place, 25)) == later[:25]
                assert list(reader.matching_back(clients, kinds, place, COUNT)) == earlier
                assert list(reader.matching_back(clients, kinds, place, 25)) == earlier[:25]


@pytest.mark.usefixtures("small_blocks")
def test_readers_see_an_unbroken_journal_while_it_is_written(opened: Opened) -> None:
    journal = opened()
    stop = threading.Event()
    problems: list[str] = []

    def read(seed: int) -> None:
        reader, mixed = journal.reader(), random.Random(seed)
        while not stop.is_set():
            last_id = reader.last_id
            first_id = mixed.randint(1, last_id + 1)
            entries = reader.entries(first_id, 60)
            ids = [entry.id for entry in entries]
            if ids[: last_id - first_id + 1] != [*range(first_id, first_id + len(ids))][
                : last_id - first_id + 1
            ] or len(ids) < min(60, last_id - first_id + 1):
                problems.append(f"gap in {ids} from {first_id} to {last_id}")
            back = [entry.id for entry in reader.back(1, Kind.IN, first_id, 30)]
            if back != [n for n in range(first_id - 1, 0, -1) if n % 3 == 0][:30]:
                problems.append(f"before {first_id}: {back}")
            found = list(reader.matching_ids(frozenset({2}), None, first_id, 50))
            expected = [n for n in range(first_id + 1, first_id + 200) if n % 3][: len(found)]
            if found != expected or len(found) < min(50, (last_id - first_id) * 2 // 3 - 1):
                problems.append(f"after {first_id}: {found}")
        reader.close()

    readers = [threading.Thread(target=read, args=(seed,)) for seed in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 12_001):
        journal.append(1 if number % 3 == 0 else 2, Kind.IN, b"x" * 300, number)
        if number % 500 == 0:
            wait_until(lambda: journal.stored_id > journal.last_id - 2_000)
    stop.set()
    for reader in readers:
        reader.join()
    assert problems == []


def test_an_empty_journal(opened: Opened, reading: Reading) -> None:
    journal = opened()
    for source in (journal, journal.path):
        reader = reading(source)
        assert (reader.first_id, reader.last_id) == (1, 0)
        assert reader.entries(1, 10) == reader.pick([1]) == reader.back(1, 0, 5, 5) == []
        assert list(reader.matching_ids(None, None, 0, 9)) == []
        assert list(reader.matching_ids(frozenset({1}), None, 0, 9)) == []
        assert list(reader.matching_back(None, None, 9, 9)) == []
        assert reader.clients() == {}


def test_a_closed_journal_is_one_plain_file(opened: Opened, reading: Reading, path: Path) -> None:
    journal = opened()
    journal.add_client(ClientRecord(1, "::1", 1, "gbk", 1))
    journal.append(1, Kind.IN, b"x")
    journal.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    content = path.read_bytes()
    reader = reading(path)
    reader.entries(1, 1)
    reader.close()
    assert path.read_bytes() == content


@given(st.lists(st.integers(1, 400), min_size=1, unique=True))
def test_ids_are_packed_and_unpacked(numbers: list[int]) -> None:
    from array import array

    ids = array("q", sorted(numbers))
    assert trail.unpack(trail.pack(ids), 1, 1 << 62) == ids


@given(st.integers(1, 10**15), st.integers(1, 5_000))
def test_a_run_of_ids_is_packed_into_two(first_id: int, count: int) -> None:
    from array import array

    ids = array("q", range(first_id, first_id + count))
    packed = trail.pack(ids)
    assert len(packed) <= 16
    assert trail.unpack(packed, 1, 1 << 62) == ids


def test_the_newest_clients_and_their_number(opened: Opened, reading: Reading) -> None:
    journal = opened()
    for number in range(1, 6):
        journal.add_client(ClientRecord(number, "10.0.0.1", number, "gbk", 1))
        known, total = reading(journal).newest_clients(3)  # stored, or still on the way
        assert (list(known), total) == (list(range(1, number + 1))[-3:], number)
    journal.close()
    known, total = reading(journal.path).newest_clients(3)
    assert (list(known), total) == ([3, 4, 5], 5)
