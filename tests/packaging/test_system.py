"""What the system must give: apt is asked by root, everybody else gets the exact command."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.packaging.checkout import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="apt is Debian's and Ubuntu's")


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    return importlib.import_module("bootlib.system")


def failure_text(system: ModuleType, packages: list[str]) -> str:
    with pytest.raises(system.Failure) as failed:
        system.install(packages, "something is missing")
    return str(failed.value)


def fake_programs(folder: Path, monkeypatch: pytest.MonkeyPatch, **scripts: str) -> Path:
    """Put programs on a PATH that has nothing else; return the file they may write to."""
    log = folder / "log"
    for name, script in scripts.items():
        program = folder / name.replace("_", "-")
        program.write_text(f"#!/bin/sh\n{script.format(log=log)}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return log


def test_a_user_without_rights_gets_the_exact_command(
    system: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = fake_programs(tmp_path, monkeypatch, apt_get="echo called > {log}", sudo="exit 1")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    text = failure_text(system, ["libegl1", "libgl1"])
    assert (
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 libgl1"
        in text
    )
    assert not log.exists()


def test_root_asks_apt(system: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = fake_programs(tmp_path, monkeypatch, apt_get='echo "$@" >> {log}')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    system.install(["libegl1"], "Qt lacks something")
    assert log.read_text().splitlines() == [
        "update",
        "install -y --no-install-recommends libegl1",
    ]


def test_a_failing_apt_fails_with_the_command(
    system: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_programs(tmp_path, monkeypatch, apt_get="exit 100")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "apt-get install -y" in failure_text(system, ["libegl1"])


def test_another_system_is_told_the_packages(
    system: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_programs(tmp_path, monkeypatch)
    assert "libegl1" in failure_text(system, ["libegl1"])


def test_a_missing_library_is_noticed(system: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(system.QT_LIBRARIES, "libnowhere.so.7", "libnowhere7")
    assert "libnowhere.so.7" in system.missing_libraries()


def test_the_benchmarks_get_a_screen_and_a_window_manager(
    system: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = fake_programs(tmp_path, monkeypatch, apt_get='echo "$@" >> {log}')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    system.require_screen()
    assert log.read_text().splitlines()[-1].endswith("--no-install-recommends xvfb openbox")


def test_a_screen_that_is_there_is_not_installed(
    system: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = fake_programs(tmp_path, monkeypatch, apt_get="echo called > {log}", Xvfb="exit 0")
    system.require_screen()
    assert not log.exists()
