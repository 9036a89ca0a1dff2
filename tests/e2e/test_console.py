"""The tutorial, played through the console program: two clients, Hello Neo, 交易正在处理."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
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


def test_rules_answer_and_are_named(tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text(
        '{"framing": "delimiter:0A", "rules": [{"name": "greet", "when": "frame",'
        ' "match": "regex", "pattern": "^I am (?P<who>\\\\w+)", "answers": "hello {who}"}]}'
    )
    with program("--console", "--port", "0", "--rules", str(rules)) as console:
        with socket.create_connection(("127.0.0.1", console.port), 10) as client:
            client.sendall(b"I am N")
            client.sendall(b"eo\n")
            assert client.recv(100) == b"hello Neo"
            console.wait_said(r"Rule “greet” answered with 9 B$")
        if sys.platform != "win32":
            assert console.end(signal.SIGTERM) == 0
            assert console.err == []


def test_rules_that_cannot_be_used_are_said(tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text('{"rules": [{"name": "a", "answers": "{2}"}]}')
    result = subprocess.run(
        [sys.executable, "-m", "app", "--console", "--language", "en", "--rules", str(rules)],
        env={**os.environ, "PORTSIDE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert result.returncode == 2
    assert "Rule “a”: Nothing fills {2}" in result.stderr
