"""What a process holds: its threads and its descriptors, by name, so that a leak can be told."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

from tests.support.wait import POLL_S, handle_qt_events

GRACE_S = 20.0  # of which a quiet machine needs a tenth

# Qt starts these once for the whole process, when they are first needed.
QT_THREADS = ("QDBusConnection", "Thread (pooled)", "QXcbEventQueue", "dconf worker", "pool-")
# Opened once and kept: by Qt, fontconfig, Python and hypothesis. An eventfd belongs to a thread of
# Qt: to those that it paints large areas with, which come and go as it likes, or to a QThread of
# ours, whose leak shows as a thread.
KEPT_FILES = (
    "[eventfd]",
    ".ttf",
    ".ttc",
    ".otf",
    ".pcf.gz",
    "/dev/urandom",
    "/dev/null",
    ".so",
    "/dev/pts/",
)

TASKS = Path("/proc/self/task")
DESCRIPTORS = Path("/proc/self/fd")


class Holdings(NamedTuple):
    """Threads and descriptors at one moment; an item's text says what it is."""

    threads: frozenset[str]
    descriptors: frozenset[str]


def holdings() -> Holdings:
    """Look at this process now."""
    return Holdings(frozenset(_threads()), frozenset(_descriptors()))


def leaked_since(before: Holdings, grace_s: float = GRACE_S) -> Holdings:
    """Return what is held now and was not before, as soon as that is nothing or time is up."""
    deadline = time.monotonic() + grace_s
    while True:
        now = holdings()
        new = Holdings(now.threads - before.threads, now.descriptors - before.descriptors)
        if not any(new) or time.monotonic() > deadline:
            return new
        handle_qt_events()
        time.sleep(POLL_S)


def _threads() -> list[str]:
    """Every thread of the process on Linux, C++ ones too; elsewhere those Python knows."""
    python = {t.native_id: t.name for t in threading.enumerate()}
    if not TASKS.is_dir():
        # A thread that Python did not start stays listed for ever: it cannot be judged here.
        return [f"{t.name} ({t.native_id})" for t in threading.enumerate() if not _is_foreign(t)]
    found = []
    for task in TASKS.iterdir():
        try:
            name = (task / "comm").read_text().strip()
        except OSError:  # it ended while we looked
            continue
        if not name.startswith(QT_THREADS):
            found.append(f"{python.get(int(task.name), name)} ({task.name})")
    return found


def _is_foreign(thread: threading.Thread) -> bool:
    return type(thread).__name__ == "_DummyThread"


def _descriptors() -> list[str]:
    """Every open descriptor on Linux, with what it leads to; nothing elsewhere."""
    if sys.platform != "linux":
        return []
    found = []
    for link in DESCRIPTORS.iterdir():
        try:
            target = str(link.readlink())
        except OSError:  # the one that listed the folder
            continue
        if not target.endswith(KEPT_FILES) and not target.startswith("/dev/pts/"):
            found.append(f"{link.name} → {target}")
    return found
