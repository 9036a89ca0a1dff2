"""Find, copy and export over real journals, in their background threads."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.evidence.form import Format
from app.evidence.selection import Selection
from app.journal.entry import Kind
from app.journal.needle import Needle
from app.models.log_export import ExportOrder, LogExport
from app.models.log_filter import DIRECTIONS, LogFilter
from app.models.log_gather import Clip, CopyForm, GatherOrder, LogCopy
from app.models.log_rows import LogRows
from app.models.log_search import LogSearch, SearchOrder, SearchResult
from app.models.log_task import LogTask
from app.models.task import TaskSlot, join_tasks
from tests.models.log_source import LogSource, open_log


@pytest.fixture
def log(tmp_path: Path, qtbot: QtBot) -> Iterator[tuple[LogSource, LogRows]]:
    with open_log(tmp_path / "log.db") as pair:
        yield pair


def run(qtbot: QtBot, task: LogTask) -> object:
    slot = TaskSlot()
    with qtbot.waitSignal(slot.done) as waiting:
        slot.start(task)
    slot.stop()
    return waiting.args[0]


def search(
    qtbot: QtBot, rows: LogRows, needle: Needle, from_id: int, *, forward: bool = True
) -> SearchResult:
    assert rows.new_reader is not None
    low_id = rows.id_at(0) if rows.count else rows.last_shown_id + 1
    order = SearchOrder(
        needle, forward, from_id, low_id, rows.last_shown_id, rows.filter, {}, "gbk"
    )
    result = run(qtbot, LogSearch(rows.new_reader, order))
    assert isinstance(result, SearchResult)
    return result


def found_id(result: SearchResult) -> int:
    assert result.match is not None
    return result.match.entry_id


def some_chunks(source: LogSource, rows: LogRows) -> list[int]:
    client = source.client()
    texts = ("你好", "再见", "你好吗", "其他")
    ids = [source.chunk(client, text.encode("gbk")) for text in texts]
    rows.entries_arrived(source.journal.last_id)
    return ids


def test_find_goes_round_in_both_directions(log: tuple[LogSource, LogRows], qtbot: QtBot) -> None:
    source, rows = log
    first, _, third, last = some_chunks(source, rows)
    needle = Needle.of_text("你好")
    assert search(qtbot, rows, needle, 0).match.entry_id == first  # type: ignore[union-attr]
    after = search(qtbot, rows, needle, first)
    assert (found_id(after), after.wrapped) == (third, False)
    again = search(qtbot, rows, needle, third)
    assert (found_id(again), again.wrapped) == (first, True)
    back = search(qtbot, rows, needle, first, forward=False)
    assert (found_id(back), back.wrapped) == (third, True)
    assert search(qtbot, rows, Needle.of_hex("0xC6 E4"), 0).match.entry_id == last  # type: ignore[union-attr]
    assert search(qtbot, rows, Needle.of_text("没有"), 0).match is None


def test_what_was_cleared_is_found_last(log: tuple[LogSource, LogRows], qtbot: QtBot) -> None:
    source, rows = log
    first, *_ = some_chunks(source, rows)
    rows.clear_view()
    for forward in (True, False):
        result = search(qtbot, rows, Needle.of_text("你好"), 4, forward=forward)
        assert result.hidden
    new = source.chunk(1, "你好".encode("gbk"))
    rows.entries_arrived(source.journal.last_id)
    result = search(qtbot, rows, Needle.of_text("你好"), new - 1)
    assert (found_id(result), result.hidden) == (new, False)
    assert first < new


def test_a_filter_restricts_what_is_found(log: tuple[LogSource, LogRows], qtbot: QtBot) -> None:
    source, rows = log
    some_chunks(source, rows)
    sent = source.chunk(1, "你好".encode("gbk"), Kind.OUT)
    rows.entries_arrived(source.journal.last_id)
    rows.set_filter(LogFilter(kinds=DIRECTIONS["out"]))
    qtbot.waitUntil(lambda: rows.count == 1)
    assert found_id(search(qtbot, rows, Needle.of_text("你好"), 0)) == sent


def gathered(qtbot: QtBot, rows: LogRows, ranges: list[tuple[int, int]], form: CopyForm) -> Clip:
    assert rows.new_reader is not None
    order = GatherOrder(ranges, rows.filter, {}, "gbk")
    clip = run(qtbot, LogCopy(rows.new_reader, order, form))
    assert isinstance(clip, Clip)
    return clip


def test_copies_in_three_forms(log: tuple[LogSource, LogRows], qtbot: QtBot) -> None:
    source, rows = log
    client = source.client()
    source.event(client)
    source.chunk(client, "你好\r\n".encode("gbk"))
    source.chunk(client, b"a\x00\xff!")
    source.chunk(client, "完".encode("gbk"), Kind.OUT)
    rows.entries_arrived(source.journal.last_id)
    whole = [(1, 4)]
    lines = gathered(qtbot, rows, whole, CopyForm.LINES).text.split("\n")
    assert len(lines) == 4
    assert lines[1].endswith(r"← #1 192.168.1.7:64570 6 B 你好\r\n")
    assert (
        gathered(qtbot, rows, whole, CopyForm.HEX).text == "C4 E3 BA C3 0D 0A\n61 00 FF 21\nCD EA"
    )
    content = gathered(qtbot, rows, whole, CopyForm.CONTENT)
    assert content.text == "你好\r\na\\0\\xFF!\n完"
    assert (content.entries, content.complete) == (4, True)
    assert gathered(qtbot, rows, [(2, 2), (4, 4)], CopyForm.HEX).entries == 2


def test_an_export_holds_every_shown_entry(
    log: tuple[LogSource, LogRows], qtbot: QtBot, tmp_path: Path
) -> None:
    source, rows = log
    one, two = source.client(), source.client()
    for number in range(10_000):
        source.chunk(one if number % 2 else two, f"第 {number} 条".encode("gbk"))
    rows.entries_arrived(source.journal.last_id)
    assert rows.new_reader is not None
    path = tmp_path / "out.txt"
    order = ExportOrder(Selection([(1, 10_000)], frozenset({one})), Format.TXT, {}, "gbk")
    count, gaps = run(qtbot, LogExport(rows.new_reader, order, path))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert count == len(lines) == 5_000
    assert gaps == ()
    assert lines[0].endswith("第 1 条")
    assert lines[-1].endswith("第 9999 条")
    assert list(tmp_path.glob("*.part")) == []


def test_a_stopped_export_leaves_no_file(
    log: tuple[LogSource, LogRows], qtbot: QtBot, tmp_path: Path
) -> None:
    source, rows = log
    client = source.client()
    for _ in range(20_000):
        source.chunk(client, b"x" * 50)
    rows.entries_arrived(source.journal.last_id)
    assert rows.new_reader is not None
    path = tmp_path / "out.txt"
    path.write_text("before")
    slot = TaskSlot()
    order = ExportOrder(Selection(), Format.TXT, {}, "gbk")
    slot.start(LogExport(rows.new_reader, order, path))
    slot.stop()
    join_tasks()  # its thread may still be leaving
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir() if "out" in p.name] == ["out.txt"]


def test_an_export_that_cannot_be_written_says_why(
    log: tuple[LogSource, LogRows], qtbot: QtBot, tmp_path: Path
) -> None:
    source, rows = log
    some_chunks(source, rows)
    assert rows.new_reader is not None
    slot = TaskSlot()
    path = tmp_path / "missing" / "out.txt"
    with qtbot.waitSignal(slot.failed) as waiting:
        order = ExportOrder(Selection(), Format.TXT, {}, "gbk")
        slot.start(LogExport(rows.new_reader, order, path))
    slot.stop()
    assert waiting.args[0] == os.strerror(errno.ENOENT)


def test_nothing_arrives_of_a_cancelled_task(log: tuple[LogSource, LogRows], qtbot: QtBot) -> None:
    source, rows = log
    some_chunks(source, rows)
    assert rows.new_reader is not None
    slot = TaskSlot()
    results: list[object] = []
    slot.done.connect(results.append)
    slot.start(LogTask("first", rows.new_reader, lambda reader, task: "first"))
    with qtbot.waitSignal(slot.done):
        slot.start(LogTask("second", rows.new_reader, lambda reader, task: "second"))
    slot.stop()
    assert results == ["second"]
    assert not slot.is_busy
