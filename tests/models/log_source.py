"""A real journal for tests of the log, and rows over it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.journal.entry import ClientRecord, Kind
from app.journal.journal import LIMIT_BYTES, Journal
from app.journal.reader import Reader
from app.models.log_rows import LogRows
from app.net.facts import Endpoint
from tests.support.wait import wait_until

START_NS = 1_767_233_000_000_000_000


class LogSource:
    """A live journal with some clients, and the stream offsets that a server would count."""

    def __init__(self, path: Path, encoding: str = "gbk", limit_bytes: int = LIMIT_BYTES) -> None:
        self.journal = Journal(path, limit_bytes=limit_bytes)
        self.reader = self.journal.reader()
        self.encodings: dict[int, str] = {}
        self.names: dict[int, Endpoint] = {}
        self.default = encoding
        self._offsets: dict[tuple[int, int], int] = {}

    def client(self, host: str = "192.168.1.7", encoding: str = "") -> int:
        number = self.journal.new_client_id()
        self.names[number] = Endpoint(host, 64_569 + number)
        self.encodings[number] = encoding or self.default
        self.journal.add_client(
            ClientRecord(number, host, 64_569 + number, self.encodings[number], START_NS)
        )
        return number

    def chunk(self, client_id: int, data: bytes, kind: int = Kind.IN) -> int:
        offset = self._offsets.get((client_id, kind), 0)
        self._offsets[client_id, kind] = offset + len(data)
        encoding = self.encodings[client_id] if kind == Kind.OUT else ""
        return self.journal.append(client_id, kind, data, offset, encoding)

    def event(self, client_id: int, kind: int = Kind.ONLINE, **detail: object) -> int:
        return self.journal.append_event(client_id, kind, **detail)

    def encoding_of(self, client_id: int) -> str:
        return self.encodings.get(client_id, self.default)

    def stored(self) -> None:
        wait_until(lambda: self.journal.stored_id == self.journal.last_id)

    def give_to(self, rows: LogRows) -> None:
        rows.set_source(self.reader, self.encoding_of, self.names.get)

    def close(self) -> None:
        self.reader.close()
        self.journal.close()


@contextmanager
def open_log(path: Path, limit_bytes: int = LIMIT_BYTES) -> Iterator[tuple[LogSource, LogRows]]:
    """A live journal and rows that show it."""
    source = LogSource(path, limit_bytes=limit_bytes)
    rows = LogRows()
    source.give_to(rows)
    try:
        yield source, rows
    finally:
        rows.close_source()
        source.close()


def show_file(path: Path, rows: LogRows, encoding: str = "gbk") -> Reader:
    """Let `rows` show an old journal; the reader is the caller's to close."""
    reader = Reader(path)
    rows.set_source(reader, lambda _: encoding, lambda _: None)
    return reader
