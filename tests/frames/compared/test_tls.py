"""What OpenSSL says first, as tshark reads it."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from tests.frames.compared.kits import built_in, read
from tests.frames.compared.packets import needs_tshark, tshark

pytestmark = needs_tshark
TLS = built_in("tls_hello")


def hello(newest: ssl.TLSVersion, protocols: list[str], host: str | None) -> bytes:
    """What OpenSSL says first."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.maximum_version = newest
    if protocols:
        context.set_alpn_protocols(protocols)
    context.check_hostname = False
    outgoing = ssl.MemoryBIO()
    talk = context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=host)
    with pytest.raises(ssl.SSLWantReadError):
        talk.do_handshake()
    return outgoing.read()


TOLD = {  # our names by tshark's
    "record.version": "version", "record.length": "length", "handshake.type": "handshake",
    "handshake.length": "handshake length", "handshake.version": "client version",
}  # fmt: skip
OPEN = {"handshake.random": "random", "handshake.session_id": "session id"}
LISTED = {
    "handshake.extensions_server_name": "server name",
    "handshake.extensions_alpn_str": "ALPN",
    "handshake.extensions.supported_version": "supported versions",
}
SUITE, EXTENSION = "handshake.ciphersuite", "handshake.extension.type"
VERSIONS = {"0x0304": "TLS 1.3", "0x0303": "TLS 1.2", "0x0302": "TLS 1.1", "0x0301": "TLS 1.0"}


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2])
@pytest.mark.parametrize("protocols", [[], ["h2", "http/1.1"]])
@pytest.mark.parametrize("host", [None, "x" * 60 + ".example"])
def test_a_hello(
    newest: ssl.TLSVersion, protocols: list[str], host: str | None, tmp_path: Path
) -> None:
    frame = hello(newest, protocols, host)
    names = [*TOLD, *OPEN, *LISTED, SUITE, EXTENSION]
    (cells,) = tshark(tmp_path, "tls", [frame], [f"tls.{name}" for name in names])
    theirs = dict(zip(names, cells, strict=True))
    fields = read(TLS, frame)
    mine = {field.name: field.value for field in fields}
    for name, ours in TOLD.items():
        assert mine[ours] == int(theirs[name][0], 0)
    for name, ours in OPEN.items():
        assert mine[ours] == bytes.fromhex("".join(theirs[name]).replace(":", ""))
    for name, ours in LISTED.items():
        assert mine.get(ours, "") == ", ".join(VERSIONS.get(each, each) for each in theirs[name])
    suites = [str(field.value)[:4] for field in fields if field.name.startswith("suite ")]
    assert suites == [f"{int(suite, 0):04X}" for suite in theirs[SUITE]]
    inside = [field for field in fields if field.depth == 1]
    assert len(inside) == len(suites) + len(theirs[EXTENSION])
