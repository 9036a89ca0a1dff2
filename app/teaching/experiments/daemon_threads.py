"""A program whose main part ends: does it wait for its threads?"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from app.teaching.experiments.bench import Bench, reason_word
from app.teaching.experiments.daemon_child import (
    DAEMON,
    MAIN_ENDED,
    MAIN_LEAVES,
    PLAIN,
    command,
)
from app.teaching.experiments.facts import Code, Result, Row, yes_or_no

if TYPE_CHECKING:
    from app.net.session import Session
    from app.teaching.experiments.lab import Lab

STEPS = (
    "daemon_started", "daemon_left", "daemon_ended",
    "plain_started", "plain_left", "plain_lives", "plain_released", "plain_ended",
)  # fmt: skip


def run(lab: Lab) -> Result:
    """Start the same program twice: once its thread is a daemon, once it is not."""
    bench = Bench(lab)
    daemon, session = _start(lab, bench, DAEMON)
    lab.step("daemon_left")
    lab.wait_until(lambda: daemon.poll() is not None)
    bench.wait_gone(session)
    lab.step("daemon_ended", code=daemon.returncode, reason=reason_word(session))
    plain, session = _start(lab, bench, PLAIN)
    lab.step("plain_left")
    _ask_until_main_has_ended(lab, bench, session)
    answered, lives = session.bytes_in, plain.poll() is None
    lab.step("plain_lives", data=MAIN_ENDED, lives=yes_or_no(lives))
    bench.server.disconnect([session.ref])
    bench.wait_gone(session)
    lab.step("plain_released")
    lab.wait_until(lambda: plain.poll() is not None)
    lab.step("plain_ended", code=plain.returncode)
    return Result(
        (
            Row("daemon_code", 0, daemon.returncode),
            Row("daemon_spoke", yes_or_no(False), yes_or_no(_spoke(bench, 0))),
            Row("plain_lives", yes_or_no(True), yes_or_no(lives and answered > 0)),
            Row("plain_spoke", yes_or_no(True), yes_or_no(_spoke(bench, 1))),
            Row("plain_code", 0, plain.returncode),
        )
    )


def _start(lab: Lab, bench: Bench, kind: str) -> tuple[subprocess.Popen[bytes], Session]:
    """Start the program; return it, once its main part has said that it leaves."""
    before = len(bench.joins)
    child = subprocess.Popen(
        command(bench.endpoint.port, kind),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # Windows: no black window beside ours.
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    lab.belongings.callback(_end, child)
    lab.step(f"{kind}_started", pid=Code(str(child.pid)))
    lab.wait_until(lambda: len(bench.joins) > before or child.poll() is not None)
    if len(bench.joins) == before:
        raise OSError(0, f"exit code {child.returncode}", sys.executable)
    session = bench.joins[before]
    bench.wait_received(session, len(MAIN_LEAVES))
    return child, session


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()  # does nothing where it has ended
    child.wait()


def _ask_until_main_has_ended(lab: Lab, bench: Bench, session: Session) -> None:
    """Ask the thread again and again whether the main thread is still there."""

    def has_ended() -> bool:
        asked_at = session.bytes_in
        bench.server.send([(session.ref, b"?", "ascii")])
        lab.wait_until(lambda: session.bytes_in > asked_at)
        return bench.chunks(session)[-1].endswith(MAIN_ENDED)

    lab.wait_until(has_ended)


def _spoke(bench: Bench, number: int) -> bool:
    """Whether the thread of that program said anything after the main part had ended."""
    return MAIN_ENDED in b"".join(bench.chunks(bench.joins[number]))
