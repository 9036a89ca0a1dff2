"""TLS: who is let in, what goes through, how it ends, and who is held up: nobody."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.journal.entry import Entry, Kind
from app.net import crowd, tls_wire
from app.net.facts import CloseReason, ListenError, ListenFault, SendResult
from app.net.tls_server import TlsServer
from app.reply import EchoReply, FixedReply
from tests.net.rig import Rig, receive_all, reset
from tests.support.wait import wait_until

OPENSSL = shutil.which("openssl")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="no openssl here")

MakeRig = Callable[..., Rig]


@pytest.fixture(scope="session")
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the program's own certificate is: made once for all tests."""
    return tmp_path_factory.mktemp("own")


@pytest.fixture
def tls_rig(any_rig: MakeRig, own_folder: Path) -> MakeRig:
    """A maker of servers that speak TLS, with each system's way to use a socket."""

    def make(**options: object) -> Rig:
        own = str(own_folder)
        return any_rig(server=TlsServer, kind="tls", certificate_dir=own, **options)

    return make


@pytest.fixture
def one_rig(make_rig: MakeRig, own_folder: Path) -> MakeRig:
    """Like `tls_rig`, on this system alone."""

    def make(**options: object) -> Rig:
        own = str(own_folder)
        return make_rig(server=TlsServer, kind="tls", certificate_dir=own, **options)

    return make


