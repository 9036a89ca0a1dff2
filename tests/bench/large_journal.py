"""The window over a journal of millions of entries: opening, moving, filtering, finding, memory.

    python -m tests.bench.large_journal [--entries N] [--keep FILE] [--json FILE]

The full size is 10,000,000 entries, which takes some minutes and 2 GB. `--keep` leaves the journal
where it is told, and takes it from there the next time. The journal is written by one child
process and measured in another, so that the memory is the window's alone. A frame is what the GUI
thread does for one movement: the event, and one whole paint of the log.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt

from app.journal.context import ContextDecoder
from app.journal.find import find
from app.journal.needle import Needle
from app.journal.reader import Reader
from tests.bench import large_fill as content
from tests.bench.large_window import Pulse, Window, peak_mib, resident_mib, spread

ENTRIES = 1_000_000
MOVES = 200
JUMPS = 100
SETTLED = 3  # jumps after which the background is waited for
Figures = dict[str, float]


def large_journal(entries: int = ENTRIES, keep: Path | None = None) -> Figures:
    """Return the figures of a journal of so many entries: `keep`, which is made if need be."""
    with tempfile.TemporaryDirectory() as name:
        path = keep or Path(name) / "large.db"
        if not path.exists():
            _child("tests.bench.large_fill", str(path), f"--entries={entries}")
        result = Path(name) / "figures.json"
        _child("tests.bench.large_journal", f"--measure={path}", f"--json={result}")
        figures: Figures = json.loads(result.read_text())
    return figures


def _child(module: str, *arguments: str) -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([sys.executable, "-m", module, *arguments], check=True, env=environment)


def measure(path: Path) -> Figures:
    """Open the journal in the program's own window, and use it."""
    figures = of_reader(path)
    with tempfile.TemporaryDirectory() as home:
        window = Window(Path(home))
        try:
            before_mib = resident_mib()
            figures |= opening(window, path)
            figures |= moving(window)
            figures |= filtering(window)
            figures |= chinese_only(window)
            figures |= finding(window)
            figures["memory, grown by, MiB"] = resident_mib() - before_mib
            figures["memory, peak, MiB"] = peak_mib()
        finally:
            window.close()
    return figures


