"""Killed at any instant of any work: every file is old or new, never half.

So many kills of each as PORTSIDE_KILLS says: 2 in every test run, 50 by hand.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from app.evidence.form import Format
from app.evidence.formats import export
from app.evidence.selection import Selection
from app.evidence.source import Source
from app.journal.entry import Kind
from app.journal.journal import Journal
from app.journal.reader import Reader
from app.report.found import unseen_reports
from app.settings_file import load_settings
from app.ui.composer.history import History
from tests.killed.child import PORTS, WORKS

CHILD = Path(__file__).with_name("child.py")
KILLS = int(os.environ.get("PORTSIDE_KILLS", "2"))
LATEST_S = 0.6


def prepare(folder: Path) -> None:
    """Put there what the works need: a journal, and what its export must be."""
    with closing(Journal(folder / "given.db")) as journal:
        for number in range(20_000):
            journal.append(1, Kind.IN, b"%04d" % number, number * 4)
    with closing(Reader(folder / "given.db")) as reader:
        export(Source(reader, Selection()), Format.JSONL, folder / "whole.jsonl")


def settings_are_whole(folder: Path) -> None:
    loaded = load_settings(folder / "settings.json")
    assert not loaded.problems
    assert loaded.settings.server.port in (*PORTS, 8080)


def export_is_whole(folder: Path) -> None:
    out = folder / "out.jsonl"
    if out.exists():
        assert out.read_bytes() == (folder / "whole.jsonl").read_bytes()
        out.unlink()


def journal_is_whole(folder: Path) -> None:
    path = folder / "live.db"
    if not path.exists():
        return
    with closing(Journal(path)) as journal, closing(journal.reader()) as reader:
        next_id, before = reader.first_id, None
        while entries := reader.entries(next_id, 5_000):
            numbers = [int(e.data[:19]) for e in entries if e.kind == Kind.IN]
            for number in numbers:
                assert before is None or number == before + 1
                before = number
            next_id = entries[-1].id + 1
    path.unlink()


def log_is_whole(folder: Path) -> None:
    for path in folder.glob("portside.log*"):
        lines = path.read_text("utf-8").split("\n")
        assert all(len(line) > 400 for line in lines[:-1] if "line" in line)
    assert unseen_reports(folder) == []


def history_is_whole(folder: Path) -> None:
    history = History(folder / "history")
    assert history.problem == ""
    texts = [int(draft.text.split()[1]) for draft in history.items]
    assert texts == sorted(texts, reverse=texts[:1] > texts[1:2])


CHECKS: dict[str, Callable[[Path], None]] = {
    "settings": settings_are_whole,
    "exports": export_is_whole,
    "prunes": journal_is_whole,
    "rotates": log_is_whole,
    "remembers": history_is_whole,
}


@pytest.mark.parametrize("work", WORKS)
def test_what_a_killed_program_leaves(tmp_path: Path, work: str) -> None:
    if work == "exports":
        prepare(tmp_path)
    random = Random(work)
    for _ in range(KILLS):
        command = [sys.executable, str(CHILD), work, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            try:
                assert child.stdout is not None
                assert child.stdout.readline() == b"working\n"
                time.sleep(random.uniform(0, LATEST_S))  # not a condition: any moment will do
                assert child.poll() is None
            finally:
                child.kill()
        CHECKS[work](tmp_path)
