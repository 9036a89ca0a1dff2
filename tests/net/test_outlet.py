"""Any plan of partial sends: the journal gets exactly what the kernel took."""

from __future__ import annotations

import errno
import sys
import threading
from collections import deque
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.journal.entry import Kind
from app.net.facts import CloseReason, SendReport, SendResult
from app.net.outbox import PIECE_BYTES, Outbox, Parcel
from app.net.outlet import Outlet
from app.net.shared import Partings, Shared
from app.net.tally import Tally
from tests.support.wait import wait_until

WOULD_BLOCK = 0


class ScriptedWire:
    """A kernel that takes what the plan says: so many bytes, or 0 for "would block"."""

    def __init__(self, plan: list[int], failure: OSError | None = None) -> None:
        self.plan = deque(plan)
        self.failure = failure
        self.taken = bytearray()
        self.closed = self.receiving_stopped = False
        self.lock = threading.Lock()
        self.is_ready = True
        self.largest_send_bytes = sys.maxsize
        self.unsent_bytes = 0

    def fileno(self) -> int:
        return 7

    def send(self, data: bytes | memoryview) -> int:
        assert not self.closed
        if not self.plan and self.failure is not None:
            raise self.failure
        size_bytes = self.plan.popleft() if self.plan else WOULD_BLOCK
        if size_bytes == WOULD_BLOCK:
            raise BlockingIOError
        self.taken += data[:size_bytes]
        return min(size_bytes, len(data))

    def flush(self) -> bool:
        return True

    def stop_receiving(self) -> None:
        self.receiving_stopped = True

    def close(self) -> None:
        self.closed = True


class Books:
    """Stands in for journal and sender: what was recorded, what is watched."""

    def __init__(self) -> None:
        self.entries: list[tuple[int, bytes, int, str]] = []
        self.watched = False
        self.tended: list[Outlet] = []
        self.errors: list[Exception] = []
        self.crowded = self.full = False

    def tend(self, outlet: Outlet) -> None:
        self.tended.append(outlet)

    def report(self, error: Exception) -> None:
        self.errors.append(error)

    def hold(self, outlet: Outlet, journal: object) -> None:
        assert not self.watched

    def append(self, client_id: int, kind: int, data: bytes, offset: int, encoding: str) -> int:
        assert type(data) is bytes
        assert data
        self.entries.append((kind, data, offset, encoding))
        return len(self.entries)

    def append_event(self, client_id: int, kind: int, **detail: object) -> int:
        self.entries.append((kind, b"", 0, str(sorted(detail))))
        return len(self.entries)

    def watch(self, fileno: int, outlet: Outlet) -> None:
        assert not self.watched
        self.watched = True

    def forget(self, fileno: int) -> None:
        assert self.watched
        self.watched = False


def outlet_on(wire: ScriptedWire, limit_bytes: int = 1 << 20) -> tuple[Outlet, Books]:
    books = Books()
    stand_in = cast("Any", books)
    shared = Shared(stand_in, stand_in, stand_in, limit_bytes, 60, 0, Partings(), 1024, None)
    return Outlet(1, cast("Any", wire), shared), books


sends = st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=12)
plans = st.lists(st.integers(0, 250), max_size=60)


@given(sends, plans, st.integers(0, 12))
def test_any_plan_of_partial_sends(data: list[bytes], plan: list[int], pause: int) -> None:
    wire = ScriptedWire(plan)
    outlet, books = outlet_on(wire)
    told: list[SendReport] = []
    tallies = [Tally(i, [1], told.append) for i in range(len(data))]
    for i, (piece, tally) in enumerate(zip(data, tallies, strict=True)):
        outlet.send(piece, "gbk", tally)
        tally.announce()
        if i == pause:
            outlet.write_waiting()
        assert books.watched == bool(outlet.waiting_bytes)
    for _ in range(2000):
        if not outlet.waiting_bytes:
            break
        wire.plan.append(1 + len(wire.taken) % 97)
        outlet.write_waiting()
        assert books.watched == bool(outlet.waiting_bytes)
    whole = b"".join(data)
    assert bytes(wire.taken) == whole
    assert b"".join(entry[1] for entry in books.entries) == whole
    offset = 0
    for kind, piece, at, encoding in books.entries:
        assert (kind, at, encoding) == (Kind.OUT, offset, "gbk")
        offset += len(piece)
    assert outlet.bytes_out == len(whole)
    assert all(tally.report.finished for tally in tallies)
    assert {tally.report.results[1] for tally in tallies} == {SendResult.SENT}


