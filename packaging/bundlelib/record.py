"""One stage after the other, and a table in the end."""

from __future__ import annotations

import time
from collections.abc import Callable

from bundlelib.calls import Failure

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

    def close(self, title: str) -> int:
        """Print the table; return the exit code: 0 if all is well, else 1."""
        print("\n".join(["", f"=== {title}", *self.lines]), flush=True)
        return 0 if self.all_right else 1


def expect(right: bool, otherwise: object) -> None:
    """Raise Failure with what is there instead, unless it is `right`."""
    if not right:
        raise Failure(str(otherwise))
