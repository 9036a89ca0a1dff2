"""Which of our two languages the user's system speaks."""

from __future__ import annotations

import os
import sys

_CHINESE = "zh_CN"
_ENGLISH = "en"
_LANG_CHINESE = 0x04  # primary language id, Windows SDK winnt.h


def system_language() -> str:
    """Return "zh_CN" where the system's interface is Chinese of any kind, else "en"."""
    return _CHINESE if _system_speaks_chinese() else _ENGLISH


def language_of(wish: str) -> str:
    """Return the language that a setting asks for: "system", or one of ours by name."""
    return system_language() if wish == "system" else wish


def _system_speaks_chinese() -> bool:
    if sys.platform == "win32":
        return _windows_language() & 0x3FF == _LANG_CHINESE
    # The order of POSIX (gettext): the first that is set decides.
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return value.lower().startswith("zh")
    return sys.platform == "darwin" and _mac_prefers_chinese()


def _windows_language() -> int:
    import ctypes

    kernel32 = getattr(ctypes, "windll").kernel32  # noqa: B009 - mypy off Windows knows no windll
    return int(kernel32.GetUserDefaultUILanguage())


def _mac_prefers_chinese() -> bool:
    """Ask the preferences: a program started from Finder has no LANG."""
    import subprocess

    try:
        answer = subprocess.run(
            ["/usr/bin/defaults", "read", "-g", "AppleLanguages"],
            capture_output=True,
            text=True,
            timeout=2,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    first = answer.stdout.strip(" (\n").lstrip(' "')
    return first.startswith("zh")
