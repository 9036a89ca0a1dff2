"""The commands as a table: searched, edited, moved by dragging and by keys, undone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QMimeData, QModelIndex, Qt
from PySide6.QtGui import QKeySequence

from app.models.tables import EditedTable, Index
from app.text.visible import runs
from app.ui.prepared.command import Command, renamed
from app.ui.theme import theme
from app.ui.widgets.labels import plain_tooltip
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SEND, NAME, MESSAGE, GROUP = range(4)  # a comment is in the tip, and in the form
COLUMNS = ("", "name", "message", "group")
WITH_KEYS = 9
_DRAGGED = "application/x-portside-commands"  # nothing of ours is dropped into other programs
_SHOWN_CHARACTERS = 200
_SPACE = re.compile(r"\s+")
_Role = Qt.ItemDataRole


class CommandTable(EditedTable[tuple[Command, ...]]):
    """One row a command that the search finds. Every change is one step of undo. GUI thread."""

    def __init__(self, parent: Any = None) -> None:
        headings = [f"prepared.column_{column}" if column else "" for column in COLUMNS]
        super().__init__((), headings, parent)
        self._words: list[str] = []  # in which the search looks, for each command
        self._shown: list[int] = []  # the commands' places, by row
        self._wanted, self._group = "", ""

    @property
    def commands(self) -> tuple[Command, ...]:
        """All there are."""
        return self.whole

    def count(self) -> int:
        """One row a command that is found."""
        return len(self._shown)

    # -- searching ---------------------------------------------------------------------------

    def search(self, wanted: str, group: str) -> None:
        """Show those of a group ("": of all) in which every one of these words is found."""
        self._wanted, self._group = wanted.casefold(), group
        self.show_whole(self.commands)

    def place(self, row: int) -> int:
        """Return the place of a row's command among all of them; -1 for none."""
        return self._shown[row] if 0 <= row < len(self._shown) else -1

    def rows_of(self, places: Iterable[int]) -> list[int]:
        """Return the rows in which these commands are shown, ascending; some may be in none."""
        wanted = set(places)
        return [row for row, place in enumerate(self._shown) if place in wanted]

    @property
    def groups(self) -> list[str]:
        """The groups there are, in the order of their first commands."""
        return list(dict.fromkeys(c.group for c in self.commands if c.group))

    @property
    def is_whole(self) -> bool:
        """Whether all commands are shown: only then can one be moved."""
        return len(self._shown) == len(self.commands)

    # -- editing -----------------------------------------------------------------------------

    def put(self, place: int, command: Command) -> None:
        """Put a command in the place of another."""
        self.edit((*self.commands[:place], command, *self.commands[place + 1 :]))

    def insert(self, place: int, commands: Iterable[Command]) -> None:
        """Add commands before a place, under names of their own."""
        taken = {command.name for command in self.commands}
        named = []
        for command in commands:
            named.append(renamed(command, taken))
            taken.add(named[-1].name)
        self.edit((*self.commands[:place], *named, *self.commands[place:]))

    def remove(self, places: Iterable[int]) -> None:
        """Remove commands."""
        gone = set(places)
        self.edit(tuple(c for at, c in enumerate(self.commands) if at not in gone))

    def move(self, places: Sequence[int], before: int) -> int:
        """Put commands before the one at `before`; return where the first of them is then."""
        moved = sorted(set(places))
        gone = set(moved)
        start = before - sum(1 for place in moved if place < before)
        left = [command for at, command in enumerate(self.commands) if at not in gone]
        left[start:start] = [self.commands[place] for place in moved]
        self.edit(tuple(left))
        return start

    def show_whole(self, whole: tuple[Command, ...]) -> None:
        """Show those of these that the search finds."""
        self.beginResetModel()
        if whole is not self.whole:
            known = dict(zip(map(id, self.whole), self._words, strict=True))
            self._words = [known.get(id(c)) or _words_of(c) for c in whole]
            self.whole = whole
        wanted, group = self._wanted.split(), self._group
        self._shown = [
            at
            for at, (command, words) in enumerate(zip(whole, self._words, strict=True))
            if (not group or command.group == group) and all(word in words for word in wanted)
        ]
        self.endResetModel()

    # -- Qt's side ---------------------------------------------------------------------------

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:
        """What a cell shows."""
        place, column = self._shown[index.row()], index.column()
        command = self.commands[place]
        if role == _Role.DisplayRole:
            return _shown_in(command, place, column)
        if role == _Role.DecorationRole and column == SEND:
            return theme().icon("send")
        if role == _Role.FontRole and column == MESSAGE:
            return theme().mono_font()
        if role == _Role.ToolTipRole:
            return _tip(command, place, column)
        if role == _Role.AccessibleTextRole and column == SEND:
            return tr("prepared.send_tip", name=command.name)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """While all are shown, they can be dragged, and dropped between others."""
        found = super().flags(index)
        if not self.is_whole:
            return found
        return found | (
            Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.ItemIsDropEnabled
        )

    def supportedDropActions(self) -> Qt.DropAction:
        """They move."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Ours alone."""
        return [_DRAGGED]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Which are dragged: their places."""
        places = sorted({self._shown[index.row()] for index in indexes})
        data = QMimeData()
        data.setData(_DRAGGED, QByteArray(",".join(map(str, places)).encode()))
        return data

    def dropMimeData(
        self, data: QMimeData, _action: Qt.DropAction, row: int, _column: int, parent: Index
    ) -> bool:
        """Move them to where they were dropped. False: the view is to remove nothing."""
        before = row if row >= 0 else parent.row()
        before = before if before >= 0 else len(self.commands)
        places = [int(part) for part in bytes(data.data(_DRAGGED).data()).decode().split(",")]
        if self.is_whole and all(0 <= place < len(self.commands) for place in places):
            self.move(places, before)
        return False


def _words_of(command: Command) -> str:
    parts = (command.name, command.group, command.comment, command.draft.text)
    return "\n".join(parts).casefold()


def _shown_in(command: Command, place: int, column: int) -> str:
    match column:
        case 0:
            return str(place + 1) if place < WITH_KEYS else ""
        case 1:
            return _line(command.name)
        case 2:
            return _line(_SPACE.sub(" ", command.draft.text[:_SHOWN_CHARACTERS]))
        case _:
            return _line(command.group)


def _line(text: str) -> str:
    """As it was typed; what cannot be seen by its name."""
    return "".join(run.text for run in runs(text[:_SHOWN_CHARACTERS]))


def _tip(command: Command, place: int, column: int) -> str:
    if column == SEND:
        words = tr("prepared.send_tip", name=_line(command.name))
        keys = key_of(place)
        return plain_tooltip(f"{words} {keys}".strip())
    lines = (command.name, command.comment, command.draft.text[:_SHOWN_CHARACTERS])
    return plain_tooltip("\n".join(line for line in lines if line))


def key_of(place: int) -> str:
    """Return the key that sends the command at a place, as this system writes it; "" for none."""
    if not 0 <= place < WITH_KEYS:
        return ""
    keys = QKeySequence(f"Alt+Shift+{place + 1}")
    return keys.toString(QKeySequence.SequenceFormat.NativeText)
