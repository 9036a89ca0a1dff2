"""Looking through whole streams at once, where one entry by one would take too long.

SQL proposes an entry because its end begins the pattern. Where most entries do (each line's end, of
a pattern that begins with it; one-byte chunks), following each of them costs a hundred times as
much as joining the chunks of each stream and looking through that.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from app.journal.pattern import Pattern

Part = tuple[int, int, int, bytes, str | None]  # id, client_id, kind, data, encoding of a chunk


def sifted(
    parts: Iterable[Part],
    patterns: Sequence[Sequence[Pattern]],
    cancelled: Callable[[], bool] = lambda: False,
) -> list[int]:
    """Return the ids of the chunks in which a pattern begins, ascending.

    `parts` are all the chunks of some streams between two ids, ascending; `patterns` by kind. A
    pattern that is unfinished where the last chunk of a stream ends counts.
    Only some if `cancelled()`.
    """
    streams: defaultdict[tuple[int, int], list[Part]] = defaultdict(list)
    for part in parts:
        streams[part[1:3]].append(part)
    found: set[int] = set()
    for (_, kind), chunks in streams.items():
        pieces = [chunk[3] for chunk in chunks]
        joined = b"".join(pieces)
        places: set[int] = set()
        for pattern in patterns[kind]:
            places.update(pattern.places(joined, cancelled))
            places.update(len(joined) - length for length in pattern.tails(joined))
        if places:
            ends = list(accumulate(map(len, pieces)))
            found.update(chunks[bisect_right(ends, place)][0] for place in places)
    return sorted(found)
