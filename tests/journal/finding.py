"""What the tests of find share: a journal of three encodings, and whoever may say stop."""

from __future__ import annotations

import time

from app.journal.entry import ClientRecord, Kind
from app.journal.find import Accept, Match, find
from app.journal.journal import Journal
from app.journal.needle import Needle
from app.journal.reader import Reader

ENCODINGS = {1: "gbk", 2: "utf-8", 3: "utf-16-le"}


def search(
    reader: Reader,
    needle: Needle,
    from_id: int = 1,
    forward: bool = True,
    accept: Accept = Accept(),  # noqa: B008
) -> Match | None:
    return find(
        reader,
        needle,
        from_id,
        forward,
        accept,
        encoding_of=ENCODINGS.__getitem__,
        encodings=ENCODINGS.values(),
    )


def fill(journal: Journal, chunks: list[tuple[int, bytes]], kind: Kind = Kind.IN) -> None:
    offsets = dict.fromkeys(ENCODINGS, 0)
    for client_id in ENCODINGS:
        journal.add_client(ClientRecord(client_id, "::1", 1, ENCODINGS[client_id], 1))
    for client_id, data in chunks:
        journal.append(client_id, kind, data, offsets[client_id])
        offsets[client_id] += len(data)


class Asked:
    """Remembers the longest that `cancelled` was not asked, in this thread's own time."""

    def __init__(self, most: int | None = None) -> None:
        self.most = most  # so many times it says no
        self.count = 0
        self.longest_s = 0.0
        self.before_s = time.thread_time()

    def __call__(self) -> bool:
        now_s = time.thread_time()
        self.longest_s = max(self.longest_s, now_s - self.before_s)
        self.before_s = now_s
        self.count += 1
        return self.most is not None and self.count > self.most
