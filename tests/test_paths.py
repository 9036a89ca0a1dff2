"""Where things are: in the checkout, in a frozen bundle, in the user's home, beside the program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import paths
from app.__main__ import forget_own_libraries

ROOT = Path(__file__).resolve().parent.parent


def test_resources_of_the_checkout() -> None:
    assert paths.resource("i18n") == ROOT / "resources" / "i18n"
    assert paths.resource("i18n").is_dir()


def test_resources_of_a_frozen_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "bundle"), raising=False)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "portside.exe"))
    assert paths.resource("icons/play.svg") == tmp_path / "bundle/resources/icons/play.svg"
    portable = paths.find_places(portable=True)
    assert portable.settings_path == tmp_path / "portside-data" / "settings.json"
    assert portable.journal_dir == tmp_path / "portside-data" / "journals"


def test_portable_data_lies_beside_the_checkout() -> None:
    assert paths.find_places(portable=True).data_dir == ROOT / "portside-data"


def test_a_marker_beside_the_frozen_program_makes_it_portable(
    tmp_path: Path, user_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "_internal"), raising=False)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "Portside.exe"))
    assert paths.find_places().data_dir == user_home / "portside"
    (tmp_path / "portable.txt").touch()
    assert paths.find_places().data_dir == tmp_path / "portside-data"


def test_a_chosen_home_holds_everything(user_home: Path) -> None:
    places = paths.find_places()
    assert places.settings_path == user_home / "portside" / "settings.json"
    assert places.journal_dir == user_home / "portside" / "journals"


@pytest.mark.skipif(sys.platform != "linux", reason="the folders are named by each system")
def test_the_systems_home_is_the_rule(user_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(paths.HOME_VARIABLE)
    places = paths.find_places()
    assert places.config_dir == user_home / "config" / "Portside"
    assert places.journal_dir == user_home / "data" / "Portside" / "journals"
    assert not places.config_dir.exists()


def test_importing_the_module_is_cheap() -> None:
    program = "import sys, app.paths; sys.exit('platformdirs' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT).returncode == 0


@pytest.mark.parametrize("before", [None, "/opt/theirs"])
def test_what_the_packaged_program_starts_finds_the_systems_libraries(
    monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/portside/_internal:/opt/theirs")
    if before is None:
        monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    else:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    forget_own_libraries()
    assert os.environ.get("LD_LIBRARY_PATH") == before


def test_from_source_the_path_of_libraries_is_the_users_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/theirs")
    forget_own_libraries()
    assert os.environ["LD_LIBRARY_PATH"] == "/opt/theirs"
