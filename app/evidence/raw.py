"""The bytes of each client and direction, a file each, as they went over the wire."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple

from app.evidence.source import Source
from app.evidence.table import csv_pieces, defused
from app.journal.entry import Entry, Kind

_OPEN = 64  # files at once: fewer than any system allows
_COLUMNS = ("file", "client", "address", "direction", "begins_at", "size", "missing")
_UNFIT = re.compile(r"[^0-9A-Za-z.-]+")  # in a file's name, on any system
_OUT = int(Kind.OUT)


class RawPiece(NamedTuple):
    """Bytes for the end of a file."""

    name: str
    data: bytes


class _Stream:
    """What was written of one client and direction."""

    def __init__(self, name: str, entry: Entry) -> None:
        self.name = name
        self.begins_at = self.ends_at = entry.offset
        self.size = 0

    def take(self, entry: Entry) -> None:
        self.size += len(entry.data)
        self.ends_at = entry.offset + len(entry.data)

    @property
    def missing(self) -> int:
        """Bytes between the first and the last that are not there: pruned, or not selected."""
        return max(self.ends_at - self.begins_at - self.size, 0)


def raw_pieces(source: Source) -> Iterator[RawPiece]:
    """Yield bytes for `client-7-192.168.1.7_64570-in.bin` and so on, at last `index.csv`.

    The index says where each file begins in its stream, and how many bytes of that are missing.
    """
    streams: dict[tuple[int, int], _Stream] = {}
    for entries in source.batches():
        for entry in entries:
            if entry.kind > _OUT:
                continue
            key = (entry.client_id, entry.kind)
            stream = streams.get(key)
            if stream is None:
                stream = streams[key] = _Stream(_name(source, entry), entry)
            stream.take(entry)
            yield RawPiece(stream.name, entry.data)
    rows = [
        (
            stream.name,
            client_id,
            defused(source.address(client_id)),
            Kind(kind).name.lower(),
            stream.begins_at,
            stream.size,
            stream.missing,
        )
        for (client_id, kind), stream in sorted(streams.items())
    ]
    for piece in csv_pieces(_COLUMNS, [rows]):
        yield RawPiece("index.csv", piece)


def _name(source: Source, entry: Entry) -> str:
    address = _UNFIT.sub("_", source.address(entry.client_id)).strip("_")[:64]
    place = "-".join(filter(None, (f"client-{entry.client_id}", address)))
    return f"{place}-{'in' if entry.kind == Kind.IN else 'out'}.bin"


class Appender:
    """Appends to any number of files in a folder, few of them open. Use it as a context."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: OrderedDict[str, BinaryIO] = OrderedDict()

    def __enter__(self) -> Appender:
        return self

    def __exit__(self, *_: object) -> None:
        """Close all, also where one cannot be: then the first error comes through."""
        with ExitStack() as stack:
            for file in self._files.values():
                stack.callback(file.close)

    def write(self, piece: RawPiece) -> None:
        """Append a piece to its file. Raises OSError."""
        file = self._files.get(piece.name)
        if file is None:
            if len(self._files) >= _OPEN:
                self._files.popitem(last=False)[1].close()
            file = self._files[piece.name] = (self._folder / piece.name).open("ab")
        self._files.move_to_end(piece.name)
        file.write(piece.data)
