"""The benchmarks: `python3 packaging/bootstrap.py bench [-- options]`. Linux.

Each case measures the program with its real window on an X server of its own, and in the same
minute a bare program that does only what cannot be left out. The cases say what is wanted, `report`
what came out. Nothing here belongs to the test run.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import signal
import sys
import time
from pathlib import Path
from subprocess import SubprocessError
from typing import Any

from app.net.process import raise_descriptor_limit
from tests.bench.cases import CASES, Case, chosen
from tests.bench.driven import ROOT
from tests.bench.figures import Values, outcomes
from tests.bench.readme import FILES, markdown, put
from tests.bench.report import machine, merged, read, table, write
from tests.bench.sizes import FULL, QUICK, Size
from tests.bench.stage import Stage, stage
from tests.bench.watching import TookTooLong
from tests.support.screen import NoScreen, manager_name

KEPT = ROOT / "build" / "bench.json"
NAMES = [case.name for case in CASES]


def main() -> int:
    """Measure and report; return 0 if all was measured, 1 if something failed, 2 for a bad call."""
    options = _options().parse_args()
    if options.markdown:
        sys.stdout.write(markdown(read(options.json), options.markdown))
        return 0
    if options.readme:
        for path in put(ROOT, read(options.json)):
            _say(f"changed {path.name}")
        return 0
    cases = chosen(options.only)
    if not cases:
        _say(f"no case of that name; there are: {', '.join(NAMES)}")
        return 2
    size = FULL if options.full else QUICK
    if options.runs:
        size = dataclasses.replace(size, runs=options.runs)
    # Whoever ends us by SIGTERM wants what Ctrl+C does: every child is ended.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    raise_descriptor_limit()
    try:
        with stage() as place:
            return _measure(place, cases, size, options.json)
    except NoScreen as reason:
        _say(str(reason))
        return 1
    except KeyboardInterrupt:
        _say("stopped")
        return 130


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--full", action="store_true", help="the full sizes, each figure the median of three runs")
    add("--runs", type=int, metavar="N", help="how often each case runs")
    add("--only", action="append", default=[], metavar="NAME",
        help=f"a case, or how its name begins; may be repeated: {', '.join(NAMES)}")  # fmt: skip
    add("--json", type=Path, default=KEPT, metavar="FILE",
        help="where the figures are kept; cases that are not run keep theirs")  # fmt: skip
    add("--markdown", nargs="?", const="en", choices=tuple(FILES),
        help="measure nothing, print the kept figures as a table")  # fmt: skip
    add("--readme", action="store_true",
        help="measure nothing, put the kept figures into README in both languages")  # fmt: skip
    return parser


def _measure(place: Stage, cases: list[Case], size: Size, path: Path) -> int:
    began_s = time.monotonic()
    _say(f"{size.name} set, {len(cases)} cases, window manager: {manager_name() or 'none'}")
    figures: list[dict[str, Any]] = []
    failed = False
    for case in cases:
        runs, why = _runs(place, case, size)
        failed = failed or bool(why)
        found = [outcome.as_data() for outcome in outcomes(case.name, case.figures, runs, why)]
        for figure in found:
            figure["set"] = size.name
        figures += found
        kept = merged(read(path).get("figures", []), found, NAMES)
        write(path, {"machine": machine(), "figures": kept})
    sys.stdout.write("\n" + table(figures))
    if size.runs == 1:
        sys.stdout.write("\nOne run of each case: --full, or --runs 3, gives medians.\n")
    _say(f"{time.monotonic() - began_s:.0f} s; kept in {path}")
    return int(failed)


def _runs(place: Stage, case: Case, size: Size) -> tuple[list[Values], str]:
    """Run a case as often as wanted; return the values of each run, and what went wrong."""
    runs: list[Values] = []
    for number in range(size.runs):
        began_s = time.monotonic()
        _say(f"{case.name}, run {number + 1} of {size.runs} …")
        try:
            runs.append(case.run(place, size))
        except (TookTooLong, OSError, EOFError, AssertionError, SubprocessError) as fault:
            _say(f"{case.name} failed: {fault}")
            return runs, f"failed: {fault}"
        _say(f"{case.name}, run {number + 1}: {time.monotonic() - began_s:.1f} s")
    return runs, ""


def _say(text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(f"bench: {text}\n")
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
