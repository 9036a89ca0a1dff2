"""The log's rows over real journals."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.journal.entry import Entry, Kind
from app.journal.history import GLANCE_ENTRIES
from app.journal.reader import Reader
from app.models.log_filter import DIRECTIONS, LogFilter
from app.models.log_rows import LogRows
from app.text.visible import escaped
from tests.models.log_source import LogSource, open_log, show_file
from tests.support.wait import wait_until


@pytest.fixture
def log(tmp_path: Path, qtbot: QtBot) -> Iterator[tuple[LogSource, LogRows]]:
    with open_log(tmp_path / "log.db") as pair:
        yield pair


def texts(rows: LogRows) -> list[str]:
    return [row.text for row in rows.rows(0, rows.count)]


def arrive(source: LogSource, rows: LogRows) -> None:
    rows.entries_arrived(source.journal.last_id)


def test_a_row_says_who_sent_what(log: tuple[LogSource, LogRows]) -> None:
    source, rows = log
    client = source.client()
    source.event(client)
    source.chunk(client, "你好".encode("gbk"))
    source.chunk(client, "交易正在处理".encode("gbk"), Kind.OUT)
    arrive(source, rows)
    event, received, sent = rows.rows(0, 3)
    assert (event.client_text, event.address, event.is_chunk) == ("#1", "192.168.1.7:64570", False)
    assert event.text
    assert (received.kind, received.text, received.size_bytes) == (Kind.IN, "你好", 4)
    assert (sent.kind, sent.text, sent.size_bytes) == (Kind.OUT, "交易正在处理", 12)


def test_a_row_that_filled_the_receive_size_is_marked(log: tuple[LogSource, LogRows]) -> None:
    source, rows = log
    size = [0]
    rows.set_source(source.reader, source.encoding_of, source.names.get, lambda: size[0])
    client = source.client()
    for size[0], data, kind in (
        (1024, b"x" * 1024, Kind.IN),
        (1024, b"x" * 436, Kind.IN),
        (1024, b"x" * 1024, Kind.OUT),
        (3, b"xyz", Kind.IN),
    ):
        source.chunk(client, data, kind)
        arrive(source, rows)
        rows.rows(0, rows.count)
    assert [row.filled for row in rows.rows(0, 9)] == [True, False, False, False]


def test_a_split_character_appears_whole_in_the_later_row(log: tuple[LogSource, LogRows]) -> None:
    source, rows = log
    client = source.client()
    data = "你好".encode("gbk")
    source.chunk(client, data[:3])
    arrive(source, rows)
    assert rows.rows(0, 1)[0].waiting_bytes == 1
    source.chunk(client, data[3:])
    arrive(source, rows)
    later = rows.rows(1, 1)[0]
    assert (later.text, later.continues) == ("好", True)
    assert rows.rows(0, 1)[0].text == "你"


def test_an_unfinished_character_of_a_client_that_left_is_shown_as_bytes(
    log: tuple[LogSource, LogRows],
) -> None:
    source, rows = log
    client = source.client()
    source.chunk(client, b"ok\xc4")
    arrive(source, rows)
    assert rows.rows(0, 1)[0].waiting_bytes == 1
    source.event(client, Kind.OFFLINE, reason="fin")
    source.journal.update_client(client, closed_ns=1, reason="fin")
    arrive(source, rows)
    row = rows.rows(0, 1)[0]
    assert (escaped(row.text), row.waiting_bytes) == (r"ok\xC4", 0)


def test_a_large_chunk_is_decoded_in_part(log: tuple[LogSource, LogRows]) -> None:
    source, rows = log
    client = source.client()
    source.chunk(client, b"x" * 65_536)
    arrive(source, rows)
    row = rows.rows(0, 1)[0]
    assert (len(row.text), row.size_bytes, row.hidden_bytes) == (1024, 65_536, 64_512)


def test_another_encoding_decodes_what_is_shown_anew(log: tuple[LogSource, LogRows]) -> None:
    source, rows = log
    client = source.client()
    source.chunk(client, "你好".encode())
    arrive(source, rows)
    assert texts(rows) != ["你好"]
    source.encodings[client] = "utf-8"
    rows.forget({client})
    assert texts(rows) == ["你好"]
    assert rows.chosen_encodings == {client: "utf-8"}


def test_a_filter_finds_what_was_there_and_what_comes(log: tuple[LogSource, LogRows]) -> None:
    source, rows = log
    one, two = source.client(), source.client()
    for number in range(2_000):
        source.chunk(one if number % 2 else two, str(number).encode())
    arrive(source, rows)
    rows.set_filter(LogFilter(frozenset({one})))
    wait_until(lambda: rows.count == 1_000 and not rows.is_filling)
    assert [row.text for row in rows.rows(0, 3)] == ["1", "3", "5"]
    newest = source.chunk(one, b"new")
    source.chunk(two, b"not mine")
    arrive(source, rows)
    wait_until(lambda: rows.count == 1_001)
    assert rows.id_at(1_000) == newest
    assert rows.row_of(newest) == 1_000
    assert rows.row_of(newest - 1) in (999, 1_000)
    rows.set_filter(LogFilter())
    assert rows.count == 2_002


def test_directions_tell_chunks_and_events_apart(log: tuple[LogSource, LogRows]) -> None:
    source, rows = log
    client = source.client()
    source.event(client)
    source.chunk(client, b"in")
    source.chunk(client, b"out", Kind.OUT)
    source.event(client, Kind.OFFLINE, reason="fin")
    arrive(source, rows)
    for name, count in (("in", 1), ("out", 1), ("both", 2), ("events", 2), ("all", 4)):
        rows.set_filter(LogFilter(kinds=DIRECTIONS[name]))
        wait_until(lambda count=count: rows.count == count, message=name)


def test_a_cleared_view_shows_what_comes_and_all_again(log: tuple[LogSource, LogRows]) -> None:
    source, rows = log
    client = source.client()
    source.chunk(client, b"old")
    arrive(source, rows)
    rows.clear_view()
    assert rows.count == 0
    assert rows.is_cleared
    source.chunk(client, b"new")
    arrive(source, rows)
    assert texts(rows) == ["new"]
    rows.show_all()
    assert texts(rows) == ["old", "new"]


@pytest.mark.parametrize("chosen", [LogFilter(), LogFilter(kinds=DIRECTIONS["in"])])
def test_a_pause_holds_back_and_counts(log: tuple[LogSource, LogRows], chosen: LogFilter) -> None:
    source, rows = log
    client = source.client()
    source.chunk(client, b"before")
    arrive(source, rows)
    rows.set_filter(chosen)
    wait_until(lambda: rows.count == 1)
    rows.set_paused(True)
    for _ in range(3):
        source.chunk(client, b"during")
    arrive(source, rows)
    wait_until(lambda: rows.waiting_count == 3)
    assert texts(rows) == ["before"]
    rows.set_paused(False)
    assert rows.waiting_count == 0
    assert texts(rows) == ["before", "during", "during", "during"]


def test_ids_stay_when_the_oldest_entries_go(tmp_path: Path, qtbot: QtBot) -> None:
    def flood(source: LogSource, rows: LogRows) -> None:
        for number in range(6_000):
            source.chunk(1, b"%06d" % number + b"." * 1_000)
        source.stored()
        arrive(source, rows)

    with open_log(tmp_path / "small.db", limit_bytes=2 * 1024 * 1024) as (source, rows):
        source.client()
        flood(source, rows)
        first_id = rows.id_at(0)
        assert first_id == source.reader.first_id > 1
        read_id = rows.last_shown_id - 100
        before = rows.row_of(read_id)
        source.chunk(1, b"one more")
        arrive(source, rows)
        assert rows.id_at(rows.row_of(read_id)) == read_id
        flood(source, rows)
        assert rows.id_at(0) > read_id  # gone: its place is the oldest one there is
        assert rows.row_of(read_id) == 0 < before


def test_an_old_journal_is_shown_from_its_file(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "old.db"
    source = LogSource(path)
    client = source.client()
    for number in range(5_000):
        source.chunk(client, f"第 {number} 条".encode("gbk"))
    source.close()
    rows = LogRows()
    reader = show_file(path, rows)
    try:
        assert rows.count == 5_000
        assert rows.rows(4_999, 1)[0].text == "第 4999 条"
        rows.set_filter(LogFilter(frozenset({client})))
        wait_until(lambda: rows.count == 5_000)
        assert rows.rows(2_500, 1)[0].text == "第 2500 条"
    finally:
        rows.close_source()
        reader.close()


def test_closing_the_source_in_the_middle_of_a_search_leaves_nothing(
    log: tuple[LogSource, LogRows],
) -> None:
    source, rows = log
    client = source.client()
    for _ in range(3_000):
        source.chunk(client, b"x")
    arrive(source, rows)
    rows.set_filter(LogFilter(kinds=DIRECTIONS["in"]))
    rows.close_source()
    assert (rows.count, rows.rows(0, 10), rows.is_filling) == (0, [], False)


@settings(max_examples=25, deadline=None)
@given(text=st.text("你好交易处理abc 1€ß", max_size=60), data=st.data())
def test_any_text_split_anywhere_reads_back_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, text: str, data: st.DataObject
) -> None:
    encoded = text.encode("gb18030")
    cuts = sorted(data.draw(st.sets(st.integers(0, len(encoded)), max_size=8)))
    bounds = [0, *cuts, len(encoded)]
    pieces = [encoded[a:b] for a, b in pairwise(bounds) if a < b]
    with open_log(tmp_path_factory.mktemp("any") / "log.db") as (source, rows):
        client = source.client(encoding="gb18030")
        for piece in pieces:
            source.chunk(client, piece)
        arrive(source, rows)
        order = data.draw(st.permutations(range(len(pieces))))
        read = {row: rows.rows(row, 1)[0].text for row in order}
        assert "".join(read[row] for row in range(len(pieces))) == text


def test_a_long_history_is_settled_in_the_background(
    log: tuple[LogSource, LogRows], qtbot: QtBot
) -> None:
    source, rows = log
    client = source.client()
    # No byte below 0x30 anywhere, so nothing but the stream's beginning is a safe start; each
    # chunk of three bytes cuts every second character.
    data = "鎵撳紑鏃ュ織".encode("gbk") * 2_500
    for at in range(0, len(data), 3):
        source.chunk(client, data[at : at + 3])
    arrive(source, rows)
    middle = rows.count - 102  # even: a character begins here
    with qtbot.waitSignal(rows.altered):
        assert rows.rows(middle, 2)[0].unsure
    wait_until(lambda: not any(row.unsure for row in rows.rows(middle, 2)))
    two = rows.rows(middle, 2)
    expected = data[middle * 3 : middle * 3 + 6].decode("gbk")
    assert "".join(row.text for row in two) == expected


def test_a_jump_among_streams_without_a_safe_start_reads_little(
    log: tuple[LogSource, LogRows], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the history is: the GUI thread reads a bounded part, the background the rest."""
    source, rows = log
    clients = [source.client() for _ in range(20)]
    data = "鎵撳紑鏃ュ織".encode("gbk") * 250
    for at in range(0, len(data), 3):  # every second character is cut
        for client in clients:
            source.chunk(client, data[at : at + 3])
    arrive(source, rows)
    read: list[int] = []
    pick = Reader.pick

    def counted(reader: Reader, ids: Sequence[int]) -> list[Entry]:
        found = pick(reader, ids)
        if reader is source.reader:  # the GUI thread's own
            read.append(len(found))
        return found

    monkeypatch.setattr(Reader, "pick", counted)
    last = rows.count - 40
    with qtbot.waitSignal(rows.altered):
        assert any(row.unsure for row in rows.rows(last, 40))
    assert sum(read) <= GLANCE_ENTRIES + 40
    wait_until(lambda: not any(row.unsure for row in rows.rows(last, 40)))
    shown = [row.text for row in rows.rows(last, 40)]
    assert shown[:20] == [shown[0]] * 20
    assert shown[0] + shown[20] == data[-6:].decode("gbk")
    # From there one reads on backwards without another doubt.
    read.clear()
    above = [rows.rows(last - 40 * page, 40) for page in range(1, 5)]
    assert not any(row.unsure for page in above for row in page)
    assert sum(read) <= 160  # whether the character at a row's end was ever finished


def test_at_midnight_the_rows_of_today_get_their_date(
    log: tuple[LogSource, LogRows], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, rows = log
    client = source.client()
    source.chunk(client, b"late in the evening")
    arrive(source, rows)
    at_s = rows.rows(0, 1)[0].time_ns // 1_000_000_000
    then = time.localtime(at_s)
    clock = f"{then.tm_hour:02}:{then.tm_min:02}:{then.tm_sec:02}"
    assert rows.rows(0, 1)[0].time_text[:-4] == clock
    real = time.localtime

    def in_days(days: int) -> Callable[..., time.struct_time]:
        return lambda *at: real(*at) if at else real(at_s + days * 86_400)

    for days in (2, 800):
        monkeypatch.setattr(time, "localtime", in_days(days))
        same_year = real(at_s + days * 86_400).tm_year == then.tm_year
        year = "" if same_year else f"{then.tm_year}-"
        date = f"{year}{then.tm_mon:02}-{then.tm_mday:02}"
        assert rows.rows(0, 1)[0].time_text[:-4] == f"{date} {clock}"
