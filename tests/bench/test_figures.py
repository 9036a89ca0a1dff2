"""The bench's own arithmetic and words; nothing is measured here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.cases import CASES
from tests.bench.chinese import CHINESE
from tests.bench.driven import ROOT
from tests.bench.figures import Figure, Outcome, Peers, at_least, at_most, outcomes, quantile
from tests.bench.readme import BEGIN, END, FILES, put
from tests.bench.report import merged, table

RATE = Figure("rate", "recorded", "MB/s", at_least(200, if_baseline=250), "bare", at_least(0.8))
LATE = Figure("late", "answer", "ms", at_most(33), peers=Peers("9,500 ms"))


def only(figure: Figure, *runs: dict[str, float]) -> Outcome:
    (found,) = outcomes("case", [figure], runs)
    return found


def test_a_figure_is_the_median_of_its_runs() -> None:
    found = only(
        RATE, {"rate": 300, "bare": 310}, {"rate": 9, "bare": 10}, {"rate": 200, "bare": 2}
    )
    assert (found.value, found.baseline, found.ratio, found.runs) == (200, 10, 20, 3)


@pytest.mark.parametrize(
    ("rate", "bare", "reached"),
    [
        (240, 260, True),
        (199, 240, True),  # the machine itself does not reach 250
        (199, 220, True),
        (190, 255, False),  # short of 200 where the machine can
        (210, 280, False),  # under 0.8 of the bare program
    ],
)
def test_a_target_binds_where_the_machine_can_reach_it(
    rate: float, bare: float, reached: bool
) -> None:
    assert only(RATE, {"rate": rate, "bare": bare}).reached is reached


def test_what_was_not_measured_has_neither_reached_nor_missed() -> None:
    found = only(LATE)
    assert (found.value, found.reached) == (None, None)
    assert found.why


def test_a_figure_without_a_target_only_tells() -> None:
    assert only(Figure("x", "x"), {"x": 1}).reached is None


def test_the_percentile_is_a_measured_one() -> None:
    assert quantile(range(1, 101), 0.99) == 100
    assert quantile([3, 1, 2], 0.5) == 2
    with pytest.raises(ValueError, match="no numbers"):
        quantile([], 0.5)


def test_the_table_shows_target_ratio_and_verdict() -> None:
    data = [
        found.as_data() for found in outcomes("flood", [RATE, LATE], [{"rate": 180, "bare": 300}])
    ]
    lines = table(data).splitlines()
    assert lines[1] == "[flood]"
    assert "≥ 200 MB/s (where bare ≥ 250), ≥ 0.8 × bare" in lines[2]
    assert "180 MB/s" in lines[2]
    assert "0.60" in lines[2]
    assert lines[2].endswith("MISSED")
    assert lines[3].endswith("not measured on this machine")


def test_readme_gets_what_was_measured_and_keeps_the_rest(tmp_path: Path) -> None:
    late = Figure("late", "threads per client", "ms", at_most(33), peers=Peers("9,500 ms"))
    data = [
        found.as_data() | {"set": "full"} for found in outcomes("x", [RATE, late], [{"late": 50}])
    ]
    for name in FILES.values():
        (tmp_path / name).write_text(f"# Before\n{BEGIN}\nold\n{END}\n# After\n", encoding="utf-8")
    kept = {"machine": {"when": "today"}, "figures": data}
    assert len(put(tmp_path, kept)) == len(FILES)
    english = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| threads per client | ≤ 33 ms | **50 ms** * ✗ |  | 9,500 ms |  |  |" in english
    assert english.startswith("# Before\n")
    assert english.endswith("# After\n")
    assert "recorded" not in english  # it was not measured
    assert "| 每个客户端的线程 |" in (tmp_path / "README.zh-CN.md").read_text(encoding="utf-8")
    assert put(tmp_path, kept) == []


def test_both_readmes_have_a_place_for_the_figures() -> None:
    for name in FILES.values():
        text = (ROOT / name).read_text(encoding="utf-8")
        assert text.index(BEGIN) < text.index(END)


def test_every_figure_has_its_words_in_chinese() -> None:
    words = {figure.words for case in CASES for figure in case.figures}
    assert words - CHINESE.keys() == set()


def test_cases_that_were_not_run_keep_their_figures_in_order() -> None:
    old = [{"case": "a", "value": 1}, {"case": "b", "value": 2}, {"case": "gone", "value": 3}]
    new = [{"case": "c", "value": 4}, {"case": "a", "value": 5}]
    found = merged(old, new, ["a", "b", "c"])
    assert [(figure["case"], figure["value"]) for figure in found] == [("a", 5), ("b", 2), ("c", 4)]
