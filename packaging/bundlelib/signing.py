"""Signing for Windows, where there is a certificate; otherwise it is said that nothing is signed.

The environment names it: PORTSIDE_CERTIFICATE a .pfx file, PORTSIDE_CERTIFICATE_PASSWORD its
password, PORTSIDE_TIMESTAMP_URL the service that vouches for the time (optional: without it the
signature ends with the certificate). On Windows its own signtool signs, elsewhere osslsigncode.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bundlelib.calls import Failure, call
from bundlelib.made import Made

CERTIFICATE = "PORTSIDE_CERTIFICATE"
PASSWORD = "PORTSIDE_CERTIFICATE_PASSWORD"
TIMESTAMP_URL = "PORTSIDE_TIMESTAMP_URL"
SIGN_S = 120
# Windows' SDK puts it into a folder of its version, not on PATH.
_KITS = Path(os.environ.get("PROGRAMFILES(X86)", "C:/Program Files (x86)"), "Windows Kits", "10")


def sign_programs(made: Made) -> str:
    """Sign the two programs in the folder, before they are packed. Raises Failure."""
    names = (made.window_program, made.console_program)
    return _sign(made, [made.folder / name for name in names])


def sign_installer(made: Made) -> str:
    """Sign the installer, if there is one. Raises Failure."""
    return _sign(made, [made.installer] if made.installer.is_file() else [])


def _sign(made: Made, files: list[Path]) -> str:
    if made.system != "windows":
        return "only Windows asks for it"
    certificate = os.environ.get(CERTIFICATE)
    if not certificate:
        return f"not signed: {CERTIFICATE} names no certificate"
    for file in files:
        sign(file, Path(certificate), os.environ.get(PASSWORD, ""))
    return f"{len(files)} signed"


def sign(file: Path, certificate: Path, password: str) -> None:
    """Sign one program file in place. Raises Failure."""
    url = os.environ.get(TIMESTAMP_URL, "")
    how: list[str | Path]
    if sys.platform == "win32":
        how = [_signtool(), "sign", "/fd", "sha256", "/f", certificate, "/p", password]
        how += ["/tr", url, "/td", "sha256"] if url else []
        call([*how, file], deadline_s=SIGN_S)
        return
    with TemporaryDirectory(prefix="portside-sign-") as scratch:
        secret, signed = Path(scratch, "password"), Path(scratch, file.name)
        secret.touch(mode=0o600)
        secret.write_text(password, "utf-8")
        how = ["osslsigncode", "sign", "-h", "sha256", "-pkcs12", certificate]
        how += ["-readpass", secret]
        how += ["-ts", url] if url else []
        call([*how, "-in", file, "-out", signed], deadline_s=SIGN_S)
        shutil.copyfile(signed, file)


def _signtool() -> Path:
    on_path = shutil.which("signtool")
    found = [Path(on_path)] if on_path else sorted(_KITS.glob("bin/10.*/x64/signtool.exe"))
    if not found:
        raise Failure("there is a certificate, but no signtool: install the Windows SDK")
    return found[-1]
