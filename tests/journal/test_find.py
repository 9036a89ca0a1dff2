"""Finding in each client's encoding, forwards and backwards, in one chunk or across many."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.journal.entry import ClientRecord, Kind
from app.journal.find import Accept, Match, find
from app.journal.journal import Journal
from app.journal.needle import Needle
from app.journal.reader import Reader
from app.models.log_encodings import JournalEncodings
from tests.journal.conftest import Opened, Reading, Source
from tests.journal.finding import ENCODINGS, fill, search
from tests.support.wait import wait_until


def test_each_client_is_searched_in_its_own_encoding(
    opened: Opened, reading: Reading, source: Source
) -> None:
    journal = opened()
    texts = ["没有", "你好", "再见"]
    fill(journal, [(c, t.encode(ENCODINGS[c])) for t in texts for c in (1, 2, 3)])
    reader = reading(source(journal))
    hits, at = [], 1
    while match := search(reader, Needle.of_text("你好"), at):
        hits.append(match)
        at = match.entry_id + 1
    assert [(m.entry_id, m.start_bytes, m.length_bytes) for m in hits] == [
        *((4, 0, 4), (5, 0, 6), (6, 0, 4))
    ]
    assert search(reader, Needle.of_text("你好"), 5, forward=False) == hits[1]
    only = Accept(clients=frozenset({3}))
    assert search(reader, Needle.of_text("你好"), 1, accept=only) == hits[2]
    assert search(reader, Needle.of_text("你好"), accept=Accept(kinds=frozenset({1}))) is None


def test_a_match_may_span_any_number_of_interleaved_chunks(
    opened: Opened, reading: Reading, source: Source
) -> None:
    journal = opened()
    one, two = "..你好世界".encode("gbk"), "..你好世界".encode()
    chunks = []
    for place in range(max(len(one), len(two))):
        chunks += [(1, one[place : place + 1]), (2, two[place : place + 1])]
    fill(journal, [chunk for chunk in chunks if chunk[1]])
    reader = reading(source(journal))
    match = search(reader, Needle.of_text("你好世界"))
    assert match == Match(5, 0, 8, 19)
    match = search(reader, Needle.of_text("你好世界"), 6)
    assert match is not None
    assert (match.entry_id, match.length_bytes, match.last_id) == (6, 12, reader.last_id)
    assert search(reader, Needle.of_text("你好世界"), reader.last_id, forward=False) == match


def test_half_characters_are_no_match(opened: Opened, reading: Reading) -> None:
    journal = opened()
    # In GBK the second byte of 哪 and the first of the next character make another character.
    text = "哪里哪里" * 20
    data = text.encode("gbk")
    wrong = data[1:3].decode("gbk", "ignore")
    assert wrong
    assert wrong not in text
    fill(journal, [(1, data[:5]), (1, data[5:]), (1, wrong.encode("gbk"))])
    reader = reading(journal)
    match = search(reader, Needle.of_text(wrong))
    assert match == Match(3, 0, 2, 3)
    raw = search(reader, Needle.of_hex(data[1:3].hex()))
    assert raw == Match(1, 1, 2, 1)


def test_sent_chunks_are_searched_in_their_encoding(opened: Opened, reading: Reading) -> None:
    journal = opened()
    journal.append(1, Kind.OUT, "交易".encode("big5"), 0, "big5")
    journal.append(1, Kind.OUT, "交易".encode("shift_jis"), 4, "shift_jis")
    reader = reading(journal)
    assert search(reader, Needle.of_text("交易")) == Match(1, 0, 4, 1)
    assert search(reader, Needle.of_text("交易"), 2) == Match(2, 0, 4, 2)


def test_however_many_clients_there_are_it_begins_at_once(
    opened: Opened, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = opened()
    for number in range(1, 2_001):
        journal.add_client(ClientRecord(number, "::1", 1, "utf-8" if number == 9 else "gbk", 1))
    journal.append(9, Kind.IN, "你好".encode())
    journal.close()
    reader = reading(journal.path)

    def refused(_reader: Reader) -> dict[int, ClientRecord]:
        raise AssertionError("all clients are made into records")

    monkeypatch.setattr(Reader, "clients", refused)
    encodings = JournalEncodings(reader, {5: "big5"}, "latin-1")
    assert encodings.names() == {"gbk", "utf-8", "big5", "latin-1"}
    match = find(
        reader,
        Needle.of_text("你好"),
        1,
        encoding_of=encodings.of,
        encodings=encodings.names(),
    )
    assert match is not None
    assert (match.entry_id, match.length_bytes) == (1, 6)


def test_it_goes_no_further_than_it_is_told(opened: Opened, reading: Reading) -> None:
    journal = opened()
    fill(journal, [(1, b"match" if n in (2, 6) else b"other") for n in range(10)])
    reader = reading(journal)
    needle, seen = Needle.of_text("match"), []

    def within(from_id: int, to_id: int, forward: bool = True) -> Match | None:
        return find(
            reader, needle, from_id, forward, to_id=to_id, encoding_of=ENCODINGS.__getitem__,
            encodings=ENCODINGS.values(), progress=lambda done, total: seen.append((done, total)),
        )  # fmt: skip

    assert within(4, 6) is None
    assert seen[-1] == (3, 3)
    assert within(4, 7) == Match(7, 0, 5, 7)
    assert within(6, 4, forward=False) is None
    assert within(6, 3, forward=False) == Match(3, 0, 5, 3)


alphabet = st.sampled_from(["a", "b", "你", "好"])


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from([1, 2]), st.text(alphabet, max_size=8)), max_size=12),
    st.text(alphabet, min_size=1, max_size=4),
    st.integers(1, 5),
)
def test_it_finds_what_the_whole_stream_holds(
    tmp_path_factory: pytest.TempPathFactory,
    parts: list[tuple[int, str]],
    wanted: str,
    size: int,
) -> None:
    path = tmp_path_factory.mktemp("find") / "journal.db"
    chunks = []
    for client_id, text in parts:
        data = text.encode(ENCODINGS[client_id])
        chunks += [(client_id, data[i : i + size]) for i in range(0, len(data), size)]
    random.Random(size).shuffle(chunks)  # what a client sends is then partly no text at all
    journal = Journal(path)
    fill(journal, chunks)
    expected = sorted({start for c in (1, 2) for start in starts(chunks, c, wanted)})
    try:
        for reader in (journal.reader(), reader_of(journal)):
            forward, at = [], 1
            while match := search(reader, Needle.of_text(wanted), at):
                forward.append(match.entry_id)
                at = match.entry_id + 1
            backward, at = [], len(chunks)
            while at and (match := search(reader, Needle.of_text(wanted), at, forward=False)):
                backward.append(match.entry_id)
                at = match.entry_id - 1
            reader.close()
            assert forward == expected
            assert backward == expected[::-1]
    finally:
        journal.close()


def reader_of(journal: Journal) -> Reader:
    """A reader that takes all from the file."""
    wait_until(lambda: journal.stored_id == journal.last_id)
    return Reader(journal.path)


def starts(chunks: list[tuple[int, bytes]], client_id: int, wanted: str) -> list[int]:
    """The entries in which `wanted` begins, found by decoding the client's whole stream."""
    owners = [number for number, (c, data) in enumerate(chunks, 1) if c == client_id for _ in data]
    stream = b"".join(data for c, data in chunks if c == client_id)
    name = ENCODINGS[client_id]
    text = stream.decode(name, "surrogateescape")
    found, place = [], text.find(wanted)
    while place >= 0:
        found.append(owners[len(text[:place].encode(name, "surrogateescape"))])
        place = text.find(wanted, place + 1)
    return found
