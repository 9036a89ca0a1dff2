"""A server whose clients speak TLS: the same server, with another wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.journal.entry import Kind
from app.net.facts import Endpoint, ListenError
from app.net.kinds import speaks_tls
from app.net.server import Server
from app.net.tls_context import CertificateError, TlsRules
from app.net.tls_wire import TlsWire
from app.net.wire import SYSTEM_WIRE

if TYPE_CHECKING:
    from app.net.crowd import Crowd
    from app.net.traced_socket import TracedSocket
    from app.net.wire import Wire


class TlsServer(Server):
    """One open port, where everybody shakes hands first."""

    def open(self) -> tuple[Endpoint, ...]:
        """Read the certificate, or make one; then as ever. Raises ListenError."""
        if not speaks_tls(self.options):
            return super().open()
        options = self.options
        try:
            rules = TlsRules(options)
        except CertificateError as error:
            text = f"{error.path}: {error.system_text}" if error.system_text else error.path
            raise ListenError(error.fault, self.asked, system_text=text) from error
        plain = self._wire

        def wire(client: TracedSocket, crowd: Crowd) -> Wire:
            return TlsWire(plain(client, crowd), rules.secure)

        self._wire = wire
        endpoints = super().open()
        own, self.certificates = rules.own, tuple(rules.certificates)
        self.note(
            Kind.CERTIFICATE,
            sha256=rules.fingerprints,
            names=own.names if own else (),
            until=own.until.isoformat() if own else "",
            is_new=own is not None and own.is_new,
        )
        return endpoints

    def _close(self) -> None:
        super()._close()
        self._wire = SYSTEM_WIRE  # with the rules, a key log is closed
