"""Journals in files of their own, closed at the end of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from app.journal.journal import Journal
from app.journal.reader import Reader

Opened = Callable[..., Journal]
Reading = Callable[[Journal | Path], Reader]
Source = Callable[[Journal], Journal | Path]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def opened(path: Path) -> Iterator[Opened]:
    """Open journals at `path`; whatever is still open is closed after the test."""
    with ExitStack() as stack:

        def open_journal(**options: Any) -> Journal:
            journal = Journal(path, **options)
            stack.callback(journal.close, 5.0)
            return journal

        yield open_journal


@pytest.fixture
def reading() -> Iterator[Reading]:
    """Open readers of live journals or of files; they are closed before the journals."""
    with ExitStack() as stack:

        def open_reader(source: Journal | Path) -> Reader:
            reader = Reader(source) if isinstance(source, Path) else source.reader()
            stack.callback(reader.close)
            return reader

        yield open_reader


@pytest.fixture(params=["live", "old"])
def source(request: pytest.FixtureRequest) -> Source:
    """Of a journal what is read: itself, or the file that it leaves."""

    def ready(journal: Journal) -> Journal | Path:
        if request.param == "live":
            return journal
        journal.close()
        return journal.path

    return ready
