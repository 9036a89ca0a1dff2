"""The PROXY protocol: who is behind the proxy, whatever way its header comes."""

from __future__ import annotations

import shutil
import ssl
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.journal.entry import Kind
from app.net import proxied
from app.net.admission import Admission
from app.net.facts import CloseReason, Endpoint, ServerOptions
from app.net.proxied import BadHeader, read_header
from app.net.tls_server import TlsServer
from app.reply import EchoReply
from tests.net.rig import Rig, receive_all
from tests.support.wait import wait_until

MakeRig = Callable[..., Rig]
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
V1 = b"PROXY TCP4 203.0.113.7 10.0.0.1 5555 443\r\n"
V1_6 = b"PROXY TCP6 2001:db8::7 ::1 5555 443\r\n"


def v2(command: int, family: int, body: bytes) -> bytes:
    return SIGNATURE + struct.pack("!BBH", command, family, len(body)) + body


BODY4 = bytes([203, 0, 113, 7, 10, 0, 0, 1]) + struct.pack("!HH", 5555, 443)
BODY6 = bytes.fromhex(f"20010db8{7:024x}{1:032x}") + struct.pack("!HH", 5555, 443)
FOUR, SIX = Endpoint("203.0.113.7", 5555), Endpoint("2001:db8::7", 5555)

