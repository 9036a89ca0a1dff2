"""The installed copy on Windows: silent install, what Windows knows of it, silent uninstall."""

from __future__ import annotations

import time
from pathlib import Path

from bundlelib.record import expect
from bundlelib.runner import Runner

INSTALLER_S = 180
_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Portside"


def install(runner: Runner, installer: Path, *options: str) -> None:
    """Install silently. Raises Failure."""
    outcome = runner.run(installer, "/S", *options, deadline_s=INSTALLER_S)
    expect(outcome.code == 0, outcome)


def into(folder: str) -> list[str]:
    """Return the options that install into `folder`, as Windows writes it.

    /D= is the rest of the line, and must not be quoted: so each word is an argument.
    """
    first, *rest = folder.split(" ")
    return [f"/D={first}", *rest]


def remove(runner: Runner, folder: Path, *options: str) -> None:
    """Uninstall silently; the uninstaller goes on in a copy of itself after its end."""
    outcome = runner.run(folder / "uninstall.exe", "/S", *options, deadline_s=INSTALLER_S)
    expect(outcome.code == 0, outcome)
    until = time.monotonic() + INSTALLER_S
    while folder.exists() or registered(runner):
        expect(time.monotonic() < until, f"left after uninstalling: {listing(folder)}")
        time.sleep(0.2)


def registered(runner: Runner) -> str:
    """Return what Windows knows of an installed Portside; "" for none."""
    said = runner.run("reg", "query", _KEY, deadline_s=60).output
    return said.partition(_KEY.partition("\\")[2])[2]


def listing(folder: Path) -> dict[str, int]:
    """Return every file under `folder` with its size."""
    return {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*")}
