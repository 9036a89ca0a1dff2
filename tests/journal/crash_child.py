"""A child process that floods a journal with numbered chunks until it is killed."""

from __future__ import annotations

import mmap
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.journal.entry import ClientRecord, Kind
from app.journal.journal import Journal

CLIENTS = 50
CHUNK_BYTES = 1_024


def chunk(client_id: int, number: int) -> bytes:
    """The `number`-th chunk of a client: its numbers, over and over."""
    return (b"%d:%d;" % (client_id, number)).ljust(32, b".") * (CHUNK_BYTES // 32)


def flood(journal: Journal, client_id: int, appended: memoryview) -> None:
    number = 0
    while True:
        journal.append(client_id, Kind.IN, chunk(client_id, number), number * CHUNK_BYTES)
        number += 1
        appended[client_id - 1] = number
        if journal.crowded:
            journal.wait_for_room()


def main(path: Path, tally: Path) -> None:
    """Flood the journal at `path`; `tally` says how many chunks each client has appended."""
    with tally.open("r+b") as file:  # what is mapped outlives the kill
        appended = memoryview(mmap.mmap(file.fileno(), 0)).cast("q")
    journal = Journal(path)
    for client_id in range(1, CLIENTS + 1):
        journal.add_client(ClientRecord(client_id, "127.0.0.1", 1_000 + client_id, "gbk", 1))
        threading.Thread(target=flood, args=(journal, client_id, appended), daemon=True).start()
    sys.stdout.write("flooding\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
