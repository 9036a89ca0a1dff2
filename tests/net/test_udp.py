"""UDP: a peer is a client by its address, a datagram is an entry, and nothing is an end."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.journal.entry import Kind
from app.net import udp_server
from app.net.addresses import local_addresses
from app.net.facts import (
    AddressError,
    AddressFault,
    CloseReason,
    Endpoint,
    ListenError,
    ListenFault,
    SendResult,
)
from app.net.peer import LONGEST_BYTES, Peer
from app.net.server import Server
from app.net.session import Session
from app.net.udp_server import UdpServer
from app.reply import EchoReply, FixedReply
from tests.net.rig import TIMEOUT_S, Rig
from tests.support.wait import wait_until

MakeRig = Callable[..., "UdpRig"]
only_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")


class UdpRig(Rig):
    """A UDP server, and peers that send to it."""

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__(folder, server=UdpStandIn, kind="udp", **options)

    @property
    def udp(self) -> UdpServer:
        assert isinstance(self.server, UdpServer)
        return self.server

    def peer(self, *, host: str = "127.0.0.1") -> socket.socket:
        """A socket connected to the server; closed at the end."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        own = self.keep(socket.socket(family, socket.SOCK_DGRAM))
        own.settimeout(TIMEOUT_S)
        port = next(e.port for e in self.server.endpoints if (":" in e.host) == (":" in host))
        own.connect((host, port))
        return own


def UdpStandIn(*arguments: Any, wire: object, **named: Any) -> Any:
    """Makes a server that has no wire to choose."""
    return UdpServer(*arguments, **named)


@pytest.fixture
def udp_rig(make_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch) -> MakeRig:
    monkeypatch.setattr("tests.net.conftest.Rig", UdpRig)
    return make_rig  # type: ignore[return-value]


def test_each_address_is_a_client_and_each_datagram_an_entry(udp_rig: MakeRig) -> None:
    rig = udp_rig(reply=EchoReply())
    first, second = rig.peer(), rig.peer()
    for own, words in ((first, [b"one", b"", b"two"]), (second, [b"three"])):
        for word in words:
            own.send(word)
            if word:
                assert own.recv(100) == word
    one, two = rig.seen.joins
    assert one.endpoint == Endpoint(*first.getsockname())
    assert one.local == rig.endpoint
    assert [e.data for e in rig.entries(Kind.IN, one.client_id)] == [b"one", b"", b"two"]
    assert [e.data for e in rig.entries(Kind.OUT, one.client_id)] == [b"one", b"two"]
    assert [e.data for e in rig.entries(Kind.IN, two.client_id)] == [b"three"]
    assert (one.bytes_in, one.bytes_out, one.reason) == (6, 6, None)
    assert rig.server.thread_count == 3  # listener, sender, turnstile


@pytest.mark.parametrize("size_bytes", [0, 1, 1472, 1473, LONGEST_BYTES])
def test_a_datagram_of_any_size_comes_whole(udp_rig: MakeRig, size_bytes: int) -> None:
    rig = udp_rig()
    own = rig.peer()
    own.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    data = bytes(n % 251 for n in range(size_bytes))
    own.send(data)
    wait_until(lambda: rig.entries(Kind.IN))
    assert [e.data for e in rig.entries(Kind.IN)] == [data]
    if data:
        rig.server.send([(rig.seen.joins[0].ref, data, "")])
        assert own.recv(70_000) == data


def test_what_is_too_long_is_refused_whole_and_the_next_one_goes(udp_rig: MakeRig) -> None:
    rig = udp_rig()
    own = rig.peer()
    own.send(b"hi")
    wait_until(lambda: rig.seen.joins)
    peer = rig.seen.joins[0]
    rig.server.send([(peer.ref, b"x" * (LONGEST_BYTES + 1), "")])
    rig.server.send([(peer.ref, b"short", "")])
    assert own.recv(100) == b"short"
    wait_until(lambda: len(rig.seen.reports) == 2)
    results = [report.results[peer.client_id] for report in rig.seen.reports]
    assert results == [SendResult.FAILED, SendResult.SENT]
    assert rig.entries(Kind.TOO_LONG)[0].detail["limit_bytes"] == LONGEST_BYTES


def test_everybody_known_is_sent_to(udp_rig: MakeRig) -> None:
    rig = udp_rig()
    peers = [rig.peer() for _ in range(50)]
    for own in peers:
        own.send(b"here")
    wait_until(lambda: len(rig.server.roster()) == 50)
    rig.server.send([(peer.ref, b"to all", "") for peer in rig.server.roster()])
    for own in peers:
        assert own.recv(100) == b"to all"


