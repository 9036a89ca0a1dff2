"""Receiving to files: what comes and goes from now on, as raw bytes, while the program runs.

It follows the journal instead of the sockets: so it holds nobody up, and what it has not written
yet is safe there. While a disk takes nothing, the journal keeps what is needed (`Holds`).
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.evidence.selection import Selection
from app.evidence.source import Source
from app.evidence.stream_files import StreamFiles
from app.journal.entry import Entry, Kind
from app.journal.errors import JournalError
from app.report import log

if TYPE_CHECKING:
    from app.journal.journal import Journal
    from app.journal.reader import Reader

LOOK_S = 0.05  # between two looks whether there is more
RETRY_S = 0.5  # after an error
_MOST_OPEN = 64  # files at once: fewer than any system allows
_UNFIT = re.compile(r"[^\w.-]+")  # in a file's name, on any system
_IN, _OUT = int(Kind.IN), int(Kind.OUT)


@dataclass(frozen=True, slots=True)
class ReceiveOrder:
    """What is wanted."""

    folder: Path
    kinds: frozenset[int] = frozenset({_IN})  # IN, OUT
    client_id: int = 0  # 0: every client
    server_id: int = 0  # of this server; 0: of any
    rotate_bytes: int = 0  # a new file after so many; 0: never
    rotate_s: int = 0  # a new file after so long; 0: never


@dataclass(frozen=True, slots=True)
class ReceiveState:
    """How far it is. Immutable: any thread reads it."""

    size_bytes: int = 0  # written
    files: int = 0
    problem: str = ""  # the system's own words, while it cannot write
    missing_bytes: int = 0  # the journal had let them go before they could be written
    unwritten: bool = False  # it was ended while there was a problem
    is_over: bool = False


class _Stream:
    """What is to be written of one client and direction."""

    __slots__ = ("ends_at", "files", "is_meant", "parts", "time_ns")

    def __init__(self, files: StreamFiles, ends_at: int, *, is_meant: bool) -> None:
        self.files = files
        self.is_meant = is_meant
        self.ends_at = ends_at  # of what was taken, in the stream
        self.parts: list[bytes] = []
        self.time_ns = 0  # of the first of them


class _GivenUp(Exception):
    """It cannot be written, and nobody waits any more."""


class Receiving(threading.Thread):
    """Writes until it is finished. `state` may be read by any thread."""

    def __init__(
        self,
        journal: Journal,
        order: ReceiveOrder,
        on_problem: Callable[[str], object] = lambda _words: None,
    ) -> None:
        """From the journal's newest entry of now on.

        `on_problem`: called in this thread with the system's words when it cannot write, and with
        "" when it can again.
        """
        super().__init__(name="receive-to-file", daemon=True)
        self.order = order
        self._on_problem = on_problem
        self.state = ReceiveState()
        self._journal = journal
        self._next_id = journal.last_id + 1
        journal.holds.keep_from(self, self._next_id)
        self._until_id: int | None = None  # the last that is wanted
        self._nudge = threading.Event()
        self._streams: dict[tuple[int, int], _Stream] = {}
        self._open: OrderedDict[StreamFiles, None] = OrderedDict()
        self._servers: dict[int, str] = {}
        self._known_id = 0  # clients up to this one came before
        self._source: Source

    def finish(self) -> None:
        """Take what has come until now, and end; returns at once. Any thread."""
        if self._until_id is None:
            self._until_id = self._journal.last_id
        self._nudge.set()

    def run(self) -> None:
        """Follow the journal."""
        try:
            reader = self._journal.reader()
            try:
                self._follow(reader)
            finally:
                reader.close()
        except _GivenUp:
            self._tell(unwritten=True)
        except (JournalError, OSError) as error:
            self._tell(unwritten=True, problem=str(error))
        finally:
            self._journal.holds.release(self)
            for files in self._open:
                files.close()
            self._tell(is_over=True)
            if self.state.unwritten:
                log.warning(f"receive to file: not all is written: {self.state.problem}")

    def _follow(self, reader: Reader) -> None:
        self._source = Source(reader)
        self._known_id = max(reader.newest_clients(1)[0], default=0)
        while not self.state.is_over:
            until_id = self._until_id  # read before looking: nothing is wanted that comes later
            last_id = reader.last_id if until_id is None else min(until_id, reader.last_id)
            if last_id >= self._next_id:
                try:
                    self._round(last_id)
                except JournalError as error:
                    self._wait(error)
            elif until_id is not None:
                return
            else:
                self._nudge.wait(LOOK_S)

    def _round(self, last_id: int) -> None:
        """Write what has come up to an entry."""
        client_id, kinds = self.order.client_id, self.order.kinds
        self._source.selection = Selection(
            [(self._next_id, last_id)],
            frozenset({client_id}) if client_id else None,
            frozenset({*kinds, int(Kind.OFFLINE)}) if client_id else None,
        )
        for entries in self._source.batches():
            self._take(entries)
            if entries:
                self._go_on_from(entries[-1].id + 1)
        self._go_on_from(last_id + 1)

    def _go_on_from(self, entry_id: int) -> None:
        self._next_id = entry_id
        self._journal.holds.keep_from(self, entry_id)

    # -- entries -----------------------------------------------------------------------------

    def _take(self, entries: list[Entry]) -> None:
        """Write what is meant of these. As quick as it can be: every byte comes through here."""
        streams = self._streams
        touched: dict[_Stream, None] = {}
        for _, time_ns, _, client_id, kind, offset, data, _ in entries:
            if kind > _OUT:
                self._on_event(client_id, kind, touched)
                continue
            stream = streams.get((client_id, kind))
            if stream is None:
                stream = streams[client_id, kind] = self._new_stream(client_id, kind, offset)
            if not stream.is_meant:
                continue
            if offset != stream.ends_at:
                self._miss(offset - stream.ends_at)
            stream.ends_at = offset + len(data)
            if self.order.rotate_s:
                self._rotate_if_due(stream, time_ns)
            if not stream.parts:
                stream.time_ns = time_ns
                touched[stream] = None
            stream.parts.append(data)
        for stream in touched:
            self._write(stream)

    def _new_stream(self, client_id: int, kind: int, offset: int) -> _Stream:
        path = partial(self._path, client_id, kind)
        files = StreamFiles(path, self.order.rotate_bytes)
        begins_at = offset if client_id <= self._known_id else 0
        is_meant = kind in self.order.kinds and self._is_meant(client_id)
        return _Stream(files, begins_at, is_meant=is_meant)

    def _is_meant(self, client_id: int) -> bool:
        wanted = self.order.server_id
        if self.order.client_id:
            return client_id == self.order.client_id
        record = self._source.client(client_id) if wanted else None
        return not wanted or (record is not None and record.server_id == wanted)

    def _miss(self, size_bytes: int) -> None:
        """The journal had to let these go."""
        self._tell(missing_bytes=self.state.missing_bytes + max(size_bytes, 0))

    def _rotate_if_due(self, stream: _Stream, time_ns: int) -> None:
        began_ns = stream.files.began_ns if stream.files.size_bytes else stream.time_ns
        if began_ns and time_ns - began_ns >= self.order.rotate_s * 1_000_000_000:
            self._write(stream)
            stream.files.rotate()

    def _on_event(self, client_id: int, kind: int, touched: dict[_Stream, None]) -> None:
        if kind == Kind.SERVER_OPENED:
            self._servers.clear()  # it may have another name, or port
        elif kind == Kind.OFFLINE:  # nothing more comes of it
            for direction in (_IN, _OUT):
                stream = self._streams.pop((client_id, direction), None)
                if stream is not None:
                    self._write(stream)
                    touched.pop(stream, None)
                    stream.files.close()
                    self._open.pop(stream.files, None)
            if client_id == self.order.client_id:
                self._tell(is_over=True)

    # -- files -------------------------------------------------------------------------------

    def _path(self, client_id: int, kind: int, time_ns: int) -> Path:
        record = self._source.client(client_id)
        server = self._server(record.server_id) if record is not None else ""
        moment = time.strftime("%Y%m%d-%H%M%S", time.localtime(time_ns // 1_000_000_000))
        direction = "received" if kind == _IN else "sent"
        parts = (server, f"client-{client_id}", self._source.address(client_id), moment, direction)
        words = [_UNFIT.sub("_", part).strip("_.")[:64] for part in parts]
        return self.order.folder / f"{'-'.join(filter(None, words))}.bin"

    def _server(self, server_id: int) -> str:
        """Return what a server is called in a file's name: its kind and port, and its own name."""
        if server_id not in self._servers:
            self._servers[server_id] = ""
            for opening in self._source.reader.openings():
                port = _port_of(opening.endpoints)
                words = (opening.kind, port, opening.name)
                self._servers[opening.server_id] = "-".join(filter(None, words))
        return self._servers[server_id]

    def _write(self, stream: _Stream) -> None:
        """Write what waits of a stream: again and again, until it is written."""
        rest = memoryview(b"".join(stream.parts))
        stream.parts.clear()
        while rest:
            try:
                before = stream.files.files
                taken = stream.files.write(rest, stream.time_ns)
            except (OSError, JournalError) as error:
                self._wait(error)
                continue
            rest = rest[taken:]
            self._tell(
                size_bytes=self.state.size_bytes + taken,
                files=self.state.files + stream.files.files - before,
                problem="",
            )
        self._keep_few_open(stream.files)

    def _wait(self, error: Exception) -> None:
        """Say what is wrong, and try again in a moment."""
        self._tell(problem=getattr(error, "strerror", None) or str(error))
        if self._until_id is not None:
            raise _GivenUp
        self._nudge.wait(RETRY_S)

    def _keep_few_open(self, files: StreamFiles) -> None:
        self._open[files] = None
        self._open.move_to_end(files)
        while len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)[0].close()

    def _tell(self, **news: object) -> None:
        before, self.state = self.state, replace(self.state, **news)  # type: ignore[arg-type]
        if before.problem != self.state.problem:
            self._on_problem(self.state.problem)


def _port_of(endpoints: str) -> str:
    """Return the port of an opening's first endpoint, as the journal has it."""
    try:
        return str(int(json.loads(endpoints)[0][1]))
    except (ValueError, TypeError, LookupError):
        return ""
