"""Cases that are programs of their own too."""

from __future__ import annotations

from tests.bench.figures import Figure, Values, at_most
from tests.bench.large_journal import large_journal
from tests.bench.sizes import Size
from tests.bench.stage import Stage

LARGE_FIGURES = (
    Figure("entries", "a large journal: entries in it"),
    Figure("opened_ms", "opened, first rows painted", "ms", at_most(1_000)),
    Figure("frame_p99_ms", "scroll, page, drag, both ends: a frame, slowest kind, p99", "ms",
           at_most(33)),
    Figure("frame_max_ms", "the same, longest of all", "ms"),
    Figure("filter_ms", "filter by client: first page, slowest kind", "ms", at_most(200)),
    Figure("find_s", "find the next match, also split: per 1,000,000 entries, slowest kind", "s",
           at_most(1)),
    Figure("memory_mib", "memory, peak", "MiB", at_most(300)),
)  # fmt: skip


# Those of its spreads that are no frames: rows that settle afterwards, a search that is given up.
NO_FRAMES = ("until", "given up")


def large(stage: Stage, size: Size) -> Values:
    """Use the window over a journal that the first run writes."""
    found = large_journal(size.large_entries, stage.folder / "large.db")
    frames = {
        end: [
            value
            for key, value in found.items()
            if key.endswith(f", {end} ms") and not any(words in key for words in NO_FRAMES)
        ]
        for end in ("p99", "max")
    }
    return {
        "entries": found["entries"],
        "opened_ms": found["opened, ms"],
        "frame_p99_ms": max(frames["p99"]),
        "frame_max_ms": max(frames["max"]),
        "filter_ms": _worst(found, "filter by ", ", first page, ms"),
        "find_s": _worst(found, "find ", ", s per 1,000,000"),
        "memory_mib": found["memory, peak, MiB"],
    }


def _worst(found: Values, begins: str, ends: str) -> float:
    return max(v for k, v in found.items() if k.startswith(begins) and k.endswith(ends))
