"""What a person would do with the folder, the zip and the installer, and what must fail."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from bundlelib import installed, recipe, trials
from bundlelib.calls import Failure
from bundlelib.made import Made
from bundlelib.packing import unpack
from bundlelib.record import expect
from installer.making import NoInstaller, make_installer

from app import __version__
from app.paths import PORTABLE_FOLDER
from wine.box import Box
from wine.places import WORK
from wine.session import Session

BUSY = 3  # the installer's exit code while Portside runs


class Trials:
    """All trials of one build; each returns what it saw, or raises Failure."""

    def __init__(self, box: Box, made: Made) -> None:
        self._box = box
        self._made = made
        self._scratch = box.drive / "trials"
        self._local = box.user / "AppData" / "Local"
        self._roaming = box.user / "AppData" / "Roaming"
        self._home = self._local / "Programs" / recipe.FOLDER
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
            ("a second process", self.second_process),
            ("without a DLL (must fail)", self.without_a_dll),
        ]

    # -- the folder ---------------------------------------------------------------------------

    def folder(self) -> str:
        """Both programs prove that they work, as the build left them."""
        self._self_test(self._made.folder, self._made.window_program)
        return self._self_test(self._made.folder, self._made.console_program)

    def window(self) -> str:
        """The window program serves real clients, and is drawn; the data is where it belongs."""
        self._forget_user()
        with Session(self._box, self._made.folder / self._made.window_program) as session:
            session.talk()
            picture = session.photograph(WORK / "window.png")
            session.close_window()
        settings, journals = self._data[1] / "settings.json", self._data[0] / "journals"
        expect(settings.is_file(), "no settings in %APPDATA%")
        expect(any(journals.glob("*.db")), "no journal in %LOCALAPPDATA%")
        return picture

    def busy_port(self) -> str:
        """Nobody else can take a port that Portside has."""
        with Session(self._box, self._made.folder / self._made.window_program) as session:
            second = ("--console", "--listen", "--host", "127.0.0.1", "--port", str(session.port))
            outcome = self._box.run(
                self._made.folder / self._made.console_program,
                *second,
                "--language",
                "en",
                deadline_s=trials.SELF_TEST_S,
            )
            session.close_window()
        expect(outcome.code == 1 and str(session.port) in outcome.output, outcome)
        return outcome.output.strip()

    def second_process(self) -> str:
        """The experiment about daemon threads starts the program once more."""
        return trials.second_process(self._box, self._made.folder / self._made.console_program)

    def without_a_dll(self) -> str:
        """Prove that a missing DLL does not go unnoticed; Wine shows a dialog and waits."""
        return trials.without_qt(self._box, self._made, self._fresh("broken"))

    # -- the zip ------------------------------------------------------------------------------

    def portable(self) -> str:
        """Unpacked anywhere, everything it writes stays beside it."""
        self._forget_user()
        stick = self._fresh("U 盘")
        unpack(self._made.archive, stick)
        folder = stick / recipe.FOLDER
        self._self_test(folder, self._made.console_program)
        with Session(self._box, folder / self._made.window_program) as session:
            session.talk()
            session.close_window()
        data = folder / PORTABLE_FOLDER
        expect((data / "settings.json").is_file(), "no settings on the stick")
        expect(any((data / "journals").glob("*.db")), "no journal on the stick")
        strays = [str(path) for path in self._data if path.exists()]
        expect(not strays, f"something was written to {strays}")
        return f"everything in {data.name}"

    # -- the installer ------------------------------------------------------------------------

    def chinese_path(self) -> str:
        """Installed where a Chinese user might, it works, and goes without a trace."""
        folder = self._fresh("网络 工具") / "Portside 服务端"
        place = "C:" + str(folder).removeprefix(str(self._box.drive)).replace("/", "\\")
        installed.install(self._box, self._made.installer, *installed.into(place))
        try:
            return self._self_test(folder, self._made.console_program)
        finally:
            installed.remove(self._box, folder)

    def upgrade(self) -> str:
        """Over an older version: the new files, none of the old, one entry."""
        older = self._older_installer()
        installed.install(self._box, older)
        stale = self._home / "_internal" / "stale.dll"
        expect(stale.is_file(), "the older version is not there")
        installed.install(self._box, self._made.installer)
        expect(not stale.exists(), "a file of the older version is left")
        expect(self._link.is_file(), "no entry in the Start menu")
        entry = installed.registered(self._box)
        for words in (f"DisplayVersion    REG_SZ    {__version__}", "DisplayIcon", "EstimatedSize"):
            expect(words in entry, f"{words} is not in the uninstaller's entry:\n{entry}")
        return self._self_test(self._home, self._made.console_program)

    def upgrade_while_running(self) -> str:
        """The installer gives up with a code of its own, and the program goes on."""
        before = installed.listing(self._home)
        with Session(self._box, self._home / self._made.window_program) as session:
            outcome = self._box.run(self._made.installer, "/S", deadline_s=installed.INSTALLER_S)
            session.talk()
            session.close_window()
        expect(outcome.code == BUSY, outcome)
        expect(installed.listing(self._home) == before, "the installed files have changed")
        return f"exit code {BUSY}, and it still serves"

    def uninstall(self) -> str:
        """Nothing is left but the user's own data; with the switch not even that."""
        installed.remove(self._box, self._home)
        expect(not self._link.exists(), "the entry in the Start menu is left")
        expect(not installed.registered(self._box), "the uninstaller's entry is left")
        expect(all(path.is_dir() for path in self._data), "the user's data is gone")
        installed.install(self._box, self._made.installer)
        installed.remove(self._box, self._home, "/DELETEDATA")
        expect(not any(path.exists() for path in self._data), "the user's data is left")
        return "kept journals and settings, then deleted them with /DELETEDATA"

    # -- steps --------------------------------------------------------------------------------

    def _self_test(self, folder: Path, program: str) -> str:
        return trials.self_test(self._box, folder / program, WORK / "reports")

    def _older_installer(self) -> Path:
        """Make an installer of a version before any: our programs, and a file that is no more."""
        folder = self._fresh("older") / recipe.FOLDER
        for name in (self._made.window_program, self._made.console_program, "_internal/stale.dll"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self._made.folder / self._made.window_program, folder / name)
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
