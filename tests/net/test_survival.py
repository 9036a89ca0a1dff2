"""The listener, the turnstile and the workers outlive what nobody foresaw, and say so."""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from app.journal.entry import Kind
from app.journal.journal import Journal
from app.net import crowd, server
from app.net.crowd import Crowd
from app.net.engine import engine_for
from app.net.facts import ClientState, CloseReason, ListenError, ListenFault, ServerOptions
from app.net.process import SWITCH_INTERVAL_S
from app.net.server import Server
from app.net.session import Session
from app.net.trace import USER, Show
from app.net.traced_socket import TracedSocket
from app.net.wire import SYSTEM_WIRE, Wire
from app.reply import EchoReply
from tests.net.rig import By, Recorder, Rig, receive_all, receive_exactly
from tests.support.wait import wait_until

NO_MORE = OSError(errno.EMFILE, os.strerror(errno.EMFILE))


def errors(rig: Rig) -> list[dict[str, object]]:
    return [entry.detail for entry in rig.entries(Kind.SERVER_ERROR)]


def serves(rig: Rig) -> None:
    """A new client is welcomed, heard and disconnected."""
    client, session = rig.join()
    client.sendall(b"hello")
    wait_until(lambda: session.bytes_in == 5)
    rig.server.disconnect([session.ref])
    assert receive_all(client) in (b"", b"hello")  # some servers here answer
    rig.wait_gone(session)


def once(real: Callable[..., Any], error: BaseException) -> Callable[..., Any]:
    """Return a function that fails at its first call."""
    failures = [error]

    def call(*arguments: Any, **options: Any) -> Any:
        if failures:
            raise failures.pop()
        return real(*arguments, **options)

    return call


# -- the listener ------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [MemoryError(), ValueError("strange")])
def test_a_client_for_whom_there_is_no_wire(make_rig: Callable[..., Rig], error: Exception) -> None:
    rig = make_rig(wire=once(SYSTEM_WIRE, error))
    assert rig.dial().recv(1) == b""
    serves(rig)
    (told,) = errors(rig)
    assert told["goes_on"] is True
    assert not rig.entries(Kind.ONLINE, client_id=1)


