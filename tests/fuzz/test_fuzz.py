"""Whatever bytes come: no exception outside its place, nothing slow, nothing large.

Each target gets PORTSIDE_FUZZ_S seconds (1 in every test run; thirty minutes are for one's own
machine) and PORTSIDE_FUZZ_SEED. A failure names the seed and shows the input.
"""

from __future__ import annotations

import os
import resource
import shutil
import time
from pathlib import Path
from random import Random

import pytest

from tests.fuzz.mutants import mutants
from tests.fuzz.targets import RESOURCES, Target, all_targets
from tests.support.machine import here_s

FUZZ_S = float(os.environ.get("PORTSIDE_FUZZ_S", "1"))
SEED = int(os.environ.get("PORTSIDE_FUZZ_SEED", "1"))
LONGEST_S = 1.0
MOST_KIB = 200 * 1024

KITS = [f"kit-{path.stem}" for path in sorted((RESOURCES / "kits").glob("*.py"))]
NAMES = [
    "decoders", "hex", "text", "framing-spec", "framings", *KITS, "journal", "settings",
    "event-words", "results", "window-state", "lesson",
    "exercise-checks", "history", "commands", "rules", "command-line", "console-line", "networks",
]  # fmt: skip


@pytest.fixture(scope="session")
def targets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Target]:
    return {target.name: target for target in all_targets(tmp_path_factory.mktemp("seeds"))}


def test_every_target_is_tried(targets: dict[str, Target]) -> None:
    assert sorted(targets) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_whatever_comes(targets: dict[str, Target], tmp_path: Path, name: str) -> None:
    target, folder = targets[name], tmp_path / "files"
    longest_s = here_s(LONGEST_S)
    until_s = time.monotonic() + FUZZ_S
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number, data in enumerate(mutants(target.seeds, Random(f"{SEED} {name}"))):
        if time.monotonic() >= until_s:
            break
        folder.mkdir()
        began_s = time.thread_time()
        try:
            target.run(data, folder)
        except BaseException as error:
            error.add_note(f"seed {SEED}, input {number}, {len(data)} bytes: {data[:300].hex()}")
            raise
        took_s = time.thread_time() - began_s
        assert took_s < longest_s, (
            f"{took_s:.1f} s: seed {SEED}, input {number}: {data[:300].hex()}"
        )
        shutil.rmtree(folder)
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib
    assert grown_kib < MOST_KIB, f"{grown_kib} KiB more"
