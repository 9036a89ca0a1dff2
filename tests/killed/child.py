"""A child process that does one kind of work again and again until it is killed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.evidence.form import Format
from app.evidence.formats import export
from app.evidence.selection import Selection
from app.evidence.source import Source
from app.journal.entry import Kind
from app.journal.journal import Journal
from app.journal.reader import Reader
from app.report import log
from app.report.crash import reported
from app.settings import Settings, changed
from app.settings_file import store_settings
from app.text.compose import ComposeOptions
from app.ui.composer.history import Draft, History

PORTS = (1111, 2222)
LIMIT_BYTES = 16 * 1024 * 1024


def settings(folder: Path) -> None:
    """Store one of two settings, in turn."""
    for number in count():
        store_settings(folder / "settings.json", changed(Settings(), port=PORTS[number % 2]))


def exports(folder: Path) -> None:
    """Export the journal that lies there to one file."""
    while True:
        with closing(Reader(folder / "given.db")) as reader:
            export(Source(reader, Selection()), Format.JSONL, folder / "out.jsonl")


def prunes(folder: Path) -> None:
    """Fill a journal beyond its limit, so that its oldest entries go all the time."""
    journal = Journal(folder / "live.db", limit_bytes=LIMIT_BYTES)
    for number in count():
        journal.append(1, Kind.IN, b"%019d." % number * 50, number * 1000)
        if journal.crowded:
            journal.wait_for_room()


def rotates(folder: Path) -> None:
    """Log so much that the file is moved away all the time."""
    with reported(folder, "debug"):
        log.begin_log(folder, "debug")
        for number in count():
            log.info(f"line {number} {'x' * 400}")


def remembers(folder: Path) -> None:
    """Send one text after another: the history is cut when it is too long."""
    history = History(folder / "history")
    for number in count():
        history.add(Draft(f"text {number} 中文", ComposeOptions("gbk")))


WORKS: dict[str, Callable[[Path], None]] = {
    work.__name__: work for work in (settings, exports, prunes, rotates, remembers)
}

if __name__ == "__main__":
    sys.stdout.write("working\n")
    sys.stdout.flush()
    WORKS[sys.argv[1]](Path(sys.argv[2]))
