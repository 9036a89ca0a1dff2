"""The program's own log: one rotating file, no client's byte in it. Any thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from app.paths import make_folder, open_private

if TYPE_CHECKING:
    from io import TextIOWrapper
    from logging.handlers import RotatingFileHandler
    from types import TracebackType

LEVELS = ("debug", "info", "warning", "error")
FILE_NAME = "portside.log"
LIMIT_BYTES = 1024 * 1024  # then it is moved to `portside.log.1`, in the place of that
TAIL_LINES = 200
_FORM = "%(asctime)s.%(msecs)03d %(process)d %(levelname)s [%(threadName)s] %(message)s"
_EARLY = 1000  # lines that may wait for `begin`


class _Log:
    """Lines wait until the file's name and level are known: the first picture comes first."""

    def __init__(self) -> None:
        self._early: deque[dict[str, object]] = deque(maxlen=_EARLY)
        self._handler: RotatingFileHandler | None = None
        self._level = 0
        self._lock = threading.Lock()

    def say(self, level: str, text: str) -> None:
        number = 10 * (LEVELS.index(level) + 1)  # as `logging` numbers them
        if self._handler is not None and number < self._level:
            return  # ten thousand clients come and go
        line: dict[str, object] = {
            "created": (now := time.time()),
            "msecs": now % 1 * 1000,
            "levelno": number,
            "levelname": level.upper(),
            "msg": " ".join(text.split()),
            "threadName": threading.current_thread().name,
        }
        with self._lock:
            if self._handler is None:
                self._early.append(line)
            else:
                self._write(line)

    def begin(self, folder: Path, level: str) -> None:
        handler = _make_handler(folder)
        with self._lock:
            if self._handler is not None:
                return
            self._level = 10 * (LEVELS.index(level) + 1)
            self._handler = handler
            while self._early:
                self._write(self._early.popleft())

    def end(self) -> None:
        with self._lock:
            if self._handler is not None:
                self._handler.close()
            self._handler = None

    def _write(self, line: dict[str, object]) -> None:
        from logging import makeLogRecord

        if self._handler is not None and int(str(line["levelno"])) >= self._level:
            self._handler.handle(makeLogRecord(line))


def _make_handler(folder: Path) -> RotatingFileHandler:
    import logging
    from logging.handlers import RotatingFileHandler

    class Quiet(RotatingFileHandler):
        """A log that cannot be written (a full disk, another run that holds it) stops nothing."""

        def _open(self) -> TextIOWrapper:
            make_folder(Path(self.baseFilename).parent)
            return open_private(Path(self.baseFilename), "a")

        def handleError(self, record: logging.LogRecord) -> None:
            """Say nothing: there is no better place to say it."""

    handler = Quiet(folder / FILE_NAME, maxBytes=LIMIT_BYTES, backupCount=1, delay=True)
    handler.setFormatter(logging.Formatter(_FORM, "%Y-%m-%d %H:%M:%S"))
    return handler


_log = _Log()


def begin_log(folder: Path, level: str) -> None:
    """Write to `portside.log` in `folder` from now on, from `level` (of LEVELS) upwards.

    Does nothing if it has begun.
    """
    _log.begin(folder, level)


def end_log() -> None:
    """Close the file."""
    _log.end()


def debug(text: str) -> None:
    """Note what only who looks for a fault wants to know."""
    _log.say("debug", text)


def info(text: str) -> None:
    """Note what the program did."""
    _log.say("info", text)


def warning(text: str) -> None:
    """Note what was not as it should be."""
    _log.say("warning", text)


def error(text: str) -> None:
    """Note what went wrong."""
    _log.say("error", text)


def trouble(kind: type[BaseException], trace: TracebackType | None) -> None:
    """Note an exception: its kind and its place, no message, for that may quote a value."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    error(f"{kind.__qualname__} at {where}")


def tail(folder: Path, pid: int, lines: int = TAIL_LINES) -> list[str]:
    """Return the last lines that the process `pid` wrote; none where there is no log."""
    found: deque[str] = deque(maxlen=lines)
    mark = f" {pid} "
    for name in (f"{FILE_NAME}.1", FILE_NAME):
        try:
            with (folder / name).open(encoding="utf-8", errors="replace") as file:
                found.extend(line.rstrip("\n") for line in file if mark in line[:40])
        except OSError:
            continue
    return list(found)
