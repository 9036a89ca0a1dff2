"""The real program on a real small disk: full, and with room again."""

from __future__ import annotations

import hashlib
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.journal.entry import Kind
from app.journal.reader import Reader
from tests.support.program import program
from tests.support.wait import wait_until

SMALL_MB, LARGE_MB = 12, 64
BLOCK = bytes(range(256)) * 256
SLOWLY_S = 60.0
BLOCKS = 320  # 20 MiB, more than fits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts a disk as Linux does")


def mount(folder: Path, size_mb: int, how: str = "size") -> None:
    command = ["mount", "-t", "tmpfs", "-o", f"{how}={size_mb}m", "tmpfs", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True)
    if done.returncode:
        pytest.skip("may mount no disk here")


@pytest.fixture
def disk(user_home: Path) -> Iterator[Path]:
    """Put a small disk where the program keeps everything."""
    folder = user_home / "portside"
    folder.mkdir(exist_ok=True)
    mount(folder, SMALL_MB)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_nothing_is_lost_on_a_disk_that_was_full(
    disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTSIDE_HOME", str(disk))
    # Who has said all is let go at once.
    (disk / "settings.json").write_text('{"servers": [{"half_closed_s": 0}]}', "utf-8")
    with program("--console", "--quiet", "--host", "127.0.0.1", "--port", "0") as running:
        with socket.create_connection(("127.0.0.1", running.port), 60) as client:
            sent = threading.Thread(
                target=lambda: [client.sendall(BLOCK) for _ in range(BLOCKS)], name="sends"
            )
            sent.start()
            wait_until(lambda: "disk is full" in "".join(running.err), SLOWLY_S)
            mount(disk, LARGE_MB, "remount,size")
            wait_until(lambda: "is being written again" in "".join(running.err), SLOWLY_S)
            sent.join()
            client.shutdown(socket.SHUT_WR)
            assert client.recv(1) == b""  # all of it was received
        assert running.end(signal.SIGINT) == 0
    (path,) = disk.rglob("*.db")
    with closing(Reader(path)) as reader:
        entries = reader.entries(reader.first_id, 1_000_000)
    stored = b"".join(entry.data for entry in entries if entry.kind == Kind.IN)
    assert hashlib.sha256(stored).digest() == hashlib.sha256(BLOCK * BLOCKS).digest()
    assert sum("disk is full" in line for line in [*running.out, *running.err]) == 1
