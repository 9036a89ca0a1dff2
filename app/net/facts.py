"""The facts the server reports: plain values, no prose. `app.wording` makes the sentences."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from app.journal.entry import Endpoint as Endpoint
from app.net.trace import USER, Show

if TYPE_CHECKING:
    from app.settings import ServerProfile

NOWHERE = Endpoint("", 0)  # an address that nobody noted


class ClientState(StrEnum):
    """Where a client's worker stands, as the table shows it."""

    ONLINE = "online"
    WAITING_FOR_DISK = "waiting_for_disk"  # back-pressure: the journal has no room
    WAITING_FOR_PEER = "waiting_for_peer"  # bytes wait because the peer does not read
    UNACKNOWLEDGED = "unacknowledged"  # what was sent is not answered: it may have vanished
    HALF_CLOSED = "half_closed"  # it has said its last word, and may still listen
    OFFLINE = "offline"


class CloseReason(StrEnum):
    """Why a connection ended. The values are stored in journals."""

    FIN = "fin"  # recv returned b"": the peer closed in order
    RESET = "reset"  # RST
    TIMED_OUT = "timed_out"  # keepalive got no answer
    DISCONNECTED = "disconnected"  # by the user
    SERVER_CLOSED = "server_closed"
    PROGRAM_CLOSED = "program_closed"  # by the user's own program
    PROGRAM_FAILED = "program_failed"  # it raised; an event before tells where
    RULE_CLOSED = "rule_closed"  # by a rule of the user's
    RULE_RESET = "rule_reset"  # the same, with a RST
    PAGE_SENT = "page_sent"  # a browser has the page it asked for
    IDLE = "idle"  # nothing in either direction for as long as the server allows
    NEVER_SPOKE = "never_spoke"  # nothing came after connecting for as long as the server allows
    OTHER_SIDE = "other_side"  # of a forward: that one was closed
    TARGET_FAILED = "target_failed"  # a forward's target was not reached; the detail says why
    LOOP = "loop"  # a forward would have dialled itself; the detail names the target
    CUT_OFF = "cut_off"  # TLS: the stream ended without the peer's goodbye
    TLS_FAILED = "tls_failed"  # the detail has OpenSSL's words
    PROXY_FAILED = "proxy_failed"  # no header of the PROXY protocol came first
    NOT_ALLOWED = "not_allowed"  # the address that a proxy speaks for is not on the list
    ADDRESS_FULL = "address_full"  # … has as many clients as one address may have
    NO_GREETING = "no_greeting"  # the handshake did not come in time
    ERROR = "error"  # any other OSError; the detail has its text


class ListenFault(StrEnum):
    """Why a port could not be opened."""

    PORT_IN_USE = "port_in_use"
    OLD_CONNECTIONS = "old_connections"  # in use by nobody: the system keeps it for a while
    NO_PERMISSION = "no_permission"
    NOT_LOCAL = "not_local"
    BAD_HOST = "bad_host"
    NO_ZONE = "no_zone"  # a link-local IPv6 address that does not say on which interface
    BAD_PORT = "bad_port"  # not in 0–65535
    OTHER = "other"
    # Of the certificate, or its key: `ListenError.system_text` is the file.
    NO_CERTIFICATE = "no_certificate"  # there is no such file, or it may not be read
    NOT_PEM = "not_pem"
    OTHER_KEY = "other_key"  # the key belongs to another certificate
    LOCKED_KEY = "locked_key"  # by a password
    NO_KEYLOG = "no_keylog"  # that file cannot be written
    BAD_TARGET = "bad_target"  # `system_text` is no HOST:PORT
    LOOP = "loop"  # the target, `system_text`, is this port itself
    BAD_GROUP = "bad_group"  # of multicast: `system_text` names it and says why
    NOT_MADE = "not_made"  # our own certificate could not be made or kept


class PortHolder(NamedTuple):
    """A program that holds a port."""

    program: str
    pid: int
    listens: bool = True  # False: the port is its end of a connection


class NetError(Exception):
    """Base of what `app.net` raises."""


class ListenError(NetError):
    """The port could not be opened.

    `holder` is the program that holds the port: None until `app.net.holder` has looked, and where
    the system does not tell.
    """

    def __init__(
        self,
        fault: ListenFault,
        endpoint: Endpoint,
        *,
        holder: PortHolder | None = None,
        system_text: str = "",
    ) -> None:
        super().__init__(f"{fault}: {endpoint} {system_text}")
        self.fault = fault
        self.endpoint = endpoint
        self.holder = holder
        self.system_text = system_text


