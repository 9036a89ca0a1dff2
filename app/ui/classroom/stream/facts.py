"""What is said about one byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models.call_entries import call_of
from app.text.hexa import format_hex
from app.text.visible import runs
from app.wording import tr
from app.wording.amounts import clock_text

if TYPE_CHECKING:
    from app.journal.entry import Entry
    from app.models.stream_band import Band
    from app.teaching.recorder import CallRecorder


def byte_facts(band: Band, offset: int, number: int, recorder: CallRecorder) -> list[str]:
    """Return where a byte stands, which call brought it when, and what it belongs to."""
    chunk = band.chunk_at(offset)
    if chunk is None:
        return []
    byte = chunk.data[offset - chunk.offset]
    facts = [
        tr("stream.byte", offset=f"{offset:,}", hex=f"0x{byte:02X}"),
        tr("stream.chunk", number=f"{number:,}", size=f"{len(chunk.data):,}"),
        clock_text(chunk.time_ns),
    ]
    if thread := _thread_of(chunk, recorder):
        facts.append(thread)
    facts.append(_character_text(band, offset))
    return facts


def _thread_of(chunk: Entry, recorder: CallRecorder) -> str:
    call = call_of(chunk, recorder)
    if call is None:
        return ""
    return next((lane.name for lane in recorder.lanes() if lane.number == call.lane), "")


def _character_text(band: Band, offset: int) -> str:
    character = band.character_at(offset)
    if character is None:
        missing = band.waiting.missing if band.waiting else 0
        return tr("stream.waits_for", n=missing)
    if character.is_bad:
        return tr("stream.bad_byte")
    own = b"".join(
        chunk.data[max(character.offset - chunk.offset, 0) : max(character.end - chunk.offset, 0)]
        for chunk in band.chunks
    )
    shown = f"{runs(character.text)[0].text} = {format_hex(own)}"
    return f"{shown} ({tr('stream.cut')})" if band.is_cut(character) else shown
