"""Cases that are programs of their own too: a large journal, the start, the trace points."""

from __future__ import annotations

from tests.bench.figures import Figure, Values, at_most
from tests.bench.large_journal import large_journal
from tests.bench.sizes import Size
from tests.bench.stage import Stage
from tests.bench.start_up import from_source, start_up
from tests.bench.trace_cost import figures as trace_figures
from tests.bench.trace_cost import flood_chunk_ns
from tests.bench.watching import MIB

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


START_FIGURES = (
    Figure("portside_s", "start to the first complete picture (bare: a window with one label)",
           "s", baseline="bare_s", ratio=at_most(2.8)),
)  # fmt: skip

TRACE_FIGURES = (
    Figure("percent", "trace points while nobody looks: of a flooded chunk's time", "%",
           at_most(2)),
    Figure("percent_answered", "the same, of an answered chunk's time", "%", at_most(2)),
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


def start(_: Stage, size: Size) -> Values:
    """Start the program and a bare window by turns."""
    found = start_up(from_source(), size.starts)
    return {key: float(str(found[key])) for key in ("portside_s", "bare_s")}


def trace(_: Stage, size: Size) -> Values:
    """Measure the guards alone, and a chunk of a flood."""
    found = trace_figures(flood_chunk_ns(size.trace_mib * MIB, size.trace_floods))
    return {key: float(found[key]) for key in ("percent", "percent_answered")}
