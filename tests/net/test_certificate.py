"""The program's own certificates: for whom they hold, who may read them, when they are renewed."""

from __future__ import annotations

import shutil
import socket
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from app.net import certificate
from app.net.addresses import local_addresses
from app.net.certificate import FILES, own_certificate
from app.net.tls_context import as_c_string, fingerprint

OPENSSL = shutil.which("openssl")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "below"
    assert own_certificate(folder).is_new
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A folder of one's own with what was made."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


def loaded(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_they_hold_for_every_name_and_address_of_this_machine(made: Path) -> None:
    hosts = {address.host.partition("%")[0] for address in local_addresses()}
    for name in FILES:
        extension = loaded(made / name).extensions.get_extension_for_class(
            x509.SubjectAlternativeName
        )
        addresses = extension.value.get_values_for_type(x509.IPAddress)
        assert {str(address) for address in addresses} >= {"127.0.0.1", "::1"} | hosts
        names = extension.value.get_values_for_type(x509.DNSName)
        assert {"localhost", socket.gethostname()} >= set(names) >= {"localhost"}


def test_they_hold_no_longer_than_browsers_take(made: Path) -> None:
    for name in FILES:
        found = loaded(made / name)
        assert found.not_valid_after_utc - found.not_valid_before_utc == timedelta(days=397)
        assert found.not_valid_before_utc < datetime.now(UTC)


def test_they_may_not_sign_others(made: Path) -> None:
    for name in FILES:
        found = loaded(made / name)
        assert not found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_only_this_user_may_read_the_keys(made: Path) -> None:
    for name in FILES:
        assert stat.S_IMODE((made / name).stat().st_mode) == 0o600
    assert sorted(path.name for path in made.iterdir()) == sorted(FILES)


def test_they_stay_as_long_as_they_fit(folder: Path) -> None:
    first, second = own_certificate(folder), own_certificate(folder)
    assert not first.is_new
    assert first == second
    assert len(first.certificates) == 2


@pytest.mark.parametrize("what", ["ran out", "new address", "damaged", "missing"])
def test_they_are_renewed_when_they_no_longer_fit(
    folder: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    before = own_certificate(folder)
    path = folder / FILES[1]
    if what == "ran out":
        monkeypatch.setattr(certificate, "RENEW_DAYS", 400)
    elif what == "new address":
        names = (*certificate.local_names(), "192.0.2.77")
        monkeypatch.setattr(certificate, "local_names", lambda: names)
    elif what == "damaged":
        path.write_bytes(path.read_bytes()[:200])
    else:
        path.unlink()
    after = own_certificate(folder)
    assert after.is_new
    assert after.certificates[0] != before.certificates[0]
    if what == "new address":
        assert "192.0.2.77" in after.names
        for name in FILES:  # who pinned a key need not do it again
            assert loaded(folder / name).public_key() == loaded_key(before.certificates, name)


def loaded_key(certificates: list[str], name: str) -> object:
    found = x509.load_pem_x509_certificate(certificates[FILES.index(name)].encode())
    return found.public_key()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OSError, match=r".+"):
        own_certificate(tmp_path / "file")


@pytest.mark.skipif(OPENSSL is None, reason="no openssl here")
@pytest.mark.parametrize("name", FILES)
def test_openssl_finds_nothing_wrong(made: Path, name: str) -> None:
    assert OPENSSL is not None
    path = str(made / name)
    for options in (
        ["-verify_hostname", "localhost"],
        ["-verify_ip", "127.0.0.1"],
        ["-verify_ip", "::1"],
        ["-purpose", "sslserver", "-x509_strict"],
    ):
        command = [OPENSSL, "verify", *options, "-CAfile", path, path]
        done = subprocess.run(command, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    shown = [OPENSSL, "x509", "-in", path, "-noout", "-fingerprint", "-sha256"]
    said = subprocess.run(shown, capture_output=True, text=True).stdout
    text = own_certificate(made).certificates[FILES.index(name)]
    assert said.strip().partition("=")[2] == fingerprint(text)


def test_a_c_string_holds_the_text_line_by_line(made: Path) -> None:
    certificates = own_certificate(made).certificates
    literal = as_c_string(certificates)
    inside = [line.strip().strip(";")[1:-1] for line in literal.splitlines()[1:]]
    assert "".join(inside).replace("\\n", "\n") == "".join(certificates)
    assert all(line.isascii() for line in inside)
