"""Urgent bytes (telnet's Ctrl+C) stay at their place among the others."""

from __future__ import annotations

import os
import pty
import shutil
import socket
import subprocess
from collections.abc import Callable

import pytest

from app.journal.entry import Kind
from tests.net.rig import Rig
from tests.support.wait import wait_until

INTERRUPT = b"\xff\xf4"  # IAC IP, RFC 854
MARK = b"\xff\xf2"  # IAC DM: its second byte is sent as urgent


def test_an_urgent_byte_is_received_in_its_order(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig()
    client, session = rig.join()
    expected = b""
    for data, flags in ((b"AB\xff", 0), (b"\xf2", socket.MSG_OOB), (b"CD", 0)) * 2:
        client.send(data, flags)
        expected += data
        wait_until(lambda whole=expected: session.bytes_in == len(whole))
    assert rig.stream(Kind.IN, session.client_id) == expected


def test_urgent_bytes_that_come_before_the_worker_looks(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig()
    client = rig.dial()
    client.send(b"\xff\xf2", socket.MSG_OOB)
    client.sendall(b"then")
    session = rig.session_of(client)
    wait_until(lambda: session.bytes_in == 6)
    assert rig.stream(Kind.IN, session.client_id) == b"\xff\xf2then"


@pytest.mark.skipif(
    None in (shutil.which("telnet"), shutil.which("setsid")), reason="no telnet here"
)
def test_ctrl_c_and_synch_in_telnet(rig: Rig) -> None:
    ours, theirs = pty.openpty()
    host, port = rig.endpoint
    with subprocess.Popen(
        ["setsid", "--ctty", "telnet", host, str(port)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        close_fds=True,
    ) as telnet:
        try:
            wait_until(lambda: rig.seen.joins)
            (session,) = rig.seen.joins
            said = os.read(ours, 1000)
            while b"Escape character" not in said:
                said += os.read(ours, 1000)
            os.write(ours, b"AB\r")
            wait_until(lambda: b"AB" in rig.stream(Kind.IN, session.client_id))
            os.write(ours, b"\x03")
            wait_until(lambda: INTERRUPT in rig.stream(Kind.IN, session.client_id))
            os.write(ours, b"\x1d")
            os.write(ours, b"send synch\r")
            wait_until(lambda: MARK in rig.stream(Kind.IN, session.client_id))
            os.write(ours, b"CD\r")
            wait_until(lambda: b"CD" in rig.stream(Kind.IN, session.client_id))
        finally:
            telnet.kill()
            os.close(theirs)
            os.close(ours)
    stream = rig.stream(Kind.IN, session.client_id)
    assert stream.index(b"AB") < stream.index(INTERRUPT) < stream.index(MARK) < stream.index(b"CD")
