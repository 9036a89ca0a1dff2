"""The installer's script: it compiles without a warning, and speaks both languages."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.packaging.checkout import ROOT

FOLDER = ROOT / "packaging" / "installer"
# A 1×1 icon: header, one entry, a bitmap of one pixel and its mask.
ICON = bytes.fromhex(
    "00000100010001010000010020003000000016000000"
    "28000000010000000200000001002000000000000400000000000000000000000000000000000000"
    "ff8000ff00000000"
)


@pytest.fixture
def making(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    return importlib.import_module("installer.making")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "Portside"
    for name in ("Portside.exe", "portside-console.exe", "_internal/中文/a b.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"MZ" * 1000)
    (tmp_path / "a.ico").write_bytes(ICON)
    return folder


def test_compiles_without_a_warning(making: ModuleType, bundle: Path, tmp_path: Path) -> None:
    if making.find_makensis() is None:
        pytest.skip("NSIS is not installed here")
    output = tmp_path / "Portside-1.2.3-setup.exe"
    making.make_installer(bundle, output, version="1.2.3", icon=tmp_path / "a.ico")
    assert output.read_bytes()[:2] == b"MZ"
    pe = importlib.import_module("bundlelib.pe").PeFile(output)
    assert pe.version == (1, 2, 3, 0)


def test_says_what_is_wrong(making: ModuleType, bundle: Path, tmp_path: Path) -> None:
    if making.find_makensis() is None:
        pytest.skip("NSIS is not installed here")
    with pytest.raises(making.NoInstaller, match=r"nowhere\.ico"):
        making.make_installer(
            bundle, tmp_path / "a-b.exe", version="1.2.3", icon=tmp_path / "nowhere.ico"
        )


def test_both_languages_have_every_word_that_is_asked_for() -> None:
    english, chinese = (
        re.findall(r"^LangString (\w+) ", (FOLDER / name).read_text("utf-8"), re.MULTILINE)
        for name in ("english.nsh", "chinese.nsh")
    )
    asked = set(re.findall(r"\$\((\w+)\)", (FOLDER / "portside.nsi").read_text("utf-8")))
    assert english == chinese
    assert asked == set(english)


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("0.1.0", "0.1.0.0"), ("1.2", "1.2.0.0"), ("1.2.3rc4", "1.2.3.0"), ("1.2.3.4.5", "1.2.3.4")],
)
def test_a_version_is_four_numbers_for_windows(
    making: ModuleType, version: str, numbers: str
) -> None:
    assert making.four_numbers(version) == numbers