def of_reader(path: Path) -> Figures:
    """What the reader alone takes, without a window."""
    figures: Figures = {}

    def timed(name: str, work: Callable[[], object]) -> None:
        started = time.perf_counter()
        work()
        figures[f"reader: {name}, ms"] = (time.perf_counter() - started) * 1_000

    readers: list[Reader] = []
    timed("open", lambda: readers.append(Reader(path)))
    reader = readers[0]
    middle = reader.last_id // 2
    timed("50 rows in the middle", lambda: reader.entries(middle, 50))
    for name, client_id in (("busy", content.BUSY), ("rare", content.RARE)):
        chosen = frozenset({client_id})
        for end, pick in (("first", reader.matching_ids), ("last", reader.matching_back)):
            from_id = 0 if end == "first" else reader.last_id + 1
            timed(
                f"{end} page of a {name} client",
                lambda p=pick, c=chosen, f=from_id: reader.pick(p(c, None, f, 50)),
            )
        timed(
            f"all ids of a {name} client",
            lambda c=chosen: reader.matching_ids(c, None, 0, reader.last_id),
        )
    decoder = ContextDecoder(reader, lambda client_id: "gbk")
    rows = reader.entries(reader.last_id // 3, 36)
    timed("decode 36 rows in the middle", lambda: [decoder.decode(row) for row in rows])
    # In the first million only: each line's end begins it, and whole streams are looked through.
    first = min(reader.last_id, 1_000_000)
    needle = Needle.of_hex("0D 0A 7E")
    name = "find what every line begins, of 1,000,000"
    timed(
        name,
        lambda: find(
            reader, needle, 1, to_id=first, encoding_of=lambda client_id: "gbk", encodings=["gbk"]
        ),
    )
    reader.close()
    return figures


def opening(window: Window, path: Path) -> Figures:
    """From the choice of the file to the first painted rows."""
    with Pulse() as pulse:
        took_ms = window.frame_ms(lambda: window.program.window.archive.enter(path))
        shown_s = window.wait(window.visible)
    return {
        "opened, ms": took_ms + shown_s * 1_000,
        "opening, worst stall, ms": pulse.worst_ms,
        "entries": window.rows.count,
    }


def moving(window: Window) -> Figures:
    """Lines, pages, the wheel, the scroll bar, both ends, anywhere."""
    keys = Qt.Key
    mixed = random.Random(2)
    figures: Figures = {}

    def frames(name: str, count: int, act: Callable[[], object]) -> None:
        figures.update(spread(name, [window.frame_ms(act) for _ in range(count)]))

    with Pulse() as pulse:
        window.frame_ms(lambda: window.drag_to(0.5))
        frames("wheel, 3 lines up", MOVES, lambda: window.turn_wheel(1))
        frames("wheel, 3 lines down", MOVES, lambda: window.turn_wheel(-1))
        for key in (keys.Key_Up, keys.Key_Down, keys.Key_PageUp, keys.Key_PageDown):
            frames(key.name.removeprefix("Key_"), MOVES, partial(window.press, key))
        frames("drag of the scroll bar", MOVES, _steps(window, 0.2, 0.8))
        for key in (keys.Key_Home, keys.Key_End) * 2:
            frames(key.name.removeprefix("Key_"), 10, partial(window.press, key))
        frames("jump anywhere", JUMPS, lambda: window.drag_to(mixed.random()))
    figures["moving, worst stall, ms"] = pulse.worst_ms
    return figures


def _steps(window: Window, first: float, last: float) -> Callable[[], None]:
    """Drag the handle from one place to the other, a little at each call."""
    places = iter([first + (last - first) * n / MOVES for n in range(MOVES + 1)])
    return lambda: window.drag_to(next(places))


def filtering(window: Window) -> Figures:
    """From the choice of clients to a painted page of theirs, and to the end of the filling."""
    figures: Figures = {}
    everyone = window.log.tools.clients.show_everyone
    mixed = random.Random(3)
    cases = {
        "a busy client": [content.BUSY],
        "a rare client": [content.RARE],
        "15 clients": list(content.CHINESE),
    }
    for name, clients in cases.items():
        with Pulse() as pulse:
            started = time.perf_counter()
            window.show_only(clients)
            window.wait(lambda c=clients: {row.client_id for row in window.visible()} <= {*c, -1})
            window.wait(window.visible)
            figures[f"filter by {name}, first page, ms"] = (time.perf_counter() - started) * 1_000
            window.wait(lambda: not window.rows.is_filling)
            figures[f"filter by {name}, complete, ms"] = (time.perf_counter() - started) * 1_000
        figures[f"filter by {name}, rows"] = window.rows.count
        figures[f"filter by {name}, worst stall, ms"] = pulse.worst_ms
        jumps = [window.frame_ms(partial(window.drag_to, mixed.random())) for _ in range(JUMPS)]
        figures |= spread(f"filter by {name}, jump anywhere", jumps)
        everyone()
        window.settle_events(0.1)
    return figures


def chinese_only(window: Window) -> Figures:
    """Jump among streams in which no byte tells where a character begins."""
    window.show_only(content.CHINESE)
    window.wait(lambda: not window.rows.is_filling and window.visible())
    places = random.Random(4)
    settled = []
    with Pulse() as pulse:
        frames = [window.frame_ms(partial(window.drag_to, places.random())) for _ in range(JUMPS)]
        for _ in range(SETTLED):
            window.drag_to(places.random())
            window.settle_events(0.01)
            settled.append(window.wait(window.sure) * 1_000)
        window.drag_to(0.5)
        window.wait(window.sure)
        up = [window.frame_ms(lambda: window.turn_wheel(1)) for _ in range(MOVES)]
    figures = spread("Chinese only: jump anywhere", frames)
    figures |= spread("Chinese only: until every row is sure", settled)
    figures |= spread("Chinese only: wheel, 3 lines up", up)
    figures["Chinese only: worst stall, ms"] = pulse.worst_ms
    window.log.tools.clients.show_everyone()
    window.settle_events(0.1)
    return figures


def finding(window: Window) -> Figures:
    """The next match from the first entry, near the end; what is not there; and giving up."""
    figures: Figures = {}
    texts = {
        "ASCII": content.ASCII_TEXT,
        "Chinese": content.CHINESE_TEXT,
        "cut, GBK": content.CUT_GBK_TEXT,
        "cut, UTF-8": content.CUT_UTF8_TEXT,
        "absent ASCII": content.ABSENT["ASCII"],
        "absent Chinese": content.ABSENT["Chinese"],
    }
    millions = window.rows.count / 1e6
    for name, text in texts.items():
        found = not name.startswith("absent")
        window.press(Qt.Key.Key_Home)
        with Pulse() as pulse:
            window.find(text)
            took_s = window.wait(lambda: not window.searches)
        current = window.view.selection.current
        assert (current != 1) is found, (name, current)
        searched = current / 1e6 if found else millions
        figures[f"find {name}, s per 1,000,000"] = took_s / searched
        figures[f"find {name}, worst stall, ms"] = pulse.worst_ms
    return figures | _giving_up(window)


def _giving_up(window: Window) -> Figures:
    """From Esc to the search's thread being gone."""
    gone: list[float] = []
    for after_s in (0.05, 0.1, 0.15, 0.2, 0.3):
        window.press(Qt.Key.Key_Home)
        window.find(content.ABSENT["Chinese"])
        window.settle_events(after_s)
        if not window.searches:  # a small journal has been searched by now
            continue
        started = time.perf_counter()
        window.bar._on_escape()
        window.wait(lambda: not window.log.finder._searches._leaving)
        gone.append((time.perf_counter() - started) * 1_000)
    return {"find, given up after, max ms": max(gone, default=0.0)}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=ENTRIES)
    options.add_argument("--keep", type=Path)
    options.add_argument("--json", type=Path)
    options.add_argument("--measure", type=Path, help=argparse.SUPPRESS)  # in the child
    chosen = options.parse_args()
    if chosen.measure:
        figures = measure(chosen.measure)
    else:
        figures = large_journal(chosen.entries, chosen.keep)
        for key, value in figures.items():
            sys.stdout.write(f"{key:<58} {value:>14,.{3 if value < 100 else 0}f}\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
