"""Finding text and bytes, forwards and backwards, in one chunk or across many."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.journal.entry import ClientRecord, Kind
from app.journal.find import Accept, Match, find
from app.journal.journal import Journal
from app.journal.needle import Needle, may_hold, sql_condition
from app.journal.pattern import Pattern, ignoring_case
from app.journal.reader import Reader
from app.journal.sieve import sifted
from app.models.log_encodings import JournalEncodings
from app.text.hexa import HexFault
from tests.support.machine import here_s
from tests.support.wait import wait_until

Opened = Callable[..., Journal]
Reading = Callable[[Journal | Path], Reader]

ENCODINGS = {1: "gbk", 2: "utf-8", 3: "utf-16-le"}


def search(
    reader: Reader,
    needle: Needle,
    from_id: int = 1,
    forward: bool = True,
    accept: Accept = Accept(),  # noqa: B008
) -> Match | None:
    return find(
        reader,
        needle,
        from_id,
        forward,
        accept,
        encoding_of=ENCODINGS.__getitem__,
        encodings=ENCODINGS.values(),
    )


def fill(journal: Journal, chunks: list[tuple[int, bytes]], kind: Kind = Kind.IN) -> None:
    offsets = dict.fromkeys(ENCODINGS, 0)
    for client_id in ENCODINGS:
        journal.add_client(ClientRecord(client_id, "::1", 1, ENCODINGS[client_id], 1))
    for client_id, data in chunks:
        journal.append(client_id, kind, data, offsets[client_id])
        offsets[client_id] += len(data)


@pytest.fixture(params=["live", "old"])
def source(request: pytest.FixtureRequest, opened: Opened) -> Callable[[Journal], Journal | Path]:
    def ready(journal: Journal) -> Journal | Path:
        if request.param == "live":
            return journal
        journal.close()
        return journal.path

    return ready


def test_each_client_is_searched_in_its_own_encoding(
    opened: Opened, reading: Reading, source: Callable[[Journal], Journal | Path]
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
    opened: Opened, reading: Reading, source: Callable[[Journal], Journal | Path]
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


def test_bytes_are_found_as_they_are(opened: Opened, reading: Reading) -> None:
    journal = opened()
    fill(journal, [(1, b"\x00\x01\xff"), (2, b"\xfe"), (1, b"\xfe\x00"), (2, b"\xff\xfe")])
    reader = reading(journal)
    assert search(reader, Needle.of_hex("FF FE")) == Match(1, 2, 2, 3)
    assert search(reader, Needle.of_hex("0xFFFE"), 2) == Match(4, 0, 2, 4)
    assert search(reader, Needle.of_hex("ABCD")) is None
    for bad in ("", "  "):
        with pytest.raises(ValueError, match="nothing"):
            Needle.of_hex(bad)
    with pytest.raises(HexFault):
        Needle.of_hex("xyz")


def test_sent_chunks_are_searched_in_their_encoding(opened: Opened, reading: Reading) -> None:
    journal = opened()
    journal.append(1, Kind.OUT, "交易".encode("big5"), 0, "big5")
    journal.append(1, Kind.OUT, "交易".encode("shift_jis"), 4, "shift_jis")
    reader = reading(journal)
    assert search(reader, Needle.of_text("交易")) == Match(1, 0, 4, 1)
    assert search(reader, Needle.of_text("交易"), 2) == Match(2, 0, 4, 2)


def test_it_can_be_cancelled_and_tells_how_far_it_is(opened: Opened, reading: Reading) -> None:
    journal = opened()
    for number in range(20_000):
        journal.append(1, Kind.IN, b"%d" % number, 0)
    wait_until(lambda: journal.stored_id == 20_000)
    reader = reading(journal)
    told: list[tuple[int, int]] = []
    options: dict[str, Any] = {"encoding_of": lambda client: "gbk", "encodings": ["gbk"]}
    found = find(reader, Needle.of_text("x"), 1, progress=lambda *p: told.append(p), **options)
    assert found is None
    assert told[-1] == (20_000, 20_000)
    assert told == sorted(told)
    assert len(told) > 2
    told.clear()
    stopped = find(
        reader,
        Needle.of_text("19999"),
        1,
        cancelled=lambda: bool(told),
        progress=lambda *p: told.append(p),
        **options,
    )
    assert stopped is None
    assert len(told) == 1


LINE = b"Temperature 25\r\n"


def mixed(journal: Journal) -> None:
    """Many small entries, then large ones; and as text, false matches everywhere."""
    for number in range(60_000):
        journal.append(1, Kind.IN, b"\r" if number % 2 else b"x", number)
        if journal.crowded:
            journal.wait_for_room()
    offset = 60_000
    for _ in range(120):
        data = LINE * 16_000
        journal.append(1, Kind.IN, data, offset)
        offset += len(data)
        journal.append(2, Kind.IN, "乂".encode("gbk") * 100_000, 0)
        if journal.crowded:
            journal.wait_for_room()
    wait_until(lambda: journal.stored_id == journal.last_id)


class Asked:
    """Remembers the longest that `cancelled` was not asked, in this thread's own time."""

    def __init__(self, most: int | None = None) -> None:
        self.most = most  # so many times it says no
        self.count = 0
        self.longest_s = 0.0
        self.before_s = time.thread_time()

    def __call__(self) -> bool:
        now_s = time.thread_time()
        self.longest_s = max(self.longest_s, now_s - self.before_s)
        self.before_s = now_s
        self.count += 1
        return self.most is not None and self.count > self.most


