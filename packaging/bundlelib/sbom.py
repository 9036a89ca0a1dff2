"""What a bundle is made of, as CycloneDX 1.6: for whoever must know which versions they run."""

from __future__ import annotations

import hashlib
import platform
import re
import sqlite3
import ssl
import tomllib
from datetime import UTC, datetime
from importlib.metadata import Distribution, distribution
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app import APP_NAME, __version__
from bundlelib.packing import NO_TIME_S
from bundlelib.places import ROOT

NAME = "sbom.cdx.json"
LOADER = "pyinstaller"
LEFT_OUT = {"pycparser"}  # installed with cffi, and not in the bundle: see `recipe`
_LIBRARY = re.compile(r"\.so\b|\.dll$|\.dylib$")


def write_sbom(folder: Path, libraries: Path) -> None:
    """Write it into `folder`; `libraries` holds what came from the system that builds.

    The same bundle gets the same bytes. Raises OSError, PackageNotFoundError.
    """
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, f"{APP_NAME} {__version__} {platform.system()}"))
    bom.metadata.timestamp = datetime.fromtimestamp(NO_TIME_S, UTC)
    bom.metadata.component = Component(
        name=APP_NAME,
        version=__version__,
        type=ComponentType.APPLICATION,
        licenses=[DisjunctiveLicense(id="MIT")],
        bom_ref="portside",
    )
    parts = [*_packages(), *_inside(), *_files(libraries)]
    for part in parts:
        bom.components.add(part)
    bom.register_dependency(bom.metadata.component, parts)
    (folder / NAME).write_text(f"{JsonV1Dot6(bom).output_as_string(indent=1)}\n", "utf-8")


def _packages() -> list[Component]:
    """Return what pip installed for the program, and the loader that PyInstaller adds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found: dict[str, Distribution] = {}
    waiting = [*project["dependencies"], LOADER]
    while waiting:
        asked = Requirement(waiting.pop())
        name = canonicalize_name(asked.name)
        if (
            name in found
            or name in LEFT_OUT
            or (asked.marker and not asked.marker.evaluate({"extra": ""}))
        ):
            continue  # for another system, or for what nobody asked for
        found[name] = distribution(name)
        if name != LOADER:  # what it is built with is not in the bundle
            waiting += found[name].requires or []
    return [
        _component(name, package.version, PackageURL("pypi", name=name, version=package.version))
        for name, package in sorted(found.items())
    ]


def _inside() -> list[Component]:
    """Return what lies within those."""
    versions = {
        "python": platform.python_version(),
        "qt": distribution("PySide6_Essentials").version,
        "sqlite": sqlite3.sqlite_version,
        "openssl": ssl.OPENSSL_VERSION.split()[1],
    }
    return [
        _component(name, version, PackageURL("generic", name=name, version=version))
        for name, version in versions.items()
    ]


def _files(libraries: Path) -> list[Component]:
    """Return the shared libraries that are nobody's package, each by its hash."""
    return [
        Component(
            name=path.name,
            type=ComponentType.FILE,
            bom_ref=f"file:{path.name}",
            hashes=[
                HashType(
                    alg=HashAlgorithm.SHA_256,
                    content=hashlib.sha256(path.read_bytes()).hexdigest(),
                )
            ],
        )
        for path in sorted(libraries.glob("*"))
        if _LIBRARY.search(path.name) and path.is_file() and not path.is_symlink()
    ]


def _component(name: str, version: str, purl: PackageURL) -> Component:
    return Component(
        name=name, version=version, type=ComponentType.LIBRARY, purl=purl, bom_ref=str(purl)
    )
