"""Other programs, each with a deadline, and steps that are done once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

DRAIN_S = 2.0  # for the last words of a program that has ended


class Failure(Exception):
    """A stage cannot go on; the text says why."""


@dataclass(frozen=True)
class Outcome:
    """How a program ended and what it said, stdout and stderr together."""

    code: int | None  # None: it had to be ended at its deadline
    output: str


def attempt(
    command: list[str | Path],
    *,
    deadline_s: float,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Outcome:
    """Run `command` to its end, or end it and its process group at the deadline.

    Its output is read beside it: a background process may keep the pipe open after its end.
    """
    process = subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        cwd=folder,
        start_new_session=True,
    )
    assert process.stdout is not None
    heard: list[bytes] = []
    reader = threading.Thread(target=_hear, args=(process.stdout, heard), daemon=True)
    reader.start()
    code: int | None
    try:
        code = process.wait(deadline_s)
    except subprocess.TimeoutExpired:
        end_group(process)
        code = None
    reader.join(DRAIN_S)
    return Outcome(code, b"".join(heard).decode("utf-8", "replace"))


def _hear(pipe: IO[bytes], heard: list[bytes]) -> None:
    with pipe:
        while part := os.read(pipe.fileno(), 65536):
            heard.append(part)


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a group of its own, and what is left of the group."""
    if sys.platform == "win32":
        tree = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(tree, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def call(
    command: list[str | Path],
    *,
    deadline_s: float,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> str:
    """Return the output of a command that must succeed. Raises Failure with its last lines."""
    outcome = attempt(command, deadline_s=deadline_s, environment=environment, folder=folder)
    if outcome.code != 0:
        last = "\n".join(outcome.output.splitlines()[-30:])
        how = "did not end in time" if outcome.code is None else f"ended with {outcome.code}"
        raise Failure(f"{command[0]} {how}:\n{last}")
    return outcome.output


def once(folder: Path, depends_on: list[Path], make: Callable[[], None]) -> None:
    """Call `make` unless `folder` was completely made from files with the same contents."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in depends_on)).hexdigest()
    stamp = folder.with_name(f"{folder.name}.made-from")
    if folder.exists() and stamp.exists() and stamp.read_text() == digest:
        return
    stamp.unlink(missing_ok=True)
    make()
    stamp.write_text(digest)
