"""The environment that builds the bundle, and how this process becomes the build."""

from __future__ import annotations

import sys

from bootlib.commands import ROOT, become
from bootlib.environment import Environment
from bootlib.failure import Failure
from bootlib.system import require_binutils, require_qt_libraries
from bootlib.wanted import read_pinned

VENV = ROOT / "build" / "venv"
PINS = ROOT / "packaging" / "requirements-build.txt"


def main(options: list[str]) -> int:
    """Build with `options`; return the exit code, 1 where help is needed."""
    try:
        VENV.parent.mkdir(exist_ok=True)
        environment = Environment(VENV)
        environment.ensure(read_pinned(PINS))
        require_qt_libraries()  # what a desktop may lack is taken from this system
        require_binutils()
    except (Failure, OSError) as failure:
        print(f"bundle: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    paths = (ROOT / "packaging", ROOT)
    return become(environment.python, ["-P", "-m", "bundlelib", *options], paths)
