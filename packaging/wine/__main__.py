"""Set up, build, audit, try out: one stage after the other, and a table in the end."""

from __future__ import annotations

import sys

from bundlelib import made, signing
from bundlelib.calls import Outcome
from bundlelib.record import Record

from wine.box import Box, windows, wine_box
from wine.places import OUT, ROOT, WORK
from wine.python import PYTHON_EXE, ensure_python
from wine.trials import Trials


def main() -> int:
    """Do everything; return 0 if all is well, else 1."""
    record = Record()
    try:
        _everything(record)
    finally:
        code = record.close("Windows bundle under Wine")
    return code


def _everything(record: Record) -> None:
    if not record.stage("Python for Windows", ensure_python):
        return
    windows_made = made.Made("windows", OUT, "x64")
    with wine_box() as box:
        if not record.stage("build", lambda: _build(box, windows_made)):
            return
        record.stage("sign", lambda: signing.sign_programs(windows_made))
        if not record.stage("pack", lambda: made.pack(windows_made)):
            return
        record.stage("sign what is packed", lambda: signing.sign_installer(windows_made))
        record.stage("audit", lambda: made.audit(windows_made))
        for name, trial in Trials(box, windows_made).all():
            record.stage(name, trial)
    record.stage("check sums", lambda: made.sum_up(windows_made))
    print(f"made in {OUT.relative_to(ROOT)}, picture in {WORK.relative_to(ROOT)}")


def _build(box: Box, windows_made: made.Made) -> None:
    def python(*words: str, deadline_s: float) -> Outcome:
        return box.run(PYTHON_EXE, *words, deadline_s=deadline_s)

    made.build(windows_made, WORK / "pyinstaller", python, windows)


if __name__ == "__main__":
    sys.exit(main())
