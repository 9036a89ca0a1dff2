"""The order of the steps, the line to print, and the report."""

from __future__ import annotations

import faulthandler
import json
import os
import platform
import sys
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QSysInfo, qVersion

from app import APP_NAME, __version__
from app.arguments import Arguments
from app.cli.display import display_at_hand
from app.cli.output import Output, complain
from app.paths import Places
from app.scratch import scratch_folder
from app.self_test.complaints import complaints
from app.self_test.parts import check_parts
from app.self_test.steps import SelfTestFailed, Steps
from app.self_test.visit import SETTINGS, Visit, check_journal
from app.ui.application import Program, make_application
from app.ui.collector import Collector
from app.wording import set_language, system_language, tr

HARD_END_S = 60.0  # whatever hangs, also in Qt; a busy machine takes long for two seconds of work


def run_self_test(arguments: Arguments) -> int:
    """Print one line; return 0 if all is well, else 1. Main thread."""
    language = str(arguments.overrides.get("language") or system_language())
    set_language(language)
    # Who is ended in the middle has not passed: the first report says so.
    if not _report(arguments.report, Steps(), 0.0):
        return 1
    steps, took_s = _timed(language)
    set_language(language)
    passed = tr("console.self_test_passed", s=f"{took_s:.1f}")
    failed = tr("console.self_test_failed", reason=steps.reason)
    Output().lines([failed if steps.reason else passed])
    return 0 if _report(arguments.report, steps, took_s) and not steps.reason else 1


def _timed(language: str) -> tuple[Steps, float]:
    """Take every step, and end the process where that takes too long."""
    begun_s = time.monotonic()
    with Path(os.devnull).open("w") as nowhere:
        faulthandler.dump_traceback_later(HARD_END_S, exit=True, file=sys.__stderr__ or nowhere)
        try:
            steps = _take_steps(language)
        finally:
            faulthandler.cancel_dump_traceback_later()
    return steps, time.monotonic() - begun_s


def _take_steps(language: str) -> Steps:
    steps = Steps()
    with scratch_folder() as folder, complaints() as heard:
        steps.take("program", lambda: _live(folder, language, steps))
    steps.take("complaints", lambda: _expect_none(heard))
    return steps


def _live(folder: Path, language: str, steps: Steps) -> None:
    """One run of the program, from its start to its end, with everything it writes in `folder`."""
    if not display_at_hand():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = make_application()
    journal = folder / "self-test.db"
    wishes = {**SETTINGS, "language": language}
    program = Program(
        application, Arguments(journal=journal, overrides=wishes), Places(folder, folder)
    )
    Collector(program)
    try:
        program.start()
        visited = Visit(program).make(steps)
        check_parts(program, steps)
    finally:
        program.window.end()
        program.stop()
        program.window.deleteLater()
        program.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
    if visited:
        steps.take("journal", lambda: check_journal(journal))


def _expect_none(heard: list[str]) -> None:
    if heard:
        raise SelfTestFailed(tr("console.self_test_complaint", text=heard[0]))


def _report(path: Path | None, steps: Steps, took_s: float) -> bool:
    """Write how it went so far as JSON, where that is asked for; return whether that worked."""
    if path is None:
        return True
    text = json.dumps(_facts(steps, took_s), ensure_ascii=False, indent=2)
    try:
        path.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        complain(tr("console.self_test_report", file=path, reason=error.strerror))
        return False
    return True


def _facts(steps: Steps, took_s: float) -> dict[str, object]:
    return {
        "program": APP_NAME,
        "version": __version__,
        "passed": bool(steps.done) and not steps.reason,
        "seconds": round(took_s, 3),
        "frozen": bool(getattr(sys, "frozen", False)),
        "executable": sys.executable,
        "system": QSysInfo.prettyProductName(),
        "python": platform.python_version(),
        "qt": qVersion(),
        "screen": _screen(),
        "steps": steps.as_data(),
    }


def _screen() -> str:
    """Return the name of Qt's platform plugin; "" before there is a window."""
    application = QCoreApplication.instance()
    return str(getattr(application, "platformName", str)())
