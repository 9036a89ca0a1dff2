"""Numbers to text: sizes, rates, idle times, clock times.

Units are symbols (B, KB, s, min), the same in both languages. 1 KB is 1,024 bytes, as in the
programs our users come from.
"""

from __future__ import annotations

import time

from app.wording.catalogue import tr

_UNITS = ("KB", "MB", "GB", "TB")
_MINUTE_S = 60
_HOUR_S = 60 * _MINUTE_S
_DAY_S = 24 * _HOUR_S


def size_text(size_bytes: int) -> str:
    """Return `812 B`, `1.2 KB`, `48.6 MB`: short, for tables."""
    if size_bytes < 1024:
        return f"{size_bytes} B"
    amount = float(size_bytes)
    for unit in _UNITS:
        amount /= 1024
        # What would round to "1024.0 KB" is 1.0 MB.
        if amount < 1023.95 or unit == _UNITS[-1]:
            return f"{amount:.1f} {unit}"
    raise AssertionError("the last unit takes everything")


def exact_size_text(size_bytes: int) -> str:
    """Return `1,234 bytes` in the current language: exact, for tooltips."""
    key = "common.unit_exact.one" if size_bytes == 1 else "common.unit_exact"
    return tr(key, n=f"{size_bytes:,}")


def rate_text(bytes_per_s: float) -> str:
    """Return `1.1 KB/s`."""
    return tr("common.rate", size=size_text(round(bytes_per_s)))


def idle_text(idle_s: float) -> str:
    """Return `3 s`, `2 min`, `1 h`, `4 d`: whole units that have passed."""
    whole_s = max(0, int(idle_s))
    for unit_s, unit in ((_DAY_S, "d"), (_HOUR_S, "h"), (_MINUTE_S, "min")):
        if whole_s >= unit_s:
            return f"{whole_s // unit_s} {unit}"
    return f"{whole_s} s"


def duration_text(duration_ns: int) -> str:
    """Return `830 ns`, `12.5 µs`, `1.234 s`: three digits or more, in the unit that suits."""
    for unit, unit_ns in (("ns", 1), ("µs", 1_000), ("ms", 1_000_000)):
        amount = duration_ns / unit_ns
        if amount < 999.5:  # what would round to 1000 ms is 1.00 s
            digits = 0 if unit_ns == 1 or amount >= 99.95 else 1 if amount >= 9.995 else 2
            return f"{amount:.{digits}f} {unit}"
    return f"{duration_ns / 1e9:.3f} s"


def clock_text(time_ns: int) -> str:
    """Return the local time of day `10:21:33.123` of a wall time; milliseconds are cut."""
    seconds, rest_ns = divmod(time_ns, 1_000_000_000)
    local = time.localtime(seconds)
    milliseconds = rest_ns // 1_000_000
    return f"{local.tm_hour:02}:{local.tm_min:02}:{local.tm_sec:02}.{milliseconds:03}"


def moment_text(time_ns: int) -> str:
    """Return date and local time `2026-01-31 10:21:33.123` of a wall time."""
    local = time.localtime(time_ns // 1_000_000_000)
    return f"{local.tm_year:04}-{local.tm_mon:02}-{local.tm_mday:02} {clock_text(time_ns)}"
