"""What pip cannot install: Python's `venv`, the libraries of Qt, a screen for the benchmarks.

On Debian and Ubuntu apt can; it is asked where the user is root. Everybody else gets the exact
command, and the bootstrap ends.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec

from bootlib.failure import Failure

APT = ["apt-get", "install", "-y", "--no-install-recommends"]

# What Qt's core, its widgets and its X11 platform load: library -> Debian's package.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


def display_at_hand() -> bool:
    """Whether a window can be shown, as far as the environment tells."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(v) for v in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def require_venv() -> None:
    """Return when `python -m venv` can work; Debian ships it as a package of its own."""
    if find_spec("venv") and find_spec("ensurepip"):
        return
    what = "this Python has no `venv` module"
    if sys.base_prefix != "/usr":  # not the system's Python: apt has nothing for it
        raise Failure(f"{what}; use one that has it, for example from python.org.")
    install([f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"], what)


def require_qt_libraries() -> None:
    """Return when every library that Qt needs from the system can be loaded."""
    missing = missing_libraries()
    if not missing:
        return
    what = "Qt needs libraries that this system lacks: " + ", ".join(missing)
    install([QT_LIBRARIES[name] for name in missing], what)
    still = missing_libraries()
    if still:
        raise Failure(f"installed, but still not to be loaded: {', '.join(still)}.")


def require_screen() -> None:
    """Return when there is an X server without a screen, as the benchmarks need one. Linux only.

    A window manager is installed with it; where only that is missing, it is done without.
    """
    if not sys.platform.startswith("linux"):
        raise Failure("the benchmarks run on Linux only.")
    if not shutil.which("Xvfb"):
        install(["xvfb", "openbox"], "the benchmarks show the window on an X server of their own")


def require_binutils() -> None:
    """Return when a bundle's libraries can be read by `objdump`; Linux only."""
    if sys.platform.startswith("linux") and not shutil.which("objdump"):
        install(["binutils"], "PyInstaller needs `objdump`")


def missing_libraries() -> list[str]:
    """Return the names of those libraries that the loader does not find; Linux only."""
    if not sys.platform.startswith("linux"):
        return []
    import ctypes

    missing = []
    for name in QT_LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return missing


def install(packages: list[str], what: str) -> None:
    """Install `packages` by apt; raise Failure with the exact command where we may not."""
    if not shutil.which("apt-get"):
        raise Failure(
            f"{what}; install them with your system's package manager "
            f"(Debian calls the packages {' '.join(packages)})."
        )
    if not _is_root():
        raise Failure(
            f"{what}. Run this as root, then the same command again:\n\n{_advice(packages)}\n"
        )
    print(f"bootstrap: {what}; asking apt for {' '.join(packages)} …", file=sys.stderr, flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], [*APT, *packages]):
        if subprocess.run(command, stdout=sys.stderr, env=quiet).returncode != 0:
            raise Failure(f"apt failed, the reason stands above. It was:\n\n{_advice(packages)}\n")


def _advice(packages: list[str]) -> str:
    """Return the exact command for a user who is not root, or who was and saw it fail."""
    sudo = "sudo " if shutil.which("sudo") and not _is_root() else ""
    return f"    {sudo}apt-get update && {sudo}{' '.join([*APT, *packages])}"


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0
