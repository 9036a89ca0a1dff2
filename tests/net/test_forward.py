"""A forward: both directions, half-close, back-pressure, and targets of every sort."""

from __future__ import annotations

import hashlib
import random
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.journal.entry import Kind, Role
from app.net import dialling, relayed
from app.net.facts import CloseReason, ListenError, ListenFault
from app.net.forward_server import ForwardServer
from app.net.session import Session
from app.net.targets import BadTarget, read_target
from tests.net.rig import TIMEOUT_S, Rig, receive_all, receive_exactly, reset
from tests.support.wait import wait_until

MakeRig = Callable[..., Rig]
only_linux = pytest.mark.skipif(sys.platform != "linux", reason="others answer")


class Target:
    """A listening socket, and whoever was accepted there."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listening = socket.socket(family)
        self.listening.settimeout(TIMEOUT_S)
        self.listening.bind((host, 0))
        self.listening.listen(16)
        self.accepted: list[socket.socket] = []

    @property
    def text(self) -> str:
        host, port = self.listening.getsockname()[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def accept(self) -> socket.socket:
        client, _ = self.listening.accept()
        client.settimeout(TIMEOUT_S)
        self.accepted.append(client)
        return client

    def close(self) -> None:
        for client in (*self.accepted, self.listening):
            client.close()


@pytest.fixture
def target() -> Iterator[Target]:
    made = Target()
    yield made
    made.close()


@pytest.fixture
def forward(any_rig: MakeRig, target: Target) -> MakeRig:
    """A maker of forwards to `target`, with each system's way to use a socket."""

    def make(**options: Any) -> Rig:
        options = {"target": target.text, **options} if "target" not in options else options
        return any_rig(server=ForwardServer, kind="forward", **options)

    return make


def both(rig: Rig, device: socket.socket) -> tuple[Session, Session]:
    """The device's client and its way out."""
    session = rig.session_of(device)
    wait_until(lambda: session.peer_id)
    wait_until(lambda: any(s.client_id == session.peer_id for s in rig.seen.joins))
    out = next(s for s in rig.seen.joins if s.client_id == session.peer_id)
    return session, out


def test_what_is_said_goes_through_and_is_recorded_on_both_sides(
    forward: MakeRig, target: Target
) -> None:
    rig = forward()
    device = rig.dial()
    far = target.accept()
    device.sendall(b"question")
    assert receive_exactly(far, 8) == b"question"
    far.sendall(b"the answer")
    assert receive_exactly(device, 10) == b"the answer"
    session, out = both(rig, device)
    wait_until(lambda: session.bytes_out == 10)
    assert (session.role, out.role) == (Role.CLIENT, Role.WAY_OUT)
    assert (out.peer_id, session.peer_id) == (session.client_id, out.client_id)
    assert str(out.endpoint) == target.text
    assert tuple(out.local) == far.getpeername()
    told = [(rig.stream(kind, s.client_id)) for s in (session, out) for kind in (Kind.IN, Kind.OUT)]
    assert told == [b"question", b"the answer", b"the answer", b"question"]
    (event,) = rig.entries(Kind.FORWARDED)
    assert event.client_id == session.client_id
    assert event.detail == {"target": target.text, "client": out.client_id}
    reader = rig.journal.reader()
    record = reader.client(out.client_id)
    reader.close()
    assert record is not None
    assert (record.role, record.peer_id) == (Role.WAY_OUT, session.client_id)


@pytest.mark.parametrize("first", ["device", "target"])
def test_a_last_word_goes_through_and_the_other_side_goes_on(
    forward: MakeRig, target: Target, first: str
) -> None:
    rig = forward()
    device = rig.dial()
    far = target.accept()
    said, listens = (device, far) if first == "device" else (far, device)
    said.sendall(b"all that I have to say")
    said.shutdown(socket.SHUT_WR)
    assert receive_all(listens) == b"all that I have to say"
    listens.sendall(b"and this is the answer" * 10_000)
    listens.shutdown(socket.SHUT_WR)
    assert receive_all(said) == b"and this is the answer" * 10_000
    session, out = both(rig, device)
    for side in (session, out):
        rig.wait_gone(side)
        assert (side.reason, side.unsent_bytes) == (CloseReason.FIN, 0)


def test_megabytes_go_both_ways_at_once(forward: MakeRig, target: Target) -> None:
    rig = forward(recv_size_bytes=65_536)
    device = rig.dial()
    far = target.accept()
    there, back = (random.Random(seed).randbytes(4 << 20) for seed in (1, 2))
    got: dict[str, bytes] = {}

    def talk(name: str, own: socket.socket, words: bytes) -> None:
        sender = threading.Thread(target=own.sendall, args=(words,))
        sender.start()
        got[name] = hashlib.sha256(receive_exactly(own, 4 << 20)).digest()
        sender.join()

    sides = [
        threading.Thread(target=talk, args=("device", device, there)),
        threading.Thread(target=talk, args=("target", far, back)),
    ]
    for side in sides:
        side.start()
    for side in sides:
        side.join()
    assert got["target"] == hashlib.sha256(there).digest()
    assert got["device"] == hashlib.sha256(back).digest()


