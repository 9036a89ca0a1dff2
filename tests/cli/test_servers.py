"""Several servers in one console: a line names whose it is, and each has its own encoding."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys

import pytest

from app.paths import find_places
from tests.support.program import Program, command, environment, program
from tests.support.wait import wait_until

HERE = "127.0.0.1"
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


def ports(console: Program, count: int) -> list[int]:
    def found() -> list[int]:
        told = [re.fullmatch(r"listening on tcp 127\.0\.0\.1:(\d+)", line) for line in console.out]
        return [int(line[1]) for line in told if line]

    wait_until(lambda: len(found()) == count, 20, lambda: "\n".join([*console.out, *console.err]))
    return found()


@posix_only
def test_each_is_served_in_its_own_way_and_lines_say_whose_they_are() -> None:
    options = (
        *("--console", "--host", HERE, "--echo"),
        *("--listen", f"tcp://{HERE}:0?encoding=gbk&name=Trucks"),
        *("--listen", "0"),
        *("--listen", f"tcp://{HERE}:0?encoding=utf-8&framing=fixed:2"),
    )
    with program(*options) as console:
        first, _, third = ports(console, 3)
        with (
            socket.create_connection((HERE, first), 10) as gbk,
            socket.create_connection((HERE, third), 10) as utf8,
        ):
            gbk.sendall("车".encode("gbk"))
            console.wait_said(rf"← TCP {first} Trucks #\d+ {HERE}:\d+ 2 B 车$")
            utf8.sendall(b"abcd")
            console.wait_said(rf"← TCP {third} #\d+ {HERE}:\d+ 2 B cd$")
            assert (gbk.recv(9), utf8.recv(9)) == ("车".encode("gbk"), b"abcd")
            console.type("好")
            assert (gbk.recv(9), utf8.recv(9)) == ("好".encode("gbk"), "好".encode())
        assert console.said(r"· TCP: Port open, listening on")
        assert console.end(signal.SIGTERM) == 0
        assert console.said(rf"· TCP {first} Trucks: Port closed")
        assert console.err == []


def test_one_port_that_is_taken_opens_none() -> None:
    with socket.create_server((HERE, 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            command("--console", "--listen", f"{HERE}:0", "--listen", f"{HERE}:{port}"),
            env=environment(),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )
    assert ended.returncode == 1
    assert "listening" not in ended.stdout
    assert str(port) in ended.stderr
    assert ended.stderr.count("\n") == 1


@posix_only
def test_the_servers_of_a_call_are_not_kept() -> None:
    settings = find_places().settings_path
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"port": 1, "encoding": "big5"}))
    options = ("--console", "--listen", f"{HERE}:0", "--listen", f"{HERE}:0")
    with program(*options) as console:
        ports(console, 2)
        assert console.end(signal.SIGTERM) == 0
    assert json.loads(settings.read_text()) == {"port": 1, "encoding": "big5"}
