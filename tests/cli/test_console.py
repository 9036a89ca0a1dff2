"""The console program as others use it: a child process with pipes, signals and sockets."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.net.rig import receive_exactly
from tests.support.program import ROOT, Program, command, environment, program
from tests.support.wait import wait_until

CONSOLE = ("--console", "--host", "127.0.0.1", "--port", "0")

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


def dial(port: int) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=10)
    client.settimeout(10)
    return client


@posix_only
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_end_it_cleanly(number: int, tmp_path: Path) -> None:
    journal = tmp_path / "j.db"
    with program(*CONSOLE, "--journal", str(journal)) as console, dial(console.port) as client:
        client.sendall(b"last words")
        console.wait_said("last words")
        assert console.end(number) == 0
        assert client.recv(10) == b""
        assert console.err == []
        assert console.said("Client offline: Port closed")
        assert console.out[-1].endswith("Port closed")
    with closing(sqlite3.connect(journal)) as stored:
        assert stored.execute("select data from chunks").fetchall() == [(b"last words",)]
        assert stored.execute("select reason from clients").fetchall() == [("server_closed",)]


@posix_only
def test_an_end_of_input_that_is_no_terminals_keeps_serving() -> None:
    with program(*CONSOLE, stdin=subprocess.DEVNULL) as console:
        with dial(console.port) as client:
            client.sendall(b"still here?")
            console.wait_said("still here")
        console.wait_said("Client offline")
        assert console.end(signal.SIGTERM) == 0


@posix_only
def test_an_end_of_input_at_a_terminal_ends_it() -> None:
    controller, terminal = os.openpty()
    try:
        with program(*CONSOLE, stdin=terminal) as console:
            assert console.port
            os.write(controller, b"\x04")  # Ctrl+D
            assert console.end() == 0
    finally:
        os.close(controller)
        os.close(terminal)


def test_typed_lines_reach_all_or_one() -> None:
    with program(*CONSOLE, "--encoding", "gbk") as console:
        with dial(console.port) as one, dial(console.port) as two:
            console.wait_said("#2 .*online")
            console.type("大家好")
            for client in (one, two):
                assert client.recv(100) == "大家好".encode("gbk")
            console.type("@2 只有你")
            assert two.recv(100) == "只有你".encode("gbk")
            console.wait_said("→ #2 .* 6 B 只有你")
            console.type("@7 nobody")
            console.type("emoji 😀")
            console.type("@1 end")
            assert one.recv(100) == b"end"
        for words in ("client 7 is not online", "“😀”"):
            wait_until(lambda words=words: any(words in line for line in console.err))
        for number in (1, 2):
            console.wait_said(f"#{number} .*offline: Closed by the peer")
        console.type("too late")
        wait_until(lambda: any("no client is online" in line for line in console.err))


@contextlib.contextmanager
def piped(data: bytes, *options: str) -> Iterator[tuple[Program, socket.socket]]:
    """A console with one client, and then `data` piped into it until its end."""
    out, into = os.pipe()
    with program(*CONSOLE, *options, stdin=out) as console, dial(console.port) as client:
        os.close(out)
        console.wait_said("#1 .*online")
        with os.fdopen(into, "wb") as pipe:
            pipe.write(data)
        yield console, client


def test_bytes_that_are_no_text_are_never_sent_as_other_bytes() -> None:
    gbk = "你好\n".encode("gbk")
    data = gbk + "好的\n".encode() + b"plain\n" + b"half \xe4\xbd"
    with piped(data, "--encoding", "utf-8") as (console, client):
        assert receive_exactly(client, 11) == "好的plain".encode()
        wait_until(lambda: len(console.err) == 2)
        assert "“\\xC4\\xE3\\xBA\\xC3” is not UTF-8 text" in console.err[0]
        assert "“half \\xE4\\xBD” is not UTF-8 text" in console.err[1]
        console.end(signal.SIGTERM)
        assert client.recv(100) == b""


@pytest.mark.parametrize("encoding", ["gbk", "utf-16-le", "utf-8"])
def test_the_encoding_of_the_input_can_be_named(encoding: str) -> None:
    data = "\ufeff电子称€5\r\n@1 好".encode("utf-8" if encoding != "utf-16-le" else encoding)
    if encoding == "gbk":
        data = "电子称".encode("gbk") + b"\x805\r\n@1 \xba\xc3"
    with piped(data, "--encoding", "utf-8", "--input-encoding", encoding) as (console, client):
        expected = "电子称€5好".encode()
        assert receive_exactly(client, len(expected)) == expected
        assert console.err == []


def test_ten_thousand_lines_are_sent_in_their_order() -> None:
    lines = [f"{n} 你好" for n in range(10_000)]
    with piped("\n".join(lines).encode(), "--encoding", "gbk") as (console, client):
        expected = "".join(lines).encode("gbk")
        assert receive_exactly(client, len(expected)) == expected
        assert console.err == []


def test_echo_gives_every_byte_back() -> None:
    sent = bytes(range(256)) * 64
    with program(*CONSOLE, "--echo", "--recv-size", "7") as console, dial(console.port) as client:
        client.sendall(sent)
        got = b""
        while len(got) < len(sent):
            got += client.recv(65536)
        assert got == sent


@pytest.mark.parametrize(
    ("option", "answer"),
    [(("--auto-reply", r"OK\r\n"), b"OK\r\n"), (("--reply-hex", "01:03 0xFF"), b"\x01\x03\xff")],
)
def test_a_fixed_reply_is_the_bytes_that_are_meant(option: tuple[str, str], answer: bytes) -> None:
    with program(*CONSOLE, *option) as console, dial(console.port) as client:
        client.sendall(b"?")
        assert client.recv(100) == answer


def test_what_a_client_sends_cannot_forge_a_line() -> None:
    with program(*CONSOLE) as console, dial(console.port) as client:
        client.sendall(b"a\r\n2026-01-01 00:00:00.000 forged\x1b[2J\x00\xff!")
        console.wait_said("forged")
        (line,) = [line for line in console.out if "forged" in line]
        assert line.endswith(r"40 B a\r\n2026-01-01 00:00:00.000 forged\x1B[2J\0\xFF!")


def test_a_character_split_between_chunks_is_whole_in_the_later_one() -> None:
    with program(*CONSOLE, "--encoding", "gbk") as console, dial(console.port) as client:
        client.sendall(b"a\xc4")
        console.wait_said(r" 2 B a \\xC4… \(1 byte is still to come\)$")
        client.sendall(b"\xe3b")
        console.wait_said(r" 2 B 你b$")


def test_a_byte_that_begins_no_character_does_not_garble_the_next_message() -> None:
    with program(*CONSOLE, "--encoding", "gbk") as console, dial(console.port) as client:
        client.sendall(b"\xa5")
        console.wait_said(r" 1 B  \\xA5… \(1 byte is still to come\)$")
        late = time.monotonic() + 0.4
        wait_until(lambda: time.monotonic() > late)
        client.sendall("你好，温度25\r\n".encode("gbk"))
        console.wait_said(r" 14 B 你好，温度25\\r\\n$")
        frame = bytes.fromhex("01 03 02 00 19 79 8E")  # the last byte of the checksum begins a pair
        client.sendall(frame)
        console.wait_said(r" 7 B .*y \\x8E…")
        client.sendall(b"OK\r\n")
        console.wait_said(r" 4 B OK\\r\\n$")


def raw_console() -> subprocess.Popen[bytes]:
    """Start a console whose output nobody reads but the test."""
    return subprocess.Popen(
        command(*CONSOLE),
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def first_port(console: subprocess.Popen[bytes]) -> int:
    assert console.stdout is not None
    return int(console.stdout.readline().rsplit(b":", 1)[1])


def test_a_reader_that_leaves_ends_it_with_a_word() -> None:
    with raw_console() as console:
        port = first_port(console)
        assert console.stdout is not None
        assert console.stderr is not None
        console.stdout.close()  # as `| head -1` does
        with dial(port) as client:
            client.sendall(b"x")
            assert console.wait(20) == 1
        said = console.stderr.read().decode()
    assert "Nobody reads the output" in said
    assert said.count("\n") == 1


@pytest.fixture
def closes_at_once(user_home: Path) -> None:
    """A client that has finished sending is closed when everything was received."""
    settings = user_home / "portside" / "settings.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('{"half_closed_s": 0}', encoding="utf-8")


@posix_only
@pytest.mark.usefixtures("closes_at_once")
def test_a_reader_that_does_not_read_does_not_keep_it_from_ending() -> None:
    with raw_console() as console:
        port = first_port(console)
        with dial(port) as client:
            client.sendall(b"x" * 1_000_000)  # more lines than a pipe holds
            client.shutdown(socket.SHUT_WR)
            assert client.recv(1) == b"", "everything was received"
        console.terminate()
        assert console.wait(20) == 0
        assert console.stderr is not None
        assert b"not printed" in console.stderr.read()


@posix_only
@pytest.mark.usefixtures("closes_at_once")
def test_a_flood_that_is_not_printed_yet_does_not_keep_it_from_ending() -> None:
    with program(*CONSOLE, "--recv-size", "16") as console, dial(console.port) as client:
        client.sendall(b"a flood of chunk" * 60_000)
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b"", "everything was received"
        assert console.end(signal.SIGTERM) == 0
    sizes = [int(line.split(" B ")[0].split()[-1]) for line in console.out if "←" in line]
    assert sum(sizes) == 60_000 * 16 or "not printed" in console.err[-1]


def test_a_busy_port_is_one_sentence() -> None:
    with closing(socket.socket()) as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with program("--console", "--host", "127.0.0.1", "--port", str(port)) as console:
            assert console.end() == 1
            assert console.out == []
            (said,) = console.err
            assert f"Port {port} could not be opened" in said
            assert f"(pid {os.getpid()})" in said


def test_a_journal_in_use_is_one_sentence(tmp_path: Path) -> None:
    journal = str(tmp_path / "j.db")
    with program(*CONSOLE, "--journal", journal) as first:
        assert first.port
        with program(*CONSOLE, "--journal", journal) as second:
            assert second.end() == 1
            assert second.out == []
            assert len(second.err) == 1
            assert "j.db could not be opened" in second.err[0]


def test_a_journal_is_continued_and_only_what_is_new_is_printed(tmp_path: Path) -> None:
    journal = str(tmp_path / "j.db")
    for word in ("first", "second"):
        with program(*CONSOLE, "--journal", journal) as console:
            with dial(console.port) as client:
                client.sendall(word.encode())
                console.wait_said(word)
            console.wait_said("offline")
            assert console.end(signal.SIGTERM) in (0, 1)
    assert not console.said("first")
    assert console.said("← #2 ")


def test_without_a_display_it_says_so_and_serves() -> None:
    with program("--host", "127.0.0.1", "--port", "0") as console:
        assert console.port
        wait_until(lambda: console.err)
        assert "no display" in console.err[0]
        assert len(console.err) == 1


def test_damaged_settings_are_reported_and_do_no_harm(user_home: Path) -> None:
    settings = user_home / "portside" / "settings.json"
    settings.parent.mkdir()
    settings.write_text('{"encoding": "utf-8", "backlog": "many"}')
    with program(*CONSOLE) as console, dial(console.port) as client:
        client.sendall("你好".encode())
        console.wait_said("你好")
        (said,) = console.err
        assert "setting backlog" in said
