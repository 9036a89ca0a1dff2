"""The kinds of servers: what each can do, and how one is made.

Who shows or opens a server asks for abilities, and never compares a kind: so a new one needs
nothing outside of this room but its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.journal.journal import Journal
    from app.net.answers import Reply
    from app.net.facts import ServerOptions
    from app.net.reception import Reception
    from app.net.watcher import Watcher
    from app.settings import ServerProfile


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a kind of server has, and so what is shown of it."""

    accepts: bool = True  # its clients connect, and each has a worker of its own
    half_closes: bool = True  # a client may say its last word and still listen
    has_backlog: bool = True  # clients wait to be accepted
    has_tls: bool = False  # it needs a certificate
    has_target: bool = False  # it dials a target for each client
    may_be_single_threaded: bool = True  # its listener may serve one client at a time itself
    may_be_hosted: bool = True  # the user's own program may serve its clients
    may_answer: bool = True  # automatically: a reply, or rules
    has_datagrams: bool = False  # each send arrives alone, an empty one too, at any address


KINDS = {
    "tcp": Abilities(),
    "tls": Abilities(has_tls=True),
    "udp": Abilities(
        accepts=False,
        half_closes=False,
        has_backlog=False,
        may_be_single_threaded=False,
        may_be_hosted=False,
        has_datagrams=True,
    ),
    "forward": Abilities(
        half_closes=False,
        has_target=True,
        may_be_single_threaded=False,
        may_be_hosted=False,
        may_answer=False,
    ),
}


def abilities(kind: str) -> Abilities:
    """Return what servers of a kind can do. Raises KeyError for none of `KINDS`."""
    return KINDS[kind]


def speaks_tls(asked: ServerOptions | ServerProfile) -> bool:
    """Return whether its clients shake hands: its kind does, or a forward that is to."""
    can = abilities(asked.kind)
    return can.has_tls or (can.has_target and asked.accepts_tls)


def make_server(
    options: ServerOptions, journal: Journal, *, watcher: Watcher, reply: Reply | None = None
) -> Reception:
    """Return a server of `options.kind`, not yet open. Raises KeyError for none of `KINDS`."""
    # What one kind needs, the others need not wait for; the first paint needs none of it.
    if options.kind == "udp":
        from app.net.udp_server import UdpServer

        return UdpServer(options, journal, watcher=watcher, reply=reply)
    from app.net.server import Server

    made = Server
    if options.kind == "tls":
        from app.net.tls_server import TlsServer

        made = TlsServer
    elif options.kind == "forward":
        from app.net.forward_server import ForwardServer

        made = ForwardServer
    return made(options, journal, watcher=watcher, reply=reply)
