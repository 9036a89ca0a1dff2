"""Chunks read in any order show what decoding the stream in one go shows."""

from __future__ import annotations

import itertools
import random
import tempfile
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.journal.context import ContextDecoder
from app.journal.entry import ClientRecord, Entry, Kind
from app.journal.history import Reach
from app.journal.journal import Journal
from app.journal.reader import Reader
from app.text.decoder import StreamDecoder, decode, encode
from app.text.encodings import ENCODINGS
from tests.support.wait import wait_until
from tests.text.prose import NOISE
from tests.text.reading import is_reading_of

Opened = Callable[..., Journal]
Reading = Callable[[Journal | Path], Reader]

NAMES = [encoding.name for encoding in ENCODINGS]
MULTI_BYTE = [name for name in NAMES if name not in ("latin-1", "ascii")]
SAMPLES = {
    "gbk": "中文，混合 abc123\r\n龥丂",
    "gb18030": "中文㐀𠀀 abc㊣\n丂9",
    "utf-8": "中文𠀀é a\n",
    "big5": "中文，混合功能 abc\r\n許功蓋",
    "shift_jis": "表ソ能ｱｲｳ日本語 abc\n",
    "euc_kr": "한국어 뷁 abc\n힣",
    "utf-16-le": "中文𠀀é a\n〰",
    "utf-16-be": "中文𠀀é a\n〰",
    "latin-1": "é abc\n",
    "ascii": "abc\n",
}


@st.composite
def streams(draw: st.DrawFn) -> tuple[str, list[bytes]]:
    """An encoding, and chunks that hold text in it, or nearly, cut anywhere."""
    name = draw(st.sampled_from(NAMES))
    text = draw(st.text(st.sampled_from(SAMPLES[name]), max_size=120))
    codec = next(encoding.codec for encoding in ENCODINGS if encoding.name == name)
    data = text.encode(codec, "ignore")
    if draw(st.booleans()):
        place = draw(st.integers(0, len(data)))
        data = data[:place] + draw(st.binary(max_size=6)) + data[place:]
    cuts = sorted(draw(st.sets(st.integers(1, max(len(data) - 1, 1)), max_size=40)))
    edges = [0, *(cut for cut in cuts if cut < len(data)), len(data)]
    return name, [data[a:b] for a, b in itertools.pairwise(edges) if b > a]


class Clock:
    """The journal's clock, which stands still unless it is set."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now_ns = 1
        patch.setattr("app.journal.intake.monotonic_ns", lambda: self.now_ns)

    def wait(self, pause_ms: int) -> None:
        self.now_ns += pause_ms * 1_000_000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


STREAMS_AND_PAUSES = given(
    st.lists(streams(), min_size=1, max_size=3),
    st.lists(st.sampled_from([0, 0, 0, 50, 1_000]), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)


@settings(max_examples=40)
@STREAMS_AND_PAUSES
def test_any_split_any_order_gives_the_same_text(
    clients: list[tuple[str, list[bytes]]], pauses: list[int], mixed: object
) -> None:
    check_any_order(clients, pauses, mixed)


@pytest.mark.long
@settings(max_examples=400)
@STREAMS_AND_PAUSES
def test_any_split_any_order_gives_the_same_text_again_and_again(
    clients: list[tuple[str, list[bytes]]], pauses: list[int], mixed: object
) -> None:
    check_any_order(clients, pauses, mixed)


def check_any_order(
    clients: list[tuple[str, list[bytes]]], pauses: list[int], mixed: object
) -> None:
    shuffle: Callable[[list[int]], None] = mixed.shuffle  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        clock = Clock(patch)
        journal = Journal(Path(folder) / "journal.db")
        try:
            ids = append_interleaved(journal, clients, clock, pauses, shuffle)
            names = {number: name for number, (name, _) in enumerate(clients, 1)}
            for number in names:
                journal.add_client(ClientRecord(number, "::1", 1, names[number], 1, closed_ns=2))
            order = list(range(1, journal.last_id + 1))
            with closing(journal.reader()) as reader:
                for reorder in (lambda o: None, lambda o: o.reverse(), shuffle):
                    reorder(order)
                    check_texts(reader, names, order, ids, clients, no_pause=max(pauses) < 300)
        finally:
            journal.close()
        check_old_file(journal.path, names, ids, clients)


def append_interleaved(
    journal: Journal,
    clients: list[tuple[str, list[bytes]]],
    clock: Clock,
    pauses: list[int],
    shuffle: Callable[[list[int]], None],
) -> dict[int, list[int]]:
    """Append every chunk twice, received and sent; return each client's ids of the received."""
    turns = [n for n, (_, chunks) in enumerate(clients, 1) for _ in chunks]
    shuffle(turns)
    ids: dict[int, list[int]] = {n: [] for n in range(1, len(clients) + 1)}
    offsets = dict.fromkeys(ids, 0)
    for turn, number in enumerate(turns):
        name, chunks = clients[number - 1]
        chunk = chunks[len(ids[number])]
        clock.wait(pauses[turn % len(pauses)])
        ids[number].append(journal.append(number, Kind.IN, chunk, offsets[number]))
        journal.append(number, Kind.OUT, chunk, offsets[number], name)
        offsets[number] += len(chunk)
    return ids


