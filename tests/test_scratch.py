"""What a run writes for itself alone is gone with it, at the latest at the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.scratch import clear_scratch, scratch_folder
from tests.support.program import ROOT, Program, environment
from tests.support.wait import wait_until

HOLDER = """
from app.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "something").write_text("kept by nobody")
    print(folder, flush=True)
    input()
"""
OLD_S = time.time() - 3600


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of its own, for this process and its children."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


@pytest.fixture
def killed(temporary: Path, holder: Program) -> Path:
    """A folder whose program was killed an hour ago."""
    folder = Path(holder.out[0])
    holder.process.kill()
    holder.end()
    os.utime(folder, (OLD_S, OLD_S))
    assert (folder / "something").exists()
    return folder


@pytest.fixture
def holder(temporary: Path) -> Iterator[Program]:
    """A program with such a folder."""
    running = started("-c", HOLDER)
    wait_until(lambda: running.out)
    yield running
    running.clean_up()


def started(*words: str) -> Program:
    return Program(
        subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env=environment() | {"QT_QPA_PLATFORM": "offscreen"},
            text=True,
            encoding="utf-8",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    )


def test_it_goes_with_its_block(temporary: Path) -> None:
    with scratch_folder() as folder:
        assert folder.parent == temporary
        (folder / "file").write_text("x")
    assert not list(temporary.iterdir())


def test_it_goes_with_a_program_that_ends_amid_the_block(temporary: Path, holder: Program) -> None:
    assert holder.process.stdin is not None
    holder.process.stdin.close()  # EOFError
    holder.end()
    assert not list(temporary.iterdir())


def test_what_a_killed_program_left_is_cleared(temporary: Path, killed: Path) -> None:
    clear_scratch()
    assert not list(temporary.iterdir())


def test_what_is_in_use_stays(temporary: Path, holder: Program) -> None:
    os.utime(holder.out[0], (OLD_S, OLD_S))
    clear_scratch()
    assert (Path(holder.out[0]) / "something").exists()


def test_what_is_not_ours_stays(temporary: Path, killed: Path) -> None:
    (temporary / "portside-backup").mkdir()
    (temporary / "portside-notes").write_text("mine")
    killed.rename(temporary / "mine")
    (temporary / "portside-linked").symlink_to(temporary / "mine")
    for path in temporary.iterdir():
        os.utime(path, (OLD_S, OLD_S))
    clear_scratch()
    assert len(list(temporary.iterdir())) == 4
    assert (temporary / "mine" / "something").exists()


@pytest.mark.skipif(os.name != "posix", reason="ends by signals")
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGSEGV])
def test_a_start_clears_and_leaves_nothing_however_it_ends(
    temporary: Path, killed: Path, end: signal.Signals
) -> None:
    running = started("-m", "app", "--listen", "127.0.0.1:0")
    try:
        assert running.port
        wait_until(lambda: not killed.exists())
        running.end(end)
        assert not list(temporary.iterdir())
    finally:
        running.clean_up()


def test_the_self_test_leaves_nothing(temporary: Path) -> None:
    running = started("-m", "app", "--self-test")
    try:
        assert running.end() == 0, running.out
        assert not list(temporary.iterdir())
    finally:
        running.clean_up()
