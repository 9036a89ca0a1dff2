"""The PROXY protocol, versions 1 and 2: who is behind frp, nginx or haproxy stands in a header.

https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt
"""

from __future__ import annotations

import ipaddress
import struct
from typing import TYPE_CHECKING, NamedTuple

from app.journal.entry import Kind
from app.net.facts import CloseReason, Endpoint
from app.net.oserrors import WireError
from app.net.records import record_of
from app.net.wire_around import WireAround

if TYPE_CHECKING:
    from app.journal.journal import Journal
    from app.net.admission import Admission
    from app.net.crowd import Crowd
    from app.net.session import Session
    from app.net.traced_socket import TracedSocket
    from app.net.wire import MakeWire, Wire

GREETING_S = 10.0  # for the header
_V1, _V2 = b"PROXY ", b"\r\n\r\n\0\r\nQUIT\n"
_LONGEST_V1 = 107  # with its line end
_LONGEST_V2 = 4096  # the specification allows 65,551; nobody writes so much
_FIXED = struct.Struct("!BBH")  # version and command, family, length of the rest
_LOCAL, _PROXY = 0x20, 0x21
_FAMILIES = {0x11: ("!4s4sHH", ipaddress.IPv4Address), 0x21: ("!16s16sHH", ipaddress.IPv6Address)}


class BadHeader(ValueError):
    """What came first is no header."""


class Header(NamedTuple):
    """A header that has come whole."""

    size_bytes: int
    source: Endpoint | None  # None: the proxy speaks for itself, or does not say for whom


def read_header(data: bytes) -> Header | None:
    """Read the header that `data` begins with; None: it is not complete. Raises BadHeader."""
    if data[: len(_V2)] == _V2[: len(data)]:
        return _read_v2(data)
    if data[: len(_V1)] == _V1[: len(data)]:
        return _read_v1(data)
    raise BadHeader


def _read_v1(data: bytes) -> Header | None:
    end = data[:_LONGEST_V1].find(b"\r\n")
    if end < 0:
        if len(data) >= _LONGEST_V1:
            raise BadHeader
        return None
    size_bytes = end + 2
    words = data[:end].split(b" ")
    if words[1:2] == [b"UNKNOWN"]:
        return Header(size_bytes, None)
    if len(words) != 6 or words[1] not in (b"TCP4", b"TCP6"):
        raise BadHeader
    try:
        kind = ipaddress.IPv4Address if words[1] == b"TCP4" else ipaddress.IPv6Address
        source, _ = (kind(word.decode("ascii")) for word in words[2:4])
        port, _ = (_port(word) for word in words[4:6])
    except ValueError as error:
        raise BadHeader from error
    return Header(size_bytes, Endpoint(str(source), port))


def _port(word: bytes) -> int:
    if not (word.isdigit() and len(word) <= 5 and int(word) <= 65_535):
        raise BadHeader
    return int(word)


def _read_v2(data: bytes) -> Header | None:
    begins = len(_V2) + _FIXED.size
    if len(data) < begins:
        return None
    command, family, length = _FIXED.unpack_from(data, len(_V2))
    size_bytes = begins + length
    if command not in (_LOCAL, _PROXY) or size_bytes > _LONGEST_V2:
        raise BadHeader
    if len(data) < size_bytes:
        return None
    if command == _LOCAL or family not in _FAMILIES:
        return Header(size_bytes, None)
    form, kind = _FAMILIES[family]
    if length < struct.calcsize(form):
        raise BadHeader
    source, _, port, _ = struct.unpack_from(form, data, begins)
    return Header(size_bytes, Endpoint(str(kind(source)), port))


class ProxiedWire(WireAround):
    """Reads the header first; what came right behind it is received next."""

    __slots__ = ("_admission", "_ahead", "_journal")

    def __init__(self, inner: Wire, journal: Journal, admission: Admission) -> None:
        """`journal` is told who the client is; `admission` decides whether that one may stay."""
        super().__init__(inner)
        self._ahead = b""
        self._journal, self._admission = journal, admission

    def greet(self, client: Session) -> None:
        """Learn who the client is. Raises OSError."""
        super().greet(client)
        client.outlet.greets_within(GREETING_S)
        data, header = b"", None
        while header is None:
            chunk = self.inner.recv(_LONGEST_V2)
            if not chunk:  # a proxy that only looks whether somebody listens says nothing at all
                client.record(data)
                raise WireError(CloseReason.PROXY_FAILED if data else CloseReason.FIN)
            data += chunk
            try:
                header = read_header(data)
            except BadHeader as error:
                client.record(data)  # whatever it is, it is not lost
                raise WireError(CloseReason.PROXY_FAILED) from error
        self.inner.step_aside()
        self._ahead = data[header.size_bytes :]
        client.record(data[: header.size_bytes])
        if header.source is not None:
            via, client.endpoint = str(client.endpoint), header.source
            client.note_event(Kind.PROXIED, **header.source._asdict(), via=via)
            self._journal.add_client(record_of(client))
            if reason := self._admission.enter_behind(client.client_id, header.source):
                raise WireError(reason)
        self.is_ready = True

    def recv(self, size_bytes: int, /) -> bytes:
        """Wait for at most so many bytes; b"" is the end of the stream. Raises OSError."""
        if self._ahead:
            chunk, self._ahead = self._ahead[:size_bytes], self._ahead[size_bytes:]
            return chunk
        return self.inner.recv(size_bytes)


def behind_proxy(make: MakeWire, journal: Journal, admission: Admission) -> MakeWire:
    """Return how to make a wire that expects the header."""

    def wire(client: TracedSocket, crowd: Crowd) -> Wire:
        return ProxiedWire(make(client, crowd), journal, admission)

    return wire