HEADERS = {
    "v1": (V1, FOUR),
    "v1 over IPv6": (V1_6, SIX),
    "v1 unknown": (b"PROXY UNKNOWN\r\n", None),
    "v1 unknown with more": (b"PROXY UNKNOWN ffff:f... 1 2 3\r\n", None),
    "v2": (v2(0x21, 0x11, BODY4), FOUR),
    "v2 over IPv6": (v2(0x21, 0x21, BODY6), SIX),
    "v2 with more": (v2(0x21, 0x11, BODY4 + b"\x04\x00\x03abc"), FOUR),
    "v2 local": (v2(0x20, 0x00, b""), None),
    "v2 local with addresses": (v2(0x20, 0x11, BODY4), None),
    "v2 of a socket's file": (v2(0x21, 0x31, bytes(216)), None),
    "v2 unspecified": (v2(0x21, 0x00, b"whatever"), None),
}
BAD = {
    "plain text": b"GET / HTTP/1.1\r\n\r\n",
    "too long": b"PROXY TCP4 " + b"1" * 200,
    "no such family": b"PROXY TCP5 1.2.3.4 1.2.3.4 1 2\r\n",
    "no address": b"PROXY TCP4 1.2.3.4.5 1.2.3.4 1 2\r\n",
    "wrong family": b"PROXY TCP4 ::1 ::1 1 2\r\n",
    "a port too high": b"PROXY TCP4 1.2.3.4 1.2.3.4 65536 2\r\n",
    "no port": b"PROXY TCP4 1.2.3.4 1.2.3.4 -1 2\r\n",
    "too few words": b"PROXY TCP4 1.2.3.4\r\n",
    "v2 of version 3": v2(0x31, 0x11, BODY4),
    "v2 too short": v2(0x21, 0x11, BODY4[:-1]),
    "v2 too long": v2(0x21, 0x11, bytes(5000)),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_is_read_wherever_it_is_cut(name: str) -> None:
    data, source = HEADERS[name]
    for end in range(len(data)):
        assert read_header(data[:end]) is None
    assert read_header(data) == (len(data), source)
    assert read_header(data + b"hello\r\n") == (len(data), source)


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_header_is_said_as_soon_as_it_is_seen(name: str) -> None:
    with pytest.raises(BadHeader):
        read_header(BAD[name])


@given(st.binary(max_size=200), st.sampled_from([b"", b"PROXY ", b"PROXY TCP4 ", SIGNATURE]))
def test_nothing_else_is_raised(data: bytes, begins: bytes) -> None:
    try:
        header = read_header(begins + data)
    except BadHeader:
        return
    assert header is None or 0 < header.size_bytes <= len(begins + data)


@pytest.fixture
def proxy_rig(make_rig: MakeRig) -> MakeRig:
    """A maker of servers behind a proxy."""

    def make(**options: Any) -> Rig:
        return make_rig(proxy_protocol=True, **options)

    return make


@pytest.mark.parametrize("name", ["v1", "v2 over IPv6"])
def test_the_real_address_is_told_and_the_header_recorded(proxy_rig: MakeRig, name: str) -> None:
    rig = proxy_rig(reply=EchoReply())
    data, source = HEADERS[name]
    client, session = rig.join()
    for byte in data:
        client.sendall(bytes([byte]))
    client.sendall(b"hello")
    assert client.recv(100) == b"hello"
    assert session.endpoint == source
    assert [e.data for e in rig.entries(Kind.IN, session.client_id)] == [data, b"hello"]
    (event,) = rig.entries(Kind.PROXIED)
    assert Endpoint(event.detail["host"], event.detail["port"]) == source
    host, port = client.getsockname()
    assert event.detail["via"] == f"{host}:{port}"
    reader = rig.journal.reader()
    record = reader.client(session.client_id)
    reader.close()
    assert record is not None
    assert Endpoint(record.host, record.port) == source


def test_what_comes_with_the_header_is_not_lost(proxy_rig: MakeRig) -> None:
    rig = proxy_rig(recv_size_bytes=3)
    client, session = rig.join()
    client.sendall(V1 + b"first words")
    wait_until(lambda: session.bytes_in == len(V1) + 11)
    assert [e.data for e in rig.entries(Kind.IN)] == [V1, b"fir", b"st ", b"wor", b"ds"]


def test_a_proxy_that_speaks_for_itself_keeps_its_address(proxy_rig: MakeRig) -> None:
    rig = proxy_rig(reply=EchoReply())
    client, session = rig.join()
    client.sendall(b"PROXY UNKNOWN\r\nhi")
    assert client.recv(10) == b"hi"
    assert session.endpoint == client.getsockname()
    assert not rig.entries(Kind.PROXIED)


@pytest.mark.parametrize("name", BAD)
def test_without_a_header_nobody_gets_in_and_nothing_is_lost(proxy_rig: MakeRig, name: str) -> None:
    rig = proxy_rig()
    client, session = rig.join()
    client.sendall(BAD[name][:1000])
    if name == "v2 too long":
        assert len(BAD[name]) > 4096
    rig.wait_gone(session)
    assert session.reason is CloseReason.PROXY_FAILED
    assert rig.stream(Kind.IN, session.client_id) == BAD[name][:1000]


def test_a_health_check_is_no_fault(proxy_rig: MakeRig) -> None:
    rig = proxy_rig()
    client, session = rig.join()
    client.close()
    rig.wait_gone(session)
    assert session.reason is CloseReason.FIN


def test_half_a_header_is_one(proxy_rig: MakeRig) -> None:
    rig = proxy_rig()
    client, session = rig.join()
    client.sendall(V1[:20])
    client.close()
    rig.wait_gone(session)
    assert session.reason is CloseReason.PROXY_FAILED


def test_who_sends_no_header_in_time_is_closed(
    proxy_rig: MakeRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proxied, "GREETING_S", 0.3)
    rig = proxy_rig()
    client, session = rig.join()
    rig.wait_gone(session)
    assert session.reason is CloseReason.NO_GREETING
    assert receive_all(client) == b""


def test_tls_comes_behind_the_header(proxy_rig: MakeRig, tmp_path: Path) -> None:
    own = tmp_path / "own"
    rig = proxy_rig(server=TlsServer, kind="tls", certificate_dir=str(own), reply=EchoReply())
    assert isinstance(rig.server, TlsServer)
    plain, session = rig.join()
    plain.sendall(V1)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for path in own.glob("*.pem"):
        context.load_verify_locations(path)
    client = rig.keep(context.wrap_socket(plain, server_hostname="localhost"))
    client.sendall(b"secret")
    assert client.recv(10) == b"secret"
    assert session.endpoint == FOUR
    assert rig.stream(Kind.IN, session.client_id) == V1 + b"secret"


# -- who may come in -------------------------------------------------------------------------------


def header_of(host: str, port: int = 5555) -> bytes:
    return f"PROXY TCP4 {host} 10.0.0.1 {port} 443\r\n".encode()


def test_the_list_looks_at_whom_the_proxy_speaks_for(proxy_rig: MakeRig) -> None:
    rig = proxy_rig(allowed="203.0.113.0/24", reply=EchoReply())
    let_in, _ = rig.join()
    let_in.sendall(header_of("203.0.113.7") + b"hi")
    assert let_in.recv(10) == b"hi"
    refused, session = rig.join()
    refused.sendall(header_of("198.51.100.7") + b"hi")
    assert receive_all(refused) == b""
    rig.wait_gone(session)
    assert session.reason is CloseReason.NOT_ALLOWED
    assert session.endpoint.host == "198.51.100.7"
    assert rig.stream(Kind.OUT, session.client_id) == b""  # nobody has answered it
    assert rig.server.admission.refused == 1


def test_a_proxy_elsewhere_is_on_the_list_too(make_rig: MakeRig) -> None:
    """Whoever reaches the port can write a header."""
    admission = Admission(ServerOptions(allowed="203.0.113.0/24", proxy_protocol=True))
    assert admission.why_not(Endpoint("127.0.0.1", 9)) == ""
    assert admission.why_not(Endpoint("::1", 9)) == ""
    assert admission.why_not(Endpoint("::ffff:127.0.0.1", 9)) == ""
    assert admission.why_not(Endpoint("192.168.1.9", 9)) == "not_allowed"
    assert Admission(ServerOptions(allowed="192.168.1.9")).why_not(Endpoint("127.0.0.1", 9))


def test_each_address_behind_the_proxy_has_its_own_number_of_clients(proxy_rig: MakeRig) -> None:
    rig = proxy_rig(clients_per_address=1, reply=EchoReply())
    clients = []
    for host in ("203.0.113.7", "203.0.113.8", "203.0.113.7"):
        client, session = rig.join()  # all of them by the proxy's one address
        client.sendall(header_of(host) + b"hi")
        clients.append((client, session))
    (one, first), (two, _), (three, third) = clients
    assert (one.recv(10), two.recv(10), receive_all(three)) == (b"hi", b"hi", b"")
    rig.wait_gone(third)
    assert third.reason is CloseReason.ADDRESS_FULL
    one.close()
    rig.wait_gone(first)
    again = rig.dial()
    again.sendall(header_of("203.0.113.7") + b"hi")
    assert again.recv(10) == b"hi"


@pytest.mark.skipif(shutil.which("ncat") is None, reason="no ncat here")
def test_ncat_speaks_for_others(proxy_rig: MakeRig) -> None:
    rig = proxy_rig(allowed="203.0.113.7", reply=EchoReply())
    for host, answer in (("203.0.113.7", b"hello"), ("203.0.113.9", b"")):
        done = subprocess.run(
            ["ncat", "--no-shutdown", "-i", "1", rig.endpoint.host, str(rig.endpoint.port)],
            input=header_of(host) + b"hello",
            capture_output=True,
            timeout=30,
        )
        assert done.stdout == answer
