"""A small checkout to bootstrap: our bootstrap, a program that says what it got, one wheel."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.support.program import Program

ROOT = Path(__file__).resolve().parents[2]

# Stands for Python's own module, which takes ten seconds: it copies an environment that was made
# by that one, and waits before it ends where a test wants to come in between.
VENV = """
import os, pathlib, shutil, sys, time
ready, folder = pathlib.Path(os.environ["READY_VENV"]), pathlib.Path(sys.argv[-1])
shutil.copy(ready / "pyvenv.cfg", folder)
for part in ready.iterdir():
    if part.is_dir():
        shutil.copytree(part, folder / part.name, symlinks=True)
while "HOLD_UP" in os.environ and not os.path.exists(os.environ["HOLD_UP"]):
    time.sleep(0.01)
"""
PROGRAM = "import sys, tiny; print('tiny', tiny.VERSION, *sys.argv[1:], flush=True)\n"
BENCH = "import sys, tiny; print('bench', tiny.VERSION, *sys.argv[1:], flush=True)\n"


class Checkout:
    """A project in `folder` that needs one package, `tiny`, which lies beside it as a wheel."""

    def __init__(self, folder: Path, ready: Path | None = None) -> None:
        """`ready`: an environment that is copied where this one would make its own."""
        self.folder = folder
        self.go_on = folder / "go-on"  # until it is there, making the environment does not end
        self._environment = plain()
        self._stand_in = folder / "stand-in"
        self._stand_in.mkdir()
        if ready is not None:
            (self._stand_in / "venv.py").write_text(VENV)
            self._environment["READY_VENV"] = str(ready)
        self.venv = folder / ".venv"
        shutil.copytree(ROOT / "packaging", folder / "packaging")
        (folder / "app").mkdir()
        (folder / "app" / "__main__.py").write_text(PROGRAM)
        (folder / "tests" / "bench").mkdir(parents=True)
        (folder / "tests" / "bench" / "__main__.py").write_text(BENCH)
        self.need(1)

    def need(self, version: int, *, rest: str = "") -> None:
        """Let pyproject.toml ask for `version` of tiny; `rest` is what else it says."""
        wheel = self._wheel(version)
        (self.folder / "pyproject.toml").write_text(
            f'[project]\nname = "x"\ndependencies = ["tiny @ {wheel.as_uri()}"]\n{rest}\n'
            "[project.optional-dependencies]\ntest = []\n"
        )

    def _wheel(self, version: int) -> Path:
        wheel = self.folder / f"tiny-{version}-py3-none-any.whl"
        info = f"tiny-{version}.dist-info"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("tiny.py", f"VERSION = {version}\n")
            archive.writestr(
                f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n"
            )
            archive.writestr(
                f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            archive.writestr(f"{info}/RECORD", "")
        return wheel

    def command(self, *arguments: str) -> list[str]:
        """Return the command line of our bootstrap with `arguments`."""
        return [sys.executable, str(self.folder / "packaging" / "bootstrap.py"), *arguments]

    def bootstrap(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the bootstrap to its end."""
        return subprocess.run(
            self.command(*arguments), capture_output=True, text=True, timeout=120,
            env=self._environment, cwd=self._stand_in,
        )  # fmt: skip

    def start(self, *arguments: str) -> Program:
        """Start the bootstrap in a process group of its own; it is held up in the middle."""
        return Program(
            subprocess.Popen(
                self.command(*arguments),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=self._environment | {"HOLD_UP": str(self.go_on)},
                cwd=self._stand_in,
                start_new_session=True,
            )
        )


def kill(started: Program, *, group: bool) -> None:
    """End a bootstrap the hard way: alone, or with the pip it started."""
    if group:
        os.killpg(started.process.pid, signal.SIGKILL)
    else:
        started.process.kill()
    started.process.wait()


def plain() -> dict[str, str]:
    """Return an environment without a package index and without a display."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**kept, "PIP_NO_INDEX": "1"}
