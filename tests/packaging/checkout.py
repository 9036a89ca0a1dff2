"""A small checkout to bootstrap: our bootstrap, a program that says what it got, one wheel."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = "import sys, tiny; print('tiny', tiny.VERSION, *sys.argv[1:], flush=True)\n"
BENCH = "import sys, tiny; print('bench', tiny.VERSION, *sys.argv[1:], flush=True)\n"


class Checkout:
    """A project in `folder` that needs one package, `tiny`, which lies beside it as a wheel."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
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
            self.command(*arguments), capture_output=True, text=True, env=plain(), timeout=120
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the bootstrap in a process group of its own."""
        return subprocess.Popen(
            self.command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=plain(),
            start_new_session=True,
        )


def kill(started: subprocess.Popen[str], *, group: bool) -> None:
    """End a bootstrap the hard way: alone, or with the pip it started."""
    if group:
        os.killpg(started.pid, signal.SIGKILL)
    else:
        started.kill()
    started.wait()
    for pipe in (started.stdout, started.stderr):
        assert pipe is not None
        pipe.close()


def plain() -> dict[str, str]:
    """Return an environment without a package index and without a display."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**kept, "PIP_NO_INDEX": "1"}
