"""Names out of bytes that anybody may send."""

from __future__ import annotations

import unicodedata
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from app.teaching.roll.naming import LONGEST_NAME, namesakes, tidy


@given(st.text())
def test_a_name_is_short_and_all_of_it_is_seen(text: str) -> None:
    name = tidy(text)
    assert len(name) <= LONGEST_NAME
    assert name == " ".join(name.split(" "))
    assert not any(unicodedata.category(character).startswith("C") for character in name)


def test_control_characters_and_turned_writing_are_left_out() -> None:
    assert tidy("\x1b[31mLi\u202e\tWei\x00\udc80 \u3000") == "[31mLi Wei"


def test_two_of_the_same_are_told_apart() -> None:
    assert list(islice(namesakes("Wei"), 3)) == ["Wei", "Wei (2)", "Wei (3)"]
