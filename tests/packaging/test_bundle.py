"""What goes into a bundle, what it looks like on Windows, and how it is packed."""

from __future__ import annotations

import hashlib
import importlib
import shutil
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

from app import __version__
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
    assert {path.name for path in licences} == audit.LICENCES - {audit.SBOM}  # made later
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


def pins_in(file: str) -> dict[str, list[Requirement]]:
    """Return what a file pins, by name; each version comes with the hashes of its files."""
    pins: dict[str, list[Requirement]] = {}
    lines = (PACKAGING / file).read_text().replace("\\\n", " ").splitlines()
    for line in lines:
        if not line.startswith("#"):
            pin, *digests = line.split("--hash=sha256:")
            assert digests, line
            assert all(len(digest.strip()) == 64 for digest in digests), line
            pins.setdefault(Requirement(pin).name.lower(), []).append(Requirement(pin))
    return pins


@pytest.mark.parametrize("file", ["requirements-build.txt", "wine/requirements-windows.txt"])
@pytest.mark.parametrize("python", ["3.11", "3.12"])
def test_pinned_files_fit_what_the_program_asks_for(file: str, python: str) -> None:
    if file.startswith("wine") and python != "3.11":
        pytest.skip("its Python is pinned too")
    pins = pins_in(file)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    built_with = project["optional-dependencies"]["build"]
    there = {"python_version": python, "python_full_version": f"{python}.0",
             "sys_platform": "win32"}  # fmt: skip
    for wanted in map(Requirement, [*project["dependencies"], *built_with]):
        if wanted.marker is None or wanted.marker.evaluate(there):
            (pin,) = [
                pin
                for pin in pins[wanted.name.lower()]
                if pin.marker is None or pin.marker.evaluate(there)
            ]
            (version,) = pin.specifier
            assert version.version in wanted.specifier, wanted


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


def test_a_tarball_keeps_links_and_what_may_be_started(ours: Import, tmp_path: Path) -> None:
    packing = ours("bundlelib.packing")
    folder = tmp_path / "Portside"
    (folder / "_internal").mkdir(parents=True)
    (folder / "portside").write_bytes(b"\x7fELF")
    (folder / "portside").chmod(0o755)
    (folder / "_internal" / "中文.so.1").write_bytes(b"x")
    (folder / "_internal" / "link.so").symlink_to("中文.so.1")
    packed = tmp_path / "out" / "Portside.tar.gz"
    packing.make_tarball(folder, packed)
    first = packed.read_bytes()
    packing.unpack(packed, tmp_path / "网络 工具")
    there = tmp_path / "网络 工具" / "Portside"
    assert (there / "portside").stat().st_mode & 0o777 == 0o755
    assert (there / "_internal" / "link.so").readlink() == Path("中文.so.1")
    (folder / "portside").touch()
    packing.make_tarball(folder, packed)
    assert packed.read_bytes() == first


def test_the_audit_names_a_link_that_leads_nowhere(ours: Import, tmp_path: Path) -> None:
    (tmp_path / "lost.so").symlink_to("nowhere.so")
    assert "lost.so: leads nowhere" in ours("bundlelib.audit").folder_faults(tmp_path, "macos")


def test_downloads_are_called_after_version_system_and_processor(
    ours: Import, tmp_path: Path
) -> None:
    made = ours("bundlelib.made").Made
    linux, windows = made("linux", tmp_path, "x86_64"), made("windows", tmp_path, "x64")
    assert linux.archive.name == f"Portside-{__version__}-linux-x86_64.tar.gz"
    assert windows.archive.name == f"Portside-{__version__}-windows-x64-portable.zip"
    assert windows.installer.name == f"Portside-{__version__}-windows-x64-setup.exe"
    assert linux.packed == []


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for the program")
@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ('echo "$REPORT" > "$3"', ""),
        ("exit 0", "no report"),
        ('echo "$REPORT" > "$3"; exit 1', "code=1"),
        ('echo "{}" > "$3"', "'passed'"),
        ("sleep 60", "code=None"),
    ],
)
def test_a_self_test_is_believed_only_with_its_report(
    ours: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, fault: str
) -> None:
    trials, runner = ours("bundlelib.trials"), ours("bundlelib.runner")
    failure = ours("bundlelib.calls").Failure
    monkeypatch.setattr(trials, "SELF_TEST_S", 2)
    monkeypatch.setenv(
        "REPORT",
        '{"passed": true, "frozen": true, "steps": [1], "seconds": 1.5, "screen": "xcb"}',
    )
    program = tmp_path / "portside"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    if not fault:
        said = trials.self_test(runner.Here(), program, tmp_path / "reports")
        assert said == "1.5 s, 1 steps, screen xcb"
        return
    with pytest.raises((failure, KeyError), match=fault):
        trials.self_test(runner.Here(), program, tmp_path / "reports")


def test_what_is_built_runs_without_the_callers_python_and_screen(
    ours: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PYTHONPATH", "QT_QPA_PLATFORM", "LD_LIBRARY_PATH", "PORTSIDE_HOME", "DISPLAY"):
        monkeypatch.setenv(name, "caller's")
    environment = ours("bundlelib.runner").Here(":7").environment
    assert "caller's" not in environment.values() or sys.platform != "linux"
    assert environment["DISPLAY"] == ":7"
    assert "PATH" in environment


def test_signs_where_there_is_a_certificate(
    ours: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signing, made = ours("bundlelib.signing"), ours("bundlelib.made").Made
    monkeypatch.delenv(signing.CERTIFICATE, raising=False)
    bundle = made("windows", tmp_path, "x64")
    assert "not signed" in signing.sign_programs(bundle)
    if sys.platform == "win32" or not shutil.which("osslsigncode") or not shutil.which("openssl"):
        pytest.skip("osslsigncode or openssl is not installed here")
    key, certificate, pfx = (tmp_path / name for name in ("key", "certificate", "a.pfx"))
    subject = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Nobody -keyout {key}"
    for command in (
        f"{subject} -out {certificate}",
        f"pkcs12 -export -in {certificate} -inkey {key} -out {pfx} -passout pass:geheim",
    ):
        words = ["openssl", *command.split()]
        subprocess.run(words, check=True, capture_output=True, timeout=60)
    monkeypatch.setenv(signing.CERTIFICATE, str(pfx))
    monkeypatch.setenv(signing.PASSWORD, "geheim")
    monkeypatch.delenv(signing.TIMESTAMP_URL, raising=False)
    for name in (bundle.window_program, bundle.console_program):
        make_pe(bundle.folder / name, {"KERNEL32.dll": ["Sleep"]})
    assert signing.sign_programs(bundle) == "2 signed"
    shown = subprocess.run(
        ["osslsigncode", "verify", "-in", str(bundle.folder / bundle.window_program)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "CN=Nobody" in shown.stdout
    monkeypatch.setenv(signing.PASSWORD, "falsch")
    with pytest.raises(ours("bundlelib.calls").Failure):
        signing.sign_programs(bundle)


def test_a_qr_code_is_made_without_what_the_bundle_leaves_out(ours: Import) -> None:
    left_out = ours("bundlelib.recipe").UNUSED_MODULES
    program = f"""
import sys
class LeftOut:
    def find_spec(self, name, path=None, target=None):
        if name in {left_out!r}:
            raise ImportError(name)
sys.meta_path.insert(0, LeftOut())
import segno
print(len(segno.make("http://192.0.2.1:8080/", micro=False).matrix))
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (result.stdout.strip(), result.stderr) == ("25", "")
