"""Journals made for a test: what clients did, in few words."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.journal.entry import ClientRecord, Kind
from app.journal.journal import Journal
from app.journal.reader import Reader


@dataclass
class Made:
    """A journal that is written, and what is in each client's streams."""

    path: Path
    streams: dict[tuple[int, int], bytes] = field(default_factory=dict)
    begins: dict[tuple[int, int], int] = field(default_factory=dict)

    def __enter__(self) -> Made:
        self.journal = Journal(self.path)
        return self

    def __exit__(self, *_: object) -> None:
        self.journal.close(5.0)

    def server(self, *endpoints: tuple[str, int]) -> None:
        self.journal.append_event(0, Kind.SERVER_OPENED, endpoints=[list(e) for e in endpoints])

    def client(
        self, number: int, host: str, port: int, encoding: str = "utf-8", **more: Any
    ) -> None:
        self.journal.add_client(ClientRecord(number, host, port, encoding, 1, **more))

    def online(self, number: int) -> None:
        self.journal.append_event(number, Kind.ONLINE)

    def chunk(self, number: int, kind: Kind, data: bytes, encoding: str = "") -> None:
        key = (number, int(kind))
        sent = self.streams.get(key, b"")
        offset = self.begins.setdefault(key, 0) + len(sent)
        self.journal.append(number, kind, data, offset, encoding)
        self.streams[key] = sent + data

    def offline(self, number: int, reason: str = "fin") -> None:
        self.journal.append_event(number, Kind.OFFLINE, reason=reason)

    def reader(self) -> Reader:
        """Return a reader of the finished file; closing it is the caller's."""
        self.journal.close(5.0)
        return Reader(self.path)
