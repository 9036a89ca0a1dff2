"""An address of `--listen`, as it is written, to settings of a server.

8080                                         HOST:PORT, [::1]:8080
tls://0.0.0.0:8443?name=Devices              KIND://HOST:PORT?OPTION=VALUE&…
forward://0.0.0.0:7000?to=10.0.0.5:502
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from app.frames.framing import FramingFault
from app.frames.written import read_framing
from app.net.kinds import KINDS, abilities
from app.settings import BadSetting, checked
from app.text.encodings import ENCODINGS, UnknownEncoding, find_encoding
from app.wording import tr
from app.wording.frames import framing_fault_sentence
from app.wording.numbers import number_complaint

if TYPE_CHECKING:
    from collections.abc import Mapping

# Who may connect; by option, the setting.
_LIMITS = {
    "per-address": "clients_per_address",
    "per-second": "connections_per_s",
    "first-byte": "first_byte_limit_s",
    "idle": "idle_limit_s",
}
_LISTS = {"allow": "allowed", "alpn": "alpn"}
OPTIONS = ("name", "encoding", "framing", "to", "allow", "alpn", *_LIMITS)


class BadAddress(ValueError):
    """An address that cannot be used; the text says why, without naming it."""


def read_address(text: str) -> Mapping[str, object]:
    """Return the settings that an address names, each checked. Raises BadAddress."""
    kind, scheme, rest = text.strip().rpartition("://")
    kind = kind.lower() or "tcp"
    if (scheme and not text.partition("://")[0]) or kind not in KINDS:
        raise BadAddress(tr("console.address_kind", kinds=", ".join(KINDS)))
    place, _, query = rest.partition("?")
    values: dict[str, object] = {"kind": kind, **_place(place.removesuffix("/"))}
    for part in filter(None, query.split("&")):
        name, equals, value = part.partition("=")
        if name not in OPTIONS or not equals:
            raise BadAddress(tr("console.address_option", part=part, names=", ".join(OPTIONS)))
        values.update(_option(name, unquote(value)))
    if abilities(kind).has_target != ("target" in values):
        raise BadAddress(
            tr("console.address_target" if "target" not in values else "console.address_no_target")
        )
    return values


def _place(text: str) -> dict[str, object]:
    """Read `HOST:PORT`, or the port alone: then the host is that of `--host`."""
    host, colon, port = text.rpartition(":")
    if colon and not host:
        raise BadAddress(tr("console.address_host"))
    if ":" in host and not (host.startswith("[") and host.endswith("]")):
        raise BadAddress(tr("console.address_brackets"))
    place: dict[str, object] = {"port": _port(port)}
    if host:
        place["host"] = host.removeprefix("[").removesuffix("]")
    return place


def _port(text: str) -> int:
    try:
        return int(checked("port", int(text) if text.isascii() and text.isdigit() else -1))
    except BadSetting:
        raise BadAddress(tr("console.address_port", port=text)) from None


def _limit(setting: str, text: str) -> int:
    try:
        return int(checked(setting, int(text) if text.isascii() and text.isdigit() else -1))
    except BadSetting:
        raise BadAddress(number_complaint(setting, text)) from None


def _option(name: str, value: str) -> dict[str, object]:
    if name == "encoding":
        try:
            return {"encoding": find_encoding(value).name}
        except UnknownEncoding:
            names = ", ".join(encoding.name for encoding in ENCODINGS)
            raise BadAddress(tr("console.address_encoding", value=value, names=names)) from None
    if name == "framing":
        try:
            read_framing(value, lambda _kit: lambda data: len(data))  # kits are looked for later
        except FramingFault as fault:
            raise BadAddress(framing_fault_sentence(fault)) from None
        return {"framing": value}
    if name in _LISTS:
        try:
            return {_LISTS[name]: checked(_LISTS[name], value)}
        except BadSetting:
            raise BadAddress(tr(f"console.address_{name}", value=value)) from None
    if name in _LIMITS:
        return {_LIMITS[name]: _limit(_LIMITS[name], value)}
    if name == "to":
        host, _, port = value.rpartition(":")
        if not host:
            raise BadAddress(tr("console.address_target"))
        _port(port)
        return {"target": value}
    return {name: value}
