"""With which certificates and rules a server speaks TLS, and why that may fail."""

from __future__ import annotations

import hashlib
import ssl
from pathlib import Path
from typing import Any

from app.net.certificate import OwnCertificate, own_certificate, own_folder
from app.net.facts import ListenFault, NetError, ServerOptions
from app.protocols import read_protocols


class CertificateError(NetError):
    """TLS cannot be spoken with what is given."""

    def __init__(self, fault: ListenFault, path: str, system_text: str = "") -> None:
        super().__init__(f"{fault}: {path} {system_text}")
        self.fault = fault
        self.path = path
        self.system_text = system_text


class ServedObject(ssl.SSLObject):
    """One client's TLS."""

    asked_name = ""  # the server's name that the client asked for


class TlsRules:
    """A server's side of TLS. Made in the thread that opens the port, used by every worker."""

    def __init__(self, options: ServerOptions) -> None:
        """Read the certificate, or make one. Raises CertificateError."""
        self._context = context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sslobject_class = ServedObject
        context.sni_callback = _note_name
        # Without tickets the client gets nothing that it did not ask for. A stream that is cut off
        # must not look like one that ended.
        context.num_tickets = 0
        context.options |= ssl.OP_NO_TICKET | ssl.OP_NO_RENEGOTIATION
        context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
        if options.old_devices:  # TLS 1.0, keys of 1,024 bits, and RSA without forward secrecy
            context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            context.set_ciphers("ALL:!aNULL:!eNULL:@SECLEVEL=0")
        else:
            context.minimum_version = ssl.TLSVersion.TLSv1_2
        if protocols := read_protocols(options.alpn):
            context.set_alpn_protocols(protocols)
        self.own: OwnCertificate | None = None
        if options.cert_file:
            certificate = Path(options.cert_file)
            _load(context, certificate, Path(options.key_file or certificate))
            self.certificates = _certificates_in(certificate)[:1]
        else:
            self.own = self._load_own(own_folder(options))
            self.certificates = self.own.certificates
        if options.keylog_file:
            try:
                context.keylog_filename = options.keylog_file
            except OSError as error:
                fault = ListenFault.NO_KEYLOG
                raise CertificateError(fault, options.keylog_file, str(error)) from error

    def _load_own(self, folder: Path) -> OwnCertificate:
        try:
            own = own_certificate(folder)
        except (OSError, ImportError) as error:
            raise CertificateError(ListenFault.NOT_MADE, str(folder), str(error)) from error
        for path in own.paths:
            _load(self._context, path, path)
        return own

    @property
    def fingerprints(self) -> list[str]:
        """The SHA-256 of each certificate, as browsers and `openssl x509 -fingerprint` show it."""
        return [fingerprint(text) for text in self.certificates]

    def secure(self, coming: ssl.MemoryBIO, going: ssl.MemoryBIO) -> ssl.SSLObject:
        """Return the TLS of a new client."""
        return self._context.wrap_bio(coming, going, server_side=True)


def client_rules(host: str) -> Any:
    """Return how one speaks TLS to a target that is not asked for a certificate of its own.

    The target's certificate is not checked: who looks at a connection from the middle has mostly
    a test server there.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)

    def secure(coming: ssl.MemoryBIO, going: ssl.MemoryBIO) -> ssl.SSLObject:
        return context.wrap_bio(coming, going, server_hostname=host)

    return secure


def fingerprint(certificate: str) -> str:
    """Return the SHA-256 of a certificate in PEM: pairs of hex digits with colons."""
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).hexdigest().upper()
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))


def as_c_string(certificates: list[str]) -> str:
    """Return certificates as a C string literal, for a device's source."""
    lines = [f'  "{line}\\n"' for text in certificates for line in text.splitlines()]
    return "static const char server_certificate[] =\n" + "\n".join(lines) + ";\n"


def _note_name(tls: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
    if isinstance(tls, ServedObject):
        tls.asked_name = name or ""


def _load(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    """Raises CertificateError."""
    asked = False

    def password() -> str:  # else OpenSSL asks for it in the terminal
        nonlocal asked
        asked = True
        return ""

    for path in (certificate, key):
        try:
            text = path.read_bytes()
        except OSError as error:
            raise CertificateError(ListenFault.NO_CERTIFICATE, str(path), str(error)) from error
        if b"-----BEGIN " not in text:
            raise CertificateError(ListenFault.NOT_PEM, str(path))
    try:
        context.load_cert_chain(certificate, key, password)
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None)
        if asked:
            raise CertificateError(ListenFault.LOCKED_KEY, str(key)) from error
        if reason in ("KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH"):
            raise CertificateError(ListenFault.OTHER_KEY, str(key)) from error
        wrong = key if _is_certificate(certificate) else certificate
        raise CertificateError(ListenFault.NOT_PEM, str(wrong), str(error)) from error


def _is_certificate(path: Path) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except (OSError, ValueError):
        return False
    return True


def _certificates_in(path: Path) -> list[str]:
    text = path.read_text("ascii", "replace")
    end = "-----END CERTIFICATE-----"
    parts = text.split("-----BEGIN CERTIFICATE-----")[1:]
    return [f"-----BEGIN CERTIFICATE-----{part.split(end)[0]}{end}\n" for part in parts]
