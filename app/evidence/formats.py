"""The one way from a journal to a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from app.evidence.archive import NAMES, write_archive
from app.evidence.form import Format
from app.evidence.jsonl import json_pieces
from app.evidence.lines import text_pieces
from app.evidence.page import html_pieces
from app.evidence.pcapng import packet_pieces
from app.evidence.raw import Appender, raw_pieces
from app.evidence.source import Cancelled, Gap, Source
from app.evidence.table import entry_pieces
from app.evidence.whole import whole_file, whole_folder

_PIECES: Final[dict[Format, Callable[[Source], Iterator[bytes]]]] = {
    Format.TXT: text_pieces,
    Format.CSV: entry_pieces,
    Format.JSONL: json_pieces,
    Format.HTML: html_pieces,
    Format.PCAPNG: packet_pieces,
}


class Written(NamedTuple):
    """What became of an export."""

    entries: int  # in the file
    gaps: tuple[Gap, ...]  # entries that could not be read


def export(source: Source, form: Format, path: Path) -> Written | None:
    """Write a source's entries to `path`: a file, or a folder of RAW's; None if it was cancelled.

    It appears whole or not at all. Raises OSError, JournalUnreadable. Slow: call it in a thread of
    its own with a reader of its own.
    """
    try:
        if form.is_whole:
            with whole_file(path) as file:
                write_archive(source, file, path)
        elif form.is_folder:
            with whole_folder(path) as folder, Appender(folder) as files:
                for each in raw_pieces(source):
                    files.write(each)
        else:
            with whole_file(path) as file:
                for piece in _PIECES[form](source):
                    file.write(piece)
    except Cancelled:
        return None
    return Written(source.count, tuple(source.gaps))


def export_to_stdout(source: Source, form: Format) -> Written:
    """Write a source's entries to stdout; no folder. Raises OSError, JournalUnreadable."""
    for piece in _PIECES[form](source):
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
    return Written(source.count, tuple(source.gaps))


def preview(source: Source, form: Format, most_bytes: int) -> bytes:
    """Return how the file begins; of a folder's, what is in it. Less if it was cancelled."""
    begun = b""
    try:
        if form.is_whole:
            return "\n".join(NAMES).encode()
        if form.is_folder:
            names = {piece.name: None for piece in raw_pieces(source)}
            return "\n".join(names).encode()[:most_bytes]
        for piece in _PIECES[form](source):
            begun += piece
            if len(begun) >= most_bytes:
                break
    except Cancelled:
        pass
    return begun[:most_bytes]