def check_texts(
    reader: Reader,
    names: dict[int, str],
    order: list[int],
    ids: dict[int, list[int]],
    clients: list[tuple[str, list[bytes]]],
    *,
    no_pause: bool = False,
) -> None:
    decoder = ContextDecoder(reader, names.__getitem__)
    shown = {entry.id: decoder.decode(entry, limit_bytes=None) for entry in reader.pick(order)}
    in_order = ContextDecoder(reader, names.__getitem__)
    for number, (name, chunks) in enumerate(clients, 1):
        received, data = reader.pick(ids[number]), b"".join(chunks)
        texts = [in_order.decode(entry, limit_bytes=None).text for entry in received]
        assert is_reading_of("".join(texts), data, name)
        assert [shown[i].text for i in ids[number]] == texts
        assert [shown[i + 1].text for i in ids[number]] == texts  # the same chunks, sent
        readable = not any("\udc00" <= c <= "\udcff" for c in decode(data, name))
        if no_pause and readable:  # nothing was noise
            assert "".join(texts) == decode(data, name)
    assert not any(one.unsure or one.cut for one in shown.values())
    assert all(one.final for one in shown.values())


def check_old_file(
    path: Path,
    names: dict[int, str],
    ids: dict[int, list[int]],
    clients: list[tuple[str, list[bytes]]],
) -> None:
    with closing(Reader(path)) as reader:
        check_texts(reader, names, list(range(reader.last_id, 0, -1)), ids, clients)


# Bytes that begin, continue, end and break characters, in every encoding.
AWKWARD = bytes(
    [0x20, 0x30, 0x31, 0x39, 0x40, 0x5C, 0x81, 0xA1, 0xA4, 0xC4, 0xD4, 0xE3, 0xF0, 0xFE]
)


