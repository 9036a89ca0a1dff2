"""Beside the programs on Linux: into the menu and out of it, and a click where it was unpacked."""

from __future__ import annotations

import configparser
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.checkout import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="freedesktop.org's rules")

PROGRAM = '#!/bin/sh\nprintf "%s\\n" "$0" "$@" > "$SAID"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle whose program says how it was called, in a folder with an awkward name."""
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    made = tmp_path / 'U 盘 "50%" $HOME `x` \\n' / "Portside"
    made.mkdir(parents=True)
    (made / "portside").write_text(PROGRAM)
    (made / "portside").chmod(0o755)
    importlib.import_module("bundlelib.linux_folder").place_desktop_files(made)
    return made


def install(folder: Path, data: Path, *options: str, language: str = "C.UTF-8") -> str:
    variables = {**os.environ, "XDG_DATA_HOME": str(data), "LC_ALL": language}
    done = subprocess.run(
        [folder / "install.sh", *options],
        env=variables, capture_output=True, text=True, check=True, timeout=30,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


def entry(path: Path) -> dict[str, str]:
    parser = configparser.RawConfigParser(delimiters="=")
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path, "utf-8")
    return dict(parser["Desktop Entry"])


def start(path: Path, said: Path) -> list[str]:
    """Do as a desktop does: undo the value's quoting, then the arguments', fill %k, start."""
    value = entry(path)["Exec"].replace("\\\\", "\\")
    words: list[str] = []
    quoted = False
    word: str | None = None
    characters = iter(value)
    for character in characters:
        if character == '"':
            quoted, word = not quoted, word or ""
        elif character == "\\" and quoted:
            word = (word or "") + next(characters)
        elif character == " " and not quoted:
            words += [] if word is None else [word]
            word = None
        elif character == "%":
            word = (word or "") + {"%": "%", "k": str(path)}[next(characters)]
        else:
            word = (word or "") + character
    words += [] if word is None else [word]
    subprocess.run(words, env={**os.environ, "SAID": str(said)}, check=True, timeout=30)
    return said.read_text().splitlines()


def test_into_the_menu_and_out_of_it_again(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert "in the menu now" in install(folder, data)
    menu_entry = data / "applications" / "portside.desktop"
    assert start(menu_entry, tmp_path / "said") == [str(folder / "portside")]
    there = {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()}
    assert "icons/hicolor/scalable/apps/portside.svg" in there
    assert {f"icons/hicolor/{n}x{n}/apps/portside.png" for n in (16, 32, 48, 256)} <= there
    assert any(name.startswith("metainfo/") for name in there)
    assert "已从菜单中移除" in install(folder, data, "--remove", language="zh_CN.UTF-8")
    left = {path.name for path in data.rglob("*") if path.is_file()}
    assert left <= {"mimeinfo.cache", "icon-theme.cache"}  # what the desktop keeps for itself


def test_once_more_after_the_folder_was_moved(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    install(folder, data)
    moved = folder.rename(tmp_path / "elsewhere")
    install(moved, data)
    menu_entry = data / "applications" / "portside.desktop"
    assert start(menu_entry, tmp_path / "said") == [str(moved / "portside")]


def test_a_click_starts_it_where_it_was_unpacked(folder: Path, tmp_path: Path) -> None:
    clickable = folder / "Portside.desktop"
    assert os.access(clickable, os.X_OK)
    assert start(clickable, tmp_path / "said") == [str(folder / "portside")]


def test_the_licences_of_debians_libraries_travel_along(folder: Path) -> None:
    if not Path("/usr/share/doc/libx11-6/copyright").is_file():
        pytest.skip("needs Debian's libx11-6")
    (folder / "_internal").mkdir()
    for name in ("libX11.so.6", "libQt6Nowhere.so.6"):
        (folder / "_internal" / name).touch()
    importlib.import_module("bundlelib.linux_folder").place_library_licences(folder)
    (text,) = (folder / "licences" / "linux").iterdir()
    assert text.name == "libx11-6.txt"
    assert "copyright" in text.read_text("utf-8").lower()


def test_an_unknown_option_changes_nothing(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        install(folder, tmp_path / "data", "--uninstall")
    assert not (tmp_path / "data").exists()


def test_both_languages_say_what_it_is(folder: Path) -> None:
    words = entry(folder / "share" / "applications" / "portside.desktop")
    for key in ("Name", "GenericName", "Comment", "Keywords"):
        assert words[key]
        assert words[f"{key}[zh_CN]"] != words[key]


@pytest.mark.parametrize(
    ("tool", "options", "pattern"),
    [
        ("desktop-file-validate", (), "share/applications/*.desktop"),
        ("desktop-file-validate", (), "Portside.desktop"),
        ("appstreamcli", ("validate", "--no-net"), "share/metainfo/*.xml"),
    ],
)
def test_the_desktops_own_tools_agree(
    folder: Path, tool: str, options: tuple[str, ...], pattern: str
) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed here")
    (file,) = folder.glob(pattern)
    done = subprocess.run([tool, *options, file], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stdout + done.stderr
