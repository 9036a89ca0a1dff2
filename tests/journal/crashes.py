"""Killing a flooding child, and looking at what it left: used by a test and by the benchmark."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from app.journal.entry import Kind
from app.journal.reader import Reader
from tests.journal.crash_child import CHUNK_BYTES, CLIENTS, chunk
from tests.support.wait import wait_until

ENOUGH_BYTES = 4 * 1024 * 1024
CHILD = Path(__file__).with_name("crash_child.py")


class Killed(NamedTuple):
    """A child was killed: when, and how much it had given to its journal until then."""

    at_ns: int  # monotonic
    appended: int  # chunks


class Left(NamedTuple):
    """What a killed child's file holds, and what is lost."""

    entries: int
    lost_s: float
    lost: int  # chunks


def kill_in_flood(path: Path, after_s: float) -> Killed:
    """Flood `path`, and kill -9 the child some time later."""
    with ExitStack() as stack:
        tally = Path(stack.enter_context(TemporaryDirectory())) / "tally"
        tally.write_bytes(bytes(8 * CLIENTS))
        command = [sys.executable, str(CHILD), str(path), str(tally)]
        child = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE))
        try:
            assert child.stdout
            assert child.stdout.readline() == b"flooding\n"
            log = path.with_name(path.name + "-wal")
            wait_until(lambda: log.exists() and log.stat().st_size > ENOUGH_BYTES, 60)
            time.sleep(after_s)  # not a condition: any moment will do
        finally:
            killed_ns = time.monotonic_ns()
            child.kill()
        child.wait()
        return Killed(killed_ns, sum(memoryview(tally.read_bytes()).cast("q")))


def check_prefix(path: Path, killed: Killed) -> Left:
    """Assert that the file holds an unbroken prefix; return how much that is."""
    reader = Reader(path)
    numbers: Counter[int] = Counter()
    next_id = 1
    newest_ns = 0
    while entries := reader.entries(next_id, 5_000):
        assert [entry.id for entry in entries] == [*range(next_id, next_id + len(entries))]
        for entry in entries:
            number = numbers[entry.client_id]
            assert entry.kind == Kind.IN
            assert entry.data == chunk(entry.client_id, number)
            assert entry.offset == number * CHUNK_BYTES
            numbers[entry.client_id] = number + 1
            newest_ns = entry.mono_ns
        next_id += len(entries)
    check_trails(reader, numbers)
    reader.close()
    lost = killed.appended - numbers.total()
    return Left(next_id - 1, (killed.at_ns - newest_ns) / 1e9, lost)


def check_trails(reader: Reader, numbers: Counter[int]) -> None:
    """The filters, rebuilt for what no block holds yet, know every chunk."""
    for client_id in list(numbers)[:3]:
        ids = reader.matching_ids(frozenset({client_id}), None, 0, 10**9)
        assert len(ids) == numbers[client_id]
        (last,) = reader.back(client_id, Kind.IN, reader.last_id + 1, 1)
        assert last.data == chunk(client_id, numbers[client_id] - 1)
    assert set(numbers) <= set(reader.clients())