@given(sends, plans)
def test_what_was_taken_and_what_was_not_is_everything(data: list[bytes], plan: list[int]) -> None:
    wire = ScriptedWire(plan)
    outlet, books = outlet_on(wire)
    for piece in data:
        outlet.send(piece, "gbk")
    unsent_bytes = outlet.close()
    assert wire.closed
    assert not books.watched
    recorded = b"".join(entry[1] for entry in books.entries)
    assert recorded == bytes(wire.taken) == b"".join(data)[: len(wire.taken)]
    assert len(recorded) + unsent_bytes == sum(map(len, data))
    assert outlet.send(b"late", "gbk") is SendResult.GONE


@given(sends, plans, st.integers(1, 600))
def test_refused_is_refused_whole(data: list[bytes], plan: list[int], limit_bytes: int) -> None:
    wire = ScriptedWire(plan)
    outlet, books = outlet_on(wire, limit_bytes)
    accepted = bytearray()
    for piece in data:
        result = outlet.send(piece, "gbk")
        if result is SendResult.REFUSED:
            assert books.entries[-1][0] == Kind.SEND_REFUSED
        else:
            accepted += piece
        assert outlet.waiting_bytes <= limit_bytes
    unsent_bytes = outlet.close()
    assert len(wire.taken) + unsent_bytes == len(accepted)
    assert accepted.startswith(wire.taken)


def test_a_reset_told_to_send_is_remembered() -> None:
    wire = ScriptedWire([], OSError(errno.ECONNRESET, "reset"))
    outlet, books = outlet_on(wire)
    tally = Tally(1, [1], lambda report: None)
    assert outlet.send(b"abc", "gbk", tally) is SendResult.WAITING
    assert outlet.verdict is not None
    assert outlet.verdict[0] is CloseReason.RESET
    assert wire.receiving_stopped
    assert not books.watched
    assert outlet.send(b"more", "gbk") is SendResult.GONE
    assert outlet.close() == 3
    assert tally.report.results == {1: SendResult.GONE}


def test_a_broken_pipe_leaves_the_reason_to_recv() -> None:
    wire = ScriptedWire([2], BrokenPipeError(errno.EPIPE, "pipe"))
    outlet, _ = outlet_on(wire)
    outlet.send(b"abcd", "gbk")
    outlet.write_waiting()
    assert outlet.verdict is None
    assert outlet.close() == 2


def test_the_first_reason_stands() -> None:
    wire = ScriptedWire([], OSError(errno.ECONNRESET, "reset"))
    outlet, _ = outlet_on(wire)
    outlet.end(CloseReason.DISCONNECTED)
    outlet.end(CloseReason.SERVER_CLOSED)
    assert outlet.verdict == (CloseReason.DISCONNECTED, "")


def test_large_sends_go_out_in_pieces() -> None:
    wire = ScriptedWire([PIECE_BYTES] * 100)
    outlet, books = outlet_on(wire, 10 * PIECE_BYTES)
    outlet.send(bytes(3 * PIECE_BYTES + 5), "")
    assert [len(entry[1]) for entry in books.entries] == [PIECE_BYTES] * 3 + [5]


@pytest.mark.parametrize("limit_bytes", [1024, 1 << 20])
def test_many_tiny_sends_do_not_take_much_memory(limit_bytes: int) -> None:
    outbox = Outbox(limit_bytes)
    count = 0
    while outbox.has_room_for(1):
        outbox.put(Parcel((b"x",), "", None))
        count += 1
    assert count <= max(64, limit_bytes // 256)


def test_a_worker_that_looks_in_the_middle_of_a_send_is_told_of_its_end() -> None:
    """It sees bytes that wait, although the kernel is about to take them all."""

    class Watched(ScriptedWire):
        def send(self, data: bytes | memoryview) -> int:
            worker.start()
            wait_until(looked.is_set)
            return super().send(data)

    outlet, _ = outlet_on(Watched([3]))
    looked = threading.Event()

    def is_empty() -> bool:
        empty = not outlet.waiting_bytes
        looked.set()
        return empty

    worker = threading.Thread(target=outlet.wait_for, args=(is_empty,))
    outlet.send(b"end", "gbk")
    worker.join(5)
    assert not worker.is_alive()