@pytest.mark.parametrize("reader", ["device", "target"])
def test_who_does_not_read_stops_the_other_side(
    forward: MakeRig, target: Target, monkeypatch: pytest.MonkeyPatch, reader: str
) -> None:
    """Little waits here, however much is sent; and all of it comes through in the end."""
    monkeypatch.setattr(relayed, "MOST_WAITING_BYTES", 65_536)
    rig = forward(recv_size_bytes=16_384)
    device = rig.dial(recv_buffer_bytes=4096)
    target.listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    far = target.accept()
    session, out = both(rig, device)
    talks, listens = (far, device) if reader == "device" else (device, far)
    full = session if reader == "device" else out
    words = random.Random(1).randbytes(16 << 20)
    sender = threading.Thread(target=talks.sendall, args=(words,))
    sender.start()
    wait_until(lambda: full.waiting_bytes > 40_000)
    assert full.waiting_bytes <= 65_536
    assert sender.is_alive()
    assert receive_exactly(listens, len(words)) == words
    sender.join()


def test_the_device_hears_of_a_target_that_refuses(forward: MakeRig, target: Target) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        rig = forward(target=f"127.0.0.1:{free.getsockname()[1]}")
        device, session = rig.join()
        rig.wait_gone(session)
        assert session.reason is CloseReason.TARGET_FAILED
        assert rig.server.options.target in rig.entries(Kind.OFFLINE)[0].detail["error"]
        with pytest.raises(ConnectionResetError):
            device.recv(1)


@only_linux
def test_a_target_that_hangs_is_given_up_and_holds_nobody_up(
    forward: MakeRig, hanging: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialling, "PATIENCE_S", 0.3)
    rig = forward(target=hanging.text)
    sessions = [rig.join()[1] for _ in range(5)]
    for session in sessions:
        rig.wait_gone(session)
        assert session.reason is CloseReason.TARGET_FAILED


@only_linux
def test_closing_the_port_does_not_wait_for_a_target_that_hangs(
    forward: MakeRig, hanging: Target
) -> None:
    rig = forward(target=hanging.text)
    _, session = rig.join()
    rig.stop()
    assert rig.server.stuck == 0
    assert session.reason is CloseReason.SERVER_CLOSED


@pytest.fixture
def hanging() -> Iterator[Target]:
    """A target whose backlog is full: Linux answers no more then."""
    made = Target()
    made.listening.listen(0)
    for _ in range(4):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(made.listening.getsockname())
        made.accepted.append(filler)
    yield made
    made.close()


@pytest.mark.parametrize("who", ["device", "target"])
def test_a_reset_goes_through(forward: MakeRig, target: Target, who: str) -> None:
    rig = forward()
    device = rig.dial()
    far = target.accept()
    session, out = both(rig, device)
    breaks, hears = (device, far) if who == "device" else (far, device)
    reset(breaks)
    with pytest.raises(ConnectionResetError):
        hears.recv(1)
    for side in (session, out):
        rig.wait_gone(side)
    reasons = [session.reason, out.reason]
    assert reasons[who != "device"] is CloseReason.RESET
    assert reasons[who == "device"] is CloseReason.OTHER_SIDE


def test_disconnecting_one_side_closes_the_other_in_order(forward: MakeRig, target: Target) -> None:
    rig = forward()
    device = rig.dial()
    far = target.accept()
    session, out = both(rig, device)
    rig.server.disconnect([out.ref])
    assert far.recv(1) == b""
    assert device.recv(1) == b""
    for side in (session, out):
        rig.wait_gone(side)
    assert (session.reason, out.reason) == (CloseReason.OTHER_SIDE, CloseReason.DISCONNECTED)


def test_closing_the_port_ends_both_sides_in_every_state(forward: MakeRig, target: Target) -> None:
    rig = forward()
    device, half = rig.dial(), rig.dial()
    target.accept(), target.accept()
    half.shutdown(socket.SHUT_WR)
    both(rig, device)
    _, _out = both(rig, half)
    rig.stop()
    assert rig.server.stuck == 0
    assert len(rig.seen.leaves) == 4


def test_one_can_speak_into_both_sides(forward: MakeRig, target: Target) -> None:
    rig = forward()
    device = rig.dial()
    far = target.accept()
    session, out = both(rig, device)
    rig.server.send([(session.ref, b"to the device", ""), (out.ref, b"to the target", "")])
    assert device.recv(100) == b"to the device"
    assert far.recv(100) == b"to the target"


# -- loops -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "0.0.0.0", "localhost", "[::]", "[::1]", "127.9.9.9"]
)
def test_a_forward_to_itself_is_refused_at_opening(make_rig: MakeRig, host: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ListenError) as caught:
        make_rig(server=ForwardServer, kind="forward", host="*", port=port, target=f"{host}:{port}")
    assert caught.value.fault is ListenFault.LOOP


