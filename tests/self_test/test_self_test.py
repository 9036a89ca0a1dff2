"""The self-test: it passes on a whole program, and it notices a broken one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QApplication

from app import paths
from app.arguments import Arguments
from app.models.log_rows import LogRows
from app.net import server
from app.reply import FixedReply
from app.self_test import visit
from app.self_test.run import run_self_test
from app.ui.notices import Notices
from app.ui.theme.icons import svg_source
from tests.support.machine import here_s
from tests.support.program import ROOT, command, environment


@pytest.fixture
def report(tmp_path: Path, qapp: QApplication) -> Iterator[Path]:
    yield tmp_path / "报告.json"
    svg_source.cache_clear()
    QPixmapCache.clear()


def test_it_passes_without_a_display(user_home: Path, tmp_path: Path) -> None:
    before = os.times()
    report = tmp_path / "report.json"
    result = subprocess.run(
        command("--self-test", "--report", str(report)),
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    after = os.times()  # how long it takes on a busy machine says nothing
    spent_s = after.children_user + after.children_system
    assert spent_s - before.children_user - before.children_system < here_s(5)
    assert result.stdout.startswith("self-test passed")
    assert result.stdout.count("\n") == 1
    assert result.stderr == ""
    assert not (user_home / "portside").exists(), "it leaves nothing behind"
    said = json.loads(report.read_text(encoding="utf-8"))
    assert said["passed"]
    assert said["screen"] == "offscreen"
    names = {step["name"] for step in said["steps"]}
    assert names >= {"window", "reply", "table", "log", "journal"}
    assert names >= {"icons", "words", "classroom", "sources", "lessons", "complaints"}


def test_a_windowed_program_has_no_stdout_and_still_reports(tmp_path: Path) -> None:
    program = "import sys; sys.stdout = sys.stderr = None; from app.__main__ import main; main()"
    report = tmp_path / "report.json"
    subprocess.run(
        [sys.executable, "-c", program, "--self-test", "--report", str(report)],
        cwd=ROOT,
        env=environment(),
        check=True,
    )
    assert json.loads(report.read_text(encoding="utf-8"))["passed"]


def failure(report: Path) -> tuple[str, str]:
    """Run it; return name and reason of the first step that failed."""
    assert run_self_test(Arguments(report=report, overrides={"language": "en"})) == 1
    said = json.loads(report.read_text(encoding="utf-8"))
    assert not said["passed"]
    return next((step["name"], step["reason"]) for step in said["steps"] if not step["passed"])


def test_it_notices_a_wrong_reply(
    report: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FixedReply, "__call__", lambda self, encoding, chunk: b"?" * 12)
    assert failure(report)[0] == "reply"
    assert "self-test failed: the automatic reply" in capsys.readouterr().out


def test_it_notices_a_log_that_shows_something_else(
    report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit, "DEADLINE_S", 1.0)
    monkeypatch.setattr(LogRows, "rows", lambda *_: [])
    assert failure(report)[0] == "log"


def test_it_notices_icons_that_are_not_there(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "blank.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9"/>')

    def with_one_blank(name: str) -> Path:
        return tmp_path / "blank.svg" if name == "icons/trash.svg" else paths.resource(name)

    monkeypatch.setattr("app.ui.theme.icons.resource", with_one_blank)
    svg_source.cache_clear()
    QPixmapCache.clear()
    name, reason = failure(report)
    assert name == "icons"
    assert "trash" in reason


def test_it_notices_a_shown_source_that_does_not_run(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "server.py"
    text = Path(server.__file__).read_text(encoding="utf-8")
    other.write_text(f"# one line more\n{text}", encoding="utf-8")
    monkeypatch.setattr(server, "__file__", str(other))
    name, reason = failure(report)
    assert name == "sources"
    assert "server.py" in reason


def test_it_notices_a_lesson_that_is_not_there(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(paths.resource("lessons"), tmp_path / "lessons")
    next((tmp_path / "lessons" / "en").glob("*.md")).unlink()

    def with_one_missing(name: str) -> Path:
        return tmp_path / "lessons" if name == "lessons" else paths.resource(name)

    monkeypatch.setattr("app.self_test.parts.resource", with_one_missing)
    assert failure(report) == ("lessons", "the lessons in en are not complete.")


def test_it_notices_what_qt_complains_about(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit.Visit, "_see_window", lambda _self: qWarning("no such font"))
    assert failure(report) == (
        "complaints",
        "something went wrong unseen: no such font",
    )


def test_it_notices_an_exception_that_reaches_nobody(
    report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Notices, "show_health", lambda *_: 1 / 0)  # a slot: Qt calls it
    name, reason = failure(report)
    assert name == "complaints"
    assert "division by zero" in reason


def test_whatever_breaks_is_said_in_one_line(
    report: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr("app.self_test.run.Visit", broken)
    assert failure(report) == ("program", "OSError: no room")
    assert capsys.readouterr().out == "self-test failed: OSError: no room\n"


def test_a_report_that_cannot_be_written_is_a_failure(
    qapp: QApplication, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "missing" / "report.json"
    assert run_self_test(Arguments(report=nowhere, overrides={"language": "en"})) == 1
    assert "was not written" in capsys.readouterr().err
