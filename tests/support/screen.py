"""An X server without a monitor, with a window manager on it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator

ADVICE = "apt-get install -y --no-install-recommends xvfb openbox"


class NoScreen(Exception):
    """There is no Xvfb; the text says how to come by one."""


@contextlib.contextmanager
def screen(width: int = 1920, height: int = 1080) -> Iterator[str]:
    """Start an X server that chooses a free number itself, and yield its name."""
    if not shutil.which("Xvfb"):
        raise NoScreen(f"the window is shown on an X server of its own, Xvfb: {ADVICE}")
    read_end, write_end = os.pipe()
    size = ["-screen", "0", f"{width}x{height}x24"]
    command = ["Xvfb", "-displayfd", str(write_end), *size, "-nolisten", "tcp"]
    with _running(command, keep=(write_end,)):
        os.close(write_end)
        with os.fdopen(read_end) as said:
            number = said.readline().strip()
        yield f":{number}"


def manager_name() -> str:
    """Which window manager can be started; "" where there is none."""
    return "openbox" if shutil.which("openbox") else ""


@contextlib.contextmanager
def window_manager(display: str) -> Iterator[bool]:
    """Start one on `display`; without one, windows have no frames and no focus of their own."""
    if not manager_name():
        yield False
        return
    with _running([manager_name()], display=display):
        yield True


@contextlib.contextmanager
def _running(
    command: list[str], *, keep: tuple[int, ...] = (), display: str = ""
) -> Iterator[None]:
    process = subprocess.Popen(
        command,
        pass_fds=keep,
        env=os.environ | ({"DISPLAY": display} if display else {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()
