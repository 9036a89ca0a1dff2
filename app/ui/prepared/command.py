"""A command: a message as the composer holds it, with a name, and whom it is for. No Qt in here."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from app.journal.needle import Needle
from app.text.compose import ComposeFault, ComposeOptions, LineEnding, compose
from app.text.encodings import UnknownEncoding, find_encoding
from app.ui.composer.history import Draft, kept_seal, options_as_kept

MOST_COMMANDS = 100_000
TARGETS = ("", "all", "selected")  # "": whom the composer means; or a client's number
TEXTS = ("name", "message", "mode", "encoding", "line_ending", "checksum", "target", "group",
         "comment", "answer", "answer_mode")  # fmt: skip
FIELDS = (*TEXTS[:3], "escapes", *TEXTS[3:])  # as they stand in files
_EMPTY = Draft("", ComposeOptions(""))


class CommandFault(ValueError):
    """Commands that cannot be used.

    `case`: not_json, not_a_list, not_csv, too_many; of one command: no_name, bad_value, message.
    """

    def __init__(
        self, case: str, row: int = 0, part: str = "", fault: ComposeFault | None = None
    ) -> None:
        super().__init__(f"{case}: {row} {part}")
        self.case, self.row, self.part = case, row, part  # the row counts from 1
        self.fault = fault  # "message": what is wrong with it; `part` is the message


@dataclass(frozen=True, slots=True)
class Command:
    """One prepared message."""

    name: str
    draft: Draft = _EMPTY
    target: str = ""  # one of TARGETS, or the number of a client of the live journal
    group: str = ""
    comment: str = ""
    answer: str = ""  # in a sequence: what is waited for before the next one; "": nothing
    answer_mode: str = "text"  # or "hex", with ?? for any byte

    @property
    def number(self) -> int:
        """The client that is meant; 0: none by its number."""
        return int(self.target) if self.target.isdigit() else 0

    def fields(self) -> dict[str, str | bool]:
        """Return it as files have it."""
        return {
            "name": self.name,
            "message": self.draft.text,
            **options_as_kept(self.draft.options),
            "target": self.target,
            "group": self.group,
            "comment": self.comment,
            "answer": self.answer,
            "answer_mode": self.answer_mode,
        }


def fault_of(draft: Draft) -> ComposeFault | None:
    """Return why a message can't be sent to anybody, whatever encoding a client has."""
    try:
        compose(draft.text, replace(draft.options, encoding=draft.options.encoding or "utf-8"))
    except ComposeFault as fault:
        return fault
    return None


def needle_of(answer: str, mode: str) -> Needle | None:
    """Return what an answer is recognised by; None if that cannot be read."""
    try:
        return Needle.of_hex(answer) if mode == "hex" else Needle.of_text(answer)
    except ValueError:  # HexFault, too
        return None


def read_command(fields: Any, row: int, *, trusted: bool = False) -> Command:
    """Read one command; what is missing is as in a new one. Raises CommandFault.

    `trusted`: this program wrote it, and checked its message then.
    """
    if not isinstance(fields, dict):
        raise CommandFault("bad_value", row, str(fields)[:40])
    texts = {name: fields.get(name, "") for name in TEXTS}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise CommandFault("bad_value", row, f"{name} = {str(text)[:40]}")
    escapes = fields.get("escapes", False)
    if not isinstance(escapes, bool):
        raise CommandFault("bad_value", row, f"escapes = {str(escapes)[:40]}")
    if not texts["name"].strip():
        raise CommandFault("no_name", row)
    draft = Draft(texts["message"], _options(texts, escapes, row))
    target = texts["target"]
    if target not in TARGETS and not (target.isascii() and target.isdigit() and len(target) < 10):
        raise CommandFault("bad_value", row, f"target = {target[:40]}")
    fault = None if trusted else fault_of(draft)
    if fault is not None:
        raise CommandFault("message", row, draft.text, fault)
    answer, answer_mode = texts["answer"], texts["answer_mode"] or "text"
    if answer_mode not in ("text", "hex") or (answer and needle_of(answer, answer_mode) is None):
        raise CommandFault("bad_value", row, f"answer = {answer[:40]}")
    return Command(
        texts["name"], draft, target, texts["group"], texts["comment"], answer, answer_mode
    )


def _options(texts: dict[str, str], escapes: bool, row: int) -> ComposeOptions:
    """Read how the message is read: nothing unknown is passed over, or other bytes would go out."""
    name = "encoding"
    try:
        encoding = find_encoding(texts[name]).name if texts[name] else ""
        name = "line_ending"
        ending = LineEnding(texts[name] or "none")
    except (UnknownEncoding, ValueError):
        raise CommandFault("bad_value", row, f"{name} = {texts[name][:40]}") from None
    seal = kept_seal(texts["checksum"])
    if texts["checksum"] and seal is None:
        raise CommandFault("bad_value", row, f"checksum = {texts['checksum'][:40]}")
    if texts["mode"] not in ("", "text", "hex"):
        raise CommandFault("bad_value", row, f"mode = {texts['mode'][:40]}")
    mode = "hex" if texts["mode"] == "hex" else "text"
    return ComposeOptions(encoding, mode, escapes, ending, seal)  # type: ignore[arg-type]


def read_commands(text: str, *, trusted: bool = False) -> tuple[Command, ...]:
    """Read commands out of JSON: all of them, or CommandFault is raised."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise CommandFault("not_json") from None
    rows = found.get("commands") if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise CommandFault("not_a_list")
    if len(rows) > MOST_COMMANDS:
        raise CommandFault("too_many", part=str(len(rows)))
    return tuple(read_command(fields, at, trusted=trusted) for at, fields in enumerate(rows, 1))


def write_commands(commands: tuple[Command, ...], indent: int | None = 1) -> str:
    """Return them as JSON, which `read_commands` reads."""
    rows = [command.fields() for command in commands]
    return json.dumps({"commands": rows}, ensure_ascii=indent is None, indent=indent)


def renamed(command: Command, taken: set[str]) -> Command:
    """Return the command under a name that none of `taken` is: a number is put behind it."""
    names = (f"{command.name} {n}" for n in range(2, len(taken) + 3))
    free = next(name for name in names if name not in taken)
    return replace(command, name=free) if command.name in taken else command
