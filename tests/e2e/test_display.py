"""The program on a real X server, as a user starts it: opens its port, ends when it is told to."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.support.program import program

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
