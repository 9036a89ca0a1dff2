"""The program's own certificates: made once, renewed when they no longer fit.

Two of them, because old modems refuse elliptic curves and some new devices know nothing else:
RSA with 2,048 bits, and P-256. Each is its own issuer, and none may sign others: who trusts it
trusts this server, and nobody who steals its key can pretend to be anybody else.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app import APP_NAME
from app.net.addresses import local_addresses
from app.paths import find_places, replace_file

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from app.net.facts import ServerOptions

    PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey

DAYS = 397  # browsers take no longer
RENEW_DAYS = 7  # before the end
_BEFORE = timedelta(days=1)  # clients whose clock is slow
FILES = ("tls-rsa.pem", "tls-p256.pem")  # key and certificate, in one file: replaced at once
_ABOUT = re.compile(r"Until: (\S+)\nNames: (.*)\n")
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n")
_HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]+)*", re.IGNORECASE)
_making = threading.Lock()


class OwnCertificate(NamedTuple):
    """What is in the files."""

    paths: tuple[Path, ...]
    certificates: list[str]  # PEM, one each
    names: tuple[str, ...]  # names and addresses for which they hold
    until: datetime
    is_new: bool


def own_folder(options: ServerOptions) -> Path:
    """Return where ours is kept."""
    return Path(options.certificate_dir) if options.certificate_dir else find_places().config_dir


def is_made(folder: Path) -> bool:
    """Return whether `own_certificate` finds ours and need make none. Takes little time."""
    return _fit([_read(folder / name) for name in FILES], local_names())


def own_certificate(folder: Path) -> OwnCertificate:
    """Return our certificates, after making those that are missing, ran out, or lack an address.

    Raises OSError, ImportError. Takes up to a second the first time. Any thread.
    """
    with _making:
        names = local_names()
        paths = tuple(folder / name for name in FILES)
        about = [_read(path) for path in paths]
        fits = _fit(about, names)
        if not fits:
            _make_all(folder, paths, names)
            about = [_read(path) for path in paths]
        until = min((a[0] for a in about if a is not None), default=datetime.now(UTC))
        texts = [path.read_text("ascii") for path in paths]
        certificates = [found for text in texts for found in _CERTIFICATE.findall(text)]
        return OwnCertificate(paths, certificates, names, until, not fits)


def local_names() -> tuple[str, ...]:
    """Return what clients may call this machine: names, then addresses."""
    host = socket.gethostname()
    names = ["localhost", *([host] if _HOST_NAME.fullmatch(host) else [])]
    addresses = [address.host.partition("%")[0] for address in local_addresses()]
    return tuple(dict.fromkeys([*names, "127.0.0.1", "::1", *addresses]))


def _fit(about: list[tuple[datetime, set[str]] | None], names: tuple[str, ...]) -> bool:
    soon = datetime.now(UTC) + timedelta(days=RENEW_DAYS)
    return all(a is not None and a[0] > soon and a[1] >= set(names) for a in about)


def _read(path: Path) -> tuple[datetime, set[str]] | None:
    """Return until when a certificate holds, and for what; None if it is not there, or not ours."""
    try:
        text = path.read_text("ascii")
        found = _ABOUT.match(text) if _CERTIFICATE.search(text) and "END PRIVATE" in text else None
        return (datetime.fromisoformat(found[1]), set(found[2].split())) if found else None
    except (OSError, ValueError):
        return None


def _make_all(folder: Path, paths: tuple[Path, ...], names: tuple[str, ...]) -> None:
    for path in paths:
        key = _kept_key(path) or _new_key(path.name)
        until = datetime.now(UTC).replace(microsecond=0) - _BEFORE + timedelta(days=DAYS)
        replace_file(path, _pem(key, _sign(key, names, until), names, until))


def _kept_key(path: Path) -> PrivateKey | None:
    """Return the key of a certificate that is renewed: who pinned it need not do it again."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError):  # none, a damaged one, one with a password
        return None
    kind = RSAPrivateKey if path.name == FILES[0] else EllipticCurvePrivateKey
    return key if isinstance(key, kind) else None


def _new_key(name: str) -> PrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if name == FILES[0]:
        return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    return ec.generate_private_key(ec.SECP256R1())


def _sign(key: PrivateKey, names: tuple[str, ...], until: datetime) -> x509.Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{APP_NAME} {names[1]}"[:64])])
    usage = dict.fromkeys(
        ("content_commitment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
         "encipher_only", "decipher_only"), False)  # fmt: skip
    public = key.public_key()
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=DAYS))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(x509.KeyUsage(digital_signature=True, key_encipherment=True, **usage), True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .add_extension(identifier, False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), False
        )
    )
    return builder.sign(key, hashes.SHA256())


def _general(name: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(
    key: PrivateKey, certificate: x509.Certificate, names: tuple[str, ...], until: datetime
) -> str:
    from cryptography.hazmat.primitives import serialization

    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    about = f"Until: {until.isoformat()}\nNames: {' '.join(names)}\n"
    return about + private.decode() + public.decode()
