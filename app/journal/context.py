"""A chunk's text, decoded as a part of its stream although chunks are read in any order.

Between two chunks it is decided whether the bytes held back belong to a character (`text.stray`).
A tiny chunk after a pause is judged with what came right after it, which may not be here yet: then
the decision is not final, and nothing that rests on it is remembered.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from app.journal.entry import Entry, Kind
from app.journal.history import HeldAt, Reach, breaks, past_of, start_of, walk_ahead
from app.text.decoder import DecoderState, StreamDecoder, decode
from app.text.encodings import Encoding, UnknownEncoding, find_encoding
from app.text.stray import (
    ENOUGH_BYTES,
    PAUSE_NS,
    TOGETHER_NS,
    Held,
    held_by,
    stray_bytes,
)

if TYPE_CHECKING:
    from app.journal.reader import Reader

ROW_BYTES = 1024  # of a chunk, decoded for a row of the log
_STATES = 16_384  # places in streams whose state is remembered
_NEAR = 128  # places before a settled chunk that are told, so that one can read on from there
_LANDMARKS = 256  # places that are remembered on a long way, for the next one
_ONE_BYTE = ("latin-1", "ascii")  # every byte is a character: nothing is ever held back
_OUT = int(Kind.OUT)

_Place = tuple[int, int, int, str]  # client_id, kind, offset in the stream, encoding


class Shown(NamedTuple):
    """The text of one chunk."""

    text: str  # as `app.text.decoder` makes it: undecodable bytes are U+DC00 + byte
    waiting_bytes: int = 0  # its last character is unfinished: the least number of bytes it lacks
    continues: bool = False  # its first bytes complete a character begun in an earlier chunk
    cut: bool = False  # there are more bytes than were asked for
    unsure: bool = False  # no safe start was in reach: `settle` makes it right
    final: bool = True  # False: what comes next may show that it must be read otherwise
    waiting: bytes = b""  # the unfinished character's bytes


class _State(NamedTuple):
    held: Held
    sure: bool
    final: bool = True


Settled = dict[_Place, _State]


class ContextDecoder:
    """Decodes chunks of one journal. Belongs to the thread of its reader.

    A character split between chunks appears whole in the later one. What is remembered is only the
    few bytes held back at a place in a stream, so that the chunk that begins there needs no walk.
    """

    def __init__(
        self, reader: Reader, encoding_of: Callable[[int], str], reach: Reach | None = None
    ) -> None:
        """`encoding_of` tells a client's encoding, for what was received.

        `reach` is what all walks back may read together until its owner renews it, for a thread
        that must not wait; without it, each walk goes far.
        """
        self._reader = reader
        self._encoding_of = encoding_of
        self._reach = reach
        self._states: dict[_Place, _State] = {}

    def decode(self, entry: Entry, *, limit_bytes: int | None = ROW_BYTES) -> Shown:
        """Decode a chunk, or its first `limit_bytes`; of an event, its detail."""
        if entry.kind > _OUT:
            return Shown(entry.data.decode("utf-8", "replace"))
        encoding = self.encoding(entry)
        before = self._state_before(entry, encoding)
        stray, final = self._stray(before.held, entry, encoding)
        decoder = _holding(before.held.waiting[stray:], encoding)
        continues = bool(decoder.waiting)
        cut = limit_bytes is not None and len(entry.data) > limit_bytes
        text = decoder.feed(entry.data[:limit_bytes] if cut else entry.data)
        waiting, missing = b"", 0
        final = final and before.final
        if not cut:
            held = held_by(entry.data, decoder.waiting, entry.mono_ns)
            after = self._place(entry, encoding, len(entry.data))
            self._remember(after, _State(held, before.sure, final))
            stray, is_final = self._stray_at_end(entry, held, encoding)
            text += decode(held.waiting[:stray], encoding.name)
            waiting, final = held.waiting[stray:], final and is_final
            missing = _holding(waiting, encoding).missing
        return Shown(text, missing, continues, cut, not before.sure, final, waiting)

    def texts(self, entries: Sequence[Entry]) -> list[str]:
        """Return what `decode` shows of chunks that follow each other in one stream.

        All are of one encoding. Asks far less of the journal than one after another does.
        """
        encoding = self.encoding(entries[0])
        held = self._state_before(entries[0], encoding).held
        texts: list[str] = []
        for at, entry in enumerate(entries):
            stray = self._stray(held, entry, encoding)[0]
            if at:
                texts[-1] += decode(held.waiting[:stray], encoding.name)
            decoder = _holding(held.waiting[stray:], encoding)
            texts.append(decoder.feed(entry.data))
            held = held_by(entry.data, decoder.waiting, entry.mono_ns)
        stray = self._stray_at_end(entries[-1], held, encoding)[0]
        texts[-1] += decode(held.waiting[:stray], encoding.name)
        return texts

    def _stray_at_end(self, entry: Entry, held: Held, encoding: Encoding) -> tuple[int, bool]:
        """Return how many of the bytes held back after `entry` are stray, and if it is final.

        What waits may be found stray later, when the next chunk is there.
        """
        if not held.waiting:
            return 0, True
        following = self._reader.ahead(entry.client_id, entry.kind, entry.id, 1)
        if following and not breaks(following[0], entry):
            return self._stray(held, following[0], encoding)
        ends = following or self._has_ended(entry.client_id)
        return len(held.waiting) if ends else 0, True

    def decoder_at(self, entry: Entry) -> StreamDecoder:
        """Return a decoder that stands at the first byte of `entry`, a chunk."""
        encoding = self.encoding(entry)
        held = self._state_before(entry, encoding).held
        return _holding(held.waiting[self._stray(held, entry, encoding)[0] :], encoding)

    def stray_between(self, earlier: Entry, entry: Entry, waiting: bytes) -> int:
        """Return how many of the bytes held back after `earlier` begin no character.

        `entry` is the next chunk of the stream, in the same encoding.
        """
        held = held_by(earlier.data, waiting, earlier.mono_ns)
        return self._stray(held, entry, self.encoding(entry))[0]

    def encoding(self, entry: Entry) -> Encoding:
        """Return the encoding in which `entry`, a chunk, is shown."""
        return self.encoding_of(entry.client_id, entry.kind, entry.encoding)

    def encoding_of(self, client_id: int, kind: int, sent_in: str) -> Encoding:
        """Return the encoding in which a client's chunk is shown; `sent_in` is what was sent."""
        name = (kind == _OUT and sent_in) or self._encoding_of(client_id)
        try:
            return find_encoding(name)
        except UnknownEncoding:  # a later version's journal: show its bytes
            return find_encoding("ascii")

    def settle(self, entry: Entry, cancelled: Callable[[], bool] = lambda: False) -> Settled:
        """Walk back as far as it takes for an `unsure` chunk; return what to `learn`. Slow.

        Nothing if `cancelled()`. However long the way is, little of it is in memory.
        """
        encoding = self.encoding(entry)
        start = start_of(self._reader, entry, encoding, self._held_at(encoding), cancelled)
        if start is None:
            return {}
        near: deque[tuple[_Place, _State]] = deque(maxlen=_NEAR)
        every = start.length // _LANDMARKS + 1
        state = _State(start.held, True)
        chunks = walk_ahead(self._reader, start, entry)
        way = self._through(state, chunks, start.at, encoding)
        for number, (chunk, after) in enumerate(way):
            if cancelled():
                return {}
            state = after
            near.append((self._place(chunk, encoding, len(chunk.data)), state))
            if number % every == 0:
                self._remember(*near[-1])
        near.append((self._place(entry, encoding), state))
        self._remember(*near[-1])
        return {place: state for place, state in near if state.final}

    def learn(self, settled: Settled) -> None:
        """Take what another decoder of the same journal has settled."""
        for place, state in settled.items():
            self._remember(place, state)

    def forget(self, client_ids: Collection[int]) -> None:
        """Drop what is remembered of these clients: their encoding has changed."""
        self._states = {p: state for p, state in self._states.items() if p[0] not in client_ids}

    def _state_before(self, entry: Entry, encoding: Encoding) -> _State:
        if entry.offset == 0 or encoding.name in _ONE_BYTE:
            return _State(Held(), True)
        place = self._place(entry, encoding)
        known = self._states.get(place)
        if known is None:
            known = self._walk(entry, encoding)
            self._remember(place, known)
        return known

    def _walk(self, entry: Entry, encoding: Encoding) -> _State:
        reach = self._reach or Reach()
        past = past_of(self._reader, entry, encoding, self._held_at(encoding), reach)
        state = _State(past.held, past.sure)
        for _, after in self._through(state, past.chunks, past.begin, encoding):
            state = after
        return state

    def _through(
        self, state: _State, chunks: Iterable[Entry], begin: int, encoding: Encoding
    ) -> Iterator[tuple[Entry, _State]]:
        """Read chunks of one stream, the first from `begin`; yield each and what it leaves."""
        held, sure, final = state
        decoder = _holding(held.waiting, encoding)
        for chunk in chunks:
            stray, is_final = self._stray(held, chunk, encoding)
            if stray:
                decoder = _holding(held.waiting[stray:], encoding)
            decoder.feed(chunk.data[begin:])
            begin, final = 0, final and is_final
            held = held_by(chunk.data, decoder.waiting, chunk.mono_ns)
            yield chunk, _State(held, sure, final)

    def _stray(self, held: Held, chunk: Entry, encoding: Encoding) -> tuple[int, bool]:
        """Return how many of the bytes held back before `chunk` are stray, and if it is final."""
        if not held.waiting:
            return 0, True
        gap_ns = chunk.mono_ns - held.at_ns
        head, final = chunk.data, True
        if len(head) < ENOUGH_BYTES and gap_ns >= PAUSE_NS:
            head, final = self._together(chunk)
        return stray_bytes(encoding.name, held, head, gap_ns), final

    def _together(self, chunk: Entry) -> tuple[bytes, bool]:
        """Return a tiny chunk's bytes with what came right after it; whether that is all."""
        data, last = chunk.data, chunk
        for more in self._reader.ahead(chunk.client_id, chunk.kind, chunk.id, ENOUGH_BYTES):
            if more.mono_ns - last.mono_ns > TOGETHER_NS or breaks(more, chunk):
                return data, True
            data, last = data + more.data, more
            if len(data) >= ENOUGH_BYTES:
                return data, True
        return data, self._has_ended(chunk.client_id)

    def _held_at(self, encoding: Encoding) -> HeldAt:
        """Return what tells the bytes held back at a chunk's beginning, where that is certain."""

        def held_at(chunk: Entry) -> Held | None:
            state = self._states.get(self._place(chunk, encoding))
            return state.held if state is not None and state.sure else None

        return held_at

    def _place(self, chunk: Entry, encoding: Encoding, after_bytes: int = 0) -> _Place:
        return chunk.client_id, chunk.kind, chunk.offset + after_bytes, encoding.name

    def _remember(self, place: _Place, state: _State) -> None:
        if not state.final:
            return
        if len(self._states) >= _STATES:
            for old in list(islice(self._states, _STATES // 2)):
                del self._states[old]
        self._states[place] = state

    def _has_ended(self, client_id: int) -> bool:
        """Whether nothing more will ever come from a client or go to it."""
        if not self._reader.live:
            return True
        client = self._reader.client(client_id)
        return client is not None and client.closed_ns > 0


def _holding(waiting: bytes, encoding: Encoding) -> StreamDecoder:
    return StreamDecoder.restore(DecoderState(encoding.name, waiting))
