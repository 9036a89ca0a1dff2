"""The journal's events to sentences, one for each Kind that is not a chunk.

A journal may come from a later version or from a damaged disk. So every fact is taken as it is
found, and what cannot be read is said to be so: showing an old journal never fails here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.journal.entry import Entry, Kind
from app.net.answers import Deed
from app.net.facts import Endpoint
from app.wording.amounts import size_text
from app.wording.catalogue import tr
from app.wording.terms import close_reason_text, encoding_label, without_stop

Detail = Mapping[str, Any]
_DEEDS = set(Deed)
_LABEL = 100  # characters of a server's name


def event_sentence(entry: Entry) -> str:
    """Say what the event tells; "" for a chunk."""
    if entry.kind <= Kind.OUT:
        return ""
    write = _WRITERS.get(entry.kind)
    if write is None:
        return tr("events.unknown", kind=entry.kind)
    detail = entry.detail
    return _labelled(detail, write(detail))


def _labelled(detail: Detail, said: str) -> str:
    """Say of which server it is, where there are several."""
    label = _text(detail, "label")[:_LABEL]
    return tr("servers.event", server=label, what=said) if label else said


def _online(_: Detail) -> str:
    return tr("events.online")


def _offline(detail: Detail) -> str:
    reason = close_reason_text(_text(detail, "reason"), _text(detail, "error"))
    sentence = tr("events.offline_because", reason=reason) if reason else tr("events.offline")
    unsent_bytes = _number(detail, "unsent_bytes")
    if unsent_bytes:
        sentence += tr("events.offline_unsent", size=size_text(unsent_bytes))
    return sentence


def _refused(detail: Detail) -> str:
    where = Endpoint(_text(detail, "host"), _number(detail, "port"))
    why, count = _text(detail, "why"), _number(detail, "count")
    if why in ("not_allowed", "address_full", "too_fast"):
        sentence = tr(f"events.refused_{why}", where=where)
    else:
        sentence = tr("events.refused", where=where, n=_number(detail, "limit"))
    return sentence + (tr("events.refused_more", n=count - 1) if count > 1 else "")


def _server_opened(detail: Detail) -> str:
    pairs = detail.get("endpoints")
    found = pairs if isinstance(pairs, list) else []
    whole = [pair for pair in found if isinstance(pair, list) and len(pair) == 2]
    where = tr("events.list_comma").join(str(Endpoint(str(h), p)) for h, p in whole)
    sentence = tr("events.server_opened", where=where)
    to_all = any(pair[0] in ("0.0.0.0", "::") for pair in whole)
    return sentence + tr("events.opened_to_all") if to_all else sentence


def _server_closed(detail: Detail) -> str:
    stuck = _number(detail, "stuck")
    return tr("events.server_closed_stuck", n=stuck) if stuck else tr("events.server_closed")


def server_error_sentence(detail: Detail) -> str:
    """Say what went wrong in the server, and what becomes of it."""
    then = next((f"_{then}" for then in ("goes_on", "closes") if detail.get(then) is True), "")
    return tr(f"events.server_error{then}", error=_text(detail, "error"))


def trouble_sentence(detail: Detail) -> str:
    """Say what went wrong, and in which server where there are several."""
    return _labelled(detail, server_error_sentence(detail))


def _send_refused(detail: Detail) -> str:
    return tr(
        "events.send_refused_full",
        size=size_text(_number(detail, "size_bytes")),
        waiting=size_text(_number(detail, "waiting_bytes")),
        limit=size_text(_number(detail, "limit_bytes")),
    )


def _reply_failed(detail: Detail) -> str:
    if error := _text(detail, "error"):
        return tr("events.reply_failed_error", error=without_stop(error))
    return tr(
        "events.reply_failed",
        character=_text(detail, "character"),
        encoding=encoding_label(_text(detail, "encoding")),
    )


def _encoding_changed(detail: Detail) -> str:
    return tr(
        "events.encoding_changed",
        encoding=encoding_label(_text(detail, "encoding")),
        before=encoding_label(_text(detail, "before")),
    )


def _pruned(detail: Detail) -> str:
    size = size_text(_number(detail, "size_bytes"))
    return tr("events.pruned", n=_number(detail, "count"), size=size)


def _clock_set(detail: Detail) -> str:
    by_ms = _number(detail, "by_ms")
    key = "events.clock_back" if by_ms < 0 else "events.clock_forward"
    return tr(key, seconds=f"{abs(by_ms) / 1000:.1f}")


def _last_word(detail: Detail) -> str:
    return tr("events.last_word", n=_number(detail, "stays_s"))


def _program_failed(detail: Detail) -> str:
    line, error = _number(detail, "line"), _text(detail, "error")
    key = "events.program_failed" if line else "events.program_failed_nowhere"
    return tr(key, line=line, error=without_stop(error))


def _rule(detail: Detail) -> str:
    deed, text = _text(detail, "deed"), _text(detail, "text")
    facts = {"rule": _text(detail, "rule"), "text": text}
    if deed == Deed.PAUSED:
        why, _, facts["text"] = text.partition(":")
        known = why in ("guard", "timeout", "failed")
        return tr(f"events.rule_paused_{why}" if known else "events.rule_other", **facts)
    if deed == Deed.SEND:
        return tr("events.rule_send", size=size_text(_number(detail, "size_bytes")), **facts)
    if deed == Deed.MARK and not text:
        return tr("events.rule_mark_bare", **facts)
    return tr(f"events.rule_{deed}" if deed in _DEEDS else "events.rule_other", **facts)


def _task(detail: Detail) -> str:
    from app.wording.tasks import task_sentence  # the first paint shows none

    return task_sentence(detail)


def _secured(detail: Detail) -> str:
    said = tr("events.secured", version=_text(detail, "version"), cipher=_text(detail, "cipher"))
    if name := _text(detail, "server_name"):
        said += tr("events.secured_name", name=name)
    if alpn := _text(detail, "alpn"):
        said += tr("events.secured_alpn", alpn=alpn)
    return said


def _certificate(detail: Detail) -> str:
    key = "certificate_new" if detail.get("is_new") is True else "certificate_own"
    comma = tr("events.list_comma")
    return tr(
        f"events.{key}" if _list(detail, "names") else "events.certificate",
        names=comma.join(_list(detail, "names")),
        until=_text(detail, "until")[:10],
        digests=comma.join(_list(detail, "sha256")),
    )


def _forwarded(detail: Detail) -> str:
    return tr("wires.forwarded", target=_text(detail, "target"), client=_number(detail, "client"))


def _proxied(detail: Detail) -> str:
    where = Endpoint(_text(detail, "host"), _number(detail, "port"))
    return tr("wires.proxied", where=where, via=_text(detail, "via"))


def _dropped(detail: Detail) -> str:
    return tr("wires.dropped", n=_number(detail, "count"), total=_number(detail, "total"))


def _too_long(detail: Detail) -> str:
    size = size_text(_number(detail, "size_bytes"))
    return tr("wires.too_long", size=size, limit=_number(detail, "limit_bytes"))


def _not_reading(detail: Detail) -> str:
    return tr("events.not_reading", size=size_text(_number(detail, "waiting_bytes")))


_WRITERS: Mapping[int, Callable[[Detail], str]] = {
    Kind.ONLINE: _online,
    Kind.OFFLINE: _offline,
    Kind.REFUSED: _refused,
    Kind.SERVER_OPENED: _server_opened,
    Kind.SERVER_CLOSED: _server_closed,
    Kind.SERVER_ERROR: server_error_sentence,
    Kind.SEND_REFUSED: _send_refused,
    Kind.REPLY_FAILED: _reply_failed,
    Kind.ENCODING_CHANGED: _encoding_changed,
    Kind.PRUNED: _pruned,
    Kind.CLOCK_SET: _clock_set,
    Kind.LAST_WORD: _last_word,
    Kind.NOT_READING: _not_reading,
    Kind.PROGRAM_SAID: lambda detail: tr("events.program_said", text=_text(detail, "text")),
    Kind.PROGRAM_FAILED: _program_failed,
    Kind.RULE: _rule,
    Kind.TASK: _task,
    Kind.SECURED: _secured,
    Kind.SPEAKS_TLS: lambda _: tr("events.speaks_tls"),
    Kind.SPEAKS_PLAIN: lambda _: tr("events.speaks_plain"),
    Kind.CERTIFICATE: _certificate,
    Kind.FORWARDED: _forwarded,
    Kind.PROXIED: _proxied,
    Kind.UNREACHABLE: lambda _: tr("wires.unreachable"),
    Kind.DROPPED: _dropped,
    Kind.TOO_LONG: _too_long,
    Kind.SEND_FAILED: lambda detail: tr("wires.send_failed", error=_text(detail, "error")),
}


def _text(detail: Detail, name: str) -> str:
    value = detail.get(name)
    return "" if value is None else str(value)


def _list(detail: Detail, name: str) -> list[str]:
    value = detail.get(name)
    return [str(one) for one in value] if isinstance(value, list) else []


def _number(detail: Detail, name: str) -> int:
    value = detail.get(name)
    return value if isinstance(value, int) else 0
