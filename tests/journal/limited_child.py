"""A child process whose files may not grow beyond a limit."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.journal.entry import Kind
from app.journal.journal import Journal
from app.journal.reader import Reader
from tests.support.wait import wait_until


def late(path: Path) -> dict[str, object]:
    """The limit comes when the journal is open; then it goes."""
    journal = Journal(path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024 * 1024, resource.RLIM_INFINITY))
    for number in range(3_000):
        journal.append(1, Kind.IN, b"%05d" % number * 200, number)
    wait_until(lambda: journal.health.fault is not None)
    told = {"fault": journal.health.fault, "problem": journal.health.problem}
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    wait_until(lambda: journal.stored_id == 3_000 and journal.health.fault is None)
    lost = journal.close()
    reader = Reader(path)
    numbers = [int(entry.data[:5]) for entry in reader.entries(1, 4_000)]
    reader.close()
    return told | {"lost": lost, "numbers_ok": numbers == [*range(3_000)]}


SIZES = {
    "large": lambda _number: 65_536,
    "reading": lambda _number: 65_536,
    "small": lambda _number: 64,
    "mixed": lambda number: 1 if number % 20_000 < 19_600 else 65_536,
}


def flood(path: Path, how: str) -> dict[str, object]:
    """Several times what fits, through a file that may not have it."""
    limit_bytes = 16 * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes - 1, resource.RLIM_INFINITY))
    faults: list[str] = []
    journal = Journal(path, limit_bytes=limit_bytes)
    reader = journal.reader()
    sizes: dict[str, int] = {}
    sent_bytes = number = 0
    size_of = SIZES[how]
    while sent_bytes < 4 * limit_bytes and number < 400_000:
        data = bytes(size_of(number))
        journal.append(1, Kind.IN, data, sent_bytes)
        sent_bytes += len(data)
        number += 1
        if journal.crowded:
            # A fault would last: nothing that this process does makes room.
            wait_until(lambda: journal.health.fault or not journal.crowded, 60)
            if journal.health.fault:
                faults.append(f"{journal.health.fault} {journal.health.problem}")
                break
        if number % 64 == 0:
            for file in path.parent.iterdir():
                size = file.stat().st_size
                sizes[file.name] = max(size, sizes.get(file.name, 0))
            if how == "reading":
                reader.entries(journal.first_id, 50)
    reader.close()
    lost = journal.close()
    old = Reader(path)
    entries = old.entries(old.first_id, 500_000)
    ids = [entry.id for entry in entries]
    told = {
        "faults": faults,
        "lost": lost,
        "pruned": old.first_id > 1,
        "unbroken": ids == [*range(old.first_id, old.last_id + 1)],
        "sizes": sizes,
    }
    old.close()
    return told


def main(path: Path, how: str) -> None:
    told = late(path) if how == "late" else flood(path, how)
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
