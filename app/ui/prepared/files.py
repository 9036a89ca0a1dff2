"""Commands in files: the user's own, which is kept, and those that are imported or exported."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from app.evidence.table import csv_pieces, inert
from app.evidence.whole import whole_file
from app.paths import replace_file
from app.ui.prepared.command import (
    FIELDS,
    MOST_COMMANDS,
    Command,
    CommandFault,
    read_command,
    read_commands,
    write_commands,
)
from app.wording import tr
from app.wording.sentences import compose_fault_sentence
from app.wording.terms import quoted_text, without_stop

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO, _YES = "no", "yes"


# -- the user's own ------------------------------------------------------------------------------


def load(path: Path) -> tuple[tuple[Command, ...], str]:
    """Return the kept commands, and one sentence if their file cannot be used: it is put aside."""
    try:
        return read_commands(path.read_text("utf-8"), trusted=True), ""
    except FileNotFoundError:
        return (), ""
    except OSError as error:
        return (), tr("prepared.cannot_read", file=path, reason=without_stop(str(error.strerror)))
    except (UnicodeError, CommandFault) as fault:
        bad = path.with_name(path.name + ".bad")
        try:
            path.replace(bad)
        except OSError as error:
            reason = without_stop(str(error.strerror))
            return (), tr("prepared.cannot_read", file=path, reason=reason)
        return (), tr("prepared.damaged", kept=bad, reason=without_stop(sentence(fault)))


def store(path: Path, commands: tuple[Command, ...]) -> None:
    """Keep them: the file is replaced as a whole. Raises OSError."""
    replace_file(path, write_commands(commands, indent=None) + "\n")


# -- imported and exported -----------------------------------------------------------------------


def import_from(path: Path) -> tuple[tuple[Command, ...], str]:
    """Return a file's commands; or none, and one sentence that says why."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return (from_csv if path.suffix.lower() == ".csv" else read_commands)(text), ""
    except OSError as error:
        return (), tr("prepared.cannot_read", file=path, reason=without_stop(str(error.strerror)))
    except (UnicodeError, CommandFault) as fault:
        return (), sentence(fault)


def export_to(path: Path, commands: tuple[Command, ...]) -> str:
    """Write them, as CSV or JSON by the name's ending; return what is wrong, "" if nothing is."""
    try:
        with whole_file(path) as file:
            if path.suffix.lower() == ".csv":
                file.writelines(to_csv(commands))
            else:
                file.write(f"{write_commands(commands)}\n".encode("utf-8", "replace"))
    except OSError as error:
        reason = without_stop(str(error.strerror))
        return tr("saving.failed", name=path.name, reason=reason)
    return ""


def to_csv(commands: tuple[Command, ...]) -> Iterator[bytes]:
    """Yield a table's bytes, in which no cell is a formula, and `from_csv` finds all again."""
    return csv_pieces(FIELDS, [[_cells(command) for command in commands]])


def _cells(command: Command) -> list[str]:
    values = command.fields()
    values["escapes"] = _YES if values["escapes"] else _NO
    return [_shielded(str(values[name])) for name in FIELDS]


def _shielded(text: str) -> str:
    return f"'{text}" if text.startswith("'") else inert(text)


def _bare(cell: str) -> str:
    """Take away the mark that a spreadsheet needs before what it would read as a formula."""
    rest = cell.removeprefix("'")
    return rest if rest != cell and _shielded(rest) != rest else cell


def from_csv(text: str) -> tuple[Command, ...]:
    """Read a table whose first row names its columns: name and message at least."""
    found: list[Command] = []
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if not {"name", "message"} <= set(reader.fieldnames or ()):
            raise CommandFault("not_csv")
        for at, row in enumerate(reader, 1):
            if at > MOST_COMMANDS:
                raise CommandFault("too_many", part=f"> {MOST_COMMANDS}")
            fields: dict[str, object] = {
                name: _bare(str(row[name])) for name in FIELDS if row.get(name) is not None
            }
            fields["escapes"] = str(fields.get("escapes", _NO)).lower() in (_YES, "true", "1")
            found.append(read_command(fields, at))
    except csv.Error:
        raise CommandFault("not_csv") from None
    return tuple(found)


def sentence(fault: CommandFault | UnicodeError) -> str:
    """Say what is wrong, and what to do."""
    if not isinstance(fault, CommandFault):
        return tr("prepared.fault_not_utf8")
    why = compose_fault_sentence(fault.fault, fault.part) if fault.fault is not None else ""
    part = quoted_text(fault.part)
    return tr(f"prepared.fault_{fault.case}", row=fault.row, part=part, why=why)
