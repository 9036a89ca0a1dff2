"""The self-test: it passes on a whole program, and it notices a broken one."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from app.arguments import Arguments
from app.cli import self_test
from app.reply import FixedReply
from tests.support.program import ROOT, command, environment

ARGUMENTS = Arguments(overrides={"language": "en"})


def test_it_passes_without_a_display_within_five_seconds(user_home: Path) -> None:
    begun_s = time.monotonic()
    result = subprocess.run(
        command("--self-test"), cwd=ROOT, env=environment(), capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert time.monotonic() - begun_s < 5
    assert result.stdout.startswith("self-test passed")
    assert result.stdout.count("\n") == 1
    assert result.stderr == ""
    assert not (user_home / "portside").exists(), "it leaves nothing behind"


def test_it_notices_a_wrong_reply(
    qapp: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FixedReply, "__call__", lambda self, encoding, chunk: b"?" * 12)
    assert self_test.run_self_test(ARGUMENTS) == 1
    assert "self-test failed: the automatic reply" in capsys.readouterr().out


def test_it_notices_a_log_that_shows_something_else(
    qapp: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_test, "DEADLINE_S", 0.5)
    monkeypatch.setattr(self_test.LogRows, "rows", lambda *_: [])
    assert self_test.run_self_test(ARGUMENTS) == 1
    assert "self-test failed: the log" in capsys.readouterr().out


def test_whatever_breaks_is_said_in_one_line(
    qapp: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(self_test, "Journal", broken)
    assert self_test.run_self_test(ARGUMENTS) == 1
    assert capsys.readouterr().out == "self-test failed: OSError: no room\n"