def test_an_address_that_is_typed_becomes_a_client(udp_rig: MakeRig) -> None:
    rig = udp_rig()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.settimeout(TIMEOUT_S)
        where = Endpoint(*stranger.getsockname())
        rig.udp.send_to(where, b"first")
        data, address = stranger.recvfrom(100)
        assert (data, address) == (b"first", rig.endpoint)
        wait_until(lambda: rig.seen.reports)
        stranger.sendto(b"answer", address)
        wait_until(lambda: rig.entries(Kind.IN))
    (peer,) = rig.seen.joins
    assert (peer.endpoint, peer.bytes_in, peer.bytes_out) == (where, 6, 5)


@pytest.mark.parametrize(
    ("host", "fault"),
    [
        ("nobody.example", AddressFault.NOT_NUMERIC),
        ("1.2.3.4.5", AddressFault.NOT_NUMERIC),
        ("", AddressFault.NOT_NUMERIC),
        ("::1", AddressFault.NO_FAMILY),
        ("203.0.113.5", AddressFault.UNREACHABLE),  # from a server on loopback alone
        ("255.255.255.255", AddressFault.BROADCAST),
        ("127.255.255.255", AddressFault.BROADCAST),
    ],
)
def test_what_is_no_address_of_ours_is_refused(
    udp_rig: MakeRig, host: str, fault: AddressFault
) -> None:
    rig = udp_rig()
    with pytest.raises(AddressError) as refused:
        rig.udp.send_to(Endpoint(host, 9), b"x")
    assert refused.value.fault is fault
    assert not rig.seen.joins


