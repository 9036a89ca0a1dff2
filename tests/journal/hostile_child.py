"""A child process that uses hostile journals in little memory, and says what went wrong."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.journal.hostile import make, read_all, try_case

ROOM_BYTES = 200 * 1024 * 1024


def used_bytes() -> int:
    """The memory that is this process's now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def main(first: int, count: int) -> None:
    wrong: list[str] = []
    slowest = (0.0, 0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder / "whole.db")
        read_all(folder / "whole.db")  # what is imported late is in memory from here on
        if Path("/proc/self/statm").exists():
            room = used_bytes() + ROOM_BYTES
            resource.setrlimit(resource.RLIMIT_AS, (room, room))
        for number in range(first, first + count):
            began_s = time.process_time()
            found = try_case(number, folder)
            if found:
                wrong.append(found)
            slowest = max(slowest, (time.process_time() - began_s, number))
    sys.stdout.write(json.dumps({"wrong": wrong, "slowest": slowest}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
