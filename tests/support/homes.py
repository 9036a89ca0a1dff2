"""User folders for tests: nothing a test does reaches the real home."""

from __future__ import annotations

import os
from pathlib import Path


def isolate_session(folder: Path) -> None:
    """Move what is shared by all tests: caches (fontconfig's takes seconds to build), runtime."""
    cache, runtime = folder / "cache", folder / "runtime"
    cache.mkdir()
    runtime.mkdir(mode=0o700)  # Qt complains about any other mode
    os.environ["XDG_CACHE_HOME"] = str(cache)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)


def home_variables(home: Path) -> dict[str, str]:
    """Return the variables that lead this process and its children to `home`."""
    return {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_STATE_HOME": str(home / "state"),
        "PORTSIDE_HOME": str(home / "portside"),
    }
