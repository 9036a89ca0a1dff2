"""The tutorial program: what is exported really runs, and does what it says."""

from __future__ import annotations

import ast
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings import ServerProfile, changed
from app.teaching.tutorial import check_reply, tutorial_source
from app.text.decoder import EncodeFault
from app.wording import LANGUAGES
from tests.net.rig import receive_exactly, reset
from tests.support.wait import wait_until

LOCAL = {"host": "127.0.0.1", "port": 0, "reply_mode": "text"}
NI_HAO = "你好".encode("gbk")
VARIANTS = [
    {"single_threaded": one, "reply_mode": mode, "host": host}
    for one in (False, True)
    for mode in ("off", "text", "echo")
    for host in ("127.0.0.1", "0.0.0.0", "::", "::1", "*", "fe80::1%eth0")
]


class Script:
    """A running script, what it says, and how it ends."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        wait_until(lambda: self.lines)
        self.port = int(self.lines[0].split()[-1])

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as out:
            for line in out:
                self.lines.append(line.decode("utf-8").rstrip())

    def wait_said(self, words: str) -> None:
        wait_until(
            lambda: any(words in line for line in self.lines), message=lambda: str(self.lines)
        )

    def dial(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), 10)

    def interrupt(self) -> int:
        """Press Ctrl+C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(10)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()


@contextmanager
def running(folder: Path, language: str = "en", **values: object) -> Iterator[Script]:
    path = folder / "server.py"
    settings = changed(ServerProfile(), **{**LOCAL, **values})
    path.write_text(tutorial_source(settings, language), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ},
    )
    script = Script(process)
    try:
        yield script
    finally:
        script.end()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("values", VARIANTS, ids=str)
def test_every_variant_is_python_3_8(language: str, values: dict[str, object]) -> None:
    source = tutorial_source(changed(ServerProfile(), **values), language)
    ast.parse(source, feature_version=(3, 8))
    assert "#@" not in source
    assert max(map(len, source.splitlines())) <= 100


@pytest.mark.parametrize("values", VARIANTS, ids=str)
def test_only_the_words_differ_between_the_languages(values: dict[str, object]) -> None:
    def bare(language: str) -> str:
        tree = ast.parse(tutorial_source(changed(ServerProfile(), **values), language))
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                node.value.value = ""
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
                node.args = [a for a in node.args if not isinstance(a, ast.Constant)]
        return ast.dump(tree)

    assert bare("zh_CN") == bare("en")


@given(reply=st.text(), host=st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_was_typed_stays_text(reply: str, host: str) -> None:
    settings = changed(
        ServerProfile(),
        reply_text=reply,
        reply_escapes=False,
        reply_mode="text",
        host=host or "0.0.0.0",
    )
    for language in LANGUAGES:
        source = tutorial_source(settings, language)
        constants = {
            node.targets[0].id: ast.literal_eval(node.value)
            for node in ast.parse(source).body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id.isupper()
        }
        assert constants["REPLY"] == reply
        assert constants["HOST"] == ("::" if host == "*" else host or "0.0.0.0")
        source.encode("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("single_threaded", [False, True])
def test_the_exported_program_serves(tmp_path: Path, language: str, single_threaded: bool) -> None:
    reply = "交易\"正在'处理\\\r\n"
    with running(
        tmp_path,
        language,
        reply_text=reply,
        reply_escapes=False,
        single_threaded=single_threaded,
        recv_size_bytes=16,
    ) as script:
        for _ in range(2):
            with script.dial() as client:
                answer = reply.encode("gbk")
                client.sendall(NI_HAO[:3])
                assert receive_exactly(client, len(answer)) == answer
                script.wait_said("'你'")
                client.sendall(NI_HAO[3:] + b"\r\n")
                assert receive_exactly(client, len(answer)) == answer
                script.wait_said(r"'好\r\n'")
                client.shutdown(socket.SHUT_WR)
                assert client.recv(1) == b""  # it has closed its socket
            script.lines[1:] = []
        if sys.platform != "win32":
            assert script.interrupt() == 0
            script.wait_said({"en": "closed", "zh_CN": "已关闭"}[language])
            assert not any("Traceback" in line for line in script.lines)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ({"reply_text": r"OK\r\n"}, b"OK\r\n"),
        ({"reply_text": "OK", "reply_line_ending": "cr"}, b"OK\r"),
        ({"reply_text": r"\xFF€"}, b"\xff\x80"),
        ({"reply_mode": "hex", "reply_hex": "01 03 00"}, b"\x01\x03\x00"),
    ],
)
def test_the_exported_program_replies_as_portside_does(
    tmp_path: Path, typed: dict[str, object], answer: bytes
) -> None:
    with running(tmp_path, **typed) as script, script.dial() as client:
        client.sendall(b"?")
        assert receive_exactly(client, len(answer)) == answer


def test_a_second_client_is_served_beside_the_first_or_waits(tmp_path: Path) -> None:
    for single_threaded in (False, True):
        with (
            running(tmp_path, single_threaded=single_threaded, reply_mode="echo") as script,
            script.dial() as first,
        ):
            script.wait_said("online")
            with script.dial() as second:
                second.sendall(b"me too")
                if single_threaded:
                    first.sendall(b"hello")
                    assert receive_exactly(first, 5) == b"hello"
                    assert not any("me too" in line for line in script.lines)
                    first.close()
                assert receive_exactly(second, 6) == b"me too"


def test_a_reset_and_half_a_character_end_one_client_only(tmp_path: Path) -> None:
    with running(tmp_path, single_threaded=True, reply_text="") as script:
        rude = script.dial()
        script.wait_said("online")
        reset(rude)
        script.wait_said("offline")
        with script.dial() as client:
            client.sendall(b"ok\xc4")
        script.wait_said("'ok'")
        script.wait_said(r"'\\xc4'")
        assert not any("Traceback" in line for line in script.lines)
        assert script.process.poll() is None


def test_a_reply_that_the_encoding_lacks_is_told_before() -> None:
    check_reply(changed(ServerProfile(), reply_mode="off", reply_text="한"))
    with pytest.raises(EncodeFault):
        check_reply(changed(ServerProfile(), reply_mode="text", reply_text="한"))
