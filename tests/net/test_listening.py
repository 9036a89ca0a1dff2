"""Opening a port: where, and why not."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from app.journal.entry import Kind
from app.net import listening
from app.net.facts import Endpoint, ListenError, ListenFault, PortHolder, ServerOptions
from app.net.holder import explained, lent_ports, look_through
from app.net.listening import listen_on
from tests.net.rig import Rig, reset


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
        ("localhost", ["127.0.0.1", "::1"]),
        ("LocalHost.", ["127.0.0.1", "::1"]),
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
    assert entry.detail == {"server_id": 1, "endpoints": [["0.0.0.0", port], ["::", port]]}


def test_a_busy_port_is_said_to_be_at_once_and_its_holder_when_asked(
    make_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    """To find the holder takes a walk through all processes: not in the thread that opens."""
    rig = make_rig()
    with monkeypatch.context() as patch:
        patch.setattr(psutil, "net_connections", None)
        error = fails(make_rig, port=rig.endpoint.port)
    assert error.fault is ListenFault.PORT_IN_USE
    assert error.endpoint == rig.endpoint
    assert error.holder is None
    assert error.system_text
    named = explained(error)
    assert named.holder == PortHolder(psutil.Process().name(), os.getpid(), listens=True)
    assert (named.fault, named.endpoint, named.system_text) == (
        error.fault,
        error.endpoint,
        error.system_text,
    )


DIAL = """
import socket, sys
client = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
print(client.getsockname()[1], flush=True)
sys.stdin.read()
"""


def test_a_program_that_dials_out_from_the_port_is_named(make_rig: Callable[..., Rig]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        port = str(elsewhere.getsockname()[1])
        with subprocess.Popen(
            [sys.executable, "-c", DIAL, port],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as other:
            assert other.stdout is not None
            lent = int(other.stdout.readline())
            error = explained(fails(make_rig, port=lent))
            other.communicate()
    name = Path(sys.executable).resolve().name
    assert error.fault is ListenFault.PORT_IN_USE
    assert error.holder is not None
    assert error.holder.pid == other.pid
    assert error.holder.program[:6] == name[:6]
    assert not error.holder.listens
    first, last = lent_ports()
    assert first <= lent <= last


def old_connection(port: int = 0) -> tuple[socket.socket, int]:
    """A client of a server that has gone: the server's end still holds its port."""
    with socket.socket() as listening:  # without SO_REUSEADDR, as Windows has it
        listening.bind(("127.0.0.1", port))
        listening.listen()
        client = socket.create_connection(listening.getsockname(), 5)
        listening.accept()[0].close()
        assert client.recv(1) == b""
        return client, listening.getsockname()[1]


def test_old_connections_are_no_other_program(make_rig: Callable[..., Rig]) -> None:
    client, port = old_connection()
    with client:
        error = explained(fails(make_rig, host="127.0.0.1", port=port))
        assert error.fault is ListenFault.OLD_CONNECTIONS
        assert error.holder is None
        reset(client)
    assert make_rig(host="127.0.0.1", port=port).endpoint.port == port


class Seen(NamedTuple):
    """A socket as psutil tells of it."""

    laddr: tuple[str, int] | tuple[()]
    status: str
    pid: int | None


HERE, MINE, OTHERS = ("0.0.0.0", 80), 1, {7, 8}


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        ([Seen(HERE, "LISTEN", 7)], (7, True, False)),
        ([Seen(HERE, "LISTEN", None)], (None, True, False)),  # another user's
        ([Seen(HERE, "ESTABLISHED", 7)], (7, False, False)),
        ([Seen(HERE, "ESTABLISHED", 7), Seen(HERE, "LISTEN", 8)], (8, True, False)),
        ([Seen(HERE, "TIME_WAIT", None), Seen(HERE, "ESTABLISHED", 8)], (8, False, False)),
        ([Seen(HERE, "ESTABLISHED", None)], (None, False, False)),
        ([Seen(HERE, "TIME_WAIT", None)], (None, False, True)),
        ([Seen(HERE, "FIN_WAIT2", 0)], (None, False, True)),
        ([Seen(HERE, "CLOSE_WAIT", MINE)], (None, False, True)),  # ours, of a moment ago
        ([Seen(HERE, "ESTABLISHED", 9)], (None, False, True)),  # of a program that was killed
        ([Seen(("0.0.0.0", 81), "LISTEN", 7), Seen((), "LISTEN", 8)], (None, False, False)),
    ],
)
def test_who_is_in_the_way(seen: list[Seen], found: tuple[object, ...]) -> None:
    """As Windows tells it, too: there a client that stays holds the port of whoever has closed."""
    assert look_through(seen, 80, OTHERS) == found


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


@pytest.mark.parametrize(
    "host", ["", "256.1.1.1", "1.2.3", "::g", "local host", "localhost..", "a" * 70, "例"]
)
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


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.1", "*", "localhost"])
def test_where_reuse_would_let_two_programs_beside_each_other(
    make_rig: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """As on macOS: somebody who listens at one of the addresses has the port altogether."""
    monkeypatch.setattr(listening, "LETS_BESIDE", True)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert listening._somebody_listens(socket.AF_INET, port)
        assert not listening._somebody_listens(socket.AF_INET6, port)
        assert fails(make_rig, host=host, port=port).fault is ListenFault.PORT_IN_USE
    rig = make_rig(host=host, port=port)
    client, _ = rig.join()
    rig.stop()
    assert client.recv(1) == b""
    client.close()
    assert make_rig(host=host, port=port).endpoint == rig.endpoint  # beside TIME_WAIT


def test_localhost_takes_both_or_says_which_is_taken(make_rig: Callable[..., Rig]) -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as other:
        port = other.getsockname()[1]
        error = fails(make_rig, host="localhost", port=port)
        assert (error.fault, error.endpoint) == (ListenFault.PORT_IN_USE, Endpoint("::1", port))


def test_localhost_where_there_is_no_ipv6(monkeypatch: pytest.MonkeyPatch) -> None:
    def listen_without_ipv6(host: str, port: int, backlog: int) -> socket.socket:
        if ":" in host:
            raise ListenError(ListenFault.NOT_LOCAL, Endpoint(host, port))
        return listen_on(host, port, backlog)

    monkeypatch.setattr(listening, "listen_on", listen_without_ipv6)
    (ipv4,) = listening.listen_at(ServerOptions(host="localhost", port=0))
    with ipv4:
        assert ipv4.getsockname()[0] == "127.0.0.1"
    with pytest.raises(ListenError):  # both were asked for
        listening.listen_at(ServerOptions(host="*", port=0))


@pytest.mark.parametrize("host", ["fe80::1", "FE80::a:b"])
def test_a_link_local_address_needs_its_zone(make_rig: Callable[..., Rig], host: str) -> None:
    assert fails(make_rig, host=host).fault is ListenFault.NO_ZONE
    assert fails(make_rig, host=f"{host}%lo").fault is ListenFault.NOT_LOCAL


def test_nobody_else_can_listen_beside_it(rig: Rig) -> None:
    with pytest.raises(ListenError):
        listen_on("0.0.0.0", rig.endpoint.port, 1)


def test_a_free_port_for_both_is_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Port 0 may find one for IPv4 that is taken for IPv6: then another pair is tried."""
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
