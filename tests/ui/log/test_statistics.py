"""The statistics' window over a real journal."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from app.journal.entry import Entry, Kind
from app.models.statistics import MOST_BUCKETS, Classes, Tally
from app.ui.log.statistics import StatisticsWindow, who
from tests.support.wait import wait_until
from tests.ui.log.conftest import LogBench

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def entry(number: int, client: int, kind: int, size: int, at_ms: float) -> Entry:
    ns = int(at_ms * 1e6)
    return Entry(number, 1_800_000_000_000_000_000 + ns, ns, client, kind, 0, b"x" * size)


def test_answers_and_sizes_are_right_to_a_few_percent() -> None:
    tally = Tally(lambda client: 1 + client % 2)
    number = 0
    for turn in range(1, 101):
        for client in (1, 2):
            number += 2
            tally.add(entry(number, client, Kind.IN, turn, turn * 1000))
            tally.add(entry(number + 1, client, Kind.OUT, 10, turn * 1000 + client * turn))
            tally.add(entry(number + 1, client, Kind.OUT, 10, turn * 1000 + 900))  # no answer
    found = tally.result(complete=True)
    assert [(p.kind, p.number) for p in found.parties] == [
        ("all", 0), ("server", 1), ("server", 2), ("client", 1), ("client", 2),
    ]  # fmt: skip
    one = found.parties[3]
    assert (one.received, one.sent, one.bytes_in, one.bytes_out) == (100, 200, 5_050, 2_000)
    assert one.answers == 100
    assert one.answer_p50_ms == pytest.approx(50, rel=0.05)
    assert one.answer_p99_ms == pytest.approx(99, rel=0.05)
    assert found.parties[4].answer_p50_ms == pytest.approx(100, rel=0.05)
    assert sum(found.sizes.values()) == 600
    assert sum(found.answers.values()) == 200


def test_a_journal_of_years_takes_no_more_room() -> None:
    tally = Tally(lambda _: 1)
    for number in range(5_000):
        tally.add(entry(number, 1, Kind.IN, 3, number * 10_000_000))
    found = tally.result(complete=True)
    assert len(found.messages.times) <= 3 * MOST_BUCKETS
    width_s = min(b - a for a, b in pairwise(found.messages.times))
    assert sum(found.messages.values) * width_s == pytest.approx(5_000)


def test_nothing_has_no_quantile() -> None:
    assert Classes().quantile(0.5) == 0


@pytest.fixture
def window(bench: LogBench) -> Iterator[StatisticsWindow]:
    client = bench.source.client()
    for turn in range(20):
        bench.source.chunk(client, b"ask %d" % turn)
        bench.source.chunk(client, b"answer", Kind.OUT)
    bench.arrive()
    bench.panel._commands["statistics"].trigger()
    found = bench.panel.filters._statistics
    assert found is not None
    yield found
    bench.panel.filters.close_statistics()


def test_the_window_counts_follows_and_saves(
    bench: LogBench, window: StatisticsWindow, tmp_path: Path
) -> None:
    wait_until(lambda: window.found is not None and window.found.complete)
    assert [window.table.topLevelItem(0).text(at) for at in (1, 2)] == ["20", "20"]
    bench.source.chunk(1, b"one more")
    wait_until(lambda: window.table.topLevelItem(0).text(1) == "21")
    for at in range(window.plot.count()):
        window.plot.setCurrentIndex(at)
        window.plot.activated.emit(at)
        assert window.view.count > 0
    window.save_to(tmp_path / "plot.png", picture=True)
    assert not QImage(str(tmp_path / "plot.png")).isNull()
    window.save_to(tmp_path / "figures.csv", picture=False)
    rows = list(csv.reader((tmp_path / "figures.csv").read_text("utf-8-sig").splitlines()))
    assert window.found is not None
    assert rows[1][:3] == [who(window.found.parties[0]), "21", "20"]
    assert len({len(row) for row in rows}) == 1
    window.save_to(tmp_path / "none" / "figures.csv", picture=False)
    assert "figures.csv" in window._error.text()


def test_another_journal_closes_it_and_stop_keeps_what_was_counted(
    bench: LogBench, window: StatisticsWindow
) -> None:
    wait_until(lambda: window.found is not None and window.found.complete)
    window.cancel.click()
    assert window._task is None
    assert window.table.topLevelItem(0).text(1) == "20"
    bench.panel.set_source(None, bench.source.encoding_of, bench.source.names.get)
    assert bench.panel.filters._statistics is None
