"""The child process of the daemon experiment, as the packaged program starts it."""

from __future__ import annotations

import socket
import sys

import pytest

from app.cli.options import read_arguments
from app.teaching.experiments.daemon_child import (
    DAEMON,
    MAIN_ENDED,
    MAIN_LEAVES,
    PLAIN,
    command,
)
from tests.support.program import program


@pytest.mark.parametrize("kind", [DAEMON, PLAIN])
def test_the_program_plays_the_child_by_its_hidden_option(kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20)
        with program("--daemon-child", str(listening.getsockname()[1]), kind) as child:
            connection, _ = listening.accept()
            with connection:
                connection.settimeout(20)
                assert connection.recv(64) == MAIN_LEAVES
                if kind == PLAIN:
                    answers = b""
                    while MAIN_ENDED not in answers:
                        connection.sendall(b"?")
                        answers += connection.recv(64)
                    assert child.process.poll() is None
                    connection.shutdown(socket.SHUT_WR)
                assert child.end() == 0
                assert not child.err


def test_the_packaged_program_calls_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert command(8080, DAEMON) == [sys.executable, "--daemon-child", "8080", DAEMON]


def test_nobody_reads_of_it_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_arguments(["--help"])
    assert "daemon" not in capsys.readouterr().out
