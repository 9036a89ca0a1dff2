"""The history file and walking it."""

from __future__ import annotations

from pathlib import Path

from app.text.compose import ComposeOptions, LineEnding
from app.ui.composer.history import HISTORY_LIMIT, Draft, History, HistoryWalk

PLAIN = ComposeOptions(encoding="")


def draft(text: str, options: ComposeOptions = PLAIN) -> Draft:
    return Draft(text, options)


def test_a_second_start_remembers_text_and_how_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "history.jsonl"
    sent = [
        draft("你好\n第二行 😀"),
        draft("DE AD", ComposeOptions("gbk", "hex")),
        draft("a\\r\\n", ComposeOptions("utf-8", "text", True, LineEnding.CRLF)),
    ]
    first = History(path)
    for each in sent:
        first.add(each)
    assert History(path).items == tuple(sent)


def test_a_file_under_its_old_name_is_taken_over(tmp_path: Path) -> None:
    old, new = tmp_path / "history.json", tmp_path / "history.jsonl"
    History(old).add(draft("before"))
    assert History(new).items == (draft("before"),)
    History(new).add(draft("after"))
    History(old).add(draft("by another program"))
    assert History(new).items == (draft("before"), draft("after"))


def test_the_same_twice_in_a_row_is_kept_once(tmp_path: Path) -> None:
    history = History(tmp_path / "h")
    for text in ("a", "a", "b", "a"):
        history.add(draft(text))
    history.add(draft("a", ComposeOptions("gbk")))  # the same text, read otherwise
    assert [d.text for d in history.items] == ["a", "b", "a", "a"]


def test_the_newest_200_are_kept_and_the_file_does_not_grow_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "h"
    history = History(path)
    for n in range(5 * HISTORY_LIMIT):
        history.add(draft(f"{n}"))
    kept = [d.text for d in History(path).items]
    assert kept == [f"{n}" for n in range(4 * HISTORY_LIMIT, 5 * HISTORY_LIMIT)]
    assert kept == [d.text for d in history.items]
    assert len(path.read_text().splitlines()) <= 2 * HISTORY_LIMIT


def test_a_damaged_line_costs_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "h"
    good = draft("good").to_line()
    damaged = [
        '{"text": "cut of',
        "[]",
        "17",
        '{"text": 5}',
        "\x00\x00",
        '{"text": "x", "line_ending": "bel"}',
    ]
    unknown_encoding = '{"text": "kept", "encoding": "klingon"}'
    path.write_bytes(
        "\n".join([good, *damaged, unknown_encoding]).encode() + b"\n\xff\xfe\n" + good.encode()
    )
    assert History(path).items == (draft("good"), draft("kept"), draft("good"))


def test_a_file_that_cannot_be_written_costs_no_send(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    history = History(tmp_path / "file" / "history")
    history.add(draft("a"))
    assert history.items == (draft("a"),)
    assert history.problem


def test_removing_and_undoing_reach_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "h"
    history = History(path)
    for text in "abc":
        history.add(draft(text))
    before = history.items
    history.replace([])
    assert History(path).items == ()
    history.replace(before)
    assert History(path).items == before


def test_walking_goes_back_and_returns_to_the_draft() -> None:
    history = History(None)
    history.add(draft("old"))
    history.add(draft("new"))
    walk = HistoryWalk(history)
    unsent = draft("half ty")
    assert walk.step(1, unsent) is None
    assert walk.step(-1, unsent) == draft("new")
    assert walk.step(-1, draft("new")) == draft("old")
    assert walk.step(-1, draft("old")) is None
    assert walk.step(1, draft("old")) == draft("new")
    assert walk.step(1, draft("new")) == unsent
    assert walk.step(1, unsent) is None


def test_what_is_changed_while_walking_is_there_when_one_comes_back() -> None:
    history = History(None)
    history.add(draft("old"))
    walk = HistoryWalk(history)
    assert walk.step(-1, draft("draft")) == draft("old")
    assert walk.step(1, draft("old, changed")) == draft("draft")
    assert walk.step(-1, draft("draft")) == draft("old, changed")
    assert history.items == (draft("old"),)
    walk.stop()
    assert walk.step(-1, draft("x")) == draft("old")
