"""Entries as text: one harmless line each."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from app.journal.entry import ClientRecord, Entry, Kind
from app.journal.export import export_text
from app.journal.journal import Journal
from app.journal.reader import Reader

Opened = Callable[..., Journal]
Reading = Callable[[Journal | Path], Reader]


def test_every_entry_is_one_line(opened: Opened, reading: Reading) -> None:
    journal = opened()
    journal.add_client(ClientRecord(1, "192.168.1.7", 64570, "gbk", 1, closed_ns=2))
    journal.add_client(ClientRecord(2, "fe80::1", 9, "gbk", 1))
    journal.append_event(0, Kind.SERVER_OPENED)
    journal.append(1, Kind.IN, "你".encode("gbk") + b"\xba", 0)
    journal.append(1, Kind.IN, b"\xc3\r\n\x00\xff", 3)
    journal.append(2, Kind.OUT, "a\\\u202eb".encode(), 0, "utf-8")
    journal.append(3, Kind.IN, b"x" * 5_000, 0)
    lines: list[str] = []

    def describe(entry: Entry) -> str:
        return f"{Kind(entry.kind).name}\nin words"

    done = export_text(
        reading(journal), range(1, 6), lambda client: "gbk", lines.append, describe=describe
    )
    assert done
    stamp = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}"
    bodies = []
    for line in lines:
        match = re.fullmatch(rf"{stamp} (.*)\n", line)
        assert match
        bodies.append(match.group(1))
    assert bodies == [
        "· SERVER_OPENED in words",
        "← #1 192.168.1.7:64570 3 B 你",
        r"← #1 192.168.1.7:64570 5 B 好\r\n\0\xFF",
        r"→ #2 [fe80::1]:9 6 B a\\\u202Eb",
        "← #3 5000 B " + "x" * 5_000,
    ]


def test_it_can_be_cancelled_and_tells_how_far_it_is(opened: Opened, reading: Reading) -> None:
    journal = opened()
    for number in range(300):
        journal.append(1, Kind.IN, b"x", number)
    told: list[tuple[int, int]] = []
    lines: list[str] = []
    done = export_text(
        reading(journal),
        range(1, 301),
        lambda client: "gbk",
        lines.append,
        describe=lambda entry: "",
        cancelled=lambda: len(told) == 2,
        progress=lambda *p: told.append(p),
    )
    assert not done
    assert 0 < len(lines) < 300
    assert told == [(64, 300), (128, 300)]
