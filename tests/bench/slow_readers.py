"""Clients that read slowly, in a process of their own.

    python -m tests.bench.slow_readers PORT CLIENTS BYTES BYTES_PER_S

Prints the clients' ports as JSON, and when each has read BYTES, the SHA-256 of each by port.
"""

from __future__ import annotations

import hashlib
import json
import socket
import sys
import time

from tests.bench.clients import HOST

EVERY_S = 0.02
LONGEST_S = 120.0


class SlowReader:
    """Reads at most so many bytes a second."""

    def __init__(self, port: int, rate_bytes: int) -> None:
        self._socket = socket.create_connection((HOST, port))
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]
        self._rate_bytes = rate_bytes
        self.read_bytes = 0
        self.digest = hashlib.sha256()

    def read(self, since_s: float) -> None:
        """Take what it may have taken after so many seconds."""
        allowed = int(self._rate_bytes * since_s) - self.read_bytes
        while allowed > 0:
            try:
                part = self._socket.recv(min(allowed, 65_536))
            except BlockingIOError:
                return
            if not part:
                return
            self.digest.update(part)
            self.read_bytes += len(part)
            allowed -= len(part)


def main() -> None:
    port, clients, size_bytes, rate_bytes = map(int, sys.argv[1:5])
    readers = [SlowReader(port, rate_bytes) for _ in range(clients)]
    say([reader.port for reader in readers])
    sys.stdin.readline()  # go
    began_s = time.monotonic()
    while any(reader.read_bytes < size_bytes for reader in readers):
        since_s = time.monotonic() - began_s
        if since_s > LONGEST_S:
            break
        for reader in readers:
            reader.read(since_s)
        time.sleep(EVERY_S)
    say({reader.port: reader.digest.hexdigest() for reader in readers})
    sys.stdin.read()


def say(what: object) -> None:
    """Print one line."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
