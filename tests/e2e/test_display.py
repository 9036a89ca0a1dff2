"""The program on a real X server, as a user starts it: opens its port, ends when it is told to."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.paths import find_places
from tests.support.program import program
from tests.support.wait import wait_until

pytestmark = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="there is no Xvfb here")


@pytest.fixture
def display() -> Iterator[str]:
    """A screen of our own; the server itself chooses a free number."""
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=(write_end,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    try:
        with os.fdopen(read_end) as said:
            yield f":{said.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def test_the_window_opens_its_port_and_ends_on_a_signal(display: str) -> None:
    options = ("--listen", "--host", "127.0.0.1", "--port", "0")
    with program(*options, display=display) as window:
        assert window.port
        assert window.end(signal.SIGTERM) == 0
        assert window.err == []


def test_a_second_start_is_a_second_window_on_a_journal_of_its_own(
    display: str, user_home: Path
) -> None:
    options = ("--listen", "--host", "127.0.0.1", "--port", "0")
    with (
        program(*options, display=display) as first,
        program(*options, display=display) as second,
    ):
        assert first.port != second.port
        journals = sorted(find_places().journal_dir.glob("*.db"))
        assert len(journals) == 2
        assert first.end(signal.SIGTERM) == 0
        # The one that goes on keeps its journal, and can still be reached.
        with socket.create_connection(("127.0.0.1", second.port), 10) as client:
            client.sendall(b"still there")
            wait_until(lambda: any(b"still there" in j.read_bytes() for j in _written(journals)))
        assert second.end(signal.SIGTERM) == 0
    assert first.err == second.err == []


def _written(journals: list[Path]) -> list[Path]:
    """Each journal and what waits beside it to be taken up."""
    files = [*journals, *(path.with_name(f"{path.name}-wal") for path in journals)]
    return [path for path in files if path.exists()]
