"""Every setting: its default, its range, and how a stored value is checked.

A stored value that does not fit falls back alone and is reported; the others are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

# The names of `app.text.encodings`, which stands above this room; a test keeps both equal.
ENCODING_NAMES = (
    "gbk",
    "gb18030",
    "utf-8",
    "big5",
    "shift_jis",
    "euc_kr",
    "utf-16-le",
    "utf-16-be",
    "latin-1",
    "ascii",
)

MIB = 1024 * 1024
GIB = 1024 * MIB


def _number(default: int, low: int, high: int) -> int:
    return field(default=default, metadata={"range": (low, high)})


def _choice(default: str, *allowed: str) -> str:
    return field(default=default, metadata={"allowed": allowed})


@dataclass(frozen=True, slots=True)
class ServerProfile:
    """What one server is opened with, and what its clients get."""

    server_id: int = _number(1, 1, 1_000_000)  # unique among the servers, and never used again
    kind: str = _choice("tcp", "tcp", "tls", "udp", "forward")
    name: str = ""  # given by the user; may be empty
    was_open: bool = False  # when the program last ended: see `Settings.reopen_servers`
    host: str = "0.0.0.0"  # "0.0.0.0" all IPv4, "::" all IPv6, "*" both
    port: int = _number(8080, 0, 65535)
    backlog: int = _number(128, 1, 4096)
    recv_size_bytes: int = _number(1024, 1, MIB)
    encoding: str = _choice("gbk", *ENCODING_NAMES)  # of new clients
    framing: str = "none"  # how bytes are cut into frames, as `app.frames.written` has it
    reply_mode: str = _choice("off", "off", "text", "hex", "echo", "rules")
    reply_text: str = "交易正在处理"
    reply_hex: str = ""
    reply_escapes: bool = True  # in the text
    reply_line_ending: str = _choice("none", "none", "lf", "cr", "crlf")  # after the text
    reply_rules: str = ""  # JSON, as `app.reply.rules` has it
    outbox_limit_bytes: int = _number(16 * MIB, 1024, GIB)
    max_clients: int = _number(20_000, 1, 100_000)
    half_closed_s: int = _number(15, 0, 3600)  # a client's last word came: so long it may listen
    single_threaded: bool = False  # the listener serves one client at a time itself
    # TLS
    cert_file: str = ""  # PEM; "": one of our own making
    key_file: str = ""
    keylog_file: str = ""  # where Wireshark finds the keys; "": nowhere
    old_devices: bool = False  # TLS 1.0 and static RSA too
    alpn: str = ""  # application protocols that are agreed to, the best first; "": not answered
    # UDP
    idle_s: int = _number(60, 1, 86_400)  # a peer that is silent so long is offline
    multicast: str = ""  # groups to join, separated by spaces
    broadcast: bool = False  # a typed address may mean everybody in a network
    # forward
    target: str = ""  # HOST:PORT
    target_tls: bool = False
    accepts_tls: bool = False  # from its clients: then with a certificate, as a TLS server
    # TCP, TLS, forward: the address of who is behind a proxy stands before the stream
    proxy_protocol: bool = False
    # who may come in
    allowed: str = ""  # addresses and networks, separated by commas; "": everybody
    clients_per_address: int = _number(0, 0, 100_000)  # at once; 0: any number
    connections_per_s: int = _number(0, 0, 100_000)  # new ones of all; 0: any number
    idle_limit_s: int = _number(0, 0, 86_400)  # without a byte in either direction; 0: never
    first_byte_limit_s: int = _number(0, 0, 86_400)  # after connecting; 0: never


@dataclass(frozen=True, slots=True)
class Settings:
    """What the program remembers between two starts."""

    # network
    servers: tuple[ServerProfile, ...] = (ServerProfile(),)  # at least one
    selected_id: int = _number(1, 0, 1_000_000)  # of the server whose settings are in view
    reopen_servers: bool = False  # at the start, those that were open at the last end
    firewall_told: bool = False  # that Windows asks about the network at the first opening
    # journal
    journal_limit_bytes: int = _number(4 * GIB, 16 * MIB, 1024 * GIB)
    # log
    log_mode: str = _choice("text", "text", "hex", "mixed")
    follow_tail: bool = True
    find_case: bool = False  # upper and lower case differ
    row_filters: str = ""  # of the log, as `app.models.row_filter` has them
    find_word: bool = False  # whole words only
    find_regex: bool = False  # what is typed is a regular expression
    columns: str = ""  # fields of frames that have a column in the log: JSON, names by kit
    kits: str = ""  # what the user switched on and off, as `app.frames.shelf` has it
    export_format: str = _choice(
        "txt", "txt", "csv", "jsonl", "html", "raw", "pcapng", "zip", "frames"
    )
    export_folder: str = ""  # "": the user's documents
    # receiving to files
    receive_folder: str = ""  # "": the user's documents
    receive_what: str = _choice("received", "received", "sent", "both")
    receive_rotate_mb: int = _number(0, 0, 1_000_000)  # a new file after so many MiB; 0: never
    receive_rotate_min: int = _number(0, 0, 100_000)  # a new file after so long; 0: never
    # composer
    compose_mode: str = _choice("text", "text", "hex")
    compose_encoding: str = _choice("", "", *ENCODING_NAMES)  # "": each client's own
    compose_escapes: bool = False
    compose_line_ending: str = _choice("none", "none", "lf", "cr", "crlf")
    compose_checksum: str = ""  # as `app.frames.seals` reads it
    compose_addresses: str = ""  # the last that datagrams were sent to, separated by spaces
    # tasks
    repeat_ms: int = _number(1000, 10, 86_400_000)
    repeat_times: int = _number(0, 0, 1_000_000_000)  # 0: until it is stopped
    sequence_rounds: int = _number(1, 0, 1_000_000_000)  # 0: until it is stopped
    sequence_pause_ms: int = _number(100, 0, 86_400_000)  # after each message
    sequence_patience_ms: int = _number(5000, 10, 86_400_000)  # for an answer
    sequence_goes_on: bool = False  # where none has come
    file_piece_bytes: int = _number(0, 0, 16 * MIB)  # 0: what suits the server
    file_every_ms: int = _number(0, 0, 86_400_000)  # from piece to piece
    file_keeps: bool = True  # the journal keeps its bytes; else place, size and SHA-256
    # looks
    language: str = _choice("system", "system", "zh_CN", "en")
    theme: str = _choice("system", "system", "light", "dark")
    type_percent: int = _number(100, 75, 250)
    # the classroom
    experiment_steps: bool = True  # an experiment stands still after each step
    projector_percent: int = _number(150, 100, 250)  # type size in projector mode
    slow_motion_ms: int = _number(0, 0, 5000)  # in projector mode
    spotlight: bool = True  # in projector mode
    timeline_arrows: bool = True  # from call to call
    lesson: str = ""  # the one that was read last, by its file's name without language and `.md`
    lesson_paragraph: int = _number(0, 0, 1_000_000)  # at the top of it, from 0
    exercise: str = ""  # the one that was worked at last, by its folder's name
    student: str = ""  # whose results are exported
    show_solutions: bool = True  # of exercises, once they are asked for
    class_names: bool = False  # a client of the class is called by its first line
    class_answers_browsers: bool = True  # while the class page is in use
    poll_choices: int = _number(4, 0, 6)  # A to …; 0: any text is an answer
    poll_first_counts: bool = False  # not the last answer of a pupil
    poll_hides: bool = False  # results, until the poll is stopped
    window_state: str = ""  # geometry, splitters, columns: base64 of what Qt saved, as JSON

    @property
    def server(self) -> ServerProfile:
        """The server that is selected: the only one, where there are no others."""
        return self.profile(self.selected_id) or self.servers[0]

    def profile(self, server_id: int) -> ServerProfile | None:
        """The server of this number, if there is one."""
        return next((each for each in self.servers if each.server_id == server_id), None)


class BadSetting(ValueError):
    """A value that does not fit its setting."""

    def __init__(self, name: str, value: object) -> None:
        super().__init__(f"{name}: {value!r}")
        self.name = name
        self.value = value


_PROGRAM = {f.name: f for f in fields(Settings)}
_SERVER = {f.name: f for f in fields(ServerProfile)}
_SPECS = _PROGRAM | _SERVER  # no name is in both
MOST_SERVERS = 64
MOST_NETWORKS = 1000

Owner = TypeVar("Owner", Settings, ServerProfile)


def checked(name: str, value: object) -> Any:
    """Return `value` if setting `name` can hold it; raise BadSetting if not."""
    if name not in _SPECS:
        raise BadSetting(name, value)
    spec = _SPECS[name]
    if type(value) is not type(spec.default):
        raise BadSetting(name, value)
    allowed = spec.metadata.get("allowed")
    if allowed is not None and value not in allowed:
        raise BadSetting(name, value)
    if name == "allowed" and value and not _are_networks(str(value)):
        raise BadSetting(name, value)
    if name == "alpn" and value and not _are_protocols(str(value)):
        raise BadSetting(name, value)
    limits = spec.metadata.get("range")
    if limits is not None and not limits[0] <= value <= limits[1]:
        raise BadSetting(name, value)
    if isinstance(value, tuple) and not _are_servers(value):
        raise BadSetting(name, value)
    return value


def _are_networks(text: str) -> bool:
    from app.networks import BadAddress, read_networks  # not for the first paint

    try:
        return len(read_networks(text)) <= MOST_NETWORKS
    except BadAddress:
        return False


def _are_protocols(text: str) -> bool:
    from app.protocols import BadProtocol, read_protocols

    try:
        return bool(read_protocols(text))
    except BadProtocol:
        return False


def _are_servers(value: tuple[object, ...]) -> bool:
    servers = [each for each in value if isinstance(each, ServerProfile)]
    distinct = {each.server_id for each in servers}
    return 0 < len(value) == len(servers) == len(distinct) <= MOST_SERVERS


def number_limits(name: str) -> tuple[int, int]:
    """Return the least and the greatest value of a number among the settings."""
    low, high = _SPECS[name].metadata["range"]
    return low, high


def value_of(settings: Settings, name: str) -> Any:
    """Return the program's setting of this name, or the selected server's."""
    return getattr(settings if name in _PROGRAM else settings.server, name)


def changed(owner: Owner, **values: object) -> Owner:
    """Return a copy with `values`, each checked; raise BadSetting at the first misfit.

    Among the program's settings, those of a server mean the selected one's.
    """
    fit = {name: checked(name, value) for name, value in values.items()}
    if isinstance(owner, ServerProfile):
        return replace(owner, **fit)
    own = {name: fit.pop(name) for name in list(fit) if name in _PROGRAM}
    settings = replace(owner, **own)
    return with_server(settings, replace(settings.server, **fit)) if fit else settings


def with_server(settings: Settings, profile: ServerProfile) -> Settings:
    """Return a copy in which this profile stands in the place of the one of its number."""
    found = [profile if each.server_id == profile.server_id else each for each in settings.servers]
    return replace(settings, servers=tuple(found))


def merged(kept: Settings, before: Settings, after: Settings) -> Settings:
    """Return `kept` with what has changed from `before` to `after`, and with nothing else.

    What a run was begun with but nobody chose to keep (the command line's wishes) stays out.
    """
    own = _difference(before, after)
    own.pop("servers", None)
    removed = {each.server_id for each in before.servers} - {p.server_id for p in after.servers}
    servers = {p.server_id: p for p in kept.servers if p.server_id not in removed}
    for profile in after.servers:
        number = profile.server_id
        if (earlier := before.profile(number)) is None:
            servers[number] = profile
        elif number in servers:
            servers[number] = replace(servers[number], **_difference(earlier, profile))
    own["servers"] = tuple(servers.values()) or kept.servers[:1]
    return replace(kept, **own)


def _difference(before: Owner, after: Owner) -> dict[str, Any]:
    return {
        spec.name: getattr(after, spec.name)
        for spec in fields(after)
        if getattr(after, spec.name) != getattr(before, spec.name)
    }
