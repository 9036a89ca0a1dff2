"""Typed text to hex and back, when nothing is lost on the way. No Qt in here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from enum import Enum

from app.text.compose import ComposeFault, ComposeMode, ComposeOptions, compose
from app.text.decoder import EncodeFault, decode, encode
from app.text.hexa import format_hex
from app.text.visible import RunKind, escaped, runs


class Hindrance(Enum):
    """Why a text cannot be converted. The values are the keys of the words."""

    FAULTY = "faulty"  # it does not compose as it stands
    MIXED_ENCODINGS = "mixed_encodings"  # it means different bytes to different clients
    NOT_TEXT = "not_text"  # the bytes are no text that would give the same bytes again


class CannotConvert(ValueError):
    """The text must stay as it is."""

    def __init__(self, hindrance: Hindrance) -> None:
        super().__init__(hindrance.value)
        self.hindrance = hindrance


def convert(
    text: str, options: ComposeOptions, to_mode: ComposeMode, encodings: Collection[str]
) -> str:
    """Return `text`, typed under `options`, as it must be typed in `to_mode` for the same bytes.

    `encodings` are the names of those it may be sent in: one, or those of the clients meant.
    The line ending that is added after the last line is no part of it. Raises CannotConvert.
    """
    if not text or (options.mode == "hex" and not text.strip()):
        return ""
    results = {_convert(text, replace(options, encoding=name), to_mode) for name in encodings}
    if len(results) != 1:
        raise CannotConvert(Hindrance.MIXED_ENCODINGS)
    return results.pop()


def _convert(text: str, options: ComposeOptions, to_mode: ComposeMode) -> str:
    data = _typed_bytes(text, options)
    back = format_hex(data) if to_mode == "hex" else _as_text(data, options)
    try:
        same = _typed_bytes(back, replace(options, mode=to_mode)) == data
    except CannotConvert:
        same = False
    if not same:
        raise CannotConvert(Hindrance.NOT_TEXT)
    return back


def _typed_bytes(text: str, options: ComposeOptions) -> bytes:
    """What `text` itself gives, without the line ending after it."""
    try:
        data = compose(text, options)
        added = "" if options.mode == "hex" else options.line_ending.characters
        return data.removesuffix(encode(added, options.encoding))
    except (ComposeFault, EncodeFault) as fault:
        raise CannotConvert(Hindrance.FAULTY) from fault


def _as_text(data: bytes, options: ComposeOptions) -> str:
    text = decode(data, options.encoding)
    if options.line_ending.characters:
        text = text.replace(options.line_ending.characters, "\n")
    if options.escapes:
        return "\n".join(escaped(line) for line in text.split("\n"))
    # What cannot be seen in the editor, or what the editor would change, is no text.
    plain = text.replace("\n", "").replace("\t", "")
    if any(run.kind is not RunKind.TEXT for run in runs(plain)):
        raise CannotConvert(Hindrance.NOT_TEXT)
    return text