def test_a_name_that_leads_home_is_refused_when_it_is_dialled(
    make_rig: MakeRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def look_up(host: str, *rest: Any, **named: Any) -> Any:
        return real("127.0.0.1" if host == "me.example" else host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    rig = make_rig(server=ForwardServer, kind="forward", port=port, target=f"me.example:{port}")
    _, session = rig.join()
    rig.wait_gone(session)
    assert session.reason is CloseReason.LOOP
    assert len(rig.seen.joins) == 1


def test_two_forwards_that_dial_each_other_end_at_once(make_rig: MakeRig) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    one = make_rig(server=ForwardServer, kind="forward", target=f"127.0.0.1:{port}")
    other = make_rig(server=ForwardServer, kind="forward", port=port, target=str(one.endpoint))
    _device, session = one.join()
    one.wait_gone(session)
    wait_until(lambda: not one.server.roster() and not other.server.roster())
    assert len(one.seen.joins) + len(other.seen.joins) < 6
    assert CloseReason.LOOP in [s.reason for s in (*one.seen.leaves, *other.seen.leaves)]


def test_one_forward_may_lead_to_another(
    make_rig: MakeRig, forward: MakeRig, target: Target
) -> None:
    second = forward()
    first = make_rig(server=ForwardServer, kind="forward", target=str(second.endpoint))
    device = first.dial()
    far = target.accept()
    device.sendall(b"through two")
    assert receive_exactly(far, 11) == b"through two"


def test_tls_that_goes_through_is_nobodys_mistake(forward: MakeRig, target: Target) -> None:
    rig = forward()
    device = rig.dial()
    far = target.accept()
    device.sendall(b"\x16\x03\x01\x00\x05\x01")
    assert receive_exactly(far, 6) == b"\x16\x03\x01\x00\x05\x01"
    assert not rig.entries(Kind.SPEAKS_TLS)


# -- TLS on either side ----------------------------------------------------------------------------


def test_the_device_speaks_tls_and_the_target_does_not(
    forward: MakeRig, target: Target, tmp_path: Path
) -> None:
    rig = forward(accepts_tls=True, certificate_dir=str(tmp_path / "own"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for path in (tmp_path / "own").glob("*.pem"):
        context.load_verify_locations(path)
    device = rig.keep(context.wrap_socket(rig.dial(), server_hostname="localhost"))
    far = target.accept()
    device.sendall(b"secret")
    assert receive_exactly(far, 6) == b"secret"
    far.sendall(b"answer")
    far.shutdown(socket.SHUT_WR)
    assert device.recv(100) == b"answer"
    assert device.recv(100) == b""  # a goodbye, not a cut
    device.unwrap()
    assert far.recv(100) == b""


def test_the_target_speaks_tls_and_the_device_does_not(
    make_rig: MakeRig, target: Target, tmp_path: Path
) -> None:
    from app.net.tls_server import TlsServer
    from app.reply import EchoReply

    secure = make_rig(
        server=TlsServer, kind="tls", certificate_dir=str(tmp_path / "own"), reply=EchoReply()
    )
    rig = make_rig(
        server=ForwardServer, kind="forward", target=str(secure.endpoint), target_tls=True
    )
    device = rig.dial()
    device.sendall(b"plain" * 100)
    assert receive_exactly(device, 500) == b"plain" * 100
    _session, out = both(rig, device)
    assert [e.client_id for e in rig.entries(Kind.SECURED)] == [out.client_id]
    device.close()
    rig.wait_gone(out)
    wait_until(lambda: secure.seen.leaves)
    assert secure.seen.leaves[0].reason is CloseReason.FIN


def test_a_target_that_speaks_no_tls_is_told(forward: MakeRig, target: Target) -> None:
    rig = forward(target_tls=True)
    device = rig.dial()
    far = target.accept()
    far.recv(1000)
    far.sendall(b"220 mail.example ready\r\n")
    session, out = both(rig, device)
    rig.wait_gone(session)
    rig.wait_gone(out)
    assert (out.reason, session.reason) == (CloseReason.TLS_FAILED, CloseReason.OTHER_SIDE)


# -- what is written -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("10.0.0.5:502", "10.0.0.5", 502),
        (" [::1]:1 ", "::1", 1),
        ("plc.example:80", "plc.example", 80),
    ],
)
def test_targets_are_read_as_people_write_them(text: str, host: str, port: int) -> None:
    assert read_target(text) == (host, port)


@pytest.mark.parametrize("text", ["", "502", ":502", "host", "host:", "host:0", "host:65536",
                                  "::1:502", "host:x", "host:²"])  # fmt: skip
def test_what_is_no_target_is_said_at_opening(make_rig: MakeRig, text: str) -> None:
    with pytest.raises(BadTarget):
        read_target(text)
    with pytest.raises(ListenError) as caught:
        make_rig(server=ForwardServer, kind="forward", target=text)
    assert caught.value.fault is ListenFault.BAD_TARGET
