"""Opening a port: where, and why not."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from app.journal.entry import Kind
from app.net.facts import Endpoint, ListenError, ListenFault
from app.net.listening import listen_on
from tests.net.rig import Rig


def fails(make_rig: Callable[..., Rig], **options: object) -> ListenError:
    with pytest.raises(ListenError) as caught:
        make_rig(**options)
    return caught.value


@pytest.mark.parametrize(
    ("host", "dialled"),
    [
        ("127.0.0.1", ["127.0.0.1"]),
        ("0.0.0.0", ["127.0.0.1"]),
        ("::1", ["::1"]),
        ("::", ["::1"]),
        ("*", ["127.0.0.1", "::1"]),
    ],
)
def test_clients_reach_it(make_rig: Callable[..., Rig], host: str, dialled: list[str]) -> None:
    rig = make_rig(host=host)
    ports = {endpoint.port for endpoint in rig.server.endpoints}
    assert len(ports) == 1
    assert 0 not in ports
    for address in dialled:
        with socket.create_connection((address, ports.copy().pop()), 5) as client:
            session = rig.session_of(client)
            assert session.endpoint == Endpoint(*client.getsockname()[:2])


def test_all_ipv6_leaves_ipv4_to_others(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(host="::")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", rig.endpoint.port), 5)


def test_the_endpoints_are_journalled(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(host="*")
    port = rig.endpoint.port
    (entry,) = rig.entries(Kind.SERVER_OPENED)
    assert entry.detail == {"endpoints": [["0.0.0.0", port], ["::", port]]}


def test_a_busy_port_names_its_holder(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig()
    error = fails(make_rig, port=rig.endpoint.port)
    assert error.fault is ListenFault.PORT_IN_USE
    assert error.endpoint == rig.endpoint
    assert error.holder == (psutil.Process().name(), os.getpid())
    assert error.system_text


def test_both_or_none(make_rig: Callable[..., Rig]) -> None:
    """Where another program has the port for IPv6 alone, IPv4 is not taken either."""
    with socket.create_server(("::", 0), family=socket.AF_INET6) as other:
        port = other.getsockname()[1]
        error = fails(make_rig, host="*", port=port)
        assert (error.fault, error.endpoint) == (ListenFault.PORT_IN_USE, Endpoint("::", port))
        socket.create_server(("0.0.0.0", port)).close()


@pytest.mark.parametrize("host", ["192.0.2.123", "2001:db8::1"])
def test_an_address_of_another_machine(make_rig: Callable[..., Rig], host: str) -> None:
    error = fails(make_rig, host=host)
    assert error.fault is ListenFault.NOT_LOCAL
    assert error.holder is None


@pytest.mark.parametrize("host", ["", "256.1.1.1", "1.2.3", "::g", "localhost", "a" * 70, "例"])
def test_what_is_no_address(make_rig: Callable[..., Rig], host: str) -> None:
    if host == "1.2.3":  # the old short form of 1.2.0.3
        assert fails(make_rig, host=host).fault is ListenFault.NOT_LOCAL
    else:
        assert fails(make_rig, host=host).fault is ListenFault.BAD_HOST


@pytest.mark.parametrize("port", [-1, 65_536, 70_000])
def test_a_port_out_of_range_is_never_another_port(make_rig: Callable[..., Rig], port: int) -> None:
    assert fails(make_rig, port=port).fault is ListenFault.BAD_PORT


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may do it")
def test_a_privileged_port(make_rig: Callable[..., Rig]) -> None:
    first_free = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    if first_free.exists() and int(first_free.read_text()) <= 1:
        pytest.skip("no port is privileged here")
    assert fails(make_rig, port=1).fault is ListenFault.NO_PERMISSION


def test_the_port_can_be_opened_again_at_once(make_rig: Callable[..., Rig]) -> None:
    """Connections that we closed first stay in TIME_WAIT, and must not hold the port."""
    rig = make_rig()
    client, _ = rig.join()
    rig.stop()
    assert client.recv(1) == b""
    client.close()
    assert make_rig(port=rig.endpoint.port).endpoint == rig.endpoint


def test_nobody_else_can_listen_beside_it(rig: Rig) -> None:
    with pytest.raises(ListenError):
        listen_on("0.0.0.0", rig.endpoint.port, 1)


def test_a_free_port_for_both_is_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Port 0 may find one for IPv4 that is taken for IPv6: then another pair is tried."""
    from app.net import listening
    from app.net.facts import ServerOptions

    busy = [ListenError(ListenFault.PORT_IN_USE, Endpoint("::", 1))] * 2

    def listen_on_busy(host: str, port: int, backlog: int) -> socket.socket:
        if host == "::" and busy:
            raise busy.pop()
        return listen_on(host, port, backlog)

    monkeypatch.setattr(listening, "listen_on", listen_on_busy)
    ipv4, ipv6 = listening.listen_at(ServerOptions(host="*", port=0))
    with ipv4, ipv6:
        assert ipv4.getsockname()[1] == ipv6.getsockname()[1]
    assert not busy
