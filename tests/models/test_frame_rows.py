"""The log's rows as frames, over real journals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.frames.cutting import Cutter
from app.frames.kits import Kit, load_kit
from app.frames.places import Shape, shape_of, size_of
from app.frames.streams import Streams, missing_bytes
from app.frames.written import read_framing
from app.journal.entry import Kind
from app.journal.reader import Reader
from app.models.frame_fill import SLICE_BYTES, FrameFill, _Cutting
from app.models.framing_plan import FramingPlan, ReadBy
from app.models.log_filter import LogFilter
from app.models.log_rows import LogRows
from app.paths import resource
from tests.models.log_source import LogSource, open_log, show_file
from tests.support.wait import wait_until

JT808 = bytes.fromhex("7e000200000200000000150003167e")
LENGTH = ReadBy(read_framing("length:offset=0,size=1"))


@pytest.fixture
def log(tmp_path: Path, qtbot: QtBot) -> Iterator[tuple[LogSource, LogRows]]:
    with open_log(tmp_path / "log.db") as pair:
        yield pair


def kit(name: str) -> ReadBy:
    found: Kit = load_kit(resource(f"kits/{name}.py"))
    return ReadBy(read_framing(f"kit:{name}", lambda _: found.split), found)


def shown(rows: LogRows) -> list[tuple[str, bytes]]:
    return [(row.shape.name, row.data) for row in rows.rows(0, rows.count) if row.is_chunk]


def cut(source: LogSource, rows: LogRows, plan: FramingPlan) -> None:
    rows.entries_arrived(source.journal.last_id)
    rows.set_plan(plan)
    wait_until(lambda: not rows.is_filling)


def test_a_row_is_a_message_however_it_was_sent(log: tuple[LogSource, LogRows]) -> None:
    source, rows = log
    one, two = source.client(), source.client()
    for client, data in (
        (one, b"\x02ab\x03"),
        (two, b"\x01x\x01y"),
        (one, b"cde\x01"),
        (one, b"f"),
    ):
        source.chunk(client, data)
    cut(source, rows, FramingPlan(LENGTH))
    assert shown(rows) == [
        ("FRAME", b"\x02ab"),
        ("FRAME", b"\x01x"),
        ("FRAME", b"\x01y"),
        ("FRAME", b"\x03cde"),
        ("FRAME", b"\x01f"),
    ]
    rows.set_plan(None)
    assert rows.count == 4


def test_what_is_held_back_says_how_much_it_lacks_and_goes(log: tuple[LogSource, LogRows]) -> None:
    source, rows = log
    client = source.client()
    source.chunk(client, b"\x05abc")
    cut(source, rows, FramingPlan(LENGTH))
    (row,) = rows.rows(0, 9)
    assert (row.shape, row.data, row.waiting_bytes) == (Shape.HELD, b"\x05abc", 2)
    source.chunk(client, b"de")
    rows.entries_arrived(source.journal.last_id)
    wait_until(lambda: shown(rows) == [("FRAME", b"\x05abcde")])
    source.chunk(client, b"\x05a")
    source.event(client, Kind.OFFLINE)
    rows.entries_arrived(source.journal.last_id)
    wait_until(lambda: shown(rows)[1:] == [("INCOMPLETE", b"\x05a")])


def test_junk_has_a_row_and_a_kit_says_what_is_wrong(log: tuple[LogSource, LogRows]) -> None:
    source, rows = log
    client = source.client()
    source.chunk(client, b"what" + JT808)
    source.chunk(client, JT808[:-2] + b"\x17\x7e")
    cut(source, rows, FramingPlan(kit("jt808")))
    wait_until(lambda: all(row.text for row in rows.rows(0, 9)))
    junk, right, wrong = rows.rows(0, 9)
    assert (junk.shape, junk.data, junk.text) == (Shape.JUNK, b"what", "what")
    assert "终端心跳" in right.text
    assert not right.wrong
    assert "16" in wrong.wrong  # what would be right


def test_each_client_has_its_own_framing_and_the_filter_holds(
    log: tuple[LogSource, LogRows],
) -> None:
    source, rows = log
    one, two = source.client(), source.client()
    source.event(one)
    for client in (one, two):
        source.chunk(client, b"\x01a\x01b")
        source.chunk(client, b"\x01c", Kind.OUT)
    cut(source, rows, FramingPlan(LENGTH, {two: ReadBy()}))
    assert [row.data for row in rows.rows(0, 9)] == [
        b"", b"\x01a", b"\x01b", b"\x01c", b"\x01a\x01b", b"\x01c",
    ]  # fmt: skip
    rows.set_filter(LogFilter(frozenset({one}), frozenset({int(Kind.IN)})))
    wait_until(lambda: not rows.is_filling)
    assert [row.data for row in rows.rows(0, 9)] == [b"\x01a", b"\x01b"]


def test_a_frame_leads_to_its_chunk_and_back(log: tuple[LogSource, LogRows]) -> None:
    source, rows = log
    client = source.client()
    ids = [source.chunk(client, data) for data in (b"\x01a\x03b", b"c", b"d\x01e")]
    cut(source, rows, FramingPlan(LENGTH))
    assert [rows.entry_of(rows.id_at(row)) for row in range(rows.count)] == [ids[0], ids[2], ids[2]]
    assert rows.id_of(ids[1]) == rows.id_of(ids[2]) == rows.id_at(1)
    frame = rows.frame(rows.id_at(1))
    assert frame is not None
    assert frame.data == b"\x03bcd"


def test_an_old_journal_is_read_anew_and_its_rest_is_incomplete(
    tmp_path: Path, qtbot: QtBot
) -> None:
    with open_log(tmp_path / "log.db") as (source, _):
        client = source.client()
        for _ in range(3_000):
            source.chunk(client, b"\x01a\x02bc")
        source.chunk(client, b"\x09")
        source.stored()
    rows = LogRows()
    reader = show_file(tmp_path / "log.db", rows)
    rows.set_plan(FramingPlan(LENGTH))
    wait_until(lambda: not rows.is_filling)
    assert rows.count == 6_001
    assert rows.rows(6_000, 1)[0].shape is Shape.INCOMPLETE
    rows.close_source()
    reader.close()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["delimiter:0A", "fixed:3", "length:size=1", "head:7E,tail:7E", "none"]),
    st.lists(st.binary(min_size=1, max_size=12), max_size=12),
)
def test_the_streams_tell_what_a_cutter_cuts(spec: str, chunks: list[bytes]) -> None:
    streams, cutter = Streams(lambda _: read_framing(spec)), Cutter(read_framing(spec))
    whole, offset = b"".join(chunks), 0
    places, pieces = [], []
    for number, chunk in enumerate(chunks, 1):
        places += streams.feed(number, 1, 0, offset, chunk, 0)
        pieces += cutter.feed(chunk)
        offset += len(chunk)
    places += streams.end_all()
    pieces += cutter.finish()
    told = [whole[start : start + size_of(size)] for _, start, size in places]
    assert told == [piece.data for piece in pieces]
    assert [shape_of(size).name for *_, size in places] == [p.part.name for p in pieces]
    assert len({place.key for place in places}) == len(places)
    assert b"".join(told) == whole


@pytest.mark.parametrize(
    ("spec", "held", "missing"),
    [
        ("fixed:8", b"abc", 5),
        ("length:offset=1,size=2", b"x\x00\x05ab", 3),
        ("delimiter:0A", b"abc", 0),
        ("gap:20", b"abc", 0),
        ("length:size=4", b"\0", 3),
    ],
)
def test_a_rule_that_reads_a_length_says_what_is_missing(
    spec: str, held: bytes, missing: int
) -> None:
    assert missing_bytes(read_framing(spec), held) == missing


def test_large_chunks_are_read_a_few_at_a_time(tmp_path: Path, qtbot: QtBot) -> None:
    with open_log(tmp_path / "log.db") as (source, _):
        client, other = source.client(), source.client()
        for _ in range(24):
            source.chunk(client, bytes(1_000_000))
            source.chunk(other, b"x")
        source.stored()
    reader = Reader(tmp_path / "log.db")
    fixed = FramingPlan(ReadBy(read_framing("fixed:50000")))
    for chosen, count in ((LogFilter(), 48), (LogFilter(frozenset({client})), 24)):
        fill = FrameFill(lambda: reader, fixed, chosen, reader.last_id)
        cutting = _Cutting(fixed, None, 0)
        read: list[int] = []
        while cutting.done_id < reader.last_id:
            entries = fill._next(reader, cutting)
            assert sum(len(entry.data) for entry in entries) <= SLICE_BYTES
            read += [entry.id for entry in entries]
        assert len(read) == len(set(read)) == count
        assert read == sorted(read)
    ids = list(range(1, 49))
    assert [reader.count_within(ids, n) for n in (0, 999_999, 1_000_002, 10**9)] == [1, 1, 2, 48]
    assert reader.count_within([], 1) == 0
    reader.close()
