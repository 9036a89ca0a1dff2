"""What the first class needs is there before somebody enters it."""

from __future__ import annotations

import subprocess
import sys

from tests.support.program import ROOT, environment

PROGRAM = """
import sys
from app.arguments import Arguments
from app.paths import find_places
from app.ui.application import Program, make_application
from app.ui.stage import warming
from tests.support.wait import wait_until
warming.AFTER_MS = warming.BETWEEN_MS = 0
application = make_application()
program = Program(application, Arguments(), find_places())
program.start()
warm = []
program.started.connect(lambda: warming.Warming(program.window).destroyed.connect(
    lambda: warm.append(True)))
wait_until(lambda: warm)
before = set(sys.modules)
program.window.classroom.enter(True)
application.processEvents()
print(*(name for name in set(sys.modules) - before if name.startswith("app.")))
program.window.end()
program.stop()
"""


def test_entering_a_class_loads_nothing_any_more() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=environment() | {"QT_QPA_PLATFORM": "offscreen"},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.split() == []
