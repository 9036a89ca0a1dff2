"""Two DLLs that Windows 10 has and Wine 8 has not: made for tests, never part of the bundle.

Qt's core asks icuuc.dll for converters. The stand-in knows none, and Portside decodes with
Python's codecs anyway.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from bundlelib.calls import call, once
from bundlelib.pe import PeFile

from wine.places import HERE, SHIMS
from wine.python import SITE_PACKAGES

NAMES = ("icuuc.dll", "mscms.dll")

_COMPILER = "x86_64-w64-mingw32-gcc"
_MSCMS = HERE / "shims" / "mscms.c"
_QT_CORE = SITE_PACKAGES / "PySide6" / "Qt6Core.dll"
_FILE_ACCESS_ERROR = 4  # ICU's U_FILE_ACCESS_ERROR: there is no such converter


def ensure_shims() -> list[Path]:
    """Return the paths of both DLLs, compiled if need be. Raises Failure."""
    once(SHIMS, [_MSCMS, _QT_CORE, Path(__file__)], _make)
    return [SHIMS / name for name in NAMES]


def _make() -> None:
    shutil.rmtree(SHIMS, ignore_errors=True)
    SHIMS.mkdir(parents=True)
    (SHIMS / "icuuc.c").write_text(icuuc_source(PeFile(_QT_CORE).imports["icuuc.dll"]))
    shutil.copy(_MSCMS, SHIMS / "mscms.c")
    for name in NAMES:
        source = SHIMS / name.replace(".dll", ".c")
        call([_COMPILER, "-shared", "-O1", "-o", SHIMS / name, source], deadline_s=60)


def icuuc_source(names: list[str]) -> str:
    """Return C code that has each of `names`, and in which no converter can be opened."""
    functions = [
        f"EXPORT void *{name}(const char *wanted, int *error)"
        f" {{ if (error) *error = {_FILE_ACCESS_ERROR}; return 0; }}"
        if name == "ucnv_open"
        else f"EXPORT void *{name}(void) {{ return 0; }}"
        for name in sorted(names)
    ]
    return "\n".join(["#define EXPORT __declspec(dllexport)", *functions, ""])
