"""Colours of Python that is being typed: what is not yet right leaves the rest as it was."""

from __future__ import annotations

import pytest

from app.ui.classroom.source.colouring import spans, spans_so_far

WHOLE = "def f():\n    return 5\n\n\nclass A:\n    x = 'é'  # 好\n"


@pytest.mark.parametrize("cut", range(len(WHOLE)))
def test_every_beginning_of_a_program_can_be_coloured(cut: int) -> None:
    spans_so_far(WHOLE[:cut])


def test_a_whole_program_has_the_same_colours() -> None:
    assert spans_so_far(WHOLE) == spans(WHOLE)


@pytest.mark.parametrize(
    "broken", ["x = 'abc", "x = (1,", "  y = 1\n z", "x = ''' abc", "x = 0777"]
)
def test_behind_a_fault_lines_keep_their_colours(broken: str) -> None:
    found = spans_so_far(f"{broken}\ndef f():\n    return 5\n")
    row = broken.count("\n") + 1
    last = [span.token for span in found.get(row + 1, [])]
    assert last == ["code_keyword", "code_number"] or broken.endswith("''' abc")
