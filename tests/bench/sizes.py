"""How much is measured: the quick set, which fits five minutes, and the full one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """One set. Names without a unit are counts."""

    name: str
    runs: int  # of each case; the figure is their median
    clients: int
    idle_s: float
    patience_s: float  # for the bare server, which takes a minute to see ten thousand leave
    flood_mib: int  # in 64 KiB chunks
    small_mib: int  # in 1,024-byte chunks
    many_s: float  # so long hundreds and thousands flood
    chat_s: float
    broadcasts: int
    large_entries: int
    starts: int  # of each program, by turns
    trace_mib: int
    trace_floods: int


QUICK = Size(
    name="quick",
    runs=1,
    clients=2_000,
    idle_s=4,
    patience_s=15,
    flood_mib=256,
    small_mib=50,
    many_s=6,
    chat_s=5,
    broadcasts=5,
    large_entries=300_000,
    starts=5,
    trace_mib=20,
    trace_floods=1,
)
FULL = Size(
    name="full",
    runs=3,
    clients=10_000,
    idle_s=10,
    patience_s=75,
    flood_mib=2_048,
    small_mib=200,
    many_s=20,
    chat_s=20,
    broadcasts=20,
    large_entries=10_000_000,
    starts=7,
    trace_mib=60,
    trace_floods=3,
)
