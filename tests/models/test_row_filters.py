"""Rows of the log that filters hide, show alone or colour, over real journals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.evidence.form import Format
from app.evidence.selection import Selection
from app.frames.kits import Kit, load_kit
from app.frames.written import read_framing
from app.journal.entry import Kind
from app.journal.needle import Needle
from app.models.filter_table import FilterTable, complaint_of
from app.models.framing_plan import FramingPlan, ReadBy
from app.models.log_export import ExportOrder, LogExport
from app.models.log_filter import DIRECTIONS, LogFilter
from app.models.log_gather import Clip, CopyForm, GatherOrder, LogCopy
from app.models.log_rows import LogRows
from app.models.log_search import LogSearch, SearchOrder, SearchResult
from app.models.row_filter import (
    MOST_FILTERS,
    RowFilter,
    read_filters,
    write_filters,
)
from app.models.row_hues import RowHues
from app.models.task import Task
from app.paths import resource
from app.wording import set_language
from tests.models.log_source import LogSource, open_log, show_file
from tests.support.wait import wait_until

JT808 = bytes.fromhex("7e000200000200000000150003167e")


@pytest.fixture
def log(tmp_path: Path, qtbot: QtBot) -> Iterator[tuple[LogSource, LogRows]]:
    with open_log(tmp_path / "log.db") as pair:
        yield pair


def texts(rows: LogRows) -> list[str]:
    return [row.text for row in rows.rows(0, rows.count)]


def arrive(source: LogSource, rows: LogRows) -> None:
    rows.entries_arrived(source.journal.last_id)


def filtered(rows: LogRows, *filters: RowFilter) -> list[str]:
    rows.set_filter(LogFilter(filters=tuple(each for each in filters if each.on)))
    wait_until(lambda: not rows.is_filling)
    return texts(rows)


def done(task: Task) -> object:
    found: list[object] = []
    task.done.connect(found.append)
    task.start()
    wait_until(lambda: bool(found))
    task.stop()
    return found[0]


ONLY = RowFilter(deed="only")
HIDE = RowFilter(deed="hide")


def test_hidden_rows_are_gone_and_others_stand_alone(log: tuple[LogSource, LogRows]) -> None:
    source, rows = log
    client = source.client()
    for text in ("心跳", "ERROR 5", "心跳", "error 6", "ok"):
        source.chunk(client, text.encode("gbk"))
    arrive(source, rows)
    assert filtered(rows, replace(HIDE, pattern="心跳")) == ["ERROR 5", "error 6", "ok"]
    assert filtered(rows, replace(ONLY, pattern="error")) == ["ERROR 5", "error 6"]
    assert filtered(rows, replace(ONLY, pattern="error", case=True)) == ["error 6"]
    assert filtered(rows, replace(ONLY, pattern="4F 6B", match="hex")) == []
    assert filtered(rows, replace(ONLY, pattern="6F ?? 20", match="hex")) == ["error 6"]
    # The first that fits decides.
    six = replace(HIDE, pattern="6")
    assert filtered(rows, six, replace(ONLY, pattern="error")) == ["ERROR 5"]
    assert filtered(rows, replace(ONLY, pattern="error"), six) == ["ERROR 5", "error 6"]
    assert len(filtered(rows, replace(HIDE, pattern="error", on=False))) == 5


def test_what_arrives_is_judged_too_and_an_old_journal(
    log: tuple[LogSource, LogRows], tmp_path: Path
) -> None:
    source, rows = log
    client = source.client()
    source.chunk(client, b"a 1")
    arrive(source, rows)
    chosen = replace(ONLY, pattern="a")
    assert filtered(rows, chosen) == ["a 1"]
    for text in (b"b", b"a 2", b"b"):
        source.chunk(client, text)
    arrive(source, rows)
    wait_until(lambda: texts(rows) == ["a 1", "a 2"])
    source.stored()
    old = LogRows()
    reader = show_file(tmp_path / "log.db", old)
    assert filtered(old, chosen) == ["a 1", "a 2"]
    old.close_source()
    reader.close()


def test_a_word_counts_only_in_the_row_that_has_it_whole(log: tuple[LogSource, LogRows]) -> None:
    source, rows = log
    one, two = source.client(), source.client()
    source.chunk(one, b"hel")
    source.chunk(two, b"lo")
    source.chunk(one, b"lo hello")
    arrive(source, rows)
    assert filtered(rows, replace(ONLY, pattern="hello")) == ["lo hello"]


@pytest.mark.parametrize(("encoding", "cut"), [("gbk", 5), ("utf-8", 4), ("utf-16-le", 7)])
def test_characters_are_kept_apart(log: tuple[LogSource, LogRows], encoding: str, cut: int) -> None:
    """Not where bytes are the same across two characters; also where a chunk begins within one."""
    source, rows = log
    client = source.client(encoding=encoding)
    data = "交易正在处理".encode(encoding)
    source.chunk(client, data[:cut])
    source.chunk(client, data[cut:])
    source.chunk(client, "正在".encode(encoding))
    arrive(source, rows)
    found = filtered(rows, replace(ONLY, pattern="处理"))
    assert len(found) == 1
    assert found[0].endswith("处理")
    crossing = data[1:3].decode("gbk", "ignore") if encoding == "gbk" else ""
    if crossing:
        assert filtered(rows, replace(ONLY, pattern=crossing)) == []


def test_each_client_has_its_encoding_and_a_change_of_it_is_heard(
    log: tuple[LogSource, LogRows],
) -> None:
    source, rows = log
    one, two = source.client(encoding="utf-8"), source.client(encoding="gbk")
    for client in (one, two):
        source.chunk(client, "温度".encode())
    arrive(source, rows)
    assert len(filtered(rows, replace(ONLY, pattern="温度"))) == 1
    source.encodings[two] = "utf-8"
    rows.forget([two])
    wait_until(lambda: texts(rows) == ["温度", "温度"])


def test_events_are_judged_by_what_they_say(log: tuple[LogSource, LogRows]) -> None:
    source, rows = log
    client = source.client()
    source.event(client, Kind.ONLINE)
    source.chunk(client, b"x")
    arrive(source, rows)
    set_language("en")
    rows.retranslate()
    words = rows.rows(0, 1)[0].text
    assert filtered(rows, replace(ONLY, pattern=words)) == [words]
    set_language("zh_CN")
    rows.retranslate()
    wait_until(lambda: rows.count == 0)


def test_filters_join_the_clients_and_directions_that_are_chosen(
    log: tuple[LogSource, LogRows],
) -> None:
    source, rows = log
    one, two = source.client(), source.client()
    for client in (one, two):
        source.chunk(client, b"in a")
        source.chunk(client, b"out a", Kind.OUT)
        source.chunk(client, b"b")
    arrive(source, rows)
    chosen = LogFilter(frozenset({two}), DIRECTIONS["in"], (replace(ONLY, pattern="a"),))
    rows.set_filter(chosen)
    wait_until(lambda: texts(rows) == ["in a"])


def test_fields_and_words_of_a_kit(log: tuple[LogSource, LogRows]) -> None:
    source, rows = log
    kit: Kit = load_kit(resource("kits/jt808.py"))
    client = source.client()
    source.chunk(client, JT808[:5])
    source.chunk(client, JT808[5:])
    arrive(source, rows)
    read_by = ReadBy(read_framing("kit:jt808", lambda _: kit.split), kit)
    rows.set_plan(FramingPlan(read_by))
    wait_until(lambda: not rows.is_filling)
    field = next(each for each in kit.decode(JT808) if each.name == "消息 ID" or each.start == 1)
    fits = replace(ONLY, match="field", pattern=f"{field.name} = {field.shown}")
    for chosen, count in (
        (fits, 1),
        (replace(fits, pattern=f"{field.name} = {field.value}"), 1),
        (replace(fits, pattern=f"{field.name} = nothing"), 0),
        (replace(ONLY, pattern=kit.words(kit.decode(JT808))[:4]), 1),
        (replace(HIDE, pattern="7e 00", match="hex"), 0),
    ):
        rows.set_filter(LogFilter(filters=(chosen,)))
        wait_until(lambda: not rows.is_filling)
        assert rows.count == count, chosen
    rows.set_filter(LogFilter(filters=(fits,)))
    source.chunk(client, JT808 + b"??")
    arrive(source, rows)
    wait_until(lambda: rows.count == 2)


def test_rows_in_sight_get_their_colour_once_judged(log: tuple[LogSource, LogRows]) -> None:
    source, rows = log
    client = source.client()
    long = b"x" * 9_000 + b"needle"  # beyond what a row shows
    for data in (b"one", long, b"two"):
        source.chunk(client, data)
    arrive(source, rows)
    hues = RowHues(rows)
    hues.set_filters(
        (
            RowFilter(pattern="needle", hue="red"),
            RowFilter(pattern="T", hue="blue"),
            RowFilter(pattern="two", hue="green"),
        )
    )

    def of() -> list[str]:
        shown = rows.rows(0, rows.count)
        known = hues.of(shown)
        return [known.get(row.id, "") for row in shown]

    wait_until(lambda: of() == ["", "red", "blue"])
    hues.set_filters((RowFilter(pattern="one", hue="pink"),))
    wait_until(lambda: of() == ["pink", "", ""])
    rows.set_plan(FramingPlan(ReadBy(read_framing("fixed:3"))))
    wait_until(lambda: not rows.is_filling)
    wait_until(lambda: of()[0] == "pink")
    hues.set_filters(())
    assert set(of()) == {""}


def test_copies_exports_and_searches_leave_out_what_is_hidden(
    log: tuple[LogSource, LogRows], tmp_path: Path
) -> None:
    source, rows = log
    client = source.client()
    for number in range(40):
        source.chunk(client, b"beat word" if number % 4 else b"word %02d" % number)
    arrive(source, rows)
    filtered(rows, replace(HIDE, pattern="beat"))
    new_reader, every = rows.new_reader, [(1, 40)]
    assert new_reader is not None
    clip = done(LogCopy(new_reader, GatherOrder(every, rows.filter, {}, "gbk"), CopyForm.CONTENT))
    assert isinstance(clip, Clip)
    assert clip.text.split("\n") == [f"word {number:02d}" for number in range(0, 40, 4)]
    order = ExportOrder(Selection(every), Format.TXT, {}, "gbk", filters=rows.filter.filters)
    done(LogExport(new_reader, order, tmp_path / "out.txt"))
    assert (tmp_path / "out.txt").read_text("utf-8").count("word") == 10
    for forward, from_id, wanted in ((True, 1, 5), (False, 5, 1), (True, 38, 1), (False, 1, 37)):
        search = SearchOrder(
            Needle.of_text("word"), forward, from_id, 1, 40, rows.filter, {}, "gbk"
        )
        result = done(LogSearch(new_reader, search))
        assert isinstance(result, SearchResult)
        assert result.match is not None
        assert result.match.entry_id == wanted
    nothing = SearchOrder(Needle.of_text("beat"), True, 1, 1, 40, rows.filter, {}, "gbk")
    result = done(LogSearch(new_reader, nothing))
    assert isinstance(result, SearchResult)
    assert result.match is None


def test_the_list_is_kept_and_damage_to_it_is_left_out() -> None:
    filters = (replace(ONLY, pattern="数据"), RowFilter("hex", "00 ??", hue="red", on=False))
    assert read_filters(write_filters(filters)) == filters
    assert write_filters(()) == ""
    good = '{"pattern": "a"}'
    for text in ("", "{", "[[", "3", '{"a": 1}', "[1]", '[{"deed": "x"}]', '[{"on": 1}]'):
        assert read_filters(text) == (), text
    assert read_filters(f'[{good}, {{"hue": "mauve"}}, {{"more": 1}}]') == (RowFilter(pattern="a"),)
    assert len(read_filters(f"[{','.join([good] * 500)}]")) == MOST_FILTERS


@pytest.mark.parametrize(
    ("chosen", "is_right"),
    [
        (RowFilter(pattern="x"), True),
        (RowFilter(pattern="  "), False),
        (RowFilter(pattern="x" * 1_001), False),
        (RowFilter("hex", "7E ?? 01"), True),
        (RowFilter("hex", "?? ??"), False),
        (RowFilter("hex", "7"), False),
        (RowFilter("hex", "zz"), False),
        (RowFilter("field", "a = 3"), True),
        (RowFilter("field", "a"), False),
        (RowFilter("field", "= 3"), False),
    ],
)
def test_a_pattern_that_cannot_be_read_is_told_and_fits_nothing(
    log: tuple[LogSource, LogRows], chosen: RowFilter, is_right: bool
) -> None:
    assert bool(complaint_of(chosen)) != is_right
    source, rows = log
    source.chunk(source.client(), b"a row")
    arrive(source, rows)
    if not is_right:
        assert filtered(rows, replace(chosen, deed="hide")) == ["a row"]


def test_the_table_is_edited_and_undone(qtbot: QtBot) -> None:
    table = FilterTable()
    table.insert(0, RowFilter(pattern="a"))
    table.insert(1, RowFilter(pattern="b"))
    assert table.move(1, -1) == 0
    table.remove(1)
    assert [each.pattern for each in table.filters] == ["b"]
    for _ in range(2):
        table.undo()
    assert [each.pattern for each in table.filters] == ["a", "b"]
    table.undo(redo=True)
    assert [each.pattern for each in table.filters] == ["b", "a"]
