"""What counts as an answer."""

from __future__ import annotations

import pytest

from app.models.roll_export import poll_csv
from app.teaching.roll.poll import Poll, first_letter, letter_choices


@pytest.mark.parametrize(
    "text", ["B", "b", " b) because", "Ｂ", "ｂ。", "（B）", "选b", "答案：Ｂ", "我选 B", "ⓑ", "Ⓑ"]
)
def test_a_letter_is_found_however_it_is_typed(text: str) -> None:
    assert first_letter(text) == "B"


@pytest.mark.parametrize("text", ["", "二", "2", "?", "\udc80"])
def test_what_holds_no_letter_is_no_answer(text: str) -> None:
    assert first_letter(text) == ""
    assert not Poll(choices=letter_choices(4)).count(1, first_letter(text))


def test_the_last_answer_counts_or_the_first() -> None:
    last, first = Poll(choices=letter_choices(3)), Poll(choices=letter_choices(3))
    first.first_counts = True
    for poll in (last, first):
        for text in ("a", "b", "E"):
            poll.count(7, poll.reads(text))
    assert (last.answers, first.answers) == ({7: "B"}, {7: "A"})


def test_nothing_counts_after_the_end() -> None:
    poll = Poll(choices=letter_choices(2), is_running=False)
    assert not poll.count(1, "A")
    assert poll.answers == {}


def test_free_answers_are_gathered_by_their_text() -> None:
    poll = Poll()
    for key, text in enumerate(("TCP", " TCP ", "UDP")):
        poll.count(key, poll.reads(text))
    assert [(share.choice.words, share.votes) for share in poll.shares()] == [
        ("TCP", 2),
        ("UDP", 1),
    ]


def test_a_result_as_csv_holds_no_formula() -> None:
    poll = Poll("=1+1", letter_choices(2, "=cmd；once"), answers={1: "A", 2: "A", 3: "B"})
    assert poll_csv(poll).splitlines() == [
        "'=1+1",
        "answer,words,count,percent",
        "A,'=cmd,2,67",
        "B,once,1,33",
    ]