@pytest.mark.parametrize("count", [60, pytest.param(300, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", NAMES)
def test_awkward_bytes_read_end_first(
    name: str, count: int, clock: Clock, opened: Opened, reading: Reading
) -> None:
    journal = opened()
    mixed = random.Random(name)
    streams = [bytes(mixed.choices(AWKWARD, k=mixed.randint(9, 40))) for _ in range(count)]
    ids: list[list[int]] = []
    for client_id, data in enumerate(streams, 1):
        journal.add_client(ClientRecord(client_id, "::1", 1, name, 1, closed_ns=2))
        size = mixed.randint(1, 4)
        ids.append([])
        for i in range(0, len(data), size):
            clock.wait(mixed.choice([0, 0, 0, 1_000]))
            ids[-1].append(journal.append(client_id, 0, data[i : i + size], i))
    reader = reading(journal)
    in_order = ContextDecoder(reader, lambda client_id: name)
    for data, own in zip(streams, ids, strict=True):
        expected = [in_order.decode(entry).text for entry in reader.pick(own)]
        assert is_reading_of("".join(expected), data, name)
        decoder = ContextDecoder(reader, lambda client_id: name)
        shown = [decoder.decode(entry).text for entry in reader.pick(own[::-1])]
        assert shown[::-1] == expected, (data, own)


def missing(held: bytes, name: str) -> int:
    decoder = StreamDecoder(name)
    decoder.feed(held)
    return decoder.missing


def feed(journal: Journal, chunks: Iterable[bytes], client_id: int = 1) -> None:
    offset = 0
    for chunk in chunks:
        journal.append(client_id, Kind.IN, chunk, offset)
        offset += len(chunk)


def test_a_split_character_is_whole_in_the_later_chunk(opened: Opened, reading: Reading) -> None:
    journal = opened()
    journal.add_client(ClientRecord(1, "::1", 1, "gbk", 1))
    feed(journal, [b"\xc4", b"\xe3\xba", b"\xc3!"])
    decoder = ContextDecoder(reading(journal), lambda client_id: "gbk")
    first, second, third = reading(journal).entries(1, 3)
    shown = decoder.decode(third)
    assert (shown.text, shown.waiting_bytes, shown.continues) == ("好!", 0, True)
    shown = decoder.decode(first)
    assert (shown.text, shown.waiting_bytes, shown.continues) == ("", 1, False)
    shown = decoder.decode(second)
    assert (shown.text, shown.waiting_bytes, shown.continues) == ("你", 1, True)


def test_what_never_comes_shows_when_the_client_has_left(opened: Opened, reading: Reading) -> None:
    journal = opened()
    journal.add_client(ClientRecord(1, "::1", 1, "gbk", 1))
    feed(journal, [b"a\xc4"])
    reader = reading(journal)
    decoder = ContextDecoder(reader, lambda client_id: "gbk")
    (entry,) = reader.entries(1, 1)
    assert decoder.decode(entry)[:2] == ("a", 1)
    journal.update_client(1, closed_ns=5, reason="fin")
    assert decoder.decode(entry)[:2] == ("a\udcc4", 0)


def test_another_encoding_decodes_history_anew(opened: Opened, reading: Reading) -> None:
    journal = opened()
    chunks = ["你".encode()[:1], "你".encode()[1:], "好".encode()]
    feed(journal, chunks)
    reader = reading(journal)
    encodings = {1: "gbk"}
    decoder = ContextDecoder(reader, encodings.__getitem__)
    entries = reader.entries(1, 3)
    assert "".join(decoder.decode(e).text for e in entries) != "你好"
    encodings[1] = "utf-8"
    decoder.forget({1})
    assert [decoder.decode(e).text for e in entries] == ["", "你", "好"]


def test_sent_chunks_keep_their_encoding(opened: Opened, reading: Reading) -> None:
    journal = opened()
    sent = [("gbk", "交易"), ("utf-8", "处理"), ("utf-16-le", "中a"), ("gbk", "正")]
    offset = 0
    for name, text in sent:
        data = text.encode(name)
        for piece in (data[:1], data[1:]):  # an odd number of bytes each
            journal.append(1, Kind.OUT, piece, offset, name)
            offset += len(piece)
        journal.append(1, Kind.OUT, b"!", offset, "ascii")
        offset += 1
    reader = reading(journal)
    decoder = ContextDecoder(reader, lambda client_id: "big5")
    shown = [decoder.decode(entry).text for entry in reversed(reader.entries(1, 20))]
    assert "".join(reversed(shown)) == "交易!处理!中a!正!"


def test_a_row_decodes_a_part_and_the_next_chunk_is_still_right(
    opened: Opened, reading: Reading
) -> None:
    journal = opened()
    data = ("好" * 3_000).encode("gbk")
    feed(journal, [data[:4_001], data[4_001:]])
    reader = reading(journal)
    decoder = ContextDecoder(reader, lambda client_id: "gbk")
    first, second = reader.entries(1, 2)
    shown = decoder.decode(first)
    assert shown.cut
    assert shown.text == "好" * 512
    assert decoder.decode(second).text == "好" * 512
    assert decoder.decode(second).continues


def without_safe_start(journal: Journal, clients: int = 1) -> list[int]:
    """Streams of 81 chunks in which nothing but the beginning is safe; return their last ids."""
    data = b"x" + ("好" * 4_000).encode("gbk")
    chunks = [data[start : start + 99] for start in range(0, len(data), 99)]
    for number, chunk in enumerate(chunks):
        for client_id in range(1, clients + 1):
            last_id = journal.append(client_id, Kind.IN, chunk, number * 99)
    return list(range(last_id - clients + 1, last_id + 1))


def test_a_history_without_a_safe_start_is_marked_and_can_be_settled(
    opened: Opened, reading: Reading
) -> None:
    journal = opened()
    (last_id,) = without_safe_start(journal)
    reader = reading(journal)
    decoder = ContextDecoder(reader, lambda client_id: "gbk", Reach(20, 2_000))
    before, entry = reader.entries(last_id - 1, 2)
    assert decoder.decode(entry).unsure
    assert not decoder.settle(entry, cancelled=lambda: True)
    assert decoder.decode(entry).unsure
    settled = ContextDecoder(reader, lambda client_id: "gbk").settle(entry)
    decoder.learn(settled)
    for chunk in (entry, before):  # one can read on backwards, too
        shown = decoder.decode(chunk)
        assert not shown.unsure
        assert set(shown.text) == {"好"}


def test_several_walks_share_what_may_be_read(opened: Opened, reading: Reading) -> None:
    journal = opened()
    unsafe = without_safe_start(journal, clients=12)[:-1]
    journal.append(12, Kind.IN, b"a whole line of text\n", 8_001)
    safe_id = journal.append(12, Kind.IN, "你好".encode("gbk"), 8_022)
    reader = Counting(reading(journal))
    reach = Reach(100, 100_000)
    decoder = ContextDecoder(reader, lambda client_id: "gbk", reach)
    entries = reader.pick([*unsafe, safe_id])
    reader.read = 0
    shown = [decoder.decode(entry) for entry in entries]
    assert reader.read <= 100 + len(entries)
    assert all(one.unsure for one in shown[:-1])
    assert (shown[-1].text, shown[-1].unsure) == ("你好", False)  # the others left it enough
    reader.read = 0
    assert all(decoder.decode(entry).unsure for entry in entries[:-1])
    assert reader.read == 0  # what was in doubt is not looked at again
    for entry in entries[:-1]:
        decoder.learn(ContextDecoder(reader, lambda client_id: "gbk").settle(entry))
    shown = [decoder.decode(entry) for entry in entries[:-1]]
    assert not any(one.unsure for one in shown)
    assert {character for one in shown for character in one.text} == {"好"}


class Counting(Reader):
    """A reader that counts the entries it hands out."""

    def __init__(self, reader: Reader) -> None:
        self.__dict__ = reader.__dict__
        self.read = 0

    def pick(self, ids: Sequence[int]) -> list[Entry]:
        found = super().pick(ids)
        self.read += len(found)
        return found


def test_a_long_way_is_settled_without_holding_it(
    opened: Opened, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = opened()
    data = b"x" + ("好" * 2**21).encode("gbk")
    size = 2**16 - 1
    feed(journal, [data[start : start + size] for start in range(0, len(data), size)])
    reader = reading(journal)
    decoder = ContextDecoder(reader, lambda client_id: "gbk")
    (entry,) = reader.back(1, Kind.IN, reader.last_id + 1, 1)
    monkeypatch.setattr("app.journal.history.KEPT_BYTES", 2**17)
    tracemalloc.start()
    settled = decoder.settle(entry)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < len(data) / 2
    decoder.learn(settled)
    shown = decoder.decode(entry)
    assert (set(shown.text), shown.unsure) == ({"好"}, False)


@pytest.mark.parametrize("name", MULTI_BYTE)
def test_what_is_remembered_stays_small(
    name: str, opened: Opened, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.journal.context._STATES", 50)
    journal = opened()
    codec = next(encoding.codec for encoding in ENCODINGS if encoding.name == name)
    data = (SAMPLES[name] * 30).encode(codec)
    feed(journal, [data[i : i + 3] for i in range(0, len(data), 3)])
    reader = reading(journal)
    decoder = ContextDecoder(reader, lambda client_id: name)
    entries: list[Entry] = reader.entries(1, 10_000)
    assert "".join(decoder.decode(entry).text for entry in entries) == SAMPLES[name] * 30
    assert len(decoder._states) <= 50


def test_one_byte_at_a_time_over_a_stored_journal(opened: Opened, reading: Reading) -> None:
    journal = opened()
    data = ("好的" * 3_000).encode("gbk")
    feed(journal, [data[i : i + 1] for i in range(len(data))])
    wait_until(lambda: journal.stored_id == len(data))
    reader = reading(journal)
    decoder = ContextDecoder(reader, lambda client_id: "gbk")
    middle = reader.entries(3_999, 4)
    shown = [decoder.decode(entry) for entry in reversed(middle)]
    assert [one.text for one in reversed(shown)] == ["", "的", "", "好"]


@pytest.mark.parametrize("size", [1, 2, 3, 1024])
@pytest.mark.parametrize("name", sorted(NOISE))
def test_noise_does_not_garble_the_next_message(
    name: str, size: int, clock: Clock, opened: Opened, reading: Reading
) -> None:
    noise, message = NOISE[name]
    data = encode(message, name)
    journal = opened()
    journal.add_client(ClientRecord(1, "::1", 1, name, 1))
    reader = reading(journal)
    live = ContextDecoder(reader, lambda client_id: name)
    journal.append(1, Kind.IN, noise, 0)
    assert live.decode(reader.entries(1, 1)[0])[:2] == ("", missing(noise, name))
    clock.wait(1_000)
    for start in range(0, len(data), size):
        journal.append(1, Kind.IN, data[start : start + size], 1 + start)
        clock.wait(1)
    texts = [live.decode(entry).text for entry in reader.entries(1, 99)]
    assert (texts[0], "".join(texts[1:])) == (chr(0xDC00 + noise[0]), message)
    journal.update_client(1, closed_ns=5, reason="fin")
    journal.close()
    history = reading(journal.path)
    later = ContextDecoder(history, lambda client_id: name)
    backwards = [later.decode(entry).text for entry in reversed(history.entries(1, 99))]
    assert backwards[::-1] == texts


def test_a_first_byte_after_a_pause_is_judged_again_with_what_follows(
    clock: Clock, opened: Opened, reading: Reading
) -> None:
    journal = opened()
    reader = reading(journal)
    decoder = ContextDecoder(reader, lambda client_id: "gbk")
    data = b"\xb5" + "你好，温度".encode("gbk")  # B5 C4 is a very frequent character
    journal.append(1, Kind.IN, data[:1], 0)
    clock.wait(1_000)
    journal.append(1, Kind.IN, data[1:2], 1)
    entry = reader.entries(2, 1)[0]
    assert (decoder.decode(entry).text, decoder.decode(entry).final) == ("的", False)
    for at in range(2, len(data)):
        journal.append(1, Kind.IN, data[at : at + 1], at)
    shown = [decoder.decode(each) for each in reader.entries(1, 99)]
    assert "".join(one.text for one in shown) == "\udcb5你好，温度"
    assert all(one.final for one in shown)


def test_a_character_typed_in_two_halves_stays_whole(
    clock: Clock, opened: Opened, reading: Reading
) -> None:
    journal = opened()
    reader = reading(journal)
    decoder = ContextDecoder(reader, lambda client_id: "gbk")
    for at, byte in enumerate("你好".encode("gbk")):
        journal.append(1, Kind.IN, bytes([byte]), at)
        clock.wait(4_000)
    assert [decoder.decode(entry).text for entry in reader.entries(1, 9)] == ["", "你", "", "好"]
