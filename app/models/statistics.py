"""Statistics of a journal: how many messages and bytes, how large, how quickly answered.

One way through the entries, bounded in memory whatever their number: values are counted in classes
of about 4 %, moments in at most MOST_BUCKETS spans that double as the journal grows longer.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from math import ceil, log2
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject

from app.journal.entry import Entry, Kind
from app.models.frame_series import Points
from app.models.log_task import FollowTask, LogTask

if TYPE_CHECKING:
    from app.journal.reader import Reader

MOST_BUCKETS = 600
MOST_CLIENTS = 200  # that have a row of their own; all of them count
_STEPS = 16  # classes between a value and its double
_SLICE = 4_096
_SLICE_BYTES = 8 * 1024 * 1024
_CALM_S = 1.0  # between two looks at what has arrived
_OUT = int(Kind.OUT)


class Classes:
    """Values from 1 on, counted in classes that are 4 % wide."""

    def __init__(self) -> None:
        self.counts: dict[int, int] = {}
        self.total = 0

    def add(self, value: int) -> None:
        """Count a value."""
        at = int(log2(value) * _STEPS) if value > 0 else -1
        self.counts[at] = self.counts.get(at, 0) + 1
        self.total += 1

    def quantile(self, part: float) -> float:
        """Return the value that so great a part of all do not exceed; 0 where there are none."""
        left = ceil(self.total * part)
        for at in sorted(self.counts):
            left -= self.counts[at]
            if left <= 0:
                return value_of(at + 0.5) if at >= 0 else 0.0
        return 0.0


def value_of(at: float) -> float:
    """Return the value at which a class begins."""
    return float(2 ** (at / _STEPS))


class _Party:
    def __init__(self) -> None:
        self.counts, self.bytes = [0, 0], [0, 0]  # received and sent
        self.sizes, self.answers = Classes(), Classes()
        self.first_ns = self.last_ns = 0


class Figures(NamedTuple):
    """What is known of all, of a server or of a client."""

    kind: str  # "all", "server" or "client"
    number: int
    received: int
    sent: int
    bytes_in: int
    bytes_out: int
    span_s: float  # from the first message to the last
    size_p50: float
    size_p99: float
    answer_p50_ms: float
    answer_p99_ms: float
    answers: int

    @property
    def per_s(self) -> float:
        """Messages a second, on average."""
        return (self.received + self.sent) / self.span_s if self.span_s else 0.0

    @property
    def bytes_per_s(self) -> float:
        """Bytes a second, on average."""
        return (self.bytes_in + self.bytes_out) / self.span_s if self.span_s else 0.0


class Statistics(NamedTuple):
    """All figures of one moment."""

    parties: tuple[Figures, ...]  # all, the servers, the clients with most messages
    messages: Points  # a second, over time
    bytes: Points
    sizes: Mapping[int, int]  # counts by class, bytes
    answers: Mapping[int, int]  # µs
    complete: bool


class Tally:
    """Counts entries. One thread at a time."""

    def __init__(self, server_of: Callable[[int], int]) -> None:
        self._server_of = server_of
        self._all = _Party()
        self._servers: dict[int, _Party] = {}
        self._clients: dict[int, _Party] = {}
        self._asked: dict[int, int] = {}  # mono_ns of the last received chunk, by client
        self._buckets: dict[int, list[int]] = {}
        self._width_ns = 100_000_000

    def add(self, entry: Entry) -> None:
        """Count a chunk; events are left out."""
        _, time_ns, mono_ns, client_id, kind, _, data, *_ = entry
        if kind > _OUT:
            return
        answer_us = None
        if kind != _OUT:
            self._asked[client_id] = mono_ns
        elif (asked := self._asked.pop(client_id, None)) is not None and mono_ns >= asked:
            answer_us = (mono_ns - asked) // 1000
        for party in self._parties(client_id):
            party.counts[kind] += 1
            party.bytes[kind] += len(data)
            party.sizes.add(len(data))
            party.first_ns = party.first_ns or time_ns
            party.last_ns = max(party.last_ns, time_ns)
            if answer_us is not None:
                party.answers.add(max(answer_us, 1))
        bucket = self._buckets.setdefault(time_ns // self._width_ns, [0, 0])
        bucket[0] += 1
        bucket[1] += len(data)
        while len(self._buckets) > MOST_BUCKETS:
            self._widen()

    def _parties(self, client_id: int) -> tuple[_Party, ...]:
        server_id = self._server_of(client_id)
        server = self._servers.get(server_id)
        if server is None:
            server = self._servers[server_id] = _Party()
        client = self._clients.get(client_id)
        if client is None:
            client = self._clients[client_id] = _Party()
        return self._all, server, client

    def _widen(self) -> None:
        wider: dict[int, list[int]] = {}
        for at, (count, size) in self._buckets.items():
            bucket = wider.setdefault(at // 2, [0, 0])
            bucket[0] += count
            bucket[1] += size
        self._buckets, self._width_ns = wider, self._width_ns * 2

    def result(self, *, complete: bool) -> Statistics:
        """Return the figures so far."""
        clients = sorted(self._clients.items(), key=lambda item: -sum(item[1].counts))
        parties = [_figures("all", 0, self._all)]
        parties += [_figures("server", n, party) for n, party in sorted(self._servers.items())]
        parties += [_figures("client", n, party) for n, party in clients[:MOST_CLIENTS]]
        rates = [self._rate(which) for which in (0, 1)]
        sizes, answers = dict(self._all.sizes.counts), dict(self._all.answers.counts)
        return Statistics(tuple(parties), rates[0], rates[1], sizes, answers, complete)

    def _rate(self, which: int) -> Points:
        """What came in each span, a second; nothing between two spans is 0."""
        known, width_s = self._buckets, self._width_ns / 1e9
        shown = sorted({at + by for at in known for by in (-1, 0, 1)})
        times = array("d", (at * width_s for at in shown))
        values = array("d", (known[at][which] / width_s if at in known else 0.0 for at in shown))
        return Points(which, times, values)


def _figures(kind: str, number: int, party: _Party) -> Figures:
    sizes, answers = party.sizes, party.answers
    return Figures(
        kind, number, party.counts[0], party.counts[1], party.bytes[0], party.bytes[1],
        (party.last_ns - party.first_ns) / 1e9,
        sizes.quantile(0.5), sizes.quantile(0.99),
        answers.quantile(0.5) / 1000, answers.quantile(0.99) / 1000, answers.total,
    )  # fmt: skip


class LogStatistics(FollowTask):
    """Delivers Statistics: of the journal as it is, then at a calm pace of what arrives."""

    def __init__(
        self,
        new_reader: Callable[[], Reader],
        clients: frozenset[int] | None,
        last_id: int,
        parent: QObject | None = None,
    ) -> None:
        """`clients` are meant; None: all."""
        super().__init__("log-statistics", new_reader, self._count, last_id, parent)
        self._clients = clients
        self._done_id = 0

    def _count(self, reader: Reader, _task: LogTask) -> None:
        servers: dict[int, int] = {}

        def server_of(client_id: int) -> int:
            if client_id not in servers:
                record = reader.client(client_id)
                servers[client_id] = record.server_id if record is not None else 0
            return servers[client_id]

        tally = Tally(server_of)
        while not self.cancelled():
            self._news.clear()
            self._go_on(reader, tally)
            self.deliver(tally.result(complete=True))
            self._news.wait()
            if not self.cancelled():
                self._cancelled.wait(_CALM_S)

    def _go_on(self, reader: Reader, tally: Tally) -> None:
        told_s = monotonic()
        first_id, kinds = reader.first_id, frozenset({int(Kind.IN), _OUT})
        while self._done_id < self._wanted_id and not self.cancelled():
            wanted_id = self._wanted_id
            ids = reader.matching_ids(self._clients, kinds, self._done_id, _SLICE)
            more = len(ids) == _SLICE
            count = reader.count_within(ids, _SLICE_BYTES) if ids else 0
            more = more or count < len(ids)
            del ids[count:]
            for entry in reader.pick(ids):
                tally.add(entry)
            self._done_id = ids[-1] if more else max(wanted_id, ids[-1] if ids else 0)
            if monotonic() - told_s > _CALM_S:
                told_s = monotonic()
                self.deliver(tally.result(complete=False))
            self.report(self._done_id - first_id, wanted_id - first_id)
