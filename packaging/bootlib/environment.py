"""The virtual environment: made once, mended when it is broken, left alone when it fits.

Two files in it tell its state. `portside-unfinished` is there while something is being changed: if
a start finds it and holds the lock, the former one was killed in the middle, and nothing in there
can be trusted. `portside-installed.json` says what has been installed completely.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

from bootlib.failure import Failure
from bootlib.lock import only_one
from bootlib.system import require_venv
from bootlib.wanted import Wanted

# What would make pip or Python work on something else than our environment.
MISLEADING = ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__", "PIP_USER", "PIP_TARGET")


class Environment:
    """The virtual environment in `folder`, which need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        windows = sys.platform == "win32"
        self.python = folder / ("Scripts/python.exe" if windows else "bin/python")
        self._unfinished = folder / "portside-unfinished"
        self._installed = folder / "portside-installed.json"

    def ensure(self, wanted: Wanted) -> None:
        """Return when `wanted` is installed; raise Failure where that cannot be done."""
        if self._holds(wanted):
            return
        with only_one(self.folder.with_name(self.folder.name + ".lock")) as lock:
            if self._holds(wanted):  # another one did it while we waited
                return
            if not self._usable():
                self._make(lock)
            self._install(wanted, lock)

    # -- what is there ----------------------------------------------------------------------

    def _holds(self, wanted: Wanted) -> bool:
        notes = self._notes()
        return (
            wanted.fingerprints.items() <= notes.items()
            # Another Python behind the same link, after a system upgrade, finds no packages.
            and notes.get("python") == os.path.realpath(self.python)
            and self.python.exists()
            and not self._unfinished.exists()
        )

    def _usable(self) -> bool:
        """Whether pip can work in what is there: perhaps made by hand, perhaps half made."""
        if self._unfinished.exists() or not self.python.exists():
            return False
        python = self._notes().get("python", os.path.realpath(self.python))
        if python != os.path.realpath(self.python):
            return False
        question = [str(self.python), "-c", "import pip"]
        try:
            return subprocess.run(question, capture_output=True, env=_plain()).returncode == 0
        except OSError:
            return False

    def _notes(self) -> dict[str, Any]:
        try:
            notes = json.loads(self._installed.read_bytes())
        except (OSError, ValueError):
            return {}
        return notes if isinstance(notes, dict) else {}

    def _note(self, notes: dict[str, Any]) -> None:
        half = self._installed.with_suffix(f".{os.getpid()}")
        half.write_text(json.dumps(notes), encoding="utf-8")
        half.replace(self._installed)

    # -- changing it -----------------------------------------------------------------------

    def _make(self, lock: IO[bytes]) -> None:
        require_venv()
        if os.path.lexists(self.folder):
            _say(f"what is in {self.folder.name} is not usable, making it anew")
            self._remove()
        self.folder.mkdir()
        self._unfinished.touch()
        _say(f"making {self.folder.name}")
        if _call([_real_python(), "-m", "venv", str(self.folder)], lock) != 0:
            raise Failure(f"making {self.folder.name} failed, the reason stands above.")

    def _remove(self) -> None:
        try:
            if self.folder.is_symlink() or not self.folder.is_dir():
                self.folder.unlink()
            else:
                shutil.rmtree(self.folder)
        except OSError as error:
            raise Failure(
                f"{self.folder} cannot be removed ({error}); "
                "close the programs that run from it and start again."
            ) from error

    def _install(self, wanted: Wanted, lock: IO[bytes]) -> None:
        groups = {**self._notes(), **wanted.fingerprints}
        self._unfinished.touch()
        _say("installing what pyproject.toml asks for, this once")
        pip = [str(self.python), "-m", "pip", "install", "--disable-pip-version-check"]
        if _call([*pip, *wanted.requirements], lock) != 0:
            # pip itself gave up in good order: what is there stays usable for the next try.
            self._unfinished.unlink()
            raise Failure(
                "installing failed, the reason stands above; is there a way to the package index? "
                "The same command goes on from here."
            )
        self._note({**groups, "python": os.path.realpath(self.python)})
        self._unfinished.unlink()


def _call(command: list[str], lock: IO[bytes]) -> int:
    """Run `command`, its words on stderr: stdout belongs to the program that comes after."""
    keep = (lock.fileno(),) if os.name == "posix" else ()
    return subprocess.run(command, stdout=sys.stderr, env=_plain(), pass_fds=keep).returncode


def _real_python() -> str:
    """The Python behind the environment we may run in: that one may be what is being replaced."""
    return getattr(sys, "_base_executable", "") or sys.executable


def _plain() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in MISLEADING}


def _say(text: str) -> None:
    print(f"bootstrap: {text} …", file=sys.stderr, flush=True)
