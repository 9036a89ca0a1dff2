"""The program on a real X server, as a user starts it: opens its port, ends when it is told to."""

from __future__ import annotations

import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.paths import find_places
from tests.support.program import program
from tests.support.screen import screen
from tests.support.wait import wait_until

pytestmark = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="there is no Xvfb here")


@pytest.fixture
def display() -> Iterator[str]:
    with screen(1280, 800) as name:
        yield name


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
