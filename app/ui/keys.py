"""All keys there are: those of the commands, and those of single parts, which no menu shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtGui import QKeySequence

from app.ui.actions import ACTIONS
from app.wording import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.ui.actions import Actions


class PartKeys(NamedTuple):
    """Keys that mean something in one part of the window."""

    part: str  # the key of its name
    keys: str  # portable text of QKeySequence, several separated by "; "
    words: str  # what they do: `window.key_<words>`


PART_KEYS = (
    PartKeys("window.focus_composer", "Ctrl+Return", "send"),
    PartKeys("window.focus_composer", "Up; Down", "recall"),
    PartKeys("servers.heading", "Return", "toggle_server"),
    PartKeys("servers.heading", "F2", "rename_server"),
    PartKeys("prepared.title", "Alt+Shift+1; Alt+Shift+9", "command"),
    PartKeys("prepared.title", "Return; Ctrl+Return", "send_or_recall"),
    PartKeys("prepared.title", "Ins; F2; Alt+Ins; Delete", "edit_commands"),
    PartKeys("prepared.title", "Alt+Up; Alt+Down", "move_commands"),
    PartKeys("prepared.title", "Ctrl+Z; Ctrl+Shift+Z", "undo_redo"),
    PartKeys("clients.heading", "F2", "note"),
    PartKeys("clients.heading", "Alt+Down", "encoding"),
    PartKeys("clients.heading", "Delete", "clear"),
    PartKeys("clients.heading", "Ctrl+Z", "undo"),
    PartKeys("clients.heading", "Ctrl+C", "copy"),
    PartKeys("clients.heading", "Esc", "unselect"),
    PartKeys("window.focus_log", "Return", "detail"),
    PartKeys("window.focus_log", "Ctrl+C", "copy"),
    PartKeys("window.focus_log", "Ctrl+A", "select_all"),
    PartKeys("window.focus_log", "Esc", "unselect"),
    PartKeys("window.find", "Return; Shift+Return", "find"),
    PartKeys("window.find", "Esc", "leave_find"),
    PartKeys("classroom.experiments", "Space; Return", "step"),
    PartKeys("classroom.experiments", "Esc", "stop"),
    PartKeys("classroom.lessons", "Alt+Left; Alt+Right", "pages"),
    PartKeys("classroom.lessons", "Alt+Up", "contents"),
    PartKeys("editor.name", "Tab; Shift+Tab", "indent"),
    PartKeys("editor.name", "Ctrl+/", "comment"),
    PartKeys("editor.name", "Ctrl+Tab; Ctrl+Shift+Tab", "leave_editor"),
    PartKeys("classroom.exercises", "Alt+Left; Alt+Right", "pages"),
    PartKeys("classroom.exercises", "Alt+Up", "contents"),
    PartKeys("classroom.exercises", "Esc", "stop"),
    PartKeys("classroom.timeline", "Left; Right; Up; Down", "walk"),
    PartKeys("classroom.timeline", "+; -", "zoom"),
    PartKeys("classroom.timeline", "Home; End", "fit"),
    PartKeys("classroom.calls", "Return; Home; End", "calls"),
    PartKeys("classroom.stream", "Left; Right; Up; Down", "bytes"),
)


def all_keys(commands: Actions) -> Iterator[tuple[str, str]]:
    """Yield keys as this system writes them, and what they do in the language of now."""
    for spec in ACTIONS:
        action = commands[spec.name]
        if action.shortcuts():
            yield _native(action.shortcuts()), action.text().replace("&", "").removesuffix("…")
    for part, keys, words in PART_KEYS:
        place, does = tr(part), tr(f"window.key_{words}")
        yield (
            _native([QKeySequence(key) for key in keys.split("; ")]),
            tr("window.key_in", place=place, does=does),
        )


def _native(keys: list[QKeySequence]) -> str:
    return " / ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys)
