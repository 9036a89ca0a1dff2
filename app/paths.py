"""Where the program's resources are, and where the user's data is.

Three homes are possible for the user's data: the one the system provides (the rule), a folder
beside the program (`--portable`, or a file `portable.txt` beside it: everything travels on one
stick), or the folder that the environment variable PORTSIDE_HOME names (tests, several set-ups on
one machine).

What is kept there is the user's alone: everything that clients sent, passwords included.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from time import time
from typing import Literal

from app import APP_NAME

HOME_VARIABLE = "PORTSIDE_HOME"
PORTABLE_FOLDER = "portside-data"
PORTABLE_MARKER = "portable.txt"
_STALE_S = 24 * 3600.0  # a file is not written for so long


def make_folder(path: Path) -> None:
    """Make the folder and what is missing above it, for this user only; raise OSError.

    A folder that is there keeps its rights.
    """
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):  # mkdir's own `parents` would pass over the mode
        folder.mkdir(mode=0o700, exist_ok=True)
    path.mkdir(exist_ok=True)  # says so if it is a file


def open_private(path: Path, mode: Literal["a", "w"]) -> TextIOWrapper:
    """Open a UTF-8 text file for writing; a new one is this user's only. Raises OSError."""
    opener = partial(os.open, mode=0o600)
    return open(path, mode, encoding="utf-8", opener=opener)


def replace_file(path: Path, text: str) -> None:
    """Replace a text file of the user's, who alone may read it, in one step. Raises OSError.

    A reader, or a start after a power cut, finds the old file or the new one, never a half.
    """
    make_folder(path.parent)
    # The pid keeps two running programs from writing into one another's half.
    half = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        half.unlink(missing_ok=True)  # whatever rights it has
        with open_private(half, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except OSError:
        half.unlink(missing_ok=True)
        raise


def part_beside(path: Path) -> Path:
    """Return a free name beside `path`, for what takes its place as soon as it is whole.

    It is nobody else's, also where two write to one path. What a program that was killed left
    there of the same path is deleted, once it is a day old.
    """
    with suppress(OSError), os.scandir(path.parent) as beside:
        for entry in beside:
            if entry.name.startswith(f"{path.name}.") and entry.name.endswith(".part"):
                _delete_stale(entry)
    return path.with_name(f"{path.name}.{os.urandom(4).hex()}.part")


def _delete_stale(entry: os.DirEntry[str]) -> None:
    if entry.stat(follow_symlinks=False).st_mtime > time() - _STALE_S:
        return
    if entry.is_dir(follow_symlinks=False):
        shutil.rmtree(entry.path, ignore_errors=True)
    else:
        Path(entry.path).unlink(missing_ok=True)


def program_root() -> Path:
    """Return the folder that holds `resources`: the checkout, or the unpacked frozen bundle."""
    bundle = getattr(sys, "_MEIPASS", None)  # set by PyInstaller's loader
    return Path(bundle) if bundle else Path(__file__).resolve().parent.parent


def program_folder() -> Path:
    """Return the folder the user sees the program in: beside it lies a portable user's data."""
    if getattr(sys, "frozen", False):
        return Path(sys.executable).resolve().parent
    return program_root()


def resource(name: str) -> Path:
    """Return the path of a resource, for example `icons/play.svg`; it need not exist."""
    return program_root() / "resources" / name


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one user. They need not exist yet: who writes makes them."""

    config_dir: Path
    data_dir: Path

    @property
    def settings_path(self) -> Path:
        """The file of the settings."""
        return self.config_dir / "settings.json"

    @property
    def journal_dir(self) -> Path:
        """The folder of the journals."""
        return self.data_dir / "journals"

    @property
    def reports_dir(self) -> Path:
        """The folder of the program's own log, and of what is known of a crash."""
        return self.data_dir / "reports"

    @property
    def kits_dir(self) -> Path:
        """The folder of the user's own protocol kits."""
        return self.data_dir / "kits"

    @property
    def lessons_dir(self) -> Path:
        """The folder of a teacher's own lessons."""
        return self.data_dir / "lessons"

    @property
    def exercises_dir(self) -> Path:
        """The folder of a teacher's own exercises, a folder each."""
        return self.data_dir / "exercises"

    @property
    def my_server_path(self) -> Path:
        """The user's own server program."""
        return self.data_dir / "my-server.py"

    @property
    def answers_dir(self) -> Path:
        """What the student wrote for each exercise."""
        return self.data_dir / "answers"

    @property
    def results_path(self) -> Path:
        """Which checks of which exercises have passed."""
        return self.data_dir / "exercises.json"


def find_places(*, portable: bool = False) -> Places:
    """Return where this user's data is, or with `portable` the folder beside the program.

    The marker beside the program stands for `portable`: the zip for a stick has it.
    """
    if portable or (program_folder() / PORTABLE_MARKER).is_file():
        return _in_one_folder(program_folder() / PORTABLE_FOLDER)
    chosen = os.environ.get(HOME_VARIABLE)
    if chosen:
        return _in_one_folder(Path(chosen).expanduser().absolute())
    # Imported here because a portable start does not need it.
    import platformdirs

    return Places(
        # Windows: settings in %APPDATA%, which may follow the user; journals in %LOCALAPPDATA%.
        platformdirs.user_config_path(APP_NAME, appauthor=False, roaming=True),
        platformdirs.user_data_path(APP_NAME, appauthor=False),
    )


def _in_one_folder(folder: Path) -> Places:
    return Places(folder, folder)
