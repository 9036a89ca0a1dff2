"""The commands, and how a command becomes the program."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bootlib.environment import Environment
from bootlib.failure import Failure
from bootlib.system import display_at_hand, require_qt_libraries, require_screen
from bootlib.wanted import read_wanted

ROOT = Path(__file__).resolve().parents[2]
USAGE = """usage: python3 packaging/bootstrap.py COMMAND [-- options]

commands:
  run    start Portside; options are the program's own (try: run -- --help)
  test   run the tests; options are pytest's
  bench  measure the program beside bare ones, with a window on a screen of its own (Linux);
         about five minutes, or `bench -- --full`; try: bench -- --help
"""


@dataclass(frozen=True)
class Command:
    """One command: what it needs installed, and the arguments Python gets in the end."""

    extras: tuple[str, ...]
    arguments: tuple[str, ...]
    needs_qt: Callable[[list[str]], bool]
    needs_screen: Callable[[list[str]], bool] = lambda _: False


def _window_or_self_test(options: list[str]) -> bool:
    """Whether `run` needs Qt: the console does without."""
    return "--self-test" in options or (display_at_hand() and "--console" not in options)


def _measures(options: list[str]) -> bool:
    """Whether `bench` measures: it can also only tell what there is, or show what it kept."""
    return not {"--markdown", "--readme", "--help", "-h"} & set(options)


# On all processors at once, by pytest-xdist; `test -- -n 0` runs them here, one after another.
SPREAD = ("-n", "logical", "--maxprocesses", "4", "--dist", "worksteal")
# `-P`: a folder named `app` where the user stands is not ours.
COMMANDS = {
    "run": Command((), ("-P", "-m", "app"), _window_or_self_test),
    "test": Command(
        ("test",), ("-P", "-m", "pytest", f"--rootdir={ROOT}", *SPREAD), lambda _: True
    ),
    "bench": Command(("test",), ("-P", "-m", "tests.bench"), _measures, _measures),
}


def main(arguments: list[str]) -> int:
    """Run one command; return its exit code, 2 for a wrong call, 1 where help is needed."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(USAGE, end="")
        return 0
    command = COMMANDS.get(arguments[0]) if arguments else None
    if command is None:
        print(USAGE, end="", file=sys.stderr)
        return 2
    options = arguments[1:]
    if options[:1] == ["--"]:
        del options[0]
    try:
        environment = Environment(ROOT / ".venv")
        environment.ensure(read_wanted(ROOT / "pyproject.toml", command.extras))
        if command.needs_qt(options):
            require_qt_libraries()  # costs 10 ms
        if command.needs_screen(options):
            require_screen()
    except (Failure, OSError) as failure:
        print(f"bootstrap: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if arguments[0] == "test":
        os.chdir(ROOT)  # where pytest finds its settings and the tests
    return become(environment.python, [*command.arguments, *options])


def become(python: Path, arguments: list[str], paths: Sequence[Path] = (ROOT,)) -> int:
    """Replace this process by `python`; where the system cannot (Windows), wait for it."""
    environment = dict(os.environ)
    known = environment.get("PYTHONPATH")
    environment["PYTHONPATH"] = os.pathsep.join([*map(str, paths), *([known] if known else [])])
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(python, [str(python), *arguments], environment)
    child = subprocess.Popen([str(python), *arguments], env=environment)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue  # Ctrl+C reached the program too: it ends in its own way
