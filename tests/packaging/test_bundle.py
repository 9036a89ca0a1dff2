"""What goes into a bundle, what it looks like on Windows, and how it is packed."""

from __future__ import annotations

import hashlib
import importlib
import struct
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

from tests.packaging.checkout import ROOT
from tests.packaging.pe_maker import make_pe

PACKAGING = ROOT / "packaging"
Import = Callable[[str], ModuleType]


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> Import:
    monkeypatch.syspath_prepend(str(PACKAGING))
    return importlib.import_module


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (r"PySide6\opengl32sw.dll", False),
        (r"PySide6\Qt6Network.dll", False),
        ("PySide6/Qt/lib/libQt6Network.so.6", False),
        (r"PySide6\Qt6Widgets.dll", True),
        (r"PySide6\plugins\platforms\qwindows.dll", True),
        (r"PySide6\plugins\platforms\qdirect2d.dll", False),
        (r"PySide6\plugins\imageformats\qjpeg.dll", False),
        (r"PySide6\plugins\tls\qschannelbackend.dll", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/imageformats/libqsvg.so", True),
        ("PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so", True),
        ("PySide6/Qt/plugins/sqldrivers/libqsqlite.so", False),
        ("PySide6/translations/qtbase_zh_CN.qm", True),
        ("PySide6/translations/qt_help_zh_CN.qm", False),
        ("resources/icons/play.svg", True),
    ],
)
def test_only_what_is_used_goes_in(ours: Import, name: str, wanted: bool) -> None:
    assert ours("bundlelib.recipe").is_wanted(name) is wanted


def test_every_module_of_ours_goes_in(ours: Import) -> None:
    modules = ours("bundlelib.recipe").program_modules()
    assert {"app", "app.ui.application", "app.ui.classroom.desk", "app.cli.console"} <= set(modules)


# Run in a process of its own: what is left out cannot be imported, and all of ours is.
IMPORT_ALL = """
import importlib, sys
sys.path[:0] = sys.argv[1:]
from bundlelib import recipe
names, left_out = recipe.program_modules(), set(recipe.UNUSED_MODULES)
for name in [name for name in sys.modules if name.partition(".")[0] in left_out]:
    del sys.modules[name]
class LeftOut:
    def find_spec(self, name, path=None, target=None):
        if name in left_out:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, LeftOut())
for name in names:
    importlib.import_module(name)
"""


def test_nothing_of_ours_needs_what_is_left_out() -> None:
    command = [sys.executable, "-c", IMPORT_ALL, str(PACKAGING), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_resources_sources_and_licences_go_in(ours: Import, tmp_path: Path) -> None:
    recipe, audit = ours("bundlelib.recipe"), ours("bundlelib.audit")
    files = recipe.data_files(tmp_path)
    folders = {folder for _, folder in files}
    assert {"resources/icons", "resources/i18n/zh_CN", "resources/styles"} <= folders
    assert {"resources/lessons", "resources/lessons/zh_CN", "resources/lessons/en"} <= folders
    assert (str(ROOT / "app" / "net" / "server.py"), "app/net") in files
    assert "resources/screenshots" not in folders
    licences = [Path(file) for file, folder in files if folder == recipe.LICENCES]
    assert {path.name for path in licences} == audit.LICENCES
    assert all(len(path.read_text("utf-8")) > 100 for path in licences)


def test_one_runtime_the_newest(
    ours: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    old = make_pe(tmp_path / "python" / "VCRUNTIME140.dll", version=(14, 38, 33126, 1))
    new = make_pe(tmp_path / "qt" / "VCRUNTIME140.dll", version=(14, 44, 35211, 0))
    entries = [
        ("VCRUNTIME140.dll", str(old), "BINARY"),
        ("PySide6/VCRUNTIME140.dll", str(new), "BINARY"),
        ("python311.dll", "x", "BINARY"),
    ]
    assert ours("bundlelib.recipe").chosen(entries) == [
        ("python311.dll", "x", "BINARY"),
        ("VCRUNTIME140.dll", str(new), "BINARY"),
    ]


def test_an_icon_of_seven_sizes() -> None:
    data = (PACKAGING / "windows" / "portside.ico").read_bytes()
    kind, count = struct.unpack_from("<2xHH", data)
    sides = [data[6 + 16 * index] or 256 for index in range(count)]
    assert (kind, sides) == (1, [16, 24, 32, 48, 64, 128, 256])
    for index in range(count):
        size, offset = struct.unpack_from("<II", data, 6 + 16 * index + 8)
        assert data[offset : offset + 4] in (b"\x28\0\0\0", b"\x89PNG")
        assert offset + size <= len(data)


def test_the_versions_words_are_there_in_both_languages(ours: Import) -> None:
    version = ours("bundlelib.windows_version")
    english, chinese = (version.strings("Portside", n) for n in (version.ENGLISH, version.CHINESE))
    assert english.keys() == chinese.keys()
    assert english["FileDescription"] != chinese["FileDescription"]
    assert all(english.values())


def test_pinned_files_fit_what_the_program_asks_for() -> None:
    pins = {}
    for line in (PACKAGING / "wine" / "requirements-windows.txt").read_text().splitlines():
        if not line.startswith("#"):
            requirement, _, digest = line.partition(" --hash=sha256:")
            name, _, version = requirement.partition("==")
            assert len(digest) == 64, line
            pins[name] = version
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    on_windows = {"python_version": "3.11", "sys_platform": "win32"}
    for wanted in map(Requirement, project["dependencies"]):
        if wanted.marker is None or wanted.marker.evaluate(on_windows):
            assert pins[wanted.name.lower()] in wanted.specifier, wanted


def test_a_portable_zip_and_its_check_sum(ours: Import, tmp_path: Path) -> None:
    packing = ours("bundlelib.packing")
    folder = tmp_path / "Portside"
    (folder / "_internal").mkdir(parents=True)
    (folder / "Portside.exe").write_bytes(b"MZ")
    (folder / "_internal" / "中文.txt").write_text("x")
    packed = tmp_path / "out" / "Portside.zip"
    packing.make_portable_zip(folder, packed)
    with zipfile.ZipFile(packed) as archive:
        assert archive.namelist() == [
            "Portside/Portside.exe",
            "Portside/_internal/中文.txt",
            "Portside/portable.txt",
        ]
    digest = hashlib.sha256(packed.read_bytes()).hexdigest()
    sums = packing.write_check_sums([packed])
    assert sums.read_text() == f"{digest}  Portside.zip\n"
    packing.make_portable_zip(folder, packed)
    assert hashlib.sha256(packed.read_bytes()).hexdigest() == digest


def test_the_audit_names_what_is_missing_and_what_is_too_much(
    ours: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit = ours("bundlelib.audit")
    for name in audit.LICENCES - {"Python.txt"}:
        (tmp_path / "licences").mkdir(exist_ok=True)
        (tmp_path / "licences" / name).touch()
    (tmp_path / "Qt6Core.pdb").write_bytes(bytes(2000))
    monkeypatch.setitem(audit.FOLDER_BYTES, "windows", 1000)
    assert audit.folder_faults(tmp_path, "windows") == [
        "licences: Python.txt missing",
        "the folder takes 0.0 MB, more than 0.0 MB",
        "Qt6Core.pdb: does not belong into a bundle",
    ]
