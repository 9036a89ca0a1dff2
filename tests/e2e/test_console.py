"""The tutorial, played through the console program: two clients, Hello Neo, 交易正在处理."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from tests.support.program import program

REPLY = "交易正在处理"


def test_the_tutorial(tmp_path: Path) -> None:
    journal = tmp_path / "tutorial.db"
    options = ("--console", "--port", "0", "--auto-reply", "--journal", str(journal))
    with program(*options) as console:
        clients = [socket.create_connection(("127.0.0.1", console.port), 10) for _ in range(2)]
        places = [f"127.0.0.1:{c.getsockname()[1]}" for c in clients]
        for client in clients:
            client.sendall("Hello Neo，你好".encode("gbk"))
        for client in clients:
            assert client.recv(100).decode("gbk") == REPLY
        for place in places:
            console.wait_said(rf"← #\d {re.escape(place)} 15 B Hello Neo，你好$")
            console.wait_said(rf"→ #\d {re.escape(place)} 12 B {REPLY}$")
        for client in clients:
            client.close()
        for place in places:
            console.wait_said(rf"#\d {re.escape(place)} Client offline: .*FIN")
        if sys.platform != "win32":
            assert console.end(signal.SIGTERM) == 0
            assert console.err == []
    with closing(sqlite3.connect(journal)) as stored:
        rows = stored.execute("select direction, data from chunks order by client_id, id")
        assert (
            rows.fetchall()
            == [
                ("in", "Hello Neo，你好".encode("gbk")),
                ("out", REPLY.encode("gbk")),
            ]
            * 2
        )
