"""PySide's own Python modules for help texts and error messages, compiled when they are asked for.

PySide carries them as source text inside its library and compiles them at every start: 40 of the
330 ms that one took. They tell what arguments a method takes, in `help()` and where a call had
wrong ones. Until somebody wants to know, a module that fetches itself stands for each.

PySide's C code uses these modules too, so this is for the versions that the tests have tried.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

VERSIONS = ((6, 8), (6, 9), (6, 10), (6, 11), (6, 12))
# Not `mapping`: the C code looks into it without asking the module.
SELDOM = ("errorhandler", "layout", "parser", "lib.enum_sig", "lib.pyi_generator", "lib.tool")
_PACKAGE = "shibokensupport/signature"
_SELDOM_FILES = frozenset(f"{_PACKAGE}/{name.replace('.', '/')}.py" for name in SELDOM)
# `whole_source` and `whole_filename` are put before it.
_STAND_IN = """
def __getattr__(name):
    if not name.startswith("__"):
        space = globals()
        if space.pop("__getattr__", None) is not None:
            exec(compile(whole_source, whole_filename, "exec"), space)
        if name in space:
            return space[name]
    raise AttributeError(name)
"""
_compile = builtins.compile


@contextmanager
def compiled_when_asked() -> Iterator[None]:
    """While PySide6 is imported for the first time. Compiles everything else as always."""
    builtins.compile = _or_stand_in
    try:
        yield
    finally:
        builtins.compile = _compile


def _or_stand_in(source: Any, filename: Any, mode: str, *rest: Any, **more: Any) -> Any:
    if filename not in _SELDOM_FILES or not _is_known(sys.modules.get("shiboken6")):
        return _compile(source, filename, mode, *rest, **more)
    text = source.decode() if isinstance(source, bytes) else source
    whole = f"whole_source = {text!r}\nwhole_filename = {filename!r}\n"
    return _compile(whole + _STAND_IN, filename, mode)


def _is_known(shiboken: object) -> bool:
    return getattr(shiboken, "__version_info__", ())[:2] in VERSIONS