def trusting(folder: Path) -> ssl.SSLContext:
    """A client that trusts the server's own certificates, and nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for path in folder.glob("tls-*.pem"):
        context.load_verify_locations(path)
    return context


def secured(rig: Rig, folder: Path, plain: socket.socket | None = None) -> ssl.SSLSocket:
    return shake(rig, trusting(folder), plain)


def shake(rig: Rig, context: ssl.SSLContext, plain: socket.socket | None = None) -> ssl.SSLSocket:
    return rig.keep(context.wrap_socket(plain or rig.dial(), server_hostname="localhost"))


def details(rig: Rig, kind: Kind) -> list[dict[str, object]]:
    return [entry.detail for entry in rig.entries(kind)]


def the_end(rig: Rig) -> Entry:
    wait_until(lambda: rig.entries(Kind.OFFLINE))
    return rig.entries(Kind.OFFLINE)[-1]


# -- what goes through ---------------------------------------------------------------------------


def test_a_client_is_secured_and_served(tls_rig: MakeRig, own_folder: Path) -> None:
    rig = tls_rig(reply=EchoReply())
    plain, session = rig.join()
    client = secured(rig, own_folder, plain)
    client.sendall(b"hello neo")
    assert client.recv(100) == b"hello neo"
    (facts,) = details(rig, Kind.SECURED)
    assert facts["version"] == client.version() == "TLSv1.3"
    assert facts["cipher"] == client.cipher()[0]  # type: ignore[index]
    assert (facts["server_name"], facts["alpn"]) == ("localhost", "")
    client.unwrap()
    rig.wait_gone(session)
    assert session.reason is CloseReason.FIN
    assert rig.stream(Kind.IN, session.client_id) == b"hello neo"
    assert rig.stream(Kind.OUT, session.client_id) == b"hello neo"


def test_a_protocol_is_agreed_on_where_one_is_asked_for(one_rig: MakeRig, own_folder: Path) -> None:
    rig = one_rig(alpn="mqtt, http/1.1")
    context = trusting(own_folder)
    context.set_alpn_protocols(["http/1.1"])
    client = shake(rig, context)
    assert client.selected_alpn_protocol() == "http/1.1"
    wait_until(lambda: details(rig, Kind.SECURED))
    assert details(rig, Kind.SECURED)[0]["alpn"] == "http/1.1"


def test_megabytes_go_both_ways_at_once(tls_rig: MakeRig, own_folder: Path) -> None:
    size = 4 << 20
    there, back = (random.Random(seed).randbytes(size) for seed in (1, 2))
    rig = tls_rig(recv_size_bytes=65_536)
    plain, session = rig.join()
    client = secured(rig, own_folder, plain)
    client.sendall(b"!")
    wait_until(lambda: session.bytes_in)
    rig.server.send([(session.ref, back, "")])
    received = hashlib.sha256()
    left_bytes = size
    for at in range(0, size, 65_536):
        client.sendall(there[at : at + 65_536])
        while left_bytes > size - at:  # about as much as went out
            chunk = client.recv(65_536)
            received.update(chunk)
            left_bytes -= len(chunk)
    while left_bytes:
        chunk = client.recv(65_536)
        assert chunk
        received.update(chunk)
        left_bytes -= len(chunk)
    wait_until(lambda: session.bytes_in == 1 + size)
    client.unwrap()
    rig.wait_gone(session)
    assert received.digest() == hashlib.sha256(back).digest()
    assert rig.stream(Kind.IN, session.client_id)[1:] == there
    assert rig.stream(Kind.OUT, session.client_id) == back
    assert (session.reason, session.unsent_bytes) == (CloseReason.FIN, 0)


def test_what_is_sent_before_the_handshake_waits_for_it(tls_rig: MakeRig, own_folder: Path) -> None:
    rig = tls_rig()
    plain, session = rig.join()
    rig.server.send([(session.ref, b"welcome", "")])
    wait_until(lambda: rig.seen.reports)
    assert rig.seen.reports[0].results[session.client_id] is SendResult.WAITING
    client = secured(rig, own_folder, plain)
    assert client.recv(100) == b"welcome"
    wait_until(lambda: rig.seen.reports[-1].finished)
    assert rig.seen.reports[-1].results[session.client_id] is SendResult.SENT


def test_a_client_that_does_not_read_gets_all_once_it_does(
    tls_rig: MakeRig, own_folder: Path
) -> None:
    rig = tls_rig()
    plain = rig.dial(recv_buffer_bytes=4096)
    session = rig.session_of(plain)
    client = secured(rig, own_folder, plain)
    data = random.Random(3).randbytes(8 << 20)
    rig.server.send([(session.ref, data, "")])
    wait_until(lambda: session.bytes_out and session.waiting_bytes)
    received = bytearray()
    while len(received) < len(data):
        received += client.recv(65_536)
    assert received == data
    wait_until(lambda: not session.waiting_bytes)
    assert rig.stream(Kind.OUT, session.client_id) == data


def test_a_record_comes_in_parts_of_any_size(tls_rig: MakeRig, own_folder: Path) -> None:
    """Byte by byte, so that every half of a record is waited for."""
    rig = tls_rig()
    plain, session = rig.join()
    coming, going = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = trusting(own_folder).wrap_bio(coming, going, server_hostname="localhost")

    def flow() -> None:
        for byte in going.read():
            plain.sendall(bytes([byte]))

    while True:
        try:
            tls.do_handshake()
            break
        except ssl.SSLWantReadError:
            flow()
            coming.write(plain.recv(65_536))
    flow()
    tls.write(b"x" * 300)
    flow()
    wait_until(lambda: session.bytes_in == 300)
    assert [e.data for e in rig.entries(Kind.IN)] == [b"x" * 300]


# -- how it ends -----------------------------------------------------------------------------------


def test_a_goodbye_and_a_cut_are_told_apart(tls_rig: MakeRig, own_folder: Path) -> None:
    rig = tls_rig()
    polite, rude = ((secured(rig, own_folder)) for _ in range(2))
    for client in (polite, rude):
        client.sendall(b"hi")
    sessions = [rig.session_of(client) for client in (polite, rude)]
    wait_until(lambda: all(session.bytes_in for session in sessions))
    polite.unwrap()  # raises unless our own close_notify comes back
    rude.close()
    for session in sessions:
        rig.wait_gone(session)
    assert [s.reason for s in sessions] == [CloseReason.FIN, CloseReason.CUT_OFF]


def test_the_server_says_goodbye(tls_rig: MakeRig, own_folder: Path) -> None:
    rig = tls_rig()
    plain, session = rig.join()
    client = secured(rig, own_folder, plain)
    wait_until(lambda: details(rig, Kind.SECURED))
    rig.server.disconnect([session.ref])
    assert client.recv(100) == b""  # without close_notify: SSLEOFError
    rig.wait_gone(session)
    assert session.reason is CloseReason.DISCONNECTED


def test_a_reset_is_a_reset(tls_rig: MakeRig, own_folder: Path) -> None:
    rig = tls_rig()
    plain, session = rig.join()
    client = secured(rig, own_folder, plain)
    client.sendall(b"hi")
    wait_until(lambda: session.bytes_in)
    reset(client)
    rig.wait_gone(session)
    assert session.reason is CloseReason.RESET


# -- who does not get in ---------------------------------------------------------------------------


def test_who_speaks_plain_text_is_told_of_and_closed(tls_rig: MakeRig) -> None:
    rig = tls_rig()
    client, session = rig.join()
    client.sendall(b"GET / HTTP/1.1\r\n\r\n")
    rig.wait_gone(session)
    assert session.reason is CloseReason.TLS_FAILED
    assert len(rig.entries(Kind.SPEAKS_PLAIN, session.client_id)) == 1
    assert rig.stream(Kind.IN, session.client_id) == b"GET / HTTP/1.1\r\n\r\n"


def test_who_speaks_tls_to_a_plain_port_is_told_of(rig: Rig, own_folder: Path) -> None:
    client, session = rig.join()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_bio(
        ssl.MemoryBIO(), going := ssl.MemoryBIO(), server_hostname="localhost"
    )
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    hello = going.read()
    client.sendall(hello)
    wait_until(lambda: session.bytes_in == len(hello))
    client.sendall(hello)
    wait_until(lambda: session.bytes_in == 2 * len(hello))
    assert len(rig.entries(Kind.SPEAKS_TLS, session.client_id)) == 1  # of its first bytes alone


def test_who_leaves_in_the_middle_of_the_handshake_is_cut_off(tls_rig: MakeRig) -> None:
    rig = tls_rig()
    client, session = rig.join()
    client.sendall(b"\x16\x03\x01\x02")
    client.shutdown(socket.SHUT_WR)
    rig.wait_gone(session)
    assert session.reason is CloseReason.CUT_OFF


def test_who_does_not_trust_us_says_so(tls_rig: MakeRig) -> None:
    rig = tls_rig()
    plain, session = rig.join()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    with pytest.raises(ssl.SSLCertVerificationError):
        shake(rig, context, plain)
    rig.wait_gone(session)
    assert session.reason is CloseReason.TLS_FAILED
    assert "unknown ca" in str(the_end(rig).detail["error"])


def test_a_silent_client_is_closed_and_holds_nobody_up(
    tls_rig: MakeRig, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls_wire, "GREETING_S", 0.5)
    rig = tls_rig(reply=EchoReply())
    silent, session = rig.join()
    talker, _ = rig.join()
    talker.sendall(b"\x16\x03\x01\x02\x00")  # and nothing more
    client = secured(rig, own_folder)
    client.sendall(b"hi")
    assert client.recv(10) == b"hi"
    rig.wait_gone(session)
    assert session.reason is CloseReason.NO_GREETING
    assert receive_all(silent) == b""
    client.sendall(b"ho")  # whose handshake was done in time
    assert client.recv(10) == b"ho"


def test_closing_the_port_ends_clients_in_every_state(tls_rig: MakeRig, own_folder: Path) -> None:
    rig = tls_rig()
    silent, _ = rig.join()
    client = secured(rig, own_folder)
    client.sendall(b"hi")
    wait_until(lambda: rig.entries(Kind.IN))
    rig.stop()
    assert rig.server.stuck == 0
    assert {entry.detail["reason"] for entry in rig.entries(Kind.OFFLINE)} == {"server_closed"}
    assert receive_all(silent) == b""


def test_a_thousand_handshakes_one_after_the_other_and_many_at_once(
    one_rig: MakeRig, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowd, "FREE", 20)
    rig = one_rig(backlog=256)
    context = trusting(own_folder)
    for _ in range(5):
        with ExitStack() as stack:
            clients = []
            for _ in range(200):
                client = context.wrap_socket(
                    rig.dial(), server_hostname="localhost", do_handshake_on_connect=False
                )
                clients.append(stack.enter_context(client))
            for client in clients:
                client.do_handshake()
                client.sendall(b"!")
    wait_until(lambda: len(rig.seen.leaves) == 1_000, 60)
    assert len(rig.entries(Kind.SECURED)) == 1_000
    assert {session.bytes_in for session in rig.seen.leaves} == {1}


# -- other implementations -------------------------------------------------------------------------


def s_client(rig: Rig, *options: str) -> tuple[int, str]:
    """Talk to the server by OpenSSL's own client; return how it ended, and what it said."""
    assert OPENSSL is not None
    done = subprocess.run(
        [OPENSSL, "s_client", "-connect", str(rig.endpoint), "-ign_eof", *options],
        input="Q from openssl\n",
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.returncode, done.stdout + done.stderr


@needs_openssl
@pytest.mark.parametrize(
    ("accepted", "asked", "agreed"),
    [
        ("h2, http/1.1", "http/1.1,h2", "h2"),  # the server's order counts
        ("http/1.1", "h2,http/1.1", "http/1.1"),
        ("mqtt", "h2,http/1.1", ""),  # nothing in common: it goes on without
        ("", "h2,http/1.1", ""),
    ],
)
@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_openssl_s_client_agrees_on_a_protocol(
    one_rig: MakeRig, version: str, accepted: str, asked: str, agreed: str
) -> None:
    rig = one_rig(alpn=accepted)
    assert OPENSSL is not None
    done = subprocess.run(
        [OPENSSL, "s_client", "-connect", str(rig.endpoint), version, "-alpn", asked],
        input="Q\n",
        capture_output=True,
        text=True,
        timeout=30,
    )
    said = done.stdout
    assert (f"ALPN protocol: {agreed}\n" if agreed else "No ALPN negotiated") in said
    wait_until(lambda: details(rig, Kind.SECURED))
    assert details(rig, Kind.SECURED)[0]["alpn"] == agreed


@needs_openssl
@pytest.mark.parametrize(
    ("options", "version"),
    [
        (["-tls1_2"], "TLSv1.2"),
        (["-tls1_3"], "TLSv1.3"),
        (["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"], "TLSv1.2"),
        (["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"], "TLSv1.2"),
        (["-tls1_3", "-sigalgs", "rsa_pss_rsae_sha256"], "TLSv1.3"),
        (["-tls1_3", "-sigalgs", "ecdsa_secp256r1_sha256"], "TLSv1.3"),
    ],
)
def test_clients_of_today_get_in(
    one_rig: MakeRig, own_folder: Path, options: list[str], version: str
) -> None:
    rig = one_rig()
    with ExitStack() as stack:
        assert OPENSSL is not None
        process = stack.enter_context(
            subprocess.Popen(
                [OPENSSL, "s_client", "-connect", str(rig.endpoint), "-quiet", *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        )
        stack.callback(process.kill)
        wait_until(lambda: details(rig, Kind.SECURED))
        assert details(rig, Kind.SECURED)[0]["version"] == version
        assert process.stdin is not None
        process.stdin.write(b"from openssl\n")
        process.stdin.flush()
        wait_until(lambda: rig.entries(Kind.IN))
        rig.server.disconnect([rig.seen.joins[0].ref])
        process.wait(20)
    assert rig.stream(Kind.IN, rig.seen.joins[0].client_id) == b"from openssl\n"


OLD = ["-cipher", "ALL:@SECLEVEL=0"]


@needs_openssl
@pytest.mark.parametrize("options", [["-tls1"], ["-tls1_1"], ["-tls1_2", "-cipher", "AES128-SHA"]])
def test_old_devices_get_in_only_where_they_are_let(
    one_rig: MakeRig, own_folder: Path, options: list[str]
) -> None:
    options = options if "-cipher" in options else [*options, *OLD]
    closed = one_rig()
    s_client(closed, *options)
    assert the_end(closed).detail["reason"] == CloseReason.TLS_FAILED
    let = one_rig(old_devices=True)
    with ExitStack() as stack:
        assert OPENSSL is not None
        process = stack.enter_context(
            subprocess.Popen(
                [OPENSSL, "s_client", "-connect", str(let.endpoint), "-quiet", *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        stack.callback(process.kill)
        wait_until(lambda: details(let, Kind.SECURED))
        let.server.disconnect([let.seen.joins[0].ref])
        process.wait(20)


@needs_openssl
def test_old_devices_change_nothing_for_others(one_rig: MakeRig, own_folder: Path) -> None:
    rig = one_rig(old_devices=True)
    client = secured(rig, own_folder)
    assert client.version() == "TLSv1.3"


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_curl_trusts_the_exported_certificate(
    one_rig: MakeRig, own_folder: Path, tmp_path: Path, host: str
) -> None:
    answer = FixedReply("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok")
    rig = one_rig(alpn="http/1.1", reply=answer)
    assert isinstance(rig.server, TlsServer)
    bundle = tmp_path / "server.crt"
    bundle.write_text("".join(rig.server.certificates), "ascii")
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--max-time", "20", "--cacert", str(bundle),
         f"https://{host}:{rig.endpoint.port}/"],
        capture_output=True, text=True, env={**os.environ, "no_proxy": "*"},
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("ok", "")
    assert details(rig, Kind.SECURED)[0]["alpn"] == "http/1.1"  # curl asks for h2, too


# -- secrets and files -----------------------------------------------------------------------------


def test_the_secrets_are_written_where_they_are_asked_for(
    one_rig: MakeRig, own_folder: Path, tmp_path: Path
) -> None:
    keylog = tmp_path / "keys.log"
    rig = one_rig(keylog_file=str(keylog))
    secured(rig, own_folder)
    wait_until(lambda: details(rig, Kind.SECURED))
    assert "CLIENT_TRAFFIC_SECRET_0" in keylog.read_text()


def test_a_keylog_that_cannot_be_written_is_said_at_opening(
    one_rig: MakeRig, tmp_path: Path
) -> None:
    with pytest.raises(ListenError) as caught:
        one_rig(keylog_file=str(tmp_path / "none" / "keys.log"))
    assert caught.value.fault is ListenFault.NO_KEYLOG


@pytest.mark.parametrize(
    ("certificate", "key", "wrong", "fault"),
    [
        ("missing.pem", "", "missing.pem", ListenFault.NO_CERTIFICATE),
        ("own.pem", "missing.pem", "missing.pem", ListenFault.NO_CERTIFICATE),
        ("own.pem", "other.pem", "other.pem", ListenFault.OTHER_KEY),
        ("own.pem", "locked.pem", "locked.pem", ListenFault.LOCKED_KEY),
        ("own.pem", "nonsense.pem", "nonsense.pem", ListenFault.NOT_PEM),
        ("nonsense.pem", "own.pem", "nonsense.pem", ListenFault.NOT_PEM),
        ("half.pem", "own.pem", "half.pem", ListenFault.NOT_PEM),
        ("key-only.pem", "own.pem", "key-only.pem", ListenFault.NOT_PEM),
        (".", "", "", ListenFault.NO_CERTIFICATE),
    ],
)
def test_files_that_do_not_fit_are_said_at_opening(
    one_rig: MakeRig, files: Path, certificate: str, key: str, wrong: str, fault: ListenFault
) -> None:
    paths = {"cert_file": str(files / certificate), "key_file": str(files / key) if key else ""}
    with pytest.raises(ListenError) as caught:
        one_rig(**paths)
    assert caught.value.fault is fault
    assert str(files / wrong) in caught.value.system_text


@pytest.fixture
def files(tmp_path: Path, own_folder: Path) -> Path:
    """A certificate of one's own, and much that does not fit it."""
    from cryptography.hazmat.primitives import serialization

    from app.net.certificate import own_certificate

    own_certificate(own_folder)
    text = (own_folder / "tls-rsa.pem").read_text("ascii")
    (tmp_path / "own.pem").write_text(text, "ascii")
    other = own_certificate(tmp_path / "another")
    (tmp_path / "other.pem").write_bytes(other.paths[0].read_bytes())
    key = serialization.load_pem_private_key(text.encode(), None)
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    (tmp_path / "locked.pem").write_bytes(locked)
    (tmp_path / "nonsense.pem").write_bytes(random.Random(1).randbytes(500))
    (tmp_path / "half.pem").write_text(text[: text.rindex("-----END") - 200], "ascii")
    (tmp_path / "key-only.pem").write_text(text.split("-----BEGIN CERT")[0], "ascii")
    return tmp_path


def test_ones_own_files_are_used(one_rig: MakeRig, files: Path) -> None:
    rig = one_rig(cert_file=str(files / "own.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(files / "own.pem")
    client = shake(rig, context)
    (facts,) = details(rig, Kind.CERTIFICATE)
    digest = hashlib.sha256(client.getpeercert(binary_form=True) or b"").hexdigest().upper()
    assert [said.replace(":", "") for said in facts["sha256"]] == [digest]  # type: ignore[attr-defined]
    client.close()
