"""A small program of its own: it starts a thread that talks for ever, and then its main part ends.

It runs in a process that the experiment starts: from the source as this file alone (so nothing of
ours is imported here), from the packaged program by its hidden option `--daemon-child`.
"""

from __future__ import annotations

import socket
import sys
import threading
from pathlib import Path

DAEMON, PLAIN = "daemon", "plain"
MAIN_LEAVES, MAIN_LIVES, MAIN_ENDED = b"main leaves", b"main lives", b"main ended"
CONNECT_S = 30.0


def main(port: str, kind: str) -> int:
    """Dial the experiment, start the thread, leave. Main thread."""
    connection = socket.create_connection(("127.0.0.1", int(port)), CONNECT_S)
    # A class may discuss a step for as long as it likes. Whoever started this cannot go unnoticed:
    # the kernel closes the connection with that process.
    connection.settimeout(None)
    threading.Thread(target=talk, args=(connection,), daemon=kind == DAEMON).start()
    connection.sendall(MAIN_LEAVES)
    return 0


def talk(connection: socket.socket) -> None:
    """Answer every question with whether the main thread is still there."""
    while connection.recv(64):
        connection.sendall(MAIN_LIVES if threading.main_thread().is_alive() else MAIN_ENDED)
    connection.close()


def command(port: int, kind: str) -> list[str]:
    """Return the command line that runs `main` in a process of its own."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--daemon-child", str(port), kind]
    return [sys.executable, "-I", str(Path(__file__)), str(port), kind]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
