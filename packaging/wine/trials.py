"""What a person would do with the folder, the zip and the installer, and what must fail."""

from __future__ import annotations

import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from bundlelib import recipe
from installer.making import NoInstaller, make_installer

from app import __version__
from app.paths import PORTABLE_FOLDER
from wine.box import Box
from wine.building import Made
from wine.calls import Failure, Outcome
from wine.places import WORK
from wine.session import Session

SELF_TEST_S = 60
INSTALLER_S = 180
BUSY = 3  # the installer's exit code while Portside runs
_WINDOW, _CONSOLE = "Portside.exe", "portside-console.exe"
_UNINSTALL_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Portside"


class Trials:
    """All trials of one build; each returns what it saw, or raises Failure."""

    def __init__(self, box: Box, made: Made) -> None:
        self._box = box
        self._made = made
        self._scratch = box.drive / "trials"
        self._local = box.user / "AppData" / "Local"
        self._roaming = box.user / "AppData" / "Roaming"
        self._installed = self._local / "Programs" / recipe.FOLDER
        self._link = self._roaming / "Microsoft/Windows/Start Menu/Programs/Portside.lnk"
        self._data = (self._local / "Portside", self._roaming / "Portside")

    def all(self) -> list[tuple[str, Callable[[], str]]]:
        """Return name and trial in the order in which they are to be run."""
        return [
            ("self-test of the folder", self.folder),
            ("a window with two clients", self.window),
            ("a port that is in use", self.busy_port),
            ("the portable zip on a stick", self.portable),
            ("a path with Chinese letters", self.chinese_path),
            ("install and upgrade in place", self.upgrade),
            ("upgrade while it runs", self.upgrade_while_running),
            ("uninstall", self.uninstall),
            ("without a DLL (must fail)", self.without_a_dll),
        ]

    # -- the folder ---------------------------------------------------------------------------

    def folder(self) -> str:
        """Both programs prove that they work, as the build left them."""
        self._self_test(self._made.folder, _WINDOW)
        return self._self_test(self._made.folder, _CONSOLE)

    def window(self) -> str:
        """The window program serves real clients, and is drawn; the data is where it belongs."""
        self._forget_user()
        with Session(self._box, self._made.folder / _WINDOW) as session:
            session.talk()
            picture = session.photograph(WORK / "window.png")
            session.close_window()
        settings, journals = self._data[1] / "settings.json", self._data[0] / "journals"
        _expect(settings.is_file(), "no settings in %APPDATA%")
        _expect(any(journals.glob("*.db")), "no journal in %LOCALAPPDATA%")
        return picture

    def busy_port(self) -> str:
        """Nobody else can take a port that Portside has."""
        with Session(self._box, self._made.folder / _WINDOW) as session:
            second = ("--console", "--listen", "--host", "127.0.0.1", "--port", str(session.port))
            outcome = self._box.run(
                self._made.folder / _CONSOLE, *second, "--language", "en", deadline_s=SELF_TEST_S
            )
            session.close_window()
        _expect(outcome.code == 1 and str(session.port) in outcome.output, outcome)
        return outcome.output.strip()

    def without_a_dll(self) -> str:
        """Prove that a missing DLL does not go unnoticed; Wine shows a dialog and waits."""
        folder = self._fresh("broken")
        shutil.copytree(self._made.folder, folder)
        (folder / "_internal" / "PySide6" / "Qt6Core.dll").unlink()
        outcome = self._box.run(folder / _CONSOLE, "--self-test", deadline_s=SELF_TEST_S)
        _expect(outcome.code != 0, "passed without Qt6Core.dll")
        return "never ends" if outcome.code is None else f"exit code {outcome.code}"

    # -- the zip ------------------------------------------------------------------------------

    def portable(self) -> str:
        """Unpacked anywhere, everything it writes stays beside it."""
        self._forget_user()
        stick = self._fresh("U 盘")
        with zipfile.ZipFile(self._made.zip) as archive:
            archive.extractall(stick)
        folder = stick / recipe.FOLDER
        self._self_test(folder, _CONSOLE)
        with Session(self._box, folder / _WINDOW) as session:
            session.talk()
            session.close_window()
        data = folder / PORTABLE_FOLDER
        _expect((data / "settings.json").is_file(), "no settings on the stick")
        _expect(any((data / "journals").glob("*.db")), "no journal on the stick")
        strays = [str(path) for path in self._data if path.exists()]
        _expect(not strays, f"something was written to {strays}")
        return f"everything in {data.name}"

    # -- the installer ------------------------------------------------------------------------

    def chinese_path(self) -> str:
        """Installed where a Chinese user might, it works, and goes without a trace."""
        folder = self._fresh("网络 工具") / "Portside 服务端"
        # /D= is the rest of the line, and must not be quoted: so each word is an argument.
        words = ("C:" + str(folder).removeprefix(str(self._box.drive)).replace("/", "\\")).split()
        self._install(self._made.installer, f"/D={words[0]}", *words[1:])
        try:
            return self._self_test(folder, _CONSOLE)
        finally:
            self._remove(folder)

    def upgrade(self) -> str:
        """Over an older version: the new files, none of the old, one entry."""
        older = self._older_installer()
        self._install(older)
        stale = self._installed / "_internal" / "stale.dll"
        _expect(stale.is_file(), "the older version is not there")
        self._install(self._made.installer)
        _expect(not stale.exists(), "a file of the older version is left")
        _expect(self._link.is_file(), "no entry in the Start menu")
        entry = self._registered()
        for words in (f"DisplayVersion    REG_SZ    {__version__}", "DisplayIcon", "EstimatedSize"):
            _expect(words in entry, f"{words} is not in the uninstaller's entry:\n{entry}")
        return self._self_test(self._installed, _CONSOLE)

    def upgrade_while_running(self) -> str:
        """The installer gives up with a code of its own, and the program goes on."""
        before = _listing(self._installed)
        with Session(self._box, self._installed / _WINDOW) as session:
            outcome = self._box.run(self._made.installer, "/S", deadline_s=INSTALLER_S)
            session.talk()
            session.close_window()
        _expect(outcome.code == BUSY, outcome)
        _expect(_listing(self._installed) == before, "the installed files have changed")
        return f"exit code {BUSY}, and it still serves"

    def uninstall(self) -> str:
        """Nothing is left but the user's own data; with the switch not even that."""
        self._remove(self._installed)
        _expect(not self._link.exists(), "the entry in the Start menu is left")
        _expect(not self._registered(), "the uninstaller's entry is left")
        _expect(all(path.is_dir() for path in self._data), "the user's data is gone")
        self._install(self._made.installer)
        self._remove(self._installed, "/DELETEDATA")
        _expect(not any(path.exists() for path in self._data), "the user's data is left")
        return "kept journals and settings, then deleted them with /DELETEDATA"

    # -- steps --------------------------------------------------------------------------------

    def _self_test(self, folder: Path, program: str) -> str:
        outcome = self._box.run(folder / program, "--self-test", deadline_s=SELF_TEST_S)
        _expect(outcome.code == 0, outcome)
        return outcome.output.strip()

    def _install(self, installer: Path, *options: str) -> None:
        outcome = self._box.run(installer, "/S", *options, deadline_s=INSTALLER_S)
        _expect(outcome.code == 0, outcome)

    def _remove(self, folder: Path, *options: str) -> None:
        """Uninstall; the uninstaller goes on in a copy of itself after its end."""
        outcome = self._box.run(folder / "uninstall.exe", "/S", *options, deadline_s=INSTALLER_S)
        _expect(outcome.code == 0, outcome)
        until = time.monotonic() + INSTALLER_S
        while folder.exists() or self._registered():
            _expect(time.monotonic() < until, f"left after uninstalling: {_listing(folder)}")
            time.sleep(0.2)

    def _registered(self) -> str:
        return self._box.run("reg", "query", _UNINSTALL_KEY, deadline_s=60).output.partition(
            _UNINSTALL_KEY.partition("\\")[2]
        )[2]

    def _older_installer(self) -> Path:
        """Make an installer of a version before any: our programs, and a file that is no more."""
        folder = self._fresh("older") / recipe.FOLDER
        for name in (_WINDOW, _CONSOLE, "_internal/stale.dll"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self._made.folder / _WINDOW, folder / name)
        output = WORK / "Portside-0.0.1-setup.exe"
        try:
            make_installer(folder, output, version="0.0.1", icon=recipe.ICON)
        except NoInstaller as error:
            raise Failure(str(error)) from error
        return output

    def _fresh(self, name: str) -> Path:
        """Return a path in our folder on drive C: where nothing is."""
        path = self._scratch / name
        shutil.rmtree(path, ignore_errors=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _forget_user(self) -> None:
        for path in self._data:
            shutil.rmtree(path, ignore_errors=True)


def _listing(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*")}


def _expect(right: bool, otherwise: Outcome | str) -> None:
    if not right:
        raise Failure(str(otherwise))