@only_linux
def test_broadcast_reaches_a_network_where_it_is_allowed(udp_rig: MakeRig) -> None:
    rig = udp_rig(broadcast=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        listener.bind(("", 0))
        listener.settimeout(TIMEOUT_S)
        where = Endpoint("127.255.255.255", listener.getsockname()[1])
        rig.udp.send_to(where, b"to all")
        assert listener.recv(100) == b"to all"


def test_nothing_is_a_datagram_too(udp_rig: MakeRig) -> None:
    rig = udp_rig()
    own = rig.peer()
    own.send(b"here")
    wait_until(lambda: rig.seen.joins)
    peer = rig.seen.joins[0]
    for data in (b"one", b"", b"two"):
        rig.server.send([(peer.ref, data, "")])
    assert [own.recv(100) for _ in range(3)] == [b"one", b"", b"two"]
    wait_until(lambda: len(rig.seen.reports) == 3)
    assert [r.results[peer.client_id] for r in rig.seen.reports] == [SendResult.SENT] * 3
    assert [e.data for e in rig.entries(Kind.OUT)] == [b"one", b"", b"two"]


@pytest.mark.skipif(shutil.which("ncat") is None, reason="no ncat here")
def test_ncat_hears_who_dials_it(udp_rig: MakeRig) -> None:
    rig = udp_rig()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["ncat", "-u", "-l", "127.0.0.1", str(port), "--sh-exec", "cat"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as ncat:
        try:

            def answered() -> bool:  # as soon as it listens
                rig.udp.send_to(Endpoint("127.0.0.1", port), b"anybody there?")
                return bool(rig.entries(Kind.IN))

            wait_until(answered)
        finally:
            ncat.kill()
    assert rig.entries(Kind.IN)[0].data == b"anybody there?"


def test_who_is_silent_is_offline_and_comes_back_as_another(
    udp_rig: MakeRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(udp_server, "LOOK_S", 0.05)
    rig = udp_rig(idle_s=0)
    own = rig.peer()
    own.send(b"one")
    wait_until(lambda: rig.seen.leaves)
    own.send(b"two")
    wait_until(lambda: len(rig.seen.leaves) == 2)
    assert [peer.reason for peer in rig.seen.leaves] == [CloseReason.IDLE] * 2
    assert [peer.client_id for peer in rig.seen.joins] == [1, 2]


def test_the_trouble_of_one_client_is_no_end(
    udp_rig: MakeRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = udp_rig(reply=EchoReply())
    first, second = rig.peer(), rig.peer()
    hear = Peer.hear

    def fails_once(peer: Peer, datagram: bytes) -> None:
        if datagram == b"bad":
            raise ValueError("nobody foresaw this")
        hear(peer, datagram)

    monkeypatch.setattr(Peer, "hear", fails_once)
    first.send(b"bad")
    second.send(b"good")
    assert second.recv(100) == b"good"
    first.send(b"good, too")
    assert first.recv(100) == b"good, too"
    (entry,) = rig.entries(Kind.SERVER_ERROR)
    assert entry.detail["error"] == "nobody foresaw this"
    assert entry.detail["goes_on"] is True


def test_whoever_hears_in_front_of_the_reply_hears_peers_too(udp_rig: MakeRig) -> None:
    rig = udp_rig()
    heard: list[bytes] = []

    def hears(_session: Session, chunk: bytes) -> bytes:
        heard.append(chunk)
        return chunk

    rig.server.shared.hears = hears
    rig.peer().send(b"B\n")
    wait_until(lambda: heard == [b"B\n"])


def test_a_client_can_be_sent_away(udp_rig: MakeRig) -> None:
    rig = udp_rig()
    own = rig.peer()
    own.send(b"one")
    wait_until(lambda: rig.seen.joins)
    rig.server.disconnect([rig.seen.joins[0].ref])
    wait_until(lambda: rig.seen.leaves)
    assert rig.seen.leaves[0].reason is CloseReason.DISCONNECTED
    assert not rig.server.roster()


def test_nobody_being_there_is_told_and_no_end(udp_rig: MakeRig) -> None:
    rig = udp_rig(reply=FixedReply("answer"))
    gone = rig.peer()
    gone.send(b"one")
    assert gone.recv(100) == b"answer"
    peer = rig.seen.joins[0]
    gone.close()
    for _ in range(3):
        rig.server.send([(peer.ref, b"are you there?", "")])
        if sys.platform == "linux":
            wait_until(lambda: rig.entries(Kind.UNREACHABLE))
    other = rig.peer()
    other.send(b"two")
    assert other.recv(100) == b"answer"
    wait_until(lambda: len(rig.seen.reports) == 3)
    assert {r.results[peer.client_id] for r in rig.seen.reports} == {SendResult.SENT}
    if sys.platform == "linux":
        assert [e.client_id for e in rig.entries(Kind.UNREACHABLE)] == [peer.client_id]
    assert rig.listener.is_alive()


def test_windows_reset_after_an_unreachable_peer_is_no_end(
    udp_rig: MakeRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There `recvfrom` itself fails, about a datagram that was sent."""
    rig = udp_rig(reply=EchoReply())
    own = rig.peer()
    own.send(b"one")
    assert own.recv(100) == b"one"
    listening = rig.udp._listening[0]
    real = type(listening).recvfrom_into
    failures = iter([ConnectionResetError(10054, "forcibly closed")])

    def once(self: Any, *arguments: Any) -> Any:
        for failure in failures:
            raise failure
        return real(self, *arguments)

    monkeypatch.setattr(type(listening), "recvfrom_into", once)
    own.send(b"two")
    assert own.recv(100) == b"two"
    assert next(failures, None) is None


def has_heard(rig: Rig, count: int) -> bool:
    return rig.journal.bytes_in == 4 * count


def test_ten_thousand_peers(udp_rig: MakeRig) -> None:
    """Ten thousand addresses by a hundred ports of a hundred hosts."""
    rig = udp_rig(host="0.0.0.0")
    port = rig.endpoint.port
    count = 10_000 if sys.platform == "linux" else 200
    for host in range(1, 101):
        with ExitStack() as stack:
            for _ in range(count // 100):
                own = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                if sys.platform == "linux":
                    own.bind((f"127.0.1.{host}", 0))
                own.sendto(b"here", ("127.0.0.1", port))
            wait_until(partial(has_heard, rig, host * (count // 100)), 30)
    assert len({peer.endpoint for peer in rig.server.roster()}) == count
    assert rig.server.thread_count < 6


@only_linux
def test_what_the_kernel_throws_away_is_counted_and_told(
    udp_rig: MakeRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(udp_server, "LOOK_S", 0.05)
    monkeypatch.setattr(udp_server, "BUFFER_BYTES", 4096)
    rig = udp_rig()
    own = rig.peer()
    own.send(b"hello")
    wait_until(lambda: rig.seen.joins)
    peer = rig.seen.joins[0]
    with peer.outlet.lock:  # the listener waits for it as soon as something comes
        for _ in range(200):
            own.send(b"x" * 1000)
        assert rig.udp.dropped > 0
    wait_until(lambda: rig.entries(Kind.DROPPED))
    wait_until(
        lambda: len(rig.entries(Kind.IN)) - 1 + rig.entries(Kind.DROPPED)[-1].detail["total"] == 200
    )
    assert rig.entries(Kind.DROPPED)[-1].detail["total"] == rig.udp.dropped


def test_both_families_at_once(udp_rig: MakeRig) -> None:
    rig = udp_rig(host="*", reply=EchoReply())
    assert len({endpoint.port for endpoint in rig.server.endpoints}) == 1
    for host in ("127.0.0.1", "::1"):
        own = rig.peer(host=host)
        own.send(host.encode())
        assert own.recv(100) == host.encode()
    assert [peer.endpoint.host for peer in rig.seen.joins] == ["127.0.0.1", "::1"]


def test_a_port_in_use_is_said_at_opening(udp_rig: MakeRig) -> None:
    rig = udp_rig()
    with pytest.raises(ListenError) as caught:
        udp_rig(port=rig.endpoint.port)
    assert caught.value.fault is ListenFault.PORT_IN_USE


def test_tcp_and_udp_share_a_number(udp_rig: MakeRig, tmp_path: Path) -> None:
    def is_shared(attempt: int) -> bool:
        """Whether TCP gets the number of a UDP port; another connection may have it already."""
        folder = tmp_path / str(attempt)
        folder.mkdir()
        rig = udp_rig()
        try:
            with Rig(folder, server=Server, port=rig.endpoint.port) as tcp:
                assert tcp.endpoint == rig.endpoint
                return True
        except ListenError as error:
            if error.fault is not ListenFault.PORT_IN_USE:
                raise
            return False

    assert any(map(is_shared, range(5)))


@only_linux
def test_a_group_is_joined(udp_rig: MakeRig) -> None:
    rig = udp_rig(host="0.0.0.0", multicast="239.77.7.7%lo 239.77.7.8%1")
    own = rig.keep(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    own.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
    for group in ("239.77.7.7", "239.77.7.8"):
        own.sendto(group.encode(), (group, rig.endpoint.port))
    wait_until(lambda: len(rig.entries(Kind.IN)) == 2)
    assert [e.data for e in rig.entries(Kind.IN)] == [b"239.77.7.7", b"239.77.7.8"]


@only_linux
def test_a_group_of_ipv6_is_joined_on_its_interface(udp_rig: MakeRig) -> None:
    zones = [a.host.partition("%")[2] for a in local_addresses() if a.host.startswith("fe80")]
    if not zones:
        pytest.skip("no interface speaks IPv6 here")
    rig = udp_rig(host="::", multicast=f"ff02::7777%{zones[0]}")
    own = rig.keep(socket.socket(socket.AF_INET6, socket.SOCK_DGRAM))
    index = socket.if_nametoindex(zones[0])
    own.sendto(b"to the group", ("ff02::7777", rig.endpoint.port, 0, index))
    wait_until(lambda: rig.entries(Kind.IN))
    assert rig.seen.joins[0].endpoint.host.endswith(f"%{zones[0]}")


@pytest.mark.parametrize("group", ["10.0.0.1", "239.1.2.x", "ff02::1", "239.1.2.3%nowhere0"])
def test_what_is_no_group_is_said_at_opening(udp_rig: MakeRig, group: str) -> None:
    with pytest.raises(ListenError) as caught:
        udp_rig(multicast=f"239.1.1.1 {group}" if sys.platform != "linux" else group)
    assert caught.value.fault is ListenFault.BAD_GROUP
    assert group in caught.value.system_text


def test_more_than_the_limit_are_refused_and_told(udp_rig: MakeRig) -> None:
    rig = udp_rig(max_clients=1)
    first, second = rig.peer(), rig.peer()
    first.send(b"one")
    wait_until(lambda: rig.seen.joins)
    second.send(b"two")
    wait_until(lambda: rig.entries(Kind.REFUSED))
    first.send(b"three")
    wait_until(lambda: len(rig.entries(Kind.IN)) == 2)
    assert len(rig.seen.joins) == 1


def test_closing_tells_of_everybody(udp_rig: MakeRig) -> None:
    rig = udp_rig()
    own = rig.peer()
    own.send(b"one")
    wait_until(lambda: rig.seen.joins)
    rig.stop()
    assert rig.seen.leaves == rig.seen.joins
    assert rig.seen.leaves[0].reason is CloseReason.SERVER_CLOSED
    assert [e.kind for e in rig.entries()][-2:] == [Kind.OFFLINE, Kind.SERVER_CLOSED]
