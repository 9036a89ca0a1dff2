"""What the command line says about a console that scripts use."""

from __future__ import annotations

import argparse
import math

from app.arguments import ConsoleWish
from app.cli.bad_option import BadOption
from app.wording import tr

_ONLY_HERE = ("json", "quiet", "for", "expect", "receive_to")


def add_console_options(group: argparse._ArgumentGroup) -> None:
    """Declare the options; `--until` is the export's, too."""
    add = group.add_argument
    add("--json", action="store_true", help=tr("console.help_json"))
    add("--quiet", action="store_true", help=tr("console.help_quiet"))
    add("--for", metavar="SECONDS", help=tr("console.help_for"))
    add("--expect", metavar="PATTERN", action="append", help=tr("console.help_expect"))
    add("--receive-to", metavar="FOLDER", help=tr("receive.help_receive_to"))
    add("--rotate", metavar="SIZE", help=tr("receive.help_rotate"))


def console_wish(found: argparse.Namespace) -> ConsoleWish:
    """Return what is wanted of the console. Raises BadOption."""
    if not found.console:
        for name in _ONLY_HERE:
            if getattr(found, name):
                flag = f"--{name.replace('_', '-')}"
                raise BadOption(tr("console.console_alone", option=flag))
        if found.until and found.export is None:
            raise BadOption(tr("console.until_alone"))
        return ConsoleWish()
    if found.json and found.framing is not None:
        raise BadOption(tr("console.json_frames"))
    wish = ConsoleWish(
        json=found.json,
        quiet=found.quiet,
        for_s=_seconds(getattr(found, "for")),
        until=(found.until,) if found.until else (),
        expect=tuple(found.expect or ()),
    )
    _check("--until", wish.until)
    _check("--expect", wish.expect)
    return wish


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < 10**8:
        raise BadOption(tr("console.bad_seconds", value=text))
    return seconds


def _check(option: str, patterns: tuple[str, ...]) -> None:
    if not patterns:
        return
    from app.cli.watch import condition_of
    from app.reply.rules import RuleFault
    from app.wording.rules import rule_fault_sentence

    for pattern in patterns:
        try:
            condition_of(pattern)
        except RuleFault as fault:
            raise BadOption(f"{option}: {rule_fault_sentence(fault)}") from fault
