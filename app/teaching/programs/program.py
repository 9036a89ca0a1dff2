"""A student's file: compiled, run once for its definitions, its faults told by line."""

from __future__ import annotations

import builtins
import itertools
import linecache
import threading
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

import app.net.hosted
from app.frames.client import Stopped
from app.net.hosted import HostedError
from app.teaching.programs.output import Output
from app.teaching.programs.stopping import Stoppable
from app.threads import begin

if TYPE_CHECKING:
    from app.frames.client import Client

_LOAD_S = 2.0  # for what stands outside of functions
_MOST_FAULTS = 100
_numbers = itertools.count(1)


class ProgramFault(HostedError):
    """The program can't be used, or failed: where, and Python's own words.

    `case` is "syntax", "no_handle", "raised", "endless" (outside of any function).
    """

    def __init__(self, case: str, line: int, words: str, calls: tuple[Call, ...] = ()) -> None:
        super().__init__(words, line)
        self.case = case
        self.words = words
        self.calls = calls


class Call(NamedTuple):
    """One frame of a traceback, in the student's own file."""

    function: str
    line: int
    text: str


class Failed(NamedTuple):
    """What ended one client's `handle`."""

    thread: str
    fault: ProgramFault


class Program:
    """One version of a student's file. `load` it, then call `handle` in each worker."""

    def __init__(self, text: str, output: Output | None = None) -> None:
        self.text = text
        self.output = output or Output()
        # A name of its own for each version: lines of an older one are never shown for it.
        self.filename = f"<my server {next(_numbers)}>"
        self.stoppable = Stoppable(self.filename)
        self.threaded = True  # THREADED = False in the file: one client at a time
        self.failures: deque[Failed] = deque(maxlen=_MOST_FAULTS)  # the newest last. Any thread
        self._handle: Callable[[Client], object] | None = None

    def load(self) -> None:
        """Compile the file and run what stands outside of functions. Raises ProgramFault.

        That runs in a thread of its own: a loop that never ends must not hold up the caller.
        """
        try:
            code = compile(self.text, self.filename, "exec")
        except SyntaxError as error:
            raise ProgramFault("syntax", error.lineno or 0, error.msg) from None
        except ValueError as error:  # a NUL in the text
            raise ProgramFault("syntax", 0, str(error)) from None
        lines = self.text.splitlines(keepends=True)
        linecache.cache[self.filename] = (len(self.text), None, lines, self.filename)
        names = self._names()
        faults: list[ProgramFault] = []

        def run() -> None:
            try:
                with self.stoppable.running():
                    exec(code, names)
            except Stopped:
                pass
            except BaseException as error:  # noqa: BLE001 — SystemExit too ends only this
                faults.append(self.fault_of(error))

        thread = threading.Thread(target=run, name="my server", daemon=True)
        try:
            begin(thread)
        except OSError as error:
            raise ProgramFault("raised", 0, str(error.strerror)) from None
        thread.join(_LOAD_S)
        if thread.is_alive():
            standing = self.stoppable.standing()
            self.stoppable.stop(2 * _LOAD_S)
            line, words = (standing[0].line, standing[0].text) if standing else (0, "")
            raise ProgramFault("endless", line, words)
        if faults:
            raise faults[0]
        self._take(names)

    def handle(self, client: Client) -> None:
        """Serve one client in the calling thread, a worker. Raises ProgramFault, Stopped."""
        assert self._handle is not None, "load it first"
        try:
            with self.stoppable.running():
                self._handle(client)
        except SystemExit:
            return
        except Exception as error:
            fault = self.fault_of(error)
            self.failures.append(Failed(threading.current_thread().name, fault))
            self.output.tell()
            if _is_the_connections(error):
                raise  # the worker knows what that means
            raise fault from error

    def check(self) -> None:
        """Raise Stopped if the program is to end."""
        self.stoppable.check()

    def fault_of(self, error: BaseException) -> ProgramFault:
        """Say where in the student's file an error came from, and through which calls."""
        calls = tuple(self._calls(error.__traceback__))
        words = f"{type(error).__name__}: {error}".removesuffix(": ")
        return ProgramFault("raised", calls[-1].line if calls else 0, words, calls)

    def _calls(self, trace: TracebackType | None) -> list[Call]:
        found: list[Call] = []
        while trace is not None:
            code = trace.tb_frame.f_code
            if code.co_filename == self.filename:
                text = linecache.getline(self.filename, trace.tb_lineno).strip()
                found.append(Call(code.co_name, trace.tb_lineno, text))
            trace = trace.tb_next
        return found

    def _names(self) -> dict[str, Any]:
        own = dict(vars(builtins))
        own["print"] = self.output.print
        own["input"] = _no_input
        return {"__name__": "my_server", "__file__": self.filename, "__builtins__": own}

    def _take(self, names: dict[str, Any]) -> None:
        handle = names.get("handle")
        if not callable(handle):
            raise ProgramFault("no_handle", 0, "def handle(client)")
        self._handle = handle
        self.threaded = bool(names.get("THREADED", True))


def _is_the_connections(error: Exception) -> bool:
    """Whether the connection broke; a file that is not there, for instance, is no such thing."""
    if not isinstance(error, OSError) or isinstance(error, ConnectionError):
        return isinstance(error, OSError)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == app.net.hosted.__file__:
            return True
        trace = trace.tb_next
    return False


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("input() has no keyboard here: a server hears its clients only")
