"""Build, audit, try out and pack on the system where this runs: see `packaging/bundle.py`."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from bundlelib import installed, made, signing, trials
from bundlelib.calls import Outcome
from bundlelib.packing import unpack
from bundlelib.places import ROOT
from bundlelib.record import Record, expect
from bundlelib.runner import Here
from bundlelib.screen import screen

OUT = ROOT / "dist"
WORK = ROOT / "build" / "bundle"


def main() -> int:
    """Do everything; return 0 if all is well, else 1."""
    parser = argparse.ArgumentParser(prog="bundle.py", description=main.__doc__)
    parser.add_argument(
        "--try-installer",
        action="store_true",
        help="Windows: install for this user, try it, uninstall; not where Portside is installed",
    )
    parser.add_argument(
        "--twice", action="store_true", help="build once more: the same sources, the same bytes"
    )
    options = parser.parse_args()
    record = Record()
    work = Work(made.Made.here(OUT))
    try:
        work.everything(record, try_installer=options.try_installer, twice=options.twice)
    finally:
        code = record.close(f"Portside for {work.made.system} in {OUT.relative_to(ROOT)}")
    return code


class Work:
    """One run of all stages."""

    def __init__(self, what: made.Made) -> None:
        self.made = what
        self._runner = Here()
        self._reports = WORK / "reports"

    def everything(self, record: Record, *, try_installer: bool, twice: bool) -> None:
        """Take every stage up to the first that the others need."""
        if not record.stage("build", self._build):
            return
        record.stage("sign", lambda: signing.sign_programs(self.made))
        for name, trial in self._of_the_folder():
            record.stage(name, trial)
        if not record.stage("pack", lambda: made.pack(self.made)):
            return
        record.stage("sign what is packed", lambda: signing.sign_installer(self.made))
        record.stage("audit", lambda: made.audit(self.made))
        record.stage("self-test, unpacked", self._unpacked)
        if try_installer:
            record.stage("self-test, installed", self._installed)
        if twice:
            record.stage("the same again", self._again)
        record.stage("check sums", lambda: made.sum_up(self.made))

    def _again(self) -> str:
        """Whoever builds from the same sources here must get what we give away."""
        again = Work(replace(self.made, out=WORK / "again"))
        again._build()
        made.pack(again.made)
        one, two = self.made.archive.read_bytes(), again.made.archive.read_bytes()
        expect(one == two, f"{again.made.archive} differs from {self.made.archive}")
        return f"{len(one):,} bytes, all equal"

    def _build(self) -> None:
        def python(*words: str, deadline_s: float) -> Outcome:
            return Here(more=made.SAME).run(sys.executable, *words, deadline_s=deadline_s)

        made.build(self.made, WORK / "pyinstaller", python)

    def _of_the_folder(self) -> list[tuple[str, Callable[[], str]]]:
        folder = self.made.folder
        window, console = folder / self.made.window_program, folder / self.made.console_program
        found: list[tuple[str, Callable[[], str]]] = [
            ("self-test, window program", lambda: self._self_test(window)),
            ("self-test, console twin", lambda: self._self_test(console)),
            ("a second process", lambda: trials.second_process(self._runner, console)),
            ("a crash (must be told)", lambda: self._crash(window)),
            ("without Qt (must fail)", self._without_qt),
        ]
        if shutil.which("Xvfb"):
            found.insert(1, ("self-test, on an X screen", lambda: self._on_a_screen(window)))
        return found

    def _self_test(self, program: Path) -> str:
        return trials.self_test(self._runner, program, self._reports)

    def _crash(self, program: Path) -> str:
        return trials.crash(self._runner, program, self.made.folder)

    def _on_a_screen(self, program: Path) -> str:
        with screen() as display:
            return trials.self_test(Here(display), program, self._reports)

    def _without_qt(self) -> str:
        return trials.without_qt(self._runner, self.made, WORK / "broken")

    def _unpacked(self) -> str:
        """Unpack it where a Chinese user might, and try both programs."""
        place = WORK / "unpacked" / "网络 工具"
        shutil.rmtree(place, ignore_errors=True)
        unpack(self.made.archive, place)
        folder = place / self.made.folder.name
        self._self_test(folder / self.made.window_program)
        return self._self_test(folder / self.made.console_program)

    def _installed(self) -> str:
        """Install silently beside everything of the user's, try it, uninstall."""
        runner, place = self._runner, WORK / "installed" / "Portside 服务端"
        expect(self.made.installer.is_file(), "there is no installer to try")
        expect(not installed.registered(runner), "Portside is installed here: left alone")
        shutil.rmtree(place, ignore_errors=True)
        with ExitStack() as after:
            installed.install(runner, self.made.installer, *installed.into(str(place)))
            after.callback(installed.remove, runner, place)
            self._self_test(place / self.made.window_program)
            said = self._self_test(place / self.made.console_program)
        return f"{said}; uninstalled without a trace"


if __name__ == "__main__":
    sys.exit(main())
