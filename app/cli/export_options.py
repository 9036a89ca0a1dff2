"""What the command line says about an export."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from app.arguments import ExportCall
from app.cli.bad_option import BadOption
from app.evidence.form import STDOUT, Format, format_of
from app.wording import tr

FORMATS = "|".join(Format)
_ONLY_HERE = ("source", "format", "client", "since")


def add_export_options(group: argparse._ArgumentGroup) -> None:
    """Declare the options."""
    add = group.add_argument
    add("--export", metavar="FILE", help=tr("console.help_export"))
    add("--from", dest="source", metavar="JOURNAL", help=tr("console.help_from"))
    add("--format", metavar=FORMATS, help=tr("console.help_format"))
    add("--client", metavar="N", action="append", help=tr("console.help_client"))
    add("--verify", metavar="FILE", help=tr("console.help_verify"))
    add("--since", metavar="TIME", help=tr("console.help_since"))
    add("--until", metavar="TIME|PATTERN", help=tr("console.help_until"))


def export_call(found: argparse.Namespace) -> ExportCall | None:
    """Return what is to be exported; None if nothing is. Raises BadOption."""
    if found.export is None:
        for name in _ONLY_HERE:
            if getattr(found, name) and not (name == "client" and found.replay is not None):
                option = "--from" if name == "source" else f"--{name}"
                raise BadOption(tr("console.export_alone", option=option))
        return None
    if not found.source:
        raise BadOption(tr("console.export_needs_from"))
    target = None if found.export == STDOUT else Path(found.export).expanduser().absolute()
    form = Format(_form(found.format, target))
    if form.is_whole and (found.client or found.since or found.until):
        raise BadOption(tr("console.export_whole"))
    return ExportCall(
        target=target,
        journal=Path(found.source).expanduser().absolute(),
        form=form,
        clients=frozenset(map(_client, found.client or ())),
        since_ns=_moment("--since", found.since),
        until_ns=_moment("--until", found.until),
    )


def _form(text: str | None, target: Path | None) -> str:
    if text is not None:
        if text not in set(Format):
            raise BadOption(tr("console.bad_format", value=text, names=", ".join(Format)))
        form = Format(text)
        if (form.is_folder or form.is_whole) and target is None:
            raise BadOption(tr("console.export_folder"))
        return form
    named = format_of(target) if target is not None else Format.TXT
    if named is None:
        raise BadOption(tr("console.export_which", name=target and target.name, names=FORMATS))
    return named


def _client(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BadOption(tr("console.bad_client", value=text))
    return int(text)


def _moment(option: str, text: str | None) -> int | None:
    """Return a moment, ns since the epoch; local time unless it says otherwise."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return int(moment.astimezone().timestamp()) * 10**9 + moment.microsecond * 1_000
    except (ValueError, OverflowError, OSError):
        raise BadOption(tr("console.bad_moment", option=option, value=text)) from None
