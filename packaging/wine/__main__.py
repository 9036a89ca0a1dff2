"""Set up, build, audit, try out: one stage after the other, and a table in the end."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable

from wine.box import wine_box
from wine.building import Made, audit, build_folder, pack
from wine.calls import Failure
from wine.places import OUT, ROOT, WORK
from wine.python import ensure_python
from wine.trials import Trials

_MARK = {True: "ok", False: "FAILED"}


class Record:
    """What has been done, how long it took and what it gave."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.all_right = True

    def stage(self, name: str, do: Callable[[], str | None]) -> bool:
        """Do one stage; return whether it went well. Only Failure is expected."""
        print(f"--- {name} …", flush=True)
        begun_s = time.monotonic()
        try:
            said, right = do() or "", True
        except Failure as failure:
            said, right = str(failure), False
            print(said, flush=True)
            self.all_right = False
        first_line = said.strip().partition("\n")[0]
        took_s = time.monotonic() - begun_s
        self.lines.append(f"{name:30} {took_s:6.1f} s  {_MARK[right]:6}  {first_line}")
        return right


def main() -> int:
    """Do everything; return 0 if all is well, else 1."""
    record = Record()
    try:
        _everything(record)
    finally:
        print("\n".join(["", "=== Windows bundle under Wine", *record.lines]), flush=True)
    return 0 if record.all_right else 1


def _everything(record: Record) -> None:
    if not record.stage("Python for Windows", ensure_python):
        return
    shutil.rmtree(OUT, ignore_errors=True)
    made = Made()
    with wine_box() as box:
        if not record.stage("build", lambda: build_folder(box, made)):
            return
        if not record.stage("pack", lambda: pack(made)):
            return
        record.stage("audit", lambda: audit(made))
        for name, trial in Trials(box, made).all():
            record.stage(name, trial)
    print(f"made in {OUT.relative_to(ROOT)}, picture in {WORK.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
