"""What a run leaves behind about its own troubles, and that nothing of a client's is in it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.paths import find_places
from app.report import log
from app.report.crash import LOG_HEAD, reported
from app.report.found import KEPT, SEEN, settle_report, unseen_reports
from tests.support.program import ROOT, environment, program
from tests.support.wait import wait_until

SECRET = "password=hunter2"


@pytest.fixture
def folder() -> Path:
    return find_places().reports_dir


def run_once(folder: Path, error: Exception | None = None, level: str = "info") -> None:
    """Be a run of the program that ends in order, after a trouble if one is given."""
    with reported(folder, level) as report:
        log.begin_log(folder, level)
        assert report is not None
        report.hold()
        if error is not None:
            try:
                raise error
            except Exception as caught:  # noqa: BLE001
                report.note(type(caught), caught, caught.__traceback__)


def crash(*options: str) -> tuple[int, str]:
    """Let a program die of a fault; return its exit code and the names of its window's words."""
    with program("--crash", *options) as running:
        code = running.process.wait(60)
        running.end()
    return code, "\n".join(running.err)


def reports(folder: Path) -> list[Path]:
    return sorted(folder.glob("report-*.txt"))


def test_a_run_without_trouble_leaves_its_log_alone(folder: Path) -> None:
    run_once(folder)
    assert [path.name for path in folder.iterdir()] == ["portside.log"]
    assert unseen_reports(folder) == []


@pytest.mark.parametrize("face", [("--console",), ("--language", "en")])
def test_a_crash_tells_where_all_threads_stood_and_what_was_logged(
    folder: Path, face: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    if face[0] != "--console":  # with a window
        child = subprocess.run(
            [sys.executable, "-m", "app", "--crash", *face],
            cwd=ROOT,
            env=environment() | {"QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            timeout=60,
        )
        code = child.returncode
    else:
        code, _ = crash(*face)
    assert code < 0
    (report,) = reports(folder)
    assert unseen_reports(folder) == [report]
    text = report.read_text("utf-8")
    assert "Segmentation fault" in text
    assert " in die" in text
    assert "__main__.py" in text
    assert text.index(LOG_HEAD) < text.index(" begins")
    if face[0] != "--console":
        assert "qt: 6." in text
    assert unseen_reports(folder) == [report]  # until somebody has seen it
    assert report.read_text("utf-8") == text
    settle_report(report)
    assert unseen_reports(folder) == []
    assert report.with_name(report.name + SEEN).exists()


def test_an_exception_that_nobody_caught_is_told_without_its_words(folder: Path) -> None:
    cause = KeyError(SECRET)
    error = ValueError(SECRET)
    error.__cause__ = cause
    run_once(folder, error)
    (report,) = unseen_reports(folder)
    text = report.read_text("utf-8")
    assert SECRET not in text
    assert "builtins.ValueError" in text
    assert "which came of" in text
    assert "KeyError" in text
    assert "in run_once" in text
    assert "Current thread" in text


def test_what_the_system_said_is_told(folder: Path) -> None:
    run_once(folder, OSError(28, "No space left on device", f"/home/{SECRET}"))
    (report,) = unseen_reports(folder)
    assert "OSError 28 No space left on device" in report.read_text("utf-8")
    assert SECRET not in report.read_text("utf-8")


def test_a_report_in_use_is_nobody_elses(folder: Path) -> None:
    with reported(folder, "info") as report:
        assert report is not None
        report.hold()
        report.note(ValueError, ValueError(), None)
        assert unseen_reports(folder) == []
    assert unseen_reports(folder) == [report.path]


def test_who_was_killed_tells_nothing(folder: Path) -> None:
    folder.mkdir(parents=True)
    kept = folder / "report-2026-01-01-000000-1.txt"
    kept.write_text("program: Portside\n" + "-" * 72 + "\n")
    assert unseen_reports(folder) == []
    assert not kept.exists()


def test_links_and_damaged_reports_do_no_harm(folder: Path, tmp_path: Path) -> None:
    folder.mkdir(parents=True)
    other = tmp_path / "other.txt"
    other.write_text("not ours")
    (folder / "report-a-1.txt").symlink_to(other)
    (folder / "report-b.txt").write_bytes(b"\xff\xfe" + b"-" * 72 + b"\n\xff crash")
    (folder / "report-c-9.txt").mkdir()
    assert [path.name for path in unseen_reports(folder)] == ["report-b.txt"]
    assert other.read_text() == "not ours"


def test_only_the_last_that_were_seen_are_kept(folder: Path) -> None:
    folder.mkdir(parents=True)
    for day in range(KEPT + 5):
        report = folder / f"report-2026-01-{day + 1:02}-000000-1.txt"
        report.write_text("x")
        settle_report(report)
    assert len(list(folder.iterdir())) == KEPT
    assert (folder / f"report-2026-01-{KEPT + 5:02}-000000-1.txt{SEEN}").exists()


def test_report_and_log_are_the_users_alone(folder: Path) -> None:
    run_once(folder, ValueError())
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("level", log.LEVELS)
def test_the_log_holds_what_was_asked_for(folder: Path, level: str) -> None:
    with reported(folder, level):
        log.debug("a fine point")  # before the log has begun
        log.begin_log(folder, level)
        log.warning("two\nlines\x1b")
        log.error("bad")
    text = (folder / "portside.log").read_text("utf-8")
    assert ("a fine point" in text) == (level == "debug")
    assert (" begins" in text) == (level in ("debug", "info"))
    assert ("two lines" in text) == (level != "error")
    assert "bad" in text


def test_the_log_rotates_and_its_end_is_found(folder: Path) -> None:
    with reported(folder, "info"):
        log.begin_log(folder, "info")
        for number in range(30_000):
            log.info(f"line {number} {'x' * 40}")
        size = sum(path.stat().st_size for path in folder.glob("portside.log*"))
        assert size < 2.2 * log.LIMIT_BYTES
    lines = log.tail(folder, os.getpid())
    assert len(lines) == log.TAIL_LINES
    assert "line 29999" in lines[-2]
    assert log.tail(folder, 1) == []


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("in the way")
    with reported(taken / "reports", "info") as report:
        assert report is None
        log.begin_log(taken / "reports", "info")
        log.info("nowhere to go")
    assert taken.read_text() == "in the way"


def test_many_threads_log_at_once(folder: Path) -> None:
    with reported(folder, "info"):
        log.begin_log(folder, "info")
        threads = [
            threading.Thread(target=lambda: [log.info("together") for _ in range(200)])
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    text = (folder / "portside.log").read_text("utf-8")
    assert text.count("together") == 1600


def test_the_console_notes_what_it_did(folder: Path) -> None:
    with program("--console", "--port", "0", "--host", "127.0.0.1") as running:
        assert running.port
        wait_until(lambda: "open at 127.0.0.1" in (folder / "portside.log").read_text("utf-8"))


def test_a_wrong_level_is_told() -> None:
    with program("--log-level", "loud") as running:
        assert running.end() == 2
    assert running.err == ["--log-level cannot be “loud”: it takes debug, info, warning, error."]
