"""The list of what a bundle is made of: whole, the same each time, as tools read it."""

from __future__ import annotations

import hashlib
import importlib
import json
import sqlite3
import tomllib
from pathlib import Path

import pytest

from tests.packaging.checkout import ROOT


def test_it_names_what_is_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    sbom = importlib.import_module("bundlelib.sbom")
    monkeypatch.setattr(sbom, "LOADER", "pytest")  # the tests' environment builds nothing
    libraries = tmp_path / "_internal"
    libraries.mkdir()
    (libraries / "libxcb.so.1").write_bytes(b"a library")
    (libraries / "base_library.zip").write_bytes(b"none")
    texts = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        sbom.write_sbom(folder, libraries)
        texts.append((folder / sbom.NAME).read_bytes())
    assert texts[0] == texts[1]
    said = json.loads(texts[0])
    assert (said["bomFormat"], said["specVersion"]) == ("CycloneDX", "1.6")
    assert said["metadata"]["component"]["name"] == "Portside"
    parts = {part["name"]: part for part in said["components"]}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for asked in project["dependencies"]:
        name = asked.partition(">")[0].strip().lower().replace("_", "-")
        assert parts[name]["purl"].startswith(f"pkg:pypi/{name}@")
    assert parts["shiboken6"]["version"] == parts["qt"]["version"]  # came with PySide6
    assert parts["sqlite"]["version"] == sqlite3.sqlite_version
    assert "pefile" not in parts
    (found,) = parts["libxcb.so.1"]["hashes"]
    assert found == {"alg": "SHA-256", "content": hashlib.sha256(b"a library").hexdigest()}
    assert "base_library.zip" not in parts
