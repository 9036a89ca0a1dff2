"""This run's report: written by Python's faulthandler if the process dies of a fault of its own.

A file must be open beforehand: whoever dies has no time to open one. It holds a head alone while
all is well, and goes with a run that ended in order and had no trouble.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
import time
import traceback
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from app import APP_NAME, __version__
from app.paths import make_folder, open_private
from app.report import log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from filelock import BaseFileLock

MOST_NOTES = 50  # exceptions in one report
HEAD_END = "-" * 72
LOG_HEAD = "--- the program's own log, its last lines"


@contextmanager
def reported(folder: Path, level: str, **facts: str) -> Iterator[CrashReport | None]:
    """Keep a report and the log of this run in `folder`; None where that cannot be written.

    The log gathers its lines until `begin_log`. What leaves the block is noted.
    """
    report = None
    with suppress(OSError):
        report = CrashReport(folder, **facts)
    log.info(f"{APP_NAME} {__version__} begins")
    try:
        yield report
    except Exception as error:
        if report is not None:
            report.note(type(error), error, error.__traceback__)
        raise
    finally:
        log.info("the end")
        log.begin_log(folder, level)  # if it ended before that was due
        if report is not None:
            report.end()
        log.end_log()


class CrashReport:
    """The report of this process, from its first moment. Made and ended in the main thread."""

    def __init__(self, folder: Path, **facts: str) -> None:
        """Open it in `folder`; raise OSError. `facts` go into its head."""
        make_folder(folder)
        stamp = time.strftime("%Y-%m-%d-%H%M%S")
        self.path = folder / f"report-{stamp}-{os.getpid()}.txt"
        self._file = open_private(self.path, "w")
        self._file.write(f"{_head(facts)}\n{HEAD_END}\n")
        self._file.flush()
        self._noted = 0
        self._lock = threading.Lock()
        self._held: BaseFileLock | None = None
        self._enabled_before = faulthandler.is_enabled()
        faulthandler.enable(self._file, all_threads=True)

    def hold(self) -> None:
        """Let other runs know that this one lives. Not needed for the first picture."""
        from filelock import FileLock, Timeout

        lock = FileLock(lock_path(self.path), timeout=0, mode=0o600, thread_local=False)
        with suppress(OSError, NotImplementedError, Timeout):
            lock.acquire()
            self._held = lock

    def note(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Add an exception that nobody caught, and where all threads stand. Any thread."""
        with self._lock:
            self._noted += 1
            if self._noted > MOST_NOTES or self._file.closed:
                return
            with suppress(OSError):  # a full disk
                when = time.strftime("%Y-%m-%d %H:%M:%S")
                where = threading.current_thread().name
                self._file.write(f"\n{when} in thread {where}:\n")
                self._file.writelines(stack_of(kind, error, trace))
                self._file.write("\nAll threads then:\n")
                self._file.flush()
                faulthandler.dump_traceback(self._file, all_threads=True)

    def end(self) -> None:
        """The run ends in order: without trouble nothing is left."""
        faulthandler.disable()
        if self._enabled_before and sys.__stderr__ is not None:
            with suppress(OSError, ValueError):  # there is no such file
                faulthandler.enable(sys.__stderr__)
        with self._lock, suppress(OSError):
            self._file.close()
        with suppress(OSError):
            if self._noted:
                add_log(self.path)
            else:
                self.path.unlink(missing_ok=True)
        if self._held is not None:
            with suppress(OSError):  # Windows does not remove an open file; there filelock does it
                Path(self._held.lock_file).unlink()
            self._held.release()


def lock_path(report: Path) -> Path:
    """Return where the lock of a report in use is."""
    return report.with_name(f"{report.name}.lock")


def pid_of(report: Path) -> int:
    """Return which process wrote a report; 0 if its name doesn't say."""
    last = report.stem.rpartition("-")[2]
    return int(last) if last.isdecimal() else 0


def add_log(report: Path) -> None:
    """Add what the run logged last, once; the log lies beside it. Raises OSError."""
    if LOG_HEAD in report.read_text("utf-8", errors="replace"):
        return
    lines = log.tail(report.parent, pid_of(report))
    with report.open("a", encoding="utf-8") as file:
        file.write(f"\n{LOG_HEAD}\n" + "".join(f"{line}\n" for line in lines))


def stack_of(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> Iterator[str]:
    """Tell an exception with its causes: kinds and places, no message, for it may quote a value."""
    seen: set[int] = set()
    while True:
        yield f"{kind.__module__}.{kind.__qualname__}{_number(error)}\n"
        yield from traceback.format_tb(trace)
        if error is None:
            return
        seen.add(id(error))
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if cause is None or id(cause) in seen:
            return
        yield "which came of\n"
        kind, error, trace = type(cause), cause, cause.__traceback__


def _number(error: BaseException | None) -> str:
    """What the system said is no secret."""
    if isinstance(error, OSError) and error.errno is not None:
        return f" {error.errno} {os.strerror(error.errno)}"
    return ""


def _head(facts: dict[str, str]) -> str:
    known = {
        "program": f"{APP_NAME} {__version__}",
        "began": time.strftime("%Y-%m-%d %H:%M:%S %z"),
        "system": _system(),
        "python": sys.version.replace("\n", " "),
        "packaged": str(bool(getattr(sys, "frozen", False))),
        **facts,
    }
    return "\n".join(f"{name}: {value}" for name, value in known.items())


def _system() -> str:
    if sys.platform == "win32":
        version = sys.getwindowsversion()
        return f"Windows {version.major}.{version.minor}.{version.build}"
    name = os.uname()
    return f"{name.sysname} {name.release} {name.machine}"


def die() -> NoReturn:
    """Die of a fault, as by a broken library: to try what is left of that."""
    import ctypes

    ctypes.string_at(0)
    raise AssertionError
