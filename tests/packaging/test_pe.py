"""What a Windows program file says of itself, and what the audit finds in a folder of them."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest

from tests.packaging.checkout import ROOT
from tests.packaging.pe_maker import make_pe


@pytest.fixture
def pe(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    return importlib.import_module("bundlelib.pe")


@pytest.fixture
def audit(pe: ModuleType) -> ModuleType:
    return importlib.import_module("bundlelib.pe_audit")


def whole_bundle(folder: Path) -> Path:
    make_pe(folder / "Portside.exe", {"KERNEL32.dll": ["Sleep"]}, linker=(14, 51))
    make_pe(folder / "portside-console.exe", {"KERNEL32.dll": []}, subsystem=3)
    wanted = {"VCRUNTIME140.dll": ["memcpy"], "api-ms-win-crt-heap-l1-1-0.dll": ["malloc"]}
    make_pe(folder / "_internal" / "Qt6Core.dll", wanted)
    make_pe(folder / "_internal" / "vcruntime140.dll", {}, version=(14, 44, 35211, 0))
    return folder


def test_reads_what_a_program_says_of_itself(pe: ModuleType, tmp_path: Path) -> None:
    imports = {"KERNEL32.dll": ["Sleep", "ExitProcess"], "icuuc.dll": ["ucnv_open"]}
    file = pe.PeFile(make_pe(tmp_path / "a.exe", imports, subsystem=3, version=(1, 2, 3, 4)))
    assert (file.machine, file.subsystem, file.is_64_bit) == (pe.X64, pe.CONSOLE, True)
    assert file.imports == {"kernel32.dll": ["Sleep", "ExitProcess"], "icuuc.dll": ["ucnv_open"]}
    assert file.version == (1, 2, 3, 4)
    assert not file.made_by_wine


def test_a_file_without_version_and_imports(pe: ModuleType, tmp_path: Path) -> None:
    file = pe.PeFile(make_pe(tmp_path / "a.dll"))
    assert (file.version, file.imports) == (None, {})


@pytest.mark.parametrize("data", [b"", b"MZ", b"MZ" + bytes(100), b"\x7fELF" + bytes(100)])
def test_no_program_file(pe: ModuleType, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.dll"
    path.write_bytes(data)
    with pytest.raises(pe.NotPe, match=r"a\.dll"):
        pe.PeFile(path)


@pytest.mark.parametrize("step", [61, pytest.param(7, marks=pytest.mark.long)])
def test_a_file_that_is_cut_off(
    pe: ModuleType, audit: ModuleType, tmp_path: Path, step: int
) -> None:
    path = make_pe(tmp_path / "a.dll", {"KERNEL32.dll": ["Sleep"]})
    whole = path.read_bytes()
    for length in range(0, len(whole) - 20, step):
        path.write_bytes(whole[:length])
        assert audit.pe_faults(tmp_path), length


def test_nothing_is_wrong_with_a_whole_bundle(audit: ModuleType, tmp_path: Path) -> None:
    assert audit.pe_faults(whole_bundle(tmp_path)) == []


def test_a_dll_that_nobody_has(audit: ModuleType, tmp_path: Path) -> None:
    (whole_bundle(tmp_path) / "_internal" / "vcruntime140.dll").unlink()
    assert audit.pe_faults(tmp_path) == [
        "_internal/Qt6Core.dll: wants vcruntime140.dll, which is neither here nor in Windows"
    ]


def test_what_wine_made_and_other_processors(audit: ModuleType, tmp_path: Path) -> None:
    folder = whole_bundle(tmp_path)
    make_pe(folder / "_internal" / "dwrite.dll", wine=True)
    make_pe(folder / "_internal" / "old.pyd", machine=0x14C)
    assert audit.pe_faults(folder) == [
        "_internal/dwrite.dll: is a stand-in of Wine's",
        "_internal/old.pyd: is not for x64",
    ]


def test_a_console_that_would_flash(audit: ModuleType, tmp_path: Path) -> None:
    make_pe(whole_bundle(tmp_path) / "Portside.exe", subsystem=3)
    assert audit.pe_faults(tmp_path) == ["Portside.exe: has subsystem 3 and not 2"]


def test_an_older_runtime_and_a_second_one(audit: ModuleType, tmp_path: Path) -> None:
    second = whole_bundle(tmp_path) / "_internal" / "PySide6" / "VCRUNTIME140.dll"
    make_pe(second, version=(14, 38, 33126, 1))
    assert audit.pe_faults(tmp_path) == [
        "_internal/PySide6/VCRUNTIME140.dll: 14.38.33126.1, older than 14.44 it must serve",
        "_internal/PySide6/VCRUNTIME140.dll: is there 2 times: _internal/vcruntime140.dll",
    ]


def test_a_dll_that_nobody_wants(audit: ModuleType, tmp_path: Path) -> None:
    internal = whole_bundle(tmp_path) / "_internal"
    make_pe(internal / "opengl32sw.dll")
    make_pe(internal / "qwindows.dll")
    make_pe(internal / "QtCore.pyd", {"Qt6Core.dll": []})
    assert audit.unneeded(tmp_path, ["qwindows.dll"]) == ["_internal/opengl32sw.dll"]
