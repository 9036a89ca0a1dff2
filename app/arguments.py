"""What the user asked for on the command line; `app.cli.options` reads it.

Plain values, so that the window knows them without knowing the command line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ConsoleWish:
    """What a script wants of the console."""

    json: bool = False  # an object for each entry
    quiet: bool = False  # nothing for each entry
    for_s: float | None = None  # so long it serves; None: until a signal
    until: tuple[str, ...] = ()  # it ends when these have come
    expect: tuple[str, ...] = ()  # these must have come


@dataclass(frozen=True, slots=True)
class ExportCall:
    """A journal's entries are to be written to a file."""

    target: Path | None  # None: stdout
    journal: Path
    form: str  # an evidence Format
    clients: frozenset[int]  # none: all
    since_ns: int | None  # wall clock
    until_ns: int | None


@dataclass(frozen=True, slots=True)
class ReplayCall:
    """What a client of a journal sent is to be sent again."""

    journal: Path
    client: int
    carrier: str  # tcp, tls, udp; "": as the client came
    target: tuple[str, int]
    speed: float  # 2 halves all pauses, 0 leaves none


@dataclass(frozen=True, slots=True)
class Arguments:
    """One start of the program."""

    listen: bool = False  # open the port at once
    # The servers of this run: settings of each, already checked; none: those of the settings.
    servers: tuple[Mapping[str, object], ...] = ()
    journal: Path | None = None  # None: a new journal in the user's data folder
    portable: bool = False
    console: bool = False
    wish: ConsoleWish = ConsoleWish()
    input_encoding: str = ""  # of lines typed in the console; "": what the system says
    receive_to: Path | None = None  # a folder for what the console's clients send
    rotate_bytes: int = 0  # … in files of this size; 0: of any
    framing: str | None = None  # how the console cuts streams into frames
    run_kits: bool = False  # the user's own may run that were not switched on in the window
    decode: Path | None = None  # a journal whose frames are printed
    export: ExportCall | None = None
    verify: Path | None = None  # an evidence ZIP
    replay: ReplayCall | None = None
    self_test: bool = False
    report: Path | None = None  # where the self-test writes how it went
    log_level: str = "info"  # of the program's own log
    crash: bool = False  # die of a fault at once: to try what is left of that
    daemon_child: tuple[str, ...] = ()  # port, kind: be an experiment's child process
    # Settings that hold for this run: name -> value, each already checked.
    overrides: Mapping[str, object] = field(default_factory=dict)
