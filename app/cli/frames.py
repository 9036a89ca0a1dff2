"""Frames in the console: a line for each, and below it its fields.

`--framing` has a running console print frames in place of chunks; `--decode` prints those of an old
journal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from app.cli.lines import EntryLines
from app.cli.output import Output, OutputClosed, complain
from app.frames.clue import clue_of
from app.frames.cutting import Part
from app.frames.framing import Framing, FramingFault, NoFraming, Split
from app.frames.kits import Kit, KitFault
from app.frames.places import Place, shape_of
from app.frames.shelf import KitShelf
from app.frames.streams import Streams
from app.frames.written import read_framing
from app.journal.entry import Entry, Kind
from app.journal.errors import JournalUnreadable
from app.journal.framed import Frame, frames_at
from app.journal.reader import Reader
from app.paths import Places, find_places, resource
from app.settings_file import load_settings
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

    def __init__(self, spec: str, shelf: KitShelf) -> None:
        """Raises FramingFault, KitFault."""
        self.kit: Kit | None = None
        self._shelf = shelf
        self.framing: Framing = read_framing(spec, self._kit_rule)

    def _kit_rule(self, name: str) -> Split | None:
        """Find a kit by its name: the user's own, if it may run, comes before one of ours."""
        self.kit = self._shelf.find(name)
        if self.kit is not None:
            return self.kit.split
        own = self._shelf.own_item(name)
        if own is not None and own.fault is not None:
            raise own.fault
        if own is not None:
            raise FramingFault("kit_off", own.path.name)
        return None


def console_kits(places: Places, kept: str, arguments: Arguments) -> KitShelf:
    """The kits of a run without a window; `kept`: which of the user's own were switched on."""
    return KitShelf(resource("kits"), places.kits_dir, kept, trusting=arguments.run_kits)


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
        self._reader = reader
        self._streams = Streams(lambda client_id: written_of(client_id).framing)

    def lines(self, entry: Entry) -> list[str]:
        """Return the lines that this entry completes."""
        if entry.kind <= Kind.OUT:
            if isinstance(self._written_of(entry.client_id).framing, NoFraming):
                return [self._entries.line(entry)]
            entry_id, _, mono_ns, client_id, kind, offset, data, *_ = entry
            return self._told(self._streams.feed(entry_id, client_id, kind, offset, data, mono_ns))
        ends = entry.kind == Kind.OFFLINE
        held_back = self._told(self._streams.end(entry.client_id)) if ends else []
        return [*held_back, self._entries.line(entry)]

    def overdue(self, mono_ns: int) -> list[str]:
        """Return the lines of what has waited too long for its rest."""
        return self._told(self._streams.overdue(mono_ns))

    def end(self) -> list[str]:
        """Return the lines of all that was held back: there are no more entries."""
        return self._told(self._streams.end_all())

    @property
    def patience_s(self) -> float | None:
        """How long to wait, s, before asking for what is `overdue`; None: nothing waits."""
        patience_ns = self._streams.patience_ns
        return None if patience_ns is None else patience_ns / 1e9

    def _told(self, places: Sequence[Place]) -> list[str]:
        self._streams.held()  # what waits now
        frames = frames_at(self._reader, places) if places else ()
        return [line for frame in frames for line in self._frame(frame)]

    def _frame(self, frame: Frame) -> Iterator[str]:
        place, entry, data = frame
        written, part = self._written_of(entry.client_id), Part[shape_of(place.size).name]
        kit, whole = written.kit, part is Part.FRAME
        fields = kit.decode(data) if kit and whole else []
        words = escaped(kit.summary(fields)) if kit and fields else self._text(entry, data)
        clue = None if whole else clue_of(written.framing, kit, data)
        mark = escaped(part_text(part, clue))
        yield self._entries.chunk_line(entry, len(data), f"{mark} {words}".strip())
        for field in fields:
            yield _INDENT * (1 + field.depth) + escaped(field_text(field))

    def _text(self, entry: Entry, data: bytes) -> str:
        return escaped(decode(data, entry.encoding or self._encoding_of(entry.client_id)))


def written_framing(spec: str | None, shelf: KitShelf) -> WrittenFraming | None:
    """Read `--framing`; say what is wrong with it and return None where it can't be used."""
    try:
        return WrittenFraming(spec or str(NoFraming()), shelf)
    except FramingFault as fault:
        complain(framing_fault_sentence(fault))
    except KitFault as fault:
        complain(kit_fault_sentence(fault))
    return None


def written_framings(specs: Mapping[int, str | None], shelf: KitShelf) -> dict[int, WrittenFraming]:
    """Read each server's framing; those that can't be used are told, and lack."""
    found = {server_id: written_framing(spec, shelf) for server_id, spec in specs.items()}
    return {server_id: written for server_id, written in found.items() if written is not None}


def run_decode(arguments: Arguments) -> int:
    """Print an old journal's frames; return the exit code. Main thread."""
    language = arguments.overrides.get("language")
    if isinstance(language, str):
        set_language(language)
    places = find_places(portable=arguments.portable)
    kept = load_settings(places.settings_path).settings.kits
    written = written_framing(arguments.framing, console_kits(places, kept, arguments))
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
