"""Two runs side by side: every message of both stands once, in its order."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from app.frames.compare import Pair, changed_bytes, paired

RUN = st.lists(st.sampled_from([b"a", b"b", b"c", b"d"]), max_size=25)


@given(RUN, RUN)
def test_all_of_both_stand_there_in_order(left: list[bytes], right: list[bytes]) -> None:
    pairs, by_place = paired(left, right)
    assert not by_place
    assert [p.left for p in pairs if p.left is not None] == list(range(len(left)))
    assert [p.right for p in pairs if p.right is not None] == list(range(len(right)))
    for a, b, same in pairs:
        if a is not None and b is not None:
            assert same == (left[a] == right[b]) or not same
    longest = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i, x in enumerate(left, 1):
        for j, y in enumerate(right, 1):
            longest[i][j] = (
                longest[i - 1][j - 1] + 1 if x == y else max(longest[i - 1][j], longest[i][j - 1])
            )
    assert sum(p.same for p in pairs) == longest[-1][-1]


def test_one_of_each_kind() -> None:
    left = [b"login", b"temp=21", b"bye", b"last"]
    right = [b"login", b"temp=22", b"last", b"more"]
    assert paired(left, right).pairs == [
        Pair(0, 0, True), Pair(1, 1), Pair(2, None), Pair(3, 2, True), Pair(None, 3)
    ]  # fmt: skip


def test_runs_with_nothing_in_common_are_compared_by_place() -> None:
    begun = time.monotonic()
    left, right = ([b"%s%d" % (side, n) for n in range(20_000)] for side in (b"l", b"r"))
    right[500] = left[500]
    found = paired(left, right)
    assert found.by_place
    assert [p for p in found.pairs if p.same] == [Pair(500, 500, True)]
    assert time.monotonic() - begun < 60


def test_a_long_run_with_a_few_changes() -> None:
    left = [b"%d" % (n % 7) for n in range(100_000)]
    right = [*left[:50], b"extra", *left[50:70_000], *left[70_001:]]
    right[90_000] = b"changed"
    pairs, by_place = paired(left, right)
    assert not by_place
    assert sum(not p.same for p in pairs) <= 4


def test_which_bytes_differ() -> None:
    assert changed_bytes(b"abcdef", b"aXcdYZ") == ([(1, 2), (4, 6)],) * 2
    assert changed_bytes(b"abcdef", b"abXYZef") == ([(2, 4)], [(2, 5)])
    assert changed_bytes(b"abab", b"ab") == ([(2, 4)], [])
    assert changed_bytes(b"", b"x") == ([], [(0, 1)])
