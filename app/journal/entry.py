"""What the journal holds: entries, and the clients they belong to."""

from __future__ import annotations

import json
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple


class Kind(IntEnum):
    """What an entry tells. The numbers are stored: never renumber, only add."""

    IN = 0  # a chunk: the bytes one recv returned
    OUT = 1  # a chunk: the bytes one send took
    ONLINE = 2  # a client was accepted                 detail: {}
    OFFLINE = 3  # a client's connection ended          detail: {reason, unsent_bytes, error}
    # Events of a server name it: {server_id}, and {label} where there are several.
    REFUSED = 4  # a client above the limit             detail: {host, port, limit}
    SERVER_OPENED = 5  # the port is open               detail: {endpoints: [[host, port], …]}
    SERVER_CLOSED = 6  # the port is closed             detail: {stuck: n}
    SERVER_ERROR = 7  # accept failed, and so on        detail: {error, goes_on, closes}
    SEND_REFUSED = (
        8  # a full outbox refused a send    detail: {size_bytes, waiting_bytes, limit_bytes}
    )
    REPLY_FAILED = 9  # an automatic reply           detail: {character, encoding} or {error}
    ENCODING_CHANGED = 10  # by the user                detail: {encoding, before}
    PRUNED = 11  # the oldest entries were deleted      detail: {count, size_bytes}
    CLOCK_SET = 12  # the computer's clock was set     detail: {by_ms: n}, negative: back
    LAST_WORD = 13  # a client ended its own direction  detail: {stays_s}
    NOT_READING = 14  # so it is not received from      detail: {waiting_bytes}
    PROGRAM_SAID = 15  # by the user's own program      detail: {text}
    PROGRAM_FAILED = 16  # what it raised               detail: {error, line}
    RULE = 17  # a rule did something                   detail: {rule, deed, size_bytes, text}
    TASK = 18  # began, skips, sent a file, ended       detail: {task, does, deed, …}
    SECURED = 30  # TLS was agreed on                   detail: {version, cipher, server_name, alpn}
    SPEAKS_TLS = 31  # a client of a plain port         detail: {}
    SPEAKS_PLAIN = 32  # a client of a TLS port         detail: {}
    UNREACHABLE = 34  # nobody takes datagrams there    detail: {}
    DROPPED = 35  # datagrams, by the system            detail: {count, total}
    TOO_LONG = 36  # for a datagram: it was not sent    detail: {size_bytes, limit_bytes}
    SEND_FAILED = 37  # a datagram                      detail: {error}
    FORWARDED = 38  # a client, to the target           detail: {target, client}
    PROXIED = 39  # by the PROXY protocol's header      detail: {host, port, via}
    CERTIFICATE = 33  # with which a port was opened    detail: {sha256: […], names, until, is_new}

    @property
    def is_chunk(self) -> bool:
        """Whether the entry carries bytes of a stream rather than an event's detail."""
        return self <= Kind.OUT


class Entry(NamedTuple):
    """One row of the journal: a chunk or an event."""

    id: int  # dense, ascending, given at append
    time_ns: int  # wall clock, ns since the epoch
    mono_ns: int  # time.monotonic_ns, for differences
    client_id: int  # 0: the server itself
    kind: int  # a Kind; a plain int because reading an IntEnum costs ten times as much
    offset: int  # a chunk: bytes of this client and direction before it; an event: 0
    data: bytes  # a chunk: the bytes; an event: its detail as UTF-8 JSON
    encoding: str = ""  # a sent chunk: the encoding it was written in; else ""

    @property
    def detail(self) -> dict[str, Any]:
        """The facts of an event; empty for a chunk, and where they cannot be read."""
        if self.kind <= Kind.OUT or not self.data:
            return {}
        try:
            loaded = json.loads(self.data)
        except (ValueError, RecursionError):  # a damaged file's
            return {}
        return loaded if isinstance(loaded, dict) else {}


class Endpoint(NamedTuple):
    """Host and port."""

    host: str
    port: int

    def __str__(self) -> str:
        """`host:port`, an IPv6 host in brackets (RFC 3986, section 3.2.2)."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Role(StrEnum):
    """What a connection is to its server. The values are stored in journals."""

    CLIENT = "client"
    WAY_OUT = "way_out"  # a forward dialled it, for the client that is its peer


class ClientRecord(NamedTuple):
    """One accepted connection as the journal remembers it."""

    client_id: int  # unique in one journal, ascending
    host: str
    port: int
    encoding: str
    opened_ns: int  # wall clock
    closed_ns: int = 0  # 0: still open, or the program died
    reason: str = ""  # a CloseReason's value
    note: str = ""  # typed by the user
    server_id: int = 1  # which of the servers accepted it, or dialled it
    local_host: str = ""  # this machine's side of the connection; "" where nobody noted it
    local_port: int = 0
    role: str = Role.CLIENT
    peer_id: int = 0  # the client at the other end of a forward; 0: none


MOST_BOOKMARKS = 10_000  # that are read of a file
COMMENT_CHARS = 1_000


class Bookmark(NamedTuple):
    """What the user noted at an entry."""

    entry_id: int
    comment: str | None  # may be empty; None: it is no longer marked


class Opening(NamedTuple):
    """A server was opened."""

    server_id: int
    kind: str  # tcp, tls, udp, forward
    name: str  # given by the user; may be empty
    endpoints: str  # where it listens: JSON, [[host, port], …]
    opened_ns: int  # wall clock
