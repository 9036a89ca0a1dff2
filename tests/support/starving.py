"""A system that has no more threads, or descriptors, for this process."""

from __future__ import annotations

import os
import resource
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil

_STACK_BYTES = 1 << 33


@contextmanager
def no_more_threads() -> Iterator[None]:
    """Let no thread of Python's begin: there is no room for its stack. For a child process."""
    threading.stack_size(_STACK_BYTES)
    limits = resource.getrlimit(resource.RLIMIT_AS)
    used = psutil.Process().memory_info().vms
    resource.setrlimit(resource.RLIMIT_AS, (used + _STACK_BYTES // 2, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)
        threading.stack_size(0)


@contextmanager
def threads_refused() -> Iterator[None]:
    """Refuse every thread, as the system would, in the test's own process.

    Not by the system: CPython 3.11 keeps the state of a thread that could not start, under the
    identifier of the one that wanted it. What is raised in that one, or asked of its stack, then
    reaches the other, to the end of the process.
    """

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    real, threading.Thread.start = threading.Thread.start, refuse  # type: ignore[method-assign]
    try:
        yield
    finally:
        threading.Thread.start = real  # type: ignore[method-assign]


@contextmanager
def no_more_descriptors() -> Iterator[None]:
    """Take all descriptors that are left: nothing more can be opened."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(int(entry.name) for entry in Path("/proc/self/fd").iterdir())
    with ExitStack() as taken:
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1, limits[1]))
        taken.callback(resource.setrlimit, resource.RLIMIT_NOFILE, limits)
        with suppress(OSError):
            while True:
                taken.callback(os.close, os.open(os.devnull, os.O_RDONLY))
        yield
