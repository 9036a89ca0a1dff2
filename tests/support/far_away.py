"""A second machine, in a network namespace: where there is root, Linux and `ip`."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import count

import pytest

_numbers = count()


class FarAway:
    """Another host at the end of a wire of its own, on which clients can be started."""

    def __init__(self) -> None:
        number = next(_numbers)
        self.here = f"10.213.{os.getpid() % 250}.{4 * number + 1}"
        self.there = f"10.213.{os.getpid() % 250}.{4 * number + 2}"
        self._name = f"far{os.getpid()}-{number}"
        self.device = f"h{os.getpid() % 10**7}-{number}"
        self._peer = f"f{os.getpid() % 10**7}-{number}"
        self.peer = self._peer

    def build(self) -> None:
        """Make the host and the wire to it."""
        _ip("netns", "add", self._name)
        _ip("link", "add", self.device, "type", "veth", "peer", self._peer, "netns", self._name)
        _ip("addr", "add", f"{self.here}/30", "dev", self.device)
        self.run("ip", "addr", "add", f"{self.there}/30", "dev", self._peer)
        _ip("link", "set", self.device, "addrgenmode", "none", "up")
        self.run("ip", "link", "set", self._peer, "addrgenmode", "none", "up")
        self.run("ip", "link", "set", "lo", "up")

    def add_link_local(self) -> tuple[str, str]:
        """Give both ends an address that holds on this wire only; return ours, and theirs."""
        _ip("-6", "addr", "add", "fe80::1/64", "dev", self.device, "nodad")
        self.run("ip", "-6", "addr", "add", "fe80::2/64", "dev", self._peer, "nodad")
        return f"fe80::1%{self.device}", f"fe80::2%{self._peer}"

    def run(self, *command: str) -> None:
        """Run a command there, to its end."""
        _ip("netns", "exec", self._name, *command)

    @contextlib.contextmanager
    def running(self, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a command there until the end of the block."""
        with subprocess.Popen(
            ["ip", "netns", "exec", self._name, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def cut(self) -> None:
        """Nothing comes from there any more, as after a power cut."""
        self.run("ip", "route", "add", "blackhole", f"{self.here}/32")

    def tear_down(self) -> None:
        """Take both away."""
        for command in (("link", "del", self.device), ("netns", "del", self._name)):
            with contextlib.suppress(subprocess.CalledProcessError):
                _ip(*command)


@pytest.fixture
def far_away() -> Iterator[FarAway]:
    """A host in a namespace; skips where none can be made."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("needs root on Linux, and ip")
    host = FarAway()
    try:
        try:
            host.build()
        except subprocess.CalledProcessError as error:
            pytest.skip(f"no network namespace can be made here: {error.stderr!r}")
        yield host
    finally:
        host.tear_down()


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, timeout=20)
