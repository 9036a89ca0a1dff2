"""Frames in the console: a line for each, and below it its fields.

`--framing` has a running console print frames in place of chunks; `--decode` prints those of an old
journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.lines import EntryLines
from app.cli.output import Output, OutputClosed, complain
from app.frames.clue import clue_of
from app.frames.cutting import Cutter, Part, Piece
from app.frames.framing import Framing, FramingFault, NoFraming, Split
from app.frames.kits import Kit, KitFault, load_kit
from app.frames.written import read_framing
from app.journal.entry import Entry, Kind
from app.journal.errors import JournalUnreadable
from app.journal.reader import Reader
from app.paths import Places, find_places, resource
from app.text.decoder import decode
from app.text.visible import escaped
from app.wording import set_language
from app.wording.frames import (
    field_text,
    framing_fault_sentence,
    kit_fault_sentence,
    part_text,
)
from app.wording.sentences import journal_error_sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.arguments import Arguments

BATCH_ENTRIES = 256
_INDENT = " " * 4


class WrittenFraming:
    """A framing as the user wrote it, and the kit that it names, if it does."""

    def __init__(self, spec: str, places: Places) -> None:
        """Raises FramingFault, KitFault."""
        self.kit: Kit | None = None
        self._folders = (places.kits_dir, resource("kits"))
        self.framing: Framing = read_framing(spec, self._kit_rule)

    def _kit_rule(self, name: str) -> Split | None:
        """Find a kit by its name: the user's own comes before one of ours."""
        if Path(name).name != name:
            return None
        for folder in self._folders:
            path = folder / f"{name}.py"
            if path.is_file():
                self.kit = load_kit(path)
                return self.kit.split
        return None


class FrameLines:
    """Makes lines of entries, frame by frame. For entries in their order; the reader's thread."""

    def __init__(
        self,
        reader: Reader,
        encoding_of: Callable[[int], str],
        written_of: Callable[[int], WrittenFraming],
        server_of: Callable[[Entry], str] = lambda _entry: "",
    ) -> None:
        """`encoding_of` and `written_of` are asked for clients by their numbers."""
        self._entries = EntryLines(reader, encoding_of, server_of)
        self._encoding_of = encoding_of
        self._written_of = written_of
        self._cutters: dict[tuple[int, int], tuple[Cutter, Entry]] = {}  # with the last entry

    def lines(self, entry: Entry) -> list[str]:
        """Return the lines that this entry completes."""
        if entry.kind <= Kind.OUT:
            written = self._written_of(entry.client_id)
            if isinstance(written.framing, NoFraming):
                return [self._entries.line(entry)]
            return list(self._chunk(entry, written.framing))
        lines: list[str] = []
        if entry.kind == Kind.OFFLINE:
            for kind in (Kind.IN, Kind.OUT):
                lines += self._end((entry.client_id, kind))
        return [*lines, self._entries.line(entry)]

    def overdue(self, mono_ns: int) -> list[str]:
        """Return the lines of what has waited too long for its rest."""
        keys = [key for key, (cutter, _) in self._cutters.items() if cutter.is_overdue(mono_ns)]
        return [line for key in keys for line in self._end(key)]

    def end(self) -> list[str]:
        """Return the lines of all that was held back: there are no more entries."""
        return [line for key in list(self._cutters) for line in self._end(key)]

    @property
    def patience_s(self) -> float | None:
        """How long to wait, s, before asking for what is `overdue`; None: nothing waits."""
        waiting = [cutter for cutter, _ in self._cutters.values() if cutter.waiting_bytes]
        return min((cutter.patience_ns for cutter in waiting), default=0) / 1e9 or None

    def _chunk(self, entry: Entry, framing: Framing) -> Iterator[str]:
        key = (entry.client_id, entry.kind)
        cutter, _ = self._cutters.get(key) or (Cutter(framing), entry)
        for piece in cutter.feed(entry.data, entry.mono_ns):
            yield from self._piece(entry, piece)
        self._cutters[key] = (cutter, entry)

    def _end(self, key: tuple[int, int]) -> Iterable[str]:
        if key not in self._cutters:
            return
        cutter, entry = self._cutters.pop(key)
        for piece in cutter.finish():
            yield from self._piece(entry, piece)

    def _piece(self, entry: Entry, piece: Piece) -> Iterator[str]:
        written = self._written_of(entry.client_id)
        kit = written.kit
        fields = kit.decode(piece.data) if kit and piece.part is Part.FRAME else []
        words = escaped(kit.summary(fields)) if kit and fields else self._text(entry, piece.data)
        whole = piece.part is Part.FRAME
        clue = None if whole else clue_of(written.framing, kit, piece.data)
        mark = escaped(part_text(piece.part, clue))
        yield self._entries.chunk_line(entry, len(piece.data), f"{mark} {words}".strip())
        for field in fields:
            yield _INDENT * (1 + field.depth) + escaped(field_text(field))

    def _text(self, entry: Entry, data: bytes) -> str:
        return escaped(decode(data, entry.encoding or self._encoding_of(entry.client_id)))


def written_framing(spec: str | None, places: Places) -> WrittenFraming | None:
    """Read `--framing`; say what is wrong with it and return None where it can't be used."""
    try:
        return WrittenFraming(spec or str(NoFraming()), places)
    except FramingFault as fault:
        complain(framing_fault_sentence(fault))
    except KitFault as fault:
        complain(kit_fault_sentence(fault))
    return None


def run_decode(arguments: Arguments) -> int:
    """Print an old journal's frames; return the exit code. Main thread."""
    language = arguments.overrides.get("language")
    if isinstance(language, str):
        set_language(language)
    written = written_framing(arguments.framing, find_places(portable=arguments.portable))
    if written is None or arguments.decode is None:
        return 2
    output = Output()
    try:
        reader = Reader(arguments.decode)
        try:
            _print_all(reader, written, output)
        finally:
            reader.close()
    except JournalUnreadable as error:
        complain(journal_error_sentence(error))
        return 1
    except OutputClosed:
        output.give_up()
    except KeyboardInterrupt:
        output.give_up()
        return 130
    return 0


def _print_all(reader: Reader, written: WrittenFraming, output: Output) -> None:
    clients = reader.clients()
    lines = FrameLines(
        reader, lambda client_id: clients[client_id].encoding, lambda _client_id: written
    )
    next_id, last_id = reader.first_id, reader.last_id
    while next_id <= last_id:
        entries = reader.entries(next_id, BATCH_ENTRIES)
        if not entries:
            break
        output.lines(line for entry in entries for line in lines.lines(entry))
        next_id = entries[-1].id + 1
    output.lines(lines.end())
