"""What the clients of an exercise do and expect, as plain data.

    [[check]]
    id = "answer"
    zh_CN = "一个客户端得到回答"
    en = "One client gets the answer"
    encoding = "gbk"
    steps = [
      { A = "connect" },
      { A = "send", text = "你好" },
      { A = "expect", text = "交易正在处理" },
      { A = "half-close" },
      { A = "expect end" },
    ]

A step names its client by a key of one capital letter; `{ pause = 50 }`, in ms, names none. Bytes
are `text` (in the check's encoding), `hex`, or `counting = n`: n bytes that count from 0 to 255
again and again; `times = n` repeats them. `within`, in ms, is how long an expectation may take.

======== ===================================================================================
connect  dials; the next step follows when the connection stands
send     sends all of it, reading meanwhile what comes
expect   waits for exactly these bytes, no matter in how many pieces they come
silence  nothing may come for `within`
end      the server must close (FIN)
half-close, close, reset  says its last word; leaves politely; leaves with a RST
======== ===================================================================================
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from app.text.decoder import EncodeFault, encode
from app.text.encodings import UnknownEncoding

MOST_BYTES = 64 * 1024 * 1024  # of one step
LONGEST_MS = 60_000
WITHIN_MS = 3_000  # an expectation's patience, unless it says otherwise
SILENCE_MS = 300


class Do(StrEnum):
    """What a step is."""

    CONNECT = "connect"
    SEND = "send"
    EXPECT = "expect"
    SILENCE = "silence"
    END = "end"
    HALF_CLOSE = "half-close"
    CLOSE = "close"
    RESET = "reset"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that one client does."""

    do: Do
    client: str = ""  # A, B, …; "" for a pause
    data: bytes = b""
    ms: int = 0  # how long: a pause, a silence, an expectation's patience


@dataclass(frozen=True, slots=True)
class Check:
    """What is played from beginning to end; the first step that fails ends it."""

    id: str
    titles: Mapping[str, str]  # language -> title
    steps: tuple[Step, ...]
    encoding: str = "gbk"  # in which bytes are shown


class BadChecks(ValueError):
    """A checks file that can't be read: `case` says how, `place` where, `detail` what."""

    def __init__(self, case: str, place: str, detail: str = "") -> None:
        super().__init__(f"{case} at {place}: {detail}")
        self.case = case  # toml, no_check, no_title, no_steps, step, client, data, number
        self.place = place
        self.detail = detail


# What takes the time; what a check sends, up to megabytes, is made anew each time.
_parsed = lru_cache(maxsize=32)(tomllib.loads)


def read_checks(text: str) -> tuple[Check, ...]:
    """Read a checks file. Raises BadChecks. Quick for one that was read a while ago."""
    try:
        found = _parsed(text)
    except tomllib.TOMLDecodeError as error:
        raise BadChecks("toml", "checks.toml", str(error)) from None
    except RecursionError:
        raise BadChecks("toml", "checks.toml", "nested too deeply") from None
    checks = found.get("check")
    if not isinstance(checks, list) or not checks:
        raise BadChecks("no_check", "checks.toml")
    return tuple(_check(number, each) for number, each in enumerate(checks, 1))


def _check(number: int, found: Any) -> Check:
    place = f"check {number}"
    if not isinstance(found, dict):
        raise BadChecks("no_check", place)
    titles = {name: found[name] for name in ("zh_CN", "en") if isinstance(found.get(name), str)}
    if not titles:
        raise BadChecks("no_title", place)
    steps = found.get("steps")
    if not isinstance(steps, list) or not steps:
        raise BadChecks("no_steps", place)
    encoding = str(found.get("encoding", "gbk"))
    return Check(
        str(found.get("id", number)),
        titles,
        tuple(_step(f"{place}, step {n}", each, encoding) for n, each in enumerate(steps, 1)),
        encoding,
    )


def _step(place: str, found: Any, encoding: str) -> Step:
    if not isinstance(found, dict):
        raise BadChecks("step", place, str(found))
    if "pause" in found:
        return Step(Do.PAUSE, ms=_number(place, found["pause"]))
    clients = [key for key in found if len(key) == 1 and "A" <= key <= "Z"]
    if len(clients) != 1:
        raise BadChecks("client", place, str(found))
    try:
        do = Do(str(found[clients[0]]))
    except ValueError:
        raise BadChecks("step", place, str(found[clients[0]])) from None
    unknown = found.keys() - {clients[0], "text", "hex", "counting", "times", "within"}
    if unknown:
        raise BadChecks("step", place, min(unknown))
    data = _data(place, found, encoding)
    if (do in (Do.SEND, Do.EXPECT)) is not bool(data):
        raise BadChecks("data", place, do.value)
    usual_ms = SILENCE_MS if do is Do.SILENCE else WITHIN_MS
    return Step(do, clients[0], data, _number(place, found.get("within", usual_ms)))


def _data(place: str, found: Mapping[str, Any], encoding: str) -> bytes:
    given = [name for name in ("text", "hex", "counting") if name in found]
    if not given:
        return b""
    if len(given) > 1:
        raise BadChecks("data", place, " ".join(given))
    value = found[given[0]]
    times = _number(place, found.get("times", 1), MOST_BYTES)
    if given[0] == "counting":
        size = _number(place, value, MOST_BYTES)
        data = (bytes(range(256)) * (size // 256 + 1))[:size]
    else:
        try:
            data = bytes.fromhex(value) if given[0] == "hex" else encode(value, encoding)
        except (ValueError, TypeError, AttributeError, EncodeFault, UnknownEncoding) as error:
            raise BadChecks("data", place, str(error)) from None
    if len(data) * times > MOST_BYTES:
        raise BadChecks("number", place, str(times))
    return data * times


def _number(place: str, value: Any, most: int = LONGEST_MS) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise BadChecks("number", place, str(value))
    return value
