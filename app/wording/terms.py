"""The names of single facts: an encoding, a reason, the outcome of a send."""

from __future__ import annotations

from app.net.facts import CloseReason, SendResult
from app.text.encodings import UnknownEncoding, find_encoding
from app.text.visible import runs
from app.wording.catalogue import tr

_TOO_OLD = ("unsupported protocol", "no shared cipher", "version too low", "no suitable signature")
# What a client says of a certificate: OpenSSL's names of its alerts.
_NOT_TRUSTED = ("alert unknown ca", "alert bad certificate", "alert certificate unknown")
_QUOTED_CHARACTERS = 24  # of what was typed, in a sentence about it


def quoted_text(typed: str) -> str:
    """Return `typed` fit for a sentence: short, a character that cannot be seen by its name."""
    shown = "".join(run.text for run in runs(typed[:_QUOTED_CHARACTERS]))
    return f"{shown}…" if len(typed) > _QUOTED_CHARACTERS else shown


def encoding_label(name: str) -> str:
    """Return `GBK` for "gbk"; a name that is not ours, as an old journal may have, as it is."""
    try:
        return find_encoding(name).label
    except UnknownEncoding:
        return name


def close_reason_text(reason: str, error: str = "") -> str:
    """Say why a connection ended, for a `CloseReason`'s value; "" for "".

    `error` is the system's text, for reason "error"; OpenSSL's, for "tls_failed".
    """
    if not reason:
        return ""
    if reason == CloseReason.ERROR and error:
        return tr("events.reason_error_with", error=without_stop(error))
    if reason == CloseReason.TLS_FAILED and error:
        return tr(f"events.reason_tls_failed_{_tls_case(error)}", error=without_stop(error))
    if reason in (CloseReason.TARGET_FAILED, CloseReason.LOOP) and error:
        return tr(f"wires.reason_{reason}", error=without_stop(error))
    known = reason in CloseReason.__members__.values()
    return tr(f"events.reason_{reason}") if known else reason


def _tls_case(error: str) -> str:
    """Return which advice OpenSSL's words call for."""
    if any(words in error for words in _TOO_OLD):
        return "old"
    return "untrusted" if any(words in error for words in _NOT_TRUSTED) else "with"


def send_result_text(result: SendResult) -> str:
    """Say what became of a send to one client."""
    return tr(f"events.send_{result.value}")


def without_stop(text: str) -> str:
    """Return the system's own `text` fit for the middle of our sentence."""
    return text.strip().rstrip(".。")
