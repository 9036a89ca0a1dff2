"""However long a search is, it can be stopped at any instant and takes little memory."""

from __future__ import annotations

from typing import Any

from app.journal.entry import Kind
from app.journal.find import find
from app.journal.journal import Journal
from app.journal.needle import Needle
from app.journal.pattern import ignoring_case
from tests.journal.conftest import Opened, Reading
from tests.journal.finding import Asked
from tests.support.machine import here_s
from tests.support.wait import wait_until


def test_it_can_be_cancelled_and_tells_how_far_it_is(opened: Opened, reading: Reading) -> None:
    journal = opened()
    for number in range(20_000):
        journal.append(1, Kind.IN, b"%d" % number, 0)
    wait_until(lambda: journal.stored_id == 20_000)
    reader = reading(journal)
    told: list[tuple[int, int]] = []
    options: dict[str, Any] = {"encoding_of": lambda client: "gbk", "encodings": ["gbk"]}
    found = find(reader, Needle.of_text("x"), 1, progress=lambda *p: told.append(p), **options)
    assert found is None
    assert told[-1] == (20_000, 20_000)
    assert told == sorted(told)
    assert len(told) > 2
    told.clear()
    stopped = find(
        reader,
        Needle.of_text("19999"),
        1,
        cancelled=lambda: bool(told),
        progress=lambda *p: told.append(p),
        **options,
    )
    assert stopped is None
    assert len(told) == 1


LINE = b"Temperature 25\r\n"


def mixed(journal: Journal) -> None:
    """Many small entries, then large ones; and as text, false matches everywhere."""
    for number in range(60_000):
        journal.append(1, Kind.IN, b"\r" if number % 2 else b"x", number)
        if journal.crowded:
            journal.wait_for_room()
    offset = 60_000
    for _ in range(120):
        data = LINE * 16_000
        journal.append(1, Kind.IN, data, offset)
        offset += len(data)
        journal.append(2, Kind.IN, "乂".encode("gbk") * 100_000, 0)
        if journal.crowded:
            journal.wait_for_room()
    wait_until(lambda: journal.stored_id == journal.last_id)


def test_it_asks_often_whether_to_go_on_and_takes_little_memory(
    opened: Opened, reading: Reading
) -> None:
    journal = opened()
    mixed(journal)
    journal.close()
    reader = reading(journal.path)
    for needle, forward in (
        (Needle.of_text("\r\nTemperature 26"), True),
        (Needle.of_text("\r\nTemperature 26"), False),
        (Needle.of_text("\n"), False),
        (Needle.of_hex("0d0a0d"), True),
        (Needle.of_text("诏"), True),  # its bytes are everywhere, but across two characters
    ):
        asked = Asked()
        read_bytes = [0]
        chunks = reader.chunks

        def counted(*span: Any, chunks: Any = chunks, most: list[int] = read_bytes) -> Any:
            found = chunks(*span)
            most[0] = max(most[0], sum(len(part[3]) for part in found))
            return found

        reader.chunks = counted  # type: ignore[method-assign]
        options: dict[str, Any] = {"encoding_of": lambda _client: "gbk", "encodings": ["gbk"]}
        find(reader, needle, 1 if forward else reader.last_id, forward, cancelled=asked, **options)
        reader.chunks = chunks  # type: ignore[method-assign]
        assert read_bytes[0] <= 10 * 1024 * 1024
        assert asked.longest_s < here_s(0.1)  # 50 ms are meant


def test_no_pattern_takes_longer_than_its_data_asks_for() -> None:
    """What makes a backtracking search quadratic: nearly a match at every place."""
    data = bytes(2_000_000)
    patterns = [
        ignoring_case("\0" * 2_000 + "a", "utf-8"),
        *Needle.of_hex("00 " * 2_000 + "?? 01").patterns([]),
        *Needle.of_hex("?? " * 2_000 + "01").patterns([]),
    ]
    for pattern in patterns:
        asked = Asked()
        assert next(pattern.places(data, asked), None) is None
        assert asked.longest_s < here_s(0.1)
        assert next(pattern.places(data, Asked(3)), None) is None
