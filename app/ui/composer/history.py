"""What was sent before: the newest 200, on disk, and walking them with Up and Down like a shell.

The file has one JSON object a line, the newest last. A send only appends a line, so it costs the
same however long the history is; the file is written anew when it holds too many lines.
No Qt in here.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from app.paths import make_folder, open_private, replace_file
from app.text.compose import ComposeMode, ComposeOptions, LineEnding, Sealing
from app.text.encodings import UnknownEncoding, find_encoding

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from app.settings import Settings

HISTORY_LIMIT = 200
# A file grows to this many lines before it is written anew.
_FILE_LIMIT = 2 * HISTORY_LIMIT


def options_as_kept(options: ComposeOptions) -> dict[str, str | bool]:
    """Return how a text is read as settings and history keep it, by their names."""
    return {
        "encoding": options.encoding,
        "mode": str(options.mode),
        "escapes": options.escapes,
        "line_ending": options.line_ending.value,
        "checksum": str(options.seal) if options.seal is not None else "",
    }


def kept_seal(notation: str) -> Sealing | None:
    """Read a checksum that was kept; None for none, and for one of a later version."""
    if not notation:
        return None
    from app.frames.seals import SealFault, read_seal  # not for the first paint

    try:
        return read_seal(notation)
    except SealFault:
        return None


@dataclass(frozen=True, slots=True)
class Draft:
    """A text and how it is read: what the composer holds, and what the history keeps."""

    text: str
    options: ComposeOptions  # an empty encoding means each client's own

    def to_line(self) -> str:
        """One line of the file; `from_line` reads it."""
        return json.dumps({"text": self.text, **options_as_kept(self.options)})

    @classmethod
    def from_line(cls, line: str) -> Draft:
        """Read one line of the file. Raises ValueError if it is damaged."""
        try:
            fields = json.loads(line)
        except RecursionError as error:  # nested to exhaust the parser
            raise ValueError(line) from error
        if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
            raise ValueError(line)
        encoding = str(fields.get("encoding", ""))
        try:
            known = find_encoding(encoding).name if encoding else ""
        except UnknownEncoding:
            known = ""
        options = ComposeOptions(
            encoding=known,
            mode="hex" if fields.get("mode") == "hex" else "text",
            escapes=bool(fields.get("escapes")),
            line_ending=LineEnding(fields.get("line_ending", "none")),
            seal=kept_seal(str(fields.get("checksum", ""))),
        )
        return cls(fields["text"], options)


def options_of(settings: Settings) -> ComposeOptions:
    """Return the options that were kept in the settings."""
    return ComposeOptions(
        encoding=settings.compose_encoding,
        mode=cast(ComposeMode, settings.compose_mode),
        escapes=settings.compose_escapes,
        line_ending=LineEnding(settings.compose_line_ending),
        seal=kept_seal(settings.compose_checksum),
    )


class History:
    """The drafts that were sent. Belongs to the GUI thread.

    A file that cannot be read or written costs the memory of it, never the send:
    `problem` then holds the system's words.
    """

    def __init__(self, path: Path | None) -> None:
        """`path` None keeps nothing on disk. The folder is made at the first send."""
        self.problem = ""
        self._path = path
        self._lines_in_file = 0
        self._take_over()
        self._items: list[Draft] = self._load()

    @property
    def items(self) -> tuple[Draft, ...]:
        """Oldest first."""
        return tuple(self._items)

    def add(self, draft: Draft) -> None:
        """Keep what was sent, unless it is what was sent last."""
        if self._items and self._items[-1] == draft:
            return
        self._items.append(draft)
        del self._items[:-HISTORY_LIMIT]
        if self._lines_in_file >= _FILE_LIMIT:
            self._rewrite()
        else:
            self._append(draft)

    def replace(self, items: Iterable[Draft]) -> None:
        """Hold these instead, oldest first: for removing, clearing, and undoing either."""
        self._items = list(items)[-HISTORY_LIMIT:]
        self._rewrite()

    def _take_over(self) -> None:
        """The file once ended in .json, which it is not."""
        if self._path is not None and not self._path.exists():
            with suppress(OSError):
                self._path.with_suffix(".json").rename(self._path)

    def _load(self) -> list[Draft]:
        if self._path is None:
            return []
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            self.problem = str(error)
            return []
        self._lines_in_file = len(lines)
        items = []
        for line in lines:
            try:
                items.append(Draft.from_line(line))
            except ValueError:  # a damaged line costs itself alone
                continue
        return items[-HISTORY_LIMIT:]

    def _append(self, draft: Draft) -> None:
        if self._path is None:
            return
        try:
            make_folder(self._path.parent)
            with open_private(self._path, "a") as file:
                file.write(draft.to_line() + "\n")
        except OSError as error:
            self.problem = str(error)
        else:
            self._lines_in_file += 1

    def _rewrite(self) -> None:
        if self._path is None:
            return
        try:
            replace_file(self._path, "".join(f"{draft.to_line()}\n" for draft in self._items))
        except OSError as error:
            self.problem = str(error)
        else:
            self._lines_in_file = len(self._items)


class HistoryWalk:
    """Walking the history from the draft in hand, as a shell does.

    What the user changes in a recalled entry stays where it is until something is sent; the
    history itself is never changed by walking.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._lines: list[Draft] = []  # the history and, last, the draft; empty: not walking
        self._at = 0

    def step(self, by: int, now: Draft) -> Draft | None:
        """Go `by` entries (-1: older) from what the composer holds now; None at either end."""
        if not self._lines:
            self._lines = [*self._history.items, now]
            self._at = len(self._lines) - 1
        target = self._at + by
        if not 0 <= target < len(self._lines):
            return None
        self._lines[self._at] = now
        self._at = target
        return self._lines[target]

    def stop(self) -> None:
        """Begin anew at the next step: after a send, or when the history changed."""
        self._lines = []
