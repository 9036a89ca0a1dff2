"""A child process whose files may not grow beyond 1 MiB, and later may."""

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


def main(path: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024 * 1024, resource.RLIM_INFINITY))
    journal = Journal(path)
    for number in range(3_000):
        journal.append(1, Kind.IN, b"%05d" % number * 200, number)
    wait_until(lambda: journal.health.fault is not None, 20)
    told = {"fault": journal.health.fault, "problem": journal.health.problem}
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    wait_until(lambda: journal.stored_id == 3_000 and journal.health.fault is None, 20)
    lost = journal.close()
    reader = Reader(path)
    numbers = [int(entry.data[:5]) for entry in reader.entries(1, 4_000)]
    reader.close()
    sys.stdout.write(json.dumps(told | {"lost": lost, "numbers_ok": numbers == [*range(3_000)]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
