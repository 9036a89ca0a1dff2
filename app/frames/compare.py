"""Two runs of messages side by side: which are equal, changed, missing, extra.

The shortest way from one to the other is looked for (Myers 1986), as far as MOST_CHANGES; two runs
that have less in common are compared place by place, which takes no time at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

MOST_CHANGES = 1_000


class Pair(NamedTuple):
    """What stands beside what, by their places in the two runs."""

    left: int | None  # None: the right one is extra
    right: int | None  # None: the left one is missing
    same: bool = False


class Paired(NamedTuple):
    """All of both runs, in their order."""

    pairs: list[Pair]
    by_place: bool  # they have too little in common: compared place by place


def paired(
    left: Sequence[bytes], right: Sequence[bytes], cancelled: Callable[[], bool] = lambda: False
) -> Paired:
    """Compare two runs; of a changed message both sides stand in one pair."""
    short = min(len(left), len(right))
    head = 0
    while head < short and left[head] == right[head]:
        head += 1
    tail = 0
    while tail < short - head and left[-1 - tail] == right[-1 - tail]:
        tail += 1
    ends = len(left) - tail, len(right) - tail
    common = _common(left[head : ends[0]], right[head : ends[1]], cancelled)
    by_place = common is None
    if common is None:
        places = range(min(ends) - head)
        common = [(at, at) for at in places if left[head + at] == right[head + at]]
    same = [
        *((at, at) for at in range(head)),
        *((head + a, head + b) for a, b in common),
        *((ends[0] + at, ends[1] + at) for at in range(tail)),
    ]
    return Paired(list(_with_gaps(same, len(left), len(right))), by_place)


def _with_gaps(same: list[tuple[int, int]], left: int, right: int) -> Iterator[Pair]:
    """Put what lies between equal messages beside each other."""
    at, beside = 0, 0
    for a, b in [*same, (left, right)]:
        for changed in range(min(a - at, b - beside)):
            yield Pair(at + changed, beside + changed)
        yield from (Pair(gone, None) for gone in range(at + max(b - beside, 0), a))
        yield from (Pair(None, more) for more in range(beside + max(a - at, 0), b))
        if a < left and b < right:
            yield Pair(a, b, True)
        at, beside = a + 1, b + 1


def _common(
    left: Sequence[bytes], right: Sequence[bytes], cancelled: Callable[[], bool]
) -> list[tuple[int, int]] | None:
    """Return the places of a longest common subsequence; None: it is too far to the end."""
    reached = {1: 0}
    steps: list[dict[int, int]] = []
    for changes in range(min(MOST_CHANGES, len(left) + len(right)) + 1):
        if cancelled():
            return None
        steps.append(dict(reached))
        for k in range(-changes, changes + 1, 2):
            down = k == -changes or (k != changes and reached[k - 1] < reached[k + 1])
            x = reached[k + 1] if down else reached[k - 1] + 1
            y = x - k
            while x < len(left) and y < len(right) and left[x] == right[y]:
                x, y = x + 1, y + 1
            reached[k] = x
            if x >= len(left) and y >= len(right):
                return _way_back(steps, len(left), len(right))
    return None


def _way_back(steps: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for changes in range(len(steps) - 1, -1, -1):
        reached, k = steps[changes], x - y
        down = k == -changes or (k != changes and reached[k - 1] < reached[k + 1])
        before = k + 1 if down else k - 1
        start_x = reached[before]
        start_y = start_x - before
        while x > max(start_x, 0) and y > max(start_y, 0) and (x, y) != (start_x, start_y):
            if left_of(x, y, start_x, start_y, down):
                break
            x, y = x - 1, y - 1
            found.append((x, y))
        x, y = start_x, start_y
    return found[::-1]


def left_of(x: int, y: int, start_x: int, start_y: int, down: bool) -> bool:
    """Whether the diagonal is over, and one step down or to the right leads to its start."""
    return (x, y) == ((start_x, start_y + 1) if down else (start_x + 1, start_y))


def changed_bytes(left: bytes, right: bytes) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the stretches of each that differ: byte by byte where both are equally long."""
    if len(left) == len(right):
        places = [at for at in range(len(left)) if left[at] != right[at]]
        stretches = _stretches(places)
        return stretches, stretches
    short = min(len(left), len(right))
    head = next((at for at in range(short) if left[at] != right[at]), short)
    tail = next((at for at in range(short - head) if left[-1 - at] != right[-1 - at]), short - head)
    found = [
        [(head, len(each) - tail)] if head < len(each) - tail else [] for each in (left, right)
    ]
    return found[0], found[1]


def _stretches(places: list[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for at in places:
        if found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found
