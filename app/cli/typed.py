"""Lines typed on stdin, or piped into it.

They are text, which is sent in the clients' encoding. A byte that is no text in stdin's encoding
stands in a line as U+DC00 + byte; such a line is not sent, because other bytes would go out.
"""

from __future__ import annotations

import codecs
import re
import signal
import sys
import threading
from collections.abc import Callable
from typing import NamedTuple

from app.text.decoder import StreamDecoder
from app.text.encodings import UnknownEncoding

READ_BYTES = 64 * 1024
LONGEST_LINE = 1024 * 1024  # characters, as the window takes at most

_ADDRESSED = re.compile(r"@(\d{1,18}) (.*)", re.DOTALL)


class Typed(NamedTuple):
    """One line, and whom it is for."""

    text: str
    client_id: int | None = None  # None: all clients


def read_typed(line: str) -> Typed:
    """Read `@3 text` as text for client 3; any other line is for all."""
    addressed = _ADDRESSED.fullmatch(line)
    if addressed is None:
        return Typed(line)
    return Typed(addressed[2], int(addressed[1]))


def is_text(line: str) -> bool:
    """Whether every byte of a line could be read."""
    return not any("\udc00" <= character <= "\udcff" for character in line)


def watch_stdin(
    on_line: Callable[[str], object],
    on_end: Callable[[], object],
    on_too_long: Callable[[], object],
    encoding: str,
) -> None:
    """Call `on_line` for each line of stdin, and `on_end` when a user at a terminal ends it.

    A line above LONGEST_LINE is not kept until its end comes: `on_too_long` is called in its place.
    `encoding` is an Encoding's name, or "" for what the system says. Main thread. They are called
    in a thread of their own, a daemon: it is left waiting when the program ends. The end of a file,
    of a pipe or of /dev/null means that no more lines come, nothing else.
    """
    if sys.stdin is None:
        return
    if hasattr(signal, "SIGTTIN"):
        # A program in the background that reads from its terminal would be stopped. Now its
        # read fails instead, and it goes on without input.
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)

    def watch() -> None:
        if _feed(on_line, on_too_long, _decoder(encoding)):
            on_end()

    threading.Thread(target=watch, name="stdin", daemon=True).start()


def _decoder(encoding: str) -> Callable[[bytes, bool], str]:
    try:
        return StreamDecoder(encoding or sys.stdin.encoding).feed
    except UnknownEncoding:  # one of the system's that clients do not speak
        return codecs.getincrementaldecoder(sys.stdin.encoding)("surrogateescape").decode


def _feed(
    on_line: Callable[[str], object],
    on_too_long: Callable[[], object],
    decode: Callable[[bytes, bool], str],
) -> bool:
    """Pass lines on, without their ends; return whether a user at a terminal ended them."""
    # The raw file: a thread that waits in a buffered one holds its lock, and Python cannot end.
    raw = getattr(sys.stdin.buffer, "raw", sys.stdin.buffer)
    lines = _Lines(on_line, on_too_long)
    is_first = True
    try:
        while True:
            data = raw.read(READ_BYTES)
            text = decode(data, not data)
            if is_first and text:  # the mark that Windows puts before a file's text is none of it
                text, is_first = text.removeprefix("\ufeff"), False
            lines.feed(text)
            if not data:
                break
    except OSError:
        return False
    lines.end()
    return sys.stdin.isatty()


class _Lines:
    """Text, a piece at a time, as lines without their ends."""

    def __init__(self, on_line: Callable[[str], object], on_too_long: Callable[[], object]) -> None:
        self._on_line = on_line
        self._on_too_long = on_too_long
        self._begun: list[str] = []  # the line whose end has not come yet
        self._characters = 0  # in it
        self._skips = False  # it was too long, and its rest is left out

    def feed(self, text: str) -> None:
        *lines, rest = text.split("\n")
        for line in lines:
            self._take(line)
            self._finish()
        self._take(rest)

    def end(self) -> None:
        if any(self._begun):
            self._finish()

    def _take(self, part: str) -> None:
        self._characters += len(part)
        if self._characters > LONGEST_LINE and not self._skips:
            self._skips = True
            self._begun.clear()
            self._on_too_long()
        if not self._skips:
            self._begun.append(part)

    def _finish(self) -> None:
        if not self._skips:
            self._on_line("".join(self._begun).removesuffix("\r"))
        self._begun.clear()
        self._characters, self._skips = 0, False