def test_it_asks_often_whether_to_go_on_and_takes_little_memory(
    opened: Opened, reading: Reading
) -> None:
    journal = opened()
    mixed(journal)
    journal.close()
    reader = reading(journal.path)
    for needle, forward in (
        (Needle.of_text("\r\nTemperature 26"), True),
        (Needle.of_text("\r\nTemperature 26"), False),
        (Needle.of_text("\n"), False),
        (Needle.of_hex("0d0a0d"), True),
        (Needle.of_text("诏"), True),  # its bytes are everywhere, but across two characters
    ):
        asked = Asked()
        read_bytes = [0]
        chunks = reader.chunks

        def counted(*span: Any, chunks: Any = chunks, most: list[int] = read_bytes) -> Any:
            found = chunks(*span)
            most[0] = max(most[0], sum(len(part[3]) for part in found))
            return found

        reader.chunks = counted  # type: ignore[method-assign]
        options: dict[str, Any] = {"encoding_of": lambda _client: "gbk", "encodings": ["gbk"]}
        find(reader, needle, 1 if forward else reader.last_id, forward, cancelled=asked, **options)
        reader.chunks = chunks  # type: ignore[method-assign]
        assert read_bytes[0] <= 10 * 1024 * 1024
        assert asked.longest_s < here_s(0.1)  # 50 ms are meant


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


@given(st.lists(st.binary(max_size=12), max_size=20), st.binary(min_size=1, max_size=12))
def test_sql_and_python_propose_alike(rows: list[bytes], pattern: bytes) -> None:
    import sqlite3
    from contextlib import closing

    condition, values = sql_condition([Pattern.of(pattern)])
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE entry(data BLOB)")
        connection.executemany("INSERT INTO entry VALUES (?)", [(row,) for row in rows])
        sql = f"SELECT rowid FROM entry WHERE {condition}"
        proposed = {row[0] for row in connection.execute(sql, values)}
    assert proposed >= {n for n, row in enumerate(rows, 1) if may_hold(row, [Pattern.of(pattern)])}


def test_a_pattern_that_every_line_begins_is_sifted(
    opened: Opened, reading: Reading, source: Callable[[Journal], Journal | Path]
) -> None:
    """The end of each line proposes it; whole streams are looked through instead."""
    journal = opened()
    lines = [(1 + n % 3, f"line {n}\r\n".encode()) for n in range(3_000)]
    lines[2_500:2_500] = [(1, b"~whole\r\n~"), (2, b"other"), (1, b"~")]
    fill(journal, lines)
    wait_until(lambda: journal.stored_id == len(lines))
    reader = reading(source(journal))
    needle = Needle.of_hex("0D 0A 7E")
    before = max(n for n, (client, _) in enumerate(lines[:2_500], 1) if client == 1)
    expected = [Match(before, len(lines[before - 1][1]) - 2, 3, 2_501), Match(2_501, 6, 3, 2_501)]
    assert search(reader, needle) == expected[0]
    assert search(reader, needle, before + 1) == expected[1]
    assert search(reader, needle, len(lines), forward=False) == expected[1]
    assert search(reader, needle, 2_500, forward=False) == expected[0]
    assert search(reader, needle, 2_502) is None
    for accept in (Accept(clients=frozenset({2})), Accept(kinds=frozenset({int(Kind.OUT)}))):
        assert search(reader, needle, accept=accept) is None


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 3), st.binary(min_size=1, max_size=4)), max_size=30),
    st.binary(min_size=1, max_size=5),
)
def test_what_is_sifted_holds_every_beginning(
    parts: list[tuple[int, bytes]], pattern: bytes
) -> None:
    """Small alphabets make matches: every byte is reduced to one of three."""
    pattern = bytes(byte % 3 for byte in pattern)
    chunks = [
        (entry_id, client, 0, bytes(byte % 3 for byte in data))
        for entry_id, (client, data) in enumerate(parts, 1)
    ]
    found = set(sifted(chunks, ((Pattern.of(pattern),), ())))
    expected = set()
    for client in (1, 2, 3):
        own = [chunk for chunk in chunks if chunk[1] == client]
        owner = [chunk[0] for chunk in own for _ in chunk[3]]
        whole = b"".join(chunk[3] for chunk in own)
        expected |= {
            owner[at] for at in range(len(whole)) if whole[at:].startswith(pattern)
            or pattern.startswith(whole[at:])
        }  # fmt: skip
    assert found == expected


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


