"""Every setting: its default, its range, and how a stored value is checked.

A stored value that does not fit falls back alone and is reported; the others are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

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
class Settings:
    """What the program remembers between two starts."""

    # network
    host: str = "0.0.0.0"  # "0.0.0.0" all IPv4, "::" all IPv6, "*" both
    port: int = _number(8080, 0, 65535)
    backlog: int = _number(128, 1, 4096)
    recv_size_bytes: int = _number(1024, 1, MIB)
    encoding: str = _choice("gbk", *ENCODING_NAMES)  # of new clients
    reply_mode: str = _choice("off", "off", "text", "hex", "echo")
    reply_text: str = "交易正在处理"
    reply_hex: str = ""
    reply_escapes: bool = True  # in the text
    reply_line_ending: str = _choice("none", "none", "lf", "cr", "crlf")  # after the text
    outbox_limit_bytes: int = _number(16 * MIB, 1024, GIB)
    max_clients: int = _number(20_000, 1, 100_000)
    half_closed_s: int = _number(15, 0, 3600)  # a client's last word came: so long it may listen
    single_threaded: bool = False  # the listener serves one client at a time itself
    firewall_told: bool = False  # that Windows asks about the network at the first opening
    # journal
    journal_limit_bytes: int = _number(4 * GIB, 16 * MIB, 1024 * GIB)
    # log
    log_mode: str = _choice("text", "text", "hex", "mixed")
    follow_tail: bool = True
    # composer
    compose_mode: str = _choice("text", "text", "hex")
    compose_encoding: str = _choice("", "", *ENCODING_NAMES)  # "": each client's own
    compose_escapes: bool = False
    compose_line_ending: str = _choice("none", "none", "lf", "cr", "crlf")
    # looks
    language: str = _choice("system", "system", "zh_CN", "en")
    theme: str = _choice("system", "system", "light", "dark")
    type_percent: int = _number(100, 75, 250)
    # the classroom
    experiment_steps: bool = True  # an experiment stands still after each step
    projector_percent: int = _number(150, 100, 250)  # type size in projector mode
    slow_motion_ms: int = _number(0, 0, 5000)  # in projector mode
    spotlight: bool = True  # in projector mode
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


class BadSetting(ValueError):
    """A value that does not fit its setting."""

    def __init__(self, name: str, value: object) -> None:
        super().__init__(f"{name}: {value!r}")
        self.name = name
        self.value = value


def checked(name: str, value: object) -> Any:
    """Return `value` if setting `name` can hold it; raise BadSetting if not."""
    known = {f.name: f for f in fields(Settings)}
    if name not in known:
        raise BadSetting(name, value)
    spec = known[name]
    if type(value) is not type(spec.default):
        raise BadSetting(name, value)
    allowed = spec.metadata.get("allowed")
    if allowed is not None and value not in allowed:
        raise BadSetting(name, value)
    limits = spec.metadata.get("range")
    if limits is not None and not limits[0] <= value <= limits[1]:
        raise BadSetting(name, value)
    return value


def number_limits(name: str) -> tuple[int, int]:
    """Return the least and the greatest value of a number among the settings."""
    low, high = next(f for f in fields(Settings) if f.name == name).metadata["range"]
    return low, high


def changed(settings: Settings, **values: object) -> Settings:
    """Return a copy with `values`, each checked; raise BadSetting at the first misfit."""
    return replace(settings, **{name: checked(name, value) for name, value in values.items()})