class AddressFault(StrEnum):
    """Why a datagram cannot be sent to an address."""

    NOT_NUMERIC = "not_numeric"  # nothing is looked up
    NO_FAMILY = "no_family"  # the server is open on IPv4 alone, or on IPv6 alone
    BROADCAST = "broadcast"  # it means everybody in a network, and that is not allowed
    UNREACHABLE = "unreachable"  # `AddressError.system_text` says why


class AddressError(NetError):
    """A datagram cannot be sent there."""

    def __init__(self, fault: AddressFault, endpoint: Endpoint, system_text: str = "") -> None:
        super().__init__(f"{fault}: {endpoint} {system_text}")
        self.fault = fault
        self.endpoint = endpoint
        self.system_text = system_text


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """What a server is opened with. Host "*" means all IPv4 and all IPv6 addresses at once;
    "localhost" means 127.0.0.1 and ::1.
    """

    host: str = "0.0.0.0"
    port: int = 8080  # 0: any free port
    backlog: int = 128
    recv_size_bytes: int = 1024
    encoding: str = "gbk"  # of new clients
    outbox_limit_bytes: int = 16 * 1024 * 1024
    max_clients: int = 20_000
    keepalive_s: int = 60
    # A client that has said its last word is closed after so long without a send; 0: at once.
    half_closed_s: int = 0
    single_threaded: bool = False  # the listener serves one client at a time itself
    show: Show = USER  # to whose threads this server's belong, for whoever traces calls
    server_id: int = 1  # unique among the servers of a journal, from 1
    kind: str = "tcp"  # one of `app.net.kinds.KINDS`
    name: str = ""  # given by the user
    # Who may come in, and who must go again: see `app.net.admission`.
    allowed: str = ""  # addresses and networks, `192.168.1.0/24, ::1`; "": everybody
    clients_per_address: int = 0  # at once; 0: any number
    connections_per_s: int = 0  # new ones of all; 0: any number
    idle_limit_s: int = 0  # ended after so long without a byte in either direction; 0: never
    first_byte_limit_s: int = 0  # ended if nothing has come so long after connecting; 0: never
    # TLS
    cert_file: str = ""  # PEM, with the chain if there is one; "": the program's own
    key_file: str = ""  # PEM; "": it is in the certificate's file
    keylog_file: str = ""  # for the secrets of each connection: Wireshark reads it; "": none
    old_devices: bool = False  # TLS 1.0 and RSA without forward secrecy too
    alpn: str = ""  # what is agreed to, `h2, http/1.1`, the best first; "": it is not answered
    certificate_dir: str = ""  # where the program's own is kept; "": beside the settings
    # UDP
    idle_s: int = 60  # a peer that says nothing for so long is offline
    multicast: str = ""  # groups to join, separated by spaces
    broadcast: bool = False  # `send_to` takes addresses that mean everybody in a network
    # forward
    target: str = ""  # HOST:PORT, dialled for each client
    target_tls: bool = False
    accepts_tls: bool = False  # from its clients
    # The address of who is behind a proxy stands before the stream.
    proxy_protocol: bool = False

    @classmethod
    def of(cls, profile: ServerProfile, certificate_dir: str = "") -> ServerOptions:
        """What the user's settings of a server ask for: what has the same name there."""
        named = {spec.name for spec in fields(cls)}
        asked = {f.name: getattr(profile, f.name) for f in fields(profile) if f.name in named}
        return cls(certificate_dir=certificate_dir, **asked)


class SendResult(StrEnum):
    """What became of a user's send to one client."""

    SENT = "sent"  # the kernel took everything
    WAITING = "waiting"  # the rest waits in the outbox
    REFUSED = "refused"  # the outbox is full: nothing was sent
    GONE = "gone"  # the client is offline
    FAILED = "failed"  # by a mistake or a lack of our own: the log says more


@dataclass(slots=True)
class SendReport:
    """The outcome of one user's send, client by client; complete when `finished`."""

    send_id: int
    results: dict[int, SendResult] = field(default_factory=dict)  # client_id -> result
    finished: bool = False
