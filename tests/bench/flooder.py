"""A client that sends as fast as it can until stdin ends: what others must not suffer from.

python -m tests.bench.flooder PORT CHUNK_BYTES
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading

from tests.bench.clients import HOST


def pour(client: socket.socket, chunk_bytes: int) -> None:
    """Send for ever."""
    data = b"0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWX\r\n" * 1024
    with contextlib.suppress(OSError):
        while True:
            client.sendall(data[:chunk_bytes])


def main() -> None:
    port, chunk_bytes = int(sys.argv[1]), int(sys.argv[2])
    client = socket.create_connection((HOST, port))
    threading.Thread(target=pour, args=(client, chunk_bytes), daemon=True).start()
    sys.stdout.write("pouring\n")
    sys.stdout.flush()
    while os.read(0, 1):
        pass


if __name__ == "__main__":
    main()
