"""Totals and rates of what was received and sent, since the last reset."""

from __future__ import annotations

from typing import NamedTuple


class Traffic(NamedTuple):
    """Bytes since the counters were reset, and bytes a second over the last interval."""

    bytes_in: int = 0
    bytes_out: int = 0
    rate_in: int = 0
    rate_out: int = 0


class TrafficMeter:
    """Derives rates from two ever-growing totals. GUI thread."""

    def __init__(self) -> None:
        self._base = (0, 0)  # totals at the last reset
        self._last = (0, 0)  # totals at the last measurement
        self._last_ns = 0
        self.traffic = Traffic()

    def measure(self, total_in: int, total_out: int, now_ns: int) -> Traffic:
        """Take the totals of now; the rates span the time since the previous call."""
        seconds = (now_ns - self._last_ns) / 1e9 if self._last_ns else 0.0
        rates = (0, 0)
        if seconds > 0:
            rates = (
                round((total_in - self._last[0]) / seconds),
                round((total_out - self._last[1]) / seconds),
            )
        self._last, self._last_ns = (total_in, total_out), now_ns
        self.traffic = Traffic(total_in - self._base[0], total_out - self._base[1], *rates)
        return self.traffic

    def reset(self) -> None:
        """Count from here."""
        self._base = self._last
        self.traffic = self.traffic._replace(bytes_in=0, bytes_out=0)

    def restart(self) -> None:
        """Another journal: its totals begin at zero."""
        self._base = self._last = (0, 0)
        self._last_ns = 0
        self.traffic = Traffic()