def test_a_client_that_cannot_be_journalled(
    any_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = any_rig()
    monkeypatch.setattr(rig.journal, "add_client", once(rig.journal.add_client, MemoryError()))
    assert rig.dial().recv(1) == b""
    serves(rig)
    assert [told["error"] for told in errors(rig)] == ["MemoryError"]
    assert rig.server.sessions == {}


def test_nobody_is_sent_to_before_the_journal_knows_it(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A send to all, ordered at that moment, would be recorded before the client was online."""
    append_event, seen = rig.journal.append_event, []

    def look(client_id: int, kind: int, **detail: object) -> int:
        if kind == Kind.ONLINE:
            seen.append(rig.server.roster())
        return append_event(client_id, kind, **detail)

    monkeypatch.setattr(rig.journal, "append_event", look)
    _, session = rig.join()
    assert seen == [()]
    assert rig.server.roster() == (session,)


def test_whoever_is_told_of_clients_may_fail(
    any_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = any_rig()

    def fail(session: Session) -> None:
        raise LookupError("no such row")

    with monkeypatch.context() as patch:
        patch.setattr(rig.seen, "joined", fail)
        patch.setattr(rig.seen, "left", fail)
        client = rig.dial()
        wait_until(lambda: rig.server.roster())
        (session,) = rig.server.roster()
        client.sendall(b"x")
        wait_until(lambda: session.bytes_in == 1)
        client.close()
        wait_until(lambda: len(errors(rig)) == 2)
    assert session.reason is CloseReason.FIN
    serves(rig)


def test_accept_fails_in_a_strange_way(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows what it means: the port is closed in order, and that is told."""
    client, session = rig.join()
    monkeypatch.setattr(TracedSocket, "accept", once(TracedSocket.accept, KeyError("what?")))
    with suppress(OSError):  # it may be cut off at once
        socket.create_connection(rig.endpoint, 5).close()
    rig.listener.join(10)
    assert not rig.listener.is_alive()
    assert client.recv(1) == b""
    assert session.reason is CloseReason.SERVER_CLOSED
    (told,) = errors(rig)
    assert told["closes"] is True
    assert rig.entries()[-1].kind == Kind.SERVER_CLOSED
    assert rig.server.roster() == ()


def test_the_journal_refuses_everything(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then there is nobody to tell: the listener goes on all the same."""

    def refuse(*arguments: object, **detail: object) -> int:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(rig.journal, "append_event", refuse)
        assert rig.dial().recv(1) == b""
    serves(rig)


# -- open --------------------------------------------------------------------------------------


def opened_or_not(tmp_path: Path) -> ListenError | None:
    """Try to open a port; whatever is opened is closed again."""
    journal = Journal(tmp_path / "open.db")
    try:
        tried = Server(ServerOptions("127.0.0.1", 0), journal, watcher=Recorder())
        try:
            tried.open()
        except ListenError as error:
            assert not tried.endpoints or not _listens(tried.endpoints[0].port)
            return error
        tried.stop()
        tried.serve()
        return None
    finally:
        journal.close()


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize(
    "place",
    ["app.net.readiness.WakeUp", "selectors.DefaultSelector", "app.net.sender.system_readiness"],
)
def test_a_port_that_opens_without_descriptors_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    with monkeypatch.context() as patch:

        def fail(*_: object) -> None:
            raise NO_MORE

        patch.setattr(place, fail)
        error = opened_or_not(tmp_path)
    assert error is not None
    assert error.fault is ListenFault.OTHER
    assert "Too many open files" in error.system_text
    assert not engine_for(USER).threads()
    assert opened_or_not(tmp_path) is None


@pytest.mark.parametrize("name", ["turnstile", "sender"])
def test_a_port_that_opens_without_threads_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    real = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        if thread.name == name:
            raise RuntimeError("can't start new thread")
        real(thread)

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        error = opened_or_not(tmp_path)
    assert error is not None
    assert error.fault is ListenFault.OTHER
    assert "can't start new thread" in error.system_text
    assert opened_or_not(tmp_path) is None


# -- the workers -------------------------------------------------------------------------------


def test_a_reply_that_fails_is_the_end_of_nobody(any_rig: Callable[..., Rig]) -> None:
    def reply(encoding: str, chunk: bytes) -> bytes:
        if chunk == b"bad":
            raise ZeroDivisionError("division by zero")
        return chunk

    rig = any_rig(reply=By(reply))
    other, _ = rig.join()
    client, session = rig.join()
    for i in range(2):
        client.sendall(b"bad")
        wait_until(lambda i=i: session.bytes_in == 7 * i + 3)
        client.sendall(b"good")
        assert receive_exactly(client, 4) == b"good"
    (entry,) = rig.entries(Kind.REPLY_FAILED)  # said once
    assert (entry.client_id, entry.detail) == (session.client_id, {"error": "division by zero"})
    other.sendall(b"good")
    assert receive_exactly(other, 4) == b"good"


def test_a_chunk_that_cannot_be_journalled_is_the_end_of_one_client(
    any_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = any_rig()
    client, session = rig.join()
    with monkeypatch.context() as patch:
        patch.setattr(rig.journal, "append", once(rig.journal.append, MemoryError()))
        client.sendall(b"x")
        assert client.recv(1) == b""
    rig.wait_gone(session)
    assert session.reason is CloseReason.ERROR
    serves(rig)


# -- the turnstile -----------------------------------------------------------------------------


def test_when_the_turnstile_breaks_it_stands_open(
    any_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its thread dies of something unforeseen: that is told, and every worker waits in recv."""
    rig = any_rig(reply=EchoReply())
    clients = [rig.join() for _ in range(8)]
    broken = threading.Event()

    def fail(turnstile: Crowd) -> int:
        broken.set()
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(Crowd, "_wait_for_room", fail)
        clients[0][0].sendall(b"once around")
        rig.server._engine.crowd._wakeup.wake()  # on Windows nothing else does
        assert broken.wait(5)
        wait_until(lambda: errors(rig))
    (told,) = errors(rig)
    assert told == {"server_id": 1, "error": "MemoryError", "goes_on": True}
    assert receive_exactly(clients[0][0], 11) == b"once around"
    for client, _ in [*clients, rig.join()]:
        for _ in range(3):
            client.sendall(b"here")
        client.settimeout(10)
        assert receive_exactly(client, 12).endswith(b"here")
    clients[1][0].close()
    rig.wait_gone(clients[1][1])
    rig.stop()
    assert rig.server.stuck == 0


def test_a_worker_that_outlives_the_turnstile_closes_its_socket(
    any_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow reply, and the port is closed meanwhile: the worker leaves late, and in order."""
    monkeypatch.setattr(server, "STOP_DEADLINE_S", 0.2)
    release = threading.Event()

    def slow(encoding: str, chunk: bytes) -> bytes:
        release.wait(10)
        return b""

    rig = any_rig(reply=By(slow))
    clients = [rig.join() for _ in range(2 * crowd.AT_ONCE)]
    try:
        for client, session in clients:
            client.sendall(b"?")
            wait_until(lambda s=session: s.bytes_in == 1)
        rig.stop()
        assert rig.server.stuck == len(clients)
    finally:
        release.set()
    for client, session in clients:
        rig.wait_gone(session)
        assert client.recv(1) == b""
        assert session.reason is CloseReason.SERVER_CLOSED
    assert len(rig.entries(Kind.OFFLINE)) == len(clients)


# -- several servers ---------------------------------------------------------------------------


def test_two_servers_share_and_neither_takes_anything_along(make_rig: Callable[..., Rig]) -> None:
    first, second = make_rig(reply=EchoReply()), make_rig(reply=EchoReply())
    assert first.server._engine is second.server._engine
    shared = set(first.server._engine.threads())
    assert set(first.server.threads()) & set(second.server.threads()) == shared
    client, _ = second.join()
    first.join()
    first.stop()
    assert set(second.server._engine.threads()) == shared
    client.sendall(b"still here")
    assert receive_exactly(client, 10) == b"still here"
    serves(second)
    second.stop()
    assert not second.server._engine.threads()
    assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL_S)  # once, for good


def test_a_server_nobody_sees_has_threads_of_its_own(make_rig: Callable[..., Rig]) -> None:
    shown, hidden = make_rig(), make_rig(show=Show())
    assert not set(shown.server.threads()) & set(hidden.server.threads())


def test_all_servers_together_keep_within_the_descriptors(
    make_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.net.engine.most_clients", lambda wanted: min(wanted, 2))
    first, second, hidden = make_rig(), make_rig(), make_rig(show=Show())
    first.join()
    client, session = second.join()
    assert hidden.dial().recv(1) == b""
    assert first.dial().recv(1) == b""
    client.close()
    second.wait_gone(session)
    assert hidden.join()[1].state is ClientState.ONLINE


def test_the_threads_may_be_asked_for_while_clients_come_and_go(rig: Rig) -> None:
    """`threads` is asked for when the classroom is entered: in front of the class."""
    ended = threading.Event()
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            while not ended.is_set():
                for name, client_id in rig.server.threads().values():
                    assert name.startswith("worker-") == (client_id > 0)
        except BaseException as error:
            failed.append(error)
            raise

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for thread in asking:
        thread.start()
    try:
        for _ in range(300):
            socket.create_connection(rig.endpoint, 5).close()
        wait_until(lambda: len(rig.seen.leaves) == 300, 30)
    finally:
        ended.set()
        for thread in asking:
            thread.join()
    assert not failed
    wait_until(lambda: rig.server.worker_count == 0)


def test_whoever_waits_for_the_wire_protocol_sees_all_of_it() -> None:
    """Each system's wire can be asked for everything that a session asks for."""
    wanted = {name for name in vars(Wire) if not name.startswith("_")}
    assert wanted <= set(dir(SYSTEM_WIRE))