CASES = [
    ("gbk", "Ｓｔop ПРИВЕТ"),
    ("utf-8", "ÉCole Ωß"),
    ("utf-16-le", "Stop И你"),
    ("big5", "你Ab"),
]


@pytest.mark.parametrize(("encoding", "text"), CASES)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_letters_are_found_in_either_case_in_every_encoding_and_across_chunks(
    opened: Opened, reading: Reading, encoding: str, text: str, size: int
) -> None:
    data = f"前{text}后".encode(encoding)
    journal = opened()
    journal.add_client(ClientRecord(1, "::1", 1, encoding, 1))
    for at in range(0, len(data), size):
        journal.append(1, Kind.IN, data[at : at + size], at)
    reader = reading(journal)
    start = len("前".encode(encoding))

    def at(wanted: str, ignores_case: bool) -> Match | None:
        needle = Needle.of_text(wanted, ignores_case=ignores_case)
        options: dict[str, Any] = {"encoding_of": lambda _: encoding, "encodings": [encoding]}
        forward = find(reader, needle, 1, **options)
        assert find(reader, needle, reader.last_id, forward=False, **options) == forward
        return forward

    for wanted in {text, text.swapcase() if "ß" not in text else text.lower(), text.lower()}:
        match = at(wanted, True)
        assert match is not None
        assert (match.entry_id, match.start_bytes) == (start // size + 1, start % size)
        assert match.length_bytes == len(text.encode(encoding))
        assert (at(wanted, False) is None) == (wanted != text)
    assert at(text + "x", True) is None


def test_bytes_of_a_character_are_no_letters_in_another_case(
    opened: Opened, reading: Reading
) -> None:
    """In GBK the second byte of a character may be a letter's; of Я and Џ bytes are exchanged."""
    journal = opened()
    fill(journal, [(1, "\u4e02\u4e12".encode("gbk")), (2, "Џ".encode())])
    reader = reading(journal)
    assert b"A" in "\u4e04".encode("gbk")  # 8141
    for wanted in ("a", "\u4e04", "я"):
        assert search(reader, Needle.of_text(wanted, ignores_case=True)) is None
    assert ignoring_case("я", "utf-8").length == 2


def test_question_marks_stand_for_any_byte(opened: Opened, reading: Reading) -> None:
    journal = opened()
    fill(journal, [(1, b"\x7e\x01"), (2, b"\x7e\x01\x02"), (1, b"\x02"), (1, b"\x7e\n\n")])
    reader = reading(journal)
    for written in ("7E ?? 02", "0x7e, 0x??, 0x02", "7e??02", "7e:??:02", "7E？？02"):
        assert search(reader, Needle.of_hex(written)) == Match(1, 0, 3, 3)
        assert search(reader, Needle.of_hex(written), 2) == Match(2, 0, 3, 2)
        assert search(reader, Needle.of_hex(written), 4, forward=False) == Match(2, 0, 3, 2)
    assert search(reader, Needle.of_hex("?? 02 ?? 0A")) == Match(1, 1, 4, 4)
    assert search(reader, Needle.of_hex("0A ??")) == Match(4, 1, 2, 4)
    assert search(reader, Needle.of_hex("02 ?? ?? ?? ??")) is None
    with pytest.raises(ValueError, match="nothing"):
        Needle.of_hex("?? ??")
    for wrong, at in (("7E ?", 3), ("7E ??? 01", 5), ("4? 01", 1), ("?? 1", 3)):
        with pytest.raises(HexFault) as caught:
            Needle.of_hex(wrong)
        assert caught.value.position == at


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(["00", "01", "??"]), min_size=1, max_size=6),
    st.lists(st.sampled_from([b"\0", b"\1"]), max_size=20).map(b"".join),
)
def test_a_pattern_is_where_each_byte_agrees(words: list[str], data: bytes) -> None:
    if set(words) == {"??"}:
        words.append("00")
    (pattern,) = Needle.of_hex(" ".join(words)).patterns([])

    def agrees(part: bytes) -> bool:
        return all(w in ("??", f"{byte:02}") for w, byte in zip(words, part, strict=False))

    length = len(words)
    starts = range(len(data) - length + 1)
    assert list(pattern.places(data)) == [at for at in starts if agrees(data[at : at + length])]
    most = min(len(data), length - 1)
    assert pattern.tails(data) == [n for n in range(1, most + 1) if agrees(data[len(data) - n :])]


def test_no_pattern_takes_longer_than_its_data_asks_for() -> None:
    """What makes a backtracking search quadratic: nearly a match at every place."""
    data = bytes(2_000_000)
    patterns = [
        ignoring_case("\0" * 2_000 + "a", "utf-8"),
        *Needle.of_hex("00 " * 2_000 + "?? 01").patterns([]),
        *Needle.of_hex("?? " * 2_000 + "01").patterns([]),
    ]
    for pattern in patterns:
        asked = Asked()
        assert next(pattern.places(data, asked), None) is None
        assert asked.longest_s < here_s(0.1)
        assert next(pattern.places(data, Asked(3)), None) is None
