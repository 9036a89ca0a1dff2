"""stdout and stderr of a program without a window, whatever became of them.

They may be missing (a windowed program on Windows), closed by their reader, or full because nobody
reads. None of it may hang the end of the program or spill a traceback.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable


class OutputClosed(Exception):
    """Nobody reads our output any more."""


class Interrupted(BaseException):
    """The program shall end, and a write to stdout still waits for its reader."""


class Output:
    """Lines to stdout. Main thread."""

    def __init__(self) -> None:
        self.waits = False  # inside a write: it may take for ever
        if sys.stdout is not None:
            # Not every system's encoding knows arrows and Chinese.
            getattr(sys.stdout, "reconfigure", lambda **_: None)(errors="backslashreplace")

    def lines(self, lines: Iterable[str]) -> None:
        """Write lines and hand them over at once. Raises OutputClosed, Interrupted."""
        if sys.stdout is None:
            return
        text = "".join(f"{line}\n" for line in lines)
        try:
            self.waits = True
            sys.stdout.write(text)
            sys.stdout.flush()
        except OSError as error:
            raise OutputClosed from error
        finally:
            self.waits = False

    def give_up(self) -> None:
        """Forget what is still buffered: Python would try to write it at the very end."""
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)


def complain(sentence: str) -> None:
    """Say one sentence on stderr; nothing happens where there is none."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            sys.stderr.write(f"{sentence}\n")
            sys.stderr.flush()
