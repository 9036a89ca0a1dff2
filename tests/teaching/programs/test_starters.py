"""Each starter can be loaded, and shows its mistake to a real client."""

from __future__ import annotations

import socket

import pytest

from app.paths import resource
from app.teaching.programs.program import Program
from app.teaching.programs.stage import ProgramServer
from app.teaching.programs.starters import STARTERS, starter
from tests.support.wait import wait_until

ANSWER = "交易正在处理".encode("gbk")


class Played:
    """A starter behind a port, and one client."""

    def __init__(self, name: str) -> None:
        self.program = Program(starter(name))
        self.program.load()
        self.server = ProgramServer(self.program)
        self.client = self.dial()

    def dial(self) -> socket.socket:
        return socket.create_connection(self.server.endpoint, 5)

    def ask(self, data: bytes, client: socket.socket | None = None) -> bytes:
        (client or self.client).sendall(data)
        return self.heard(client)

    def heard(self, client: socket.socket | None = None) -> bytes:
        client = client or self.client
        client.settimeout(0.5)
        try:
            return client.recv(100)
        except TimeoutError:
            return b"nothing"

    def __enter__(self) -> Played:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self.server.close()
        assert self.server.standing == []


def test_the_list_and_the_files_are_the_same() -> None:
    files = {path.stem for path in resource("starters").glob("*.py")}
    assert files == set(STARTERS)
    assert all(Played(name).__exit__() is None for name in STARTERS)


def test_the_tutorials_program_answers_until_the_client_leaves() -> None:
    with Played("tutorial") as played:
        assert played.ask(b"1") == played.ask(b"2") == ANSWER
        played.client.shutdown(socket.SHUT_WR)
        assert played.heard() == b""


def test_recv_never_returns_1() -> None:
    with Played("if_recv_data_1") as played:
        assert played.ask(b"1") == b"nothing"


def test_half_a_character_cannot_be_decoded() -> None:
    with Played("decode_alone") as played:
        assert played.ask("好好".encode("gbk")[:3]) == b""
        assert "UnicodeDecodeError" in played.program.failures[0].fault.words


def test_without_a_look_for_the_end_the_loop_spins() -> None:
    with Played("no_close") as played:
        assert played.ask(b"1") == ANSWER
        played.client.shutdown(socket.SHUT_WR)
        assert played.heard() == b"nothing"  # nobody closes
        assert played.program.stoppable.count == 1


def test_one_at_a_time_lets_others_wait() -> None:
    with Played("main_blocked") as played, played.dial() as other:
        assert played.ask(b"1") == ANSWER
        assert played.ask(b"1", other) == b"nothing"
        played.client.close()
        wait_until(lambda: played.heard(other) == ANSWER)


def test_encode_is_no_encryption() -> None:
    with Played("encryption") as played:
        assert played.ask(b"1").decode("gbk") == "交易正在处理"


@pytest.mark.parametrize("last", [b"bye", b""])
def test_what_stands_behind_an_endless_loop_is_never_reached(last: bytes) -> None:
    with Played("unreachable_close") as played:
        assert played.ask(b"1") == ANSWER
        if last:
            assert played.ask(last) == b"nothing"
        played.client.shutdown(socket.SHUT_WR)
        assert played.heard() == b""
