from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wording import set_language
from app.wording.amounts import (
    clock_text,
    duration_text,
    exact_size_text,
    idle_text,
    moment_text,
    rate_text,
    size_text,
)


@pytest.mark.parametrize(
    ("size_bytes", "expected"),
    [
        (0, "0 B"),
        (812, "812 B"),
        (1023, "1023 B"),
        (1024, "1.0 KB"),
        (1229, "1.2 KB"),
        (1024 * 1024 - 1, "1.0 MB"),
        (50_960_000, "48.6 MB"),
        (3 * 1024**3, "3.0 GB"),
        (5000 * 1024**4, "5000.0 TB"),
    ],
)
def test_sizes_are_short(size_bytes: int, expected: str) -> None:
    assert size_text(size_bytes) == expected


@given(st.integers(0, 1024**5))
def test_a_size_never_shows_more_than_four_digits_before_the_point(size_bytes: int) -> None:
    number, unit = size_text(size_bytes).split()
    assert float(number) < 1024 or unit == "TB"


def test_the_tooltip_is_exact() -> None:
    set_language("en")
    assert exact_size_text(1) == "1 byte"
    assert exact_size_text(1_234_567) == "1,234,567 bytes"
    set_language("zh_CN")
    assert exact_size_text(1_234_567) == "1,234,567 字节"


def test_rates() -> None:
    assert rate_text(1126.4) == "1.1 KB/s"


@pytest.mark.parametrize(
    ("idle_s", "expected"),
    [
        (0.0, "0 s"),
        (3.9, "3 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (119, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (90_000, "1 d"),
        (-0.5, "0 s"),
    ],
)
def test_idle_times_are_whole_units_that_have_passed(idle_s: float, expected: str) -> None:
    assert idle_text(idle_s) == expected


@pytest.fixture
def _china() -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("the time zone cannot be set here")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "CST-8")
        time.tzset()
        yield
    time.tzset()  # for the tests after


@pytest.mark.usefixtures("_china")
def test_times_are_local_and_to_the_millisecond() -> None:
    at_ns = 1_767_233_493_123_999_999  # 2026-01-01 02:11:33.123999999 UTC
    assert clock_text(at_ns) == "10:11:33.123"
    assert moment_text(at_ns) == "2026-01-01 10:11:33.123"
    assert clock_text(0) == "08:00:00.000"


@pytest.mark.parametrize(
    ("duration_ns", "text"),
    [
        (0, "0 ns"),
        (5, "5 ns"),
        (999, "999 ns"),
        (1_000, "1.00 µs"),
        (9_996, "10.0 µs"),
        (99_960, "100 µs"),
        (999_499, "999 µs"),
        (999_600, "1.00 ms"),
        (12_340_000, "12.3 ms"),
        (999_500_000, "1.000 s"),
        (1_023_400_000, "1.023 s"),
        (75_000_000_000, "75.000 s"),
    ],
)
def test_a_duration_has_the_digits_that_count(duration_ns: int, text: str) -> None:
    assert duration_text(duration_ns) == text
