"""What a Linux program file says of itself, and what the audit finds in a folder of them."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.packaging.checkout import ROOT
from tests.packaging.elf_maker import make_elf


@pytest.fixture
def elf(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    return importlib.import_module("bundlelib.elf")


@pytest.fixture
def audit(elf: ModuleType) -> ModuleType:
    return importlib.import_module("bundlelib.elf_audit")


def whole_bundle(folder: Path) -> Path:
    make_elf(folder / "portside", ["libc.so.6"], glibc=["2.2.5"])
    inside = folder / "_internal"
    make_elf(inside / "libpython3.11.so.1.0", ["libm.so.6"], soname="libpython3.11.so.1.0")
    qt = inside / "PySide6" / "Qt"
    make_elf(qt / "lib" / "libQt6Core.so.6", ["libglib-2.0.so.0"], soname="libQt6Core.so.6")
    make_elf(qt / "plugins" / "platforms" / "libqxcb.so", ["libQt6Core.so.6"], glibc=["2.34"])
    return folder


def test_reads_what_a_library_says_of_itself(elf: ModuleType, tmp_path: Path) -> None:
    needs = ["libc.so.6", "libQt6Core.so.6"]
    path = make_elf(tmp_path / "a.so", needs, soname="liba.so.1", glibc=["2.4", "2.34", "2.14"])
    file = elf.ElfFile(path)
    assert (file.needs, file.soname, file.glibc) == (needs, "liba.so.1", (2, 34))
    assert file.machine == "EM_X86_64"


@pytest.mark.skipif(sys.platform != "linux", reason="reads what runs the tests")
def test_reads_a_real_program(elf: ModuleType) -> None:
    file = elf.ElfFile(Path(sys.executable).resolve())
    assert any(name.startswith("libc.") for name in file.needs)
    assert file.glibc > (2, 2)


@pytest.mark.parametrize("data", [b"", b"\x7fEL", b"MZ" + bytes(100), b"\x7fELF\x01\x01"])
def test_no_program_file(elf: ModuleType, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.so"
    path.write_bytes(data)
    with pytest.raises(elf.NotElf, match=r"a\.so"):
        elf.ElfFile(path)


def test_a_file_that_is_cut_off(elf: ModuleType, audit: ModuleType, tmp_path: Path) -> None:
    path = make_elf(tmp_path / "a.so", ["libc.so.6"], glibc=["2.4"])
    whole = path.read_bytes()
    for length in range(6, 176, 7):
        path.write_bytes(whole[:length])
        assert audit.elf_faults(tmp_path), length


def test_nothing_is_wrong_with_a_whole_bundle(audit: ModuleType, tmp_path: Path) -> None:
    assert audit.elf_faults(whole_bundle(tmp_path)) == []


def test_a_library_that_nobody_has(audit: ModuleType, tmp_path: Path) -> None:
    folder = whole_bundle(tmp_path)
    (folder / "_internal/PySide6/Qt/lib/libQt6Core.so.6").unlink()
    assert audit.elf_faults(folder) == [
        "_internal/PySide6/Qt/plugins/platforms/libqxcb.so: wants libQt6Core.so.6, "
        "which is neither here nor on every desktop"
    ]


def test_what_must_not_be_in_it(audit: ModuleType, tmp_path: Path) -> None:
    folder = whole_bundle(tmp_path)
    inside = folder / "_internal"
    make_elf(inside / "libstdc++.so.6", soname="libstdc++.so.6")
    make_elf(inside / "libpango-1.0.so.0", soname="libpango-1.0.so.0")
    make_elf(inside / "new.so", glibc=["2.38"])
    make_elf(inside / "arm.so", machine=183)
    assert audit.elf_faults(folder) == [
        "_internal/libstdc++.so.6: is the desktop's own, and must not be in the bundle",
        "_internal/new.so: wants glibc 2.38, newer than Debian 12's",
        "the files are for different processors: EM_AARCH64, EM_X86_64",
        "_internal/libpango-1.0.so.0: nothing wants it",
        "_internal/libstdc++.so.6: nothing wants it",
    ]


def test_a_bundle_takes_no_library_of_the_desktops_own_and_none_that_nothing_wants(
    elf: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    recipe = importlib.import_module("bundlelib.recipe")
    libraries = {
        "PySide6/Qt/plugins/platforms/libqxcb.so": ["libxcb-cursor.so.0", "libX11.so.6"],
        "libxcb-cursor.so.0": ["libxcb.so.1"],
        "libX11.so.6": ["libbsd.so.0"],
        "libbsd.so.0": [],
        "libgtk-3.so.0": ["libpango-1.0.so.0"],
        "libpango-1.0.so.0": [],
    }
    entries = [
        (name, str(make_elf(tmp_path / name, needs, soname=Path(name).name)), "BINARY")
        for name, needs in libraries.items()
    ]
    links = [
        ("libpango.so", "libpango-1.0.so.0", "SYMLINK"),
        ("x.so", "libxcb-cursor.so.0", "SYMLINK"),
    ]
    kept = [name for name, _, _ in recipe.chosen([*entries, *links])]
    assert kept == ["PySide6/Qt/plugins/platforms/libqxcb.so", "libxcb-cursor.so.0", "x.so"]
