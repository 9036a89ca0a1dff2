"""What must hold for the programs of a bundle, wherever they run; each trial returns what it saw.

Every program has a deadline: one without its libraries may show a dialog and wait for ever.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from app.teaching.experiments.daemon_child import DAEMON, MAIN_ENDED, MAIN_LEAVES, PLAIN
from bundlelib.audit import folder_faults
from bundlelib.calls import end_group
from bundlelib.made import Made
from bundlelib.record import expect
from bundlelib.runner import Runner

SELF_TEST_S = 60
TALK_S = 30
# Without it no window program can be right.
_QT_CORE = {"windows": "Qt6Core.dll", "linux": "libQt6Core.so*", "macos": "QtCore*"}


def self_test(runner: Runner, program: Path, reports: Path) -> str:
    """Let a program prove that it works; a window program has nothing but its report to say so.

    Raises Failure.
    """
    reports.mkdir(parents=True, exist_ok=True)
    report = reports / f"{program.stem}.json"
    report.unlink(missing_ok=True)
    outcome = runner.run(program, "--self-test", "--report", report, deadline_s=SELF_TEST_S)
    expect(outcome.code == 0, outcome)
    expect(report.is_file(), f"no report from {program}")
    said = json.loads(report.read_text("utf-8"))
    expect(said["passed"] and said["frozen"] and said["steps"], said)
    return f"{said['seconds']:.1f} s, {len(said['steps'])} steps, screen {said['screen']}"


def second_process(runner: Runner, program: Path) -> str:
    """An experiment starts the program once more: with a thread that ends, and one that stays."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(TALK_S)
        _in_child(runner, program, server, DAEMON, _ends_with_its_main_part)
        _in_child(runner, program, server, PLAIN, _outlives_its_main_part)
    return "a daemon thread ends with its program, another keeps it alive"


def _in_child(
    runner: Runner,
    program: Path,
    server: socket.socket,
    kind: str,
    look: Callable[[subprocess.Popen[bytes], socket.socket], None],
) -> None:
    port = server.getsockname()[1]
    child = runner.start(program, "--daemon-child", str(port), kind)
    try:
        connection, _ = server.accept()
        with connection:
            connection.settimeout(TALK_S)
            heard = b""
            while heard != MAIN_LEAVES and (part := connection.recv(64)):
                heard += part
            expect(heard == MAIN_LEAVES, f"the {kind} child said {heard!r}")
            look(child, connection)
        expect(child.wait(TALK_S) == 0, f"the {kind} child ended with {child.returncode}")
    except (OSError, subprocess.TimeoutExpired) as error:
        expect(False, f"the {kind} child: {error}")
    finally:
        end_group(child)


def _ends_with_its_main_part(child: subprocess.Popen[bytes], _: socket.socket) -> None:
    expect(child.wait(TALK_S) == 0, f"ended with {child.returncode}")


def _outlives_its_main_part(child: subprocess.Popen[bytes], connection: socket.socket) -> None:
    until = time.monotonic() + TALK_S
    answer = b""
    while not answer.endswith(MAIN_ENDED):
        expect(time.monotonic() < until, "its main part does not end")
        connection.sendall(b"?")
        answer = connection.recv(64)
    expect(child.poll() is None, "it has ended with its main part")


def crash(runner: Runner, program: Path, folder: Path) -> str:
    """Let a program die of a fault, with its data beside it: its report names the place.

    Raises Failure.
    """
    data = folder / "portside-data"
    shutil.rmtree(data, ignore_errors=True)
    outcome = runner.run(program, "--portable", "--crash", deadline_s=SELF_TEST_S)
    expect(outcome.code not in (0, None), outcome)
    reports = list((data / "reports").glob("report-*.txt"))
    expect(len(reports) == 1, f"{len(reports)} reports of a crash")
    said = reports[0].read_text("utf-8")
    expect(" in die" in said and " in main" in said, said)
    shutil.rmtree(data)
    return f"exit code {outcome.code}, its report has {len(said.splitlines())} lines"


def without_qt(runner: Runner, made: Made, scratch: Path) -> str:
    """Prove that a missing library does not go unnoticed: not by the audit, not by a self-test."""
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(made.folder, scratch, symlinks=True)
    for path in list(scratch.rglob(_QT_CORE[made.system])):
        path.unlink()
    expect(bool(folder_faults(scratch, made.system)), "the audit does not miss Qt's core")
    program = scratch / made.console_program
    outcome = runner.run(program, "--self-test", deadline_s=SELF_TEST_S)
    expect(outcome.code != 0, "the self-test passed without Qt's core")
    shutil.rmtree(scratch, ignore_errors=True)
    return "never ends" if outcome.code is None else f"exit code {outcome.code}"
