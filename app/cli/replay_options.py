"""What the command line says about a replay."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.arguments import ReplayCall
from app.cli.bad_option import BadOption
from app.wording import tr

if TYPE_CHECKING:
    from app.journal.entry import Endpoint

FASTEST = 1_000_000.0


def add_replay_options(group: argparse._ArgumentGroup) -> None:
    """Declare the options; `--client` is an export's, too."""
    add = group.add_argument
    add("--replay", metavar="JOURNAL", help=tr("console.help_replay"))
    add("--to", metavar="ADDRESS", help=tr("console.help_to"))
    add("--speed", metavar="N", help=tr("console.help_speed"))


def replay_call(found: argparse.Namespace) -> ReplayCall | None:
    """Return what is to be sent again; None if nothing is. Raises BadOption."""
    if found.replay is None:
        for name in ("to", "speed"):
            if getattr(found, name) is not None:
                raise BadOption(tr("console.replay_alone", option=f"--{name}"))
        return None
    clients: list[str] = found.client or []
    if found.export is not None or found.to is None or len(clients) != 1:
        raise BadOption(tr("console.replay_needs"))
    if not (clients[0].isascii() and clients[0].isdigit()):
        raise BadOption(tr("console.bad_client", value=clients[0]))
    carrier, target = _target(found.to)
    return ReplayCall(
        journal=Path(found.replay).expanduser().absolute(),
        client=int(clients[0]),
        carrier=carrier,
        target=target,
        speed=_speed(found.speed),
    )


def _target(text: str) -> tuple[str, Endpoint]:
    from app.teaching.replay import read_target

    try:
        return read_target(text)
    except ValueError:
        raise BadOption(tr("replay.bad_target", value=text)) from None


def _speed(text: str | None) -> float:
    try:
        speed = float(text or 1)
    except ValueError:
        speed = -1.0
    if not 0 <= speed <= FASTEST:
        raise BadOption(tr("console.bad_speed", value=text))
    return speed
