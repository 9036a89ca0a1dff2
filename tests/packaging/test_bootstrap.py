"""The one command a newcomer types, on a small project with a wheel beside it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.checkout import ROOT, Checkout, kill
from tests.support.wait import wait_until

BOOTSTRAP = ROOT / "packaging" / "bootstrap.py"

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="kills process groups")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout whose first start is done."""
    checkout = Checkout(tmp_path_factory.mktemp("made"))
    first = checkout.bootstrap("run", "--", "--port", "0")
    assert first.stdout == "tiny 1 --port 0\n", first.stderr
    assert "making .venv" in first.stderr
    return checkout


def test_the_second_start_only_starts_the_program(made: Checkout) -> None:
    second = made.bootstrap("run", "--", "--version")
    assert second.stdout == "tiny 1 --version\n"
    assert second.stderr == ""  # whatever takes long is said there


def test_options_work_without_the_two_dashes(made: Checkout) -> None:
    assert made.bootstrap("run", "--listen", "--", "x").stdout == "tiny 1 --listen -- x\n"


def test_the_exit_code_is_the_programs_own(made: Checkout) -> None:
    program = made.folder / "app" / "__main__.py"
    before = program.read_text()
    program.write_text("raise SystemExit(7)")
    try:
        assert made.bootstrap("run").returncode == 7
    finally:
        program.write_text(before)


def test_the_benchmarks_are_a_command_of_their_own(made: Checkout) -> None:
    kept = made.bootstrap("bench", "--", "--markdown")  # measures nothing: needs no screen
    assert kept.stdout == "bench 1 --markdown\n", kept.stderr


def test_only_a_changed_dependency_installs_again(made: Checkout) -> None:
    made.need(1, rest='description = "something else"')
    assert "installing" not in made.bootstrap("run").stderr
    made.need(2)
    changed = made.bootstrap("run")
    assert "installing" in changed.stderr
    assert changed.stdout == "tiny 2\n"


def test_a_failed_install_is_told_and_goes_on_later(made: Checkout) -> None:
    made.need(3)
    wheel = made.folder / "tiny-3-py3-none-any.whl"
    away = wheel.rename(made.folder / "away.whl")
    failed = made.bootstrap("run")
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "installing failed" in failed.stderr
    away.rename(wheel)
    mended = made.bootstrap("run")
    assert mended.stdout == "tiny 3\n"
    assert "making" not in mended.stderr


def test_an_environment_made_by_hand_is_taken_over(made: Checkout) -> None:
    (made.venv / "portside-installed.json").unlink()
    taken = made.bootstrap("run")
    assert taken.stdout.startswith("tiny ")
    assert "making" not in taken.stderr


@pytest.fixture
def fresh(made: Checkout, tmp_path: Path) -> Checkout:
    """A checkout that was never started, and makes its environment quickly."""
    return Checkout(tmp_path, made.venv)


@posix_only
def test_a_start_killed_in_the_middle_is_recovered(fresh: Checkout) -> None:
    first = fresh.start("run")
    wait_until(lambda: (fresh.venv / "pyvenv.cfg").exists(), timeout_s=60)
    kill(first, group=True)
    first.clean_up()
    second = fresh.bootstrap("run")
    assert second.stdout == "tiny 1\n", second.stderr
    assert "not usable" in second.stderr


@posix_only
def test_two_at_once_both_start_the_program(fresh: Checkout) -> None:
    both = [fresh.start("run", str(i)) for i in range(2)]
    try:
        wait_until(lambda: any("waiting for it" in line for p in both for line in p.err), 60)
        fresh.go_on.touch()
        assert [process.end(timeout_s=120) for process in both] == [0, 0]
    finally:
        for process in both:
            process.clean_up()
    assert sorted(line for p in both for line in p.out) == ["tiny 1 0", "tiny 1 1"]
    words = "".join(line for p in both for line in p.err)
    assert words.count("making .venv") == 1
    assert words.count("waiting for it") == 1


@posix_only
def test_a_child_that_outlived_its_bootstrap_is_waited_for(fresh: Checkout) -> None:
    first = fresh.start("run")
    wait_until(lambda: (fresh.venv / "pyvenv.cfg").exists(), timeout_s=60)
    kill(first, group=False)
    second = fresh.start("run")
    try:
        wait_until(lambda: any("waiting for it" in line for line in second.err), 60)
        fresh.go_on.touch()
        assert second.end(timeout_s=120) == 0, second.err
    finally:
        second.clean_up()
        first.clean_up()
    assert second.out == ["tiny 1"]


@posix_only
def test_a_dangling_python_is_replaced(fresh: Checkout) -> None:
    assert fresh.bootstrap("run").stdout == "tiny 1\n"
    python = fresh.venv / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    result = fresh.bootstrap("run")
    assert result.stdout == "tiny 1\n", result.stderr


def test_a_wrong_command_shows_the_commands() -> None:
    for wrong in ([], ["walk"]):
        result = run_bootstrap(*wrong)
        assert result.returncode == 2
        assert "run" in result.stderr
        assert "test" in result.stderr
        assert "bench" in result.stderr
    asked = run_bootstrap("--help")
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "pytest" in asked.stdout


def test_an_old_python_is_told_what_is_needed() -> None:
    source = BOOTSTRAP.read_text()
    ast.parse(source, feature_version=(3, 4))
    pretend = f"import sys; sys.version_info = (3, 9, 2); __name__ = '__main__'; exec({source!r})"
    result = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True)
    assert result.returncode == 1
    assert "needs Python 3.11 or later" in result.stderr
    assert result.stdout == ""


def run_bootstrap(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(BOOTSTRAP), *arguments], capture_output=True, text=True
    )
