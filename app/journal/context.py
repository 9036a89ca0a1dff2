"""A chunk's text, decoded as a part of its stream although chunks are read in any order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from app.journal.entry import Entry, Kind
from app.journal.history import Reach, WaitingAt, past_of, start_of, walk_ahead
from app.text.decoder import DecoderState, StreamDecoder
from app.text.encodings import Encoding, UnknownEncoding, find_encoding

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


class _State(NamedTuple):
    waiting: bytes
    sure: bool


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
        decoder = StreamDecoder.restore(DecoderState(encoding.name, before.waiting))
        cut = limit_bytes is not None and len(entry.data) > limit_bytes
        text = decoder.feed(entry.data[:limit_bytes] if cut else entry.data)
        missing = 0 if cut else decoder.missing
        if not cut:
            after = self._place(entry, encoding, len(entry.data))
            self._remember(after, _State(decoder.waiting, before.sure))
            if missing and self._ends(entry):
                text, missing = text + decoder.feed(b"", final=True), 0
        return Shown(text, missing, bool(before.waiting), cut, not before.sure)

    def decoder_at(self, entry: Entry) -> StreamDecoder:
        """Return a decoder that stands at the first byte of `entry`, a chunk."""
        encoding = self.encoding(entry)
        before = self._state_before(entry, encoding)
        return StreamDecoder.restore(DecoderState(encoding.name, before.waiting))

    def encoding(self, entry: Entry) -> Encoding:
        """Return the encoding in which `entry`, a chunk, is shown."""
        name = (entry.kind == _OUT and entry.encoding) or self._encoding_of(entry.client_id)
        try:
            return find_encoding(name)
        except UnknownEncoding:  # a later version's journal: show its bytes
            return find_encoding("ascii")

    def settle(self, entry: Entry, cancelled: Callable[[], bool] = lambda: False) -> Settled:
        """Walk back as far as it takes for an `unsure` chunk; return what to `learn`. Slow.

        Nothing if `cancelled()`. However long the way is, little of it is in memory.
        """
        encoding = self.encoding(entry)
        start = start_of(self._reader, entry, encoding, self._sure_at(encoding), cancelled)
        if start is None:
            return {}
        decoder = StreamDecoder.restore(DecoderState(encoding.name, start.waiting))
        near: deque[tuple[_Place, _State]] = deque(maxlen=_NEAR)
        every = start.length // _LANDMARKS + 1
        begin = start.at
        for number, chunk in enumerate(walk_ahead(self._reader, start, entry)):
            if cancelled():
                return {}
            decoder.feed(chunk.data[begin:])
            begin = 0
            place = self._place(chunk, encoding, len(chunk.data))
            near.append((place, _State(decoder.waiting, True)))
            if number % every == 0:
                self._remember(*near[-1])
        near.append((self._place(entry, encoding), _State(decoder.waiting, True)))
        self._remember(*near[-1])
        return dict(near)

    def learn(self, settled: Settled) -> None:
        """Take what another decoder of the same journal has settled."""
        for place, state in settled.items():
            self._remember(place, state)

    def forget(self, client_ids: Collection[int]) -> None:
        """Drop what is remembered of these clients: their encoding has changed."""
        self._states = {p: state for p, state in self._states.items() if p[0] not in client_ids}

    def _state_before(self, entry: Entry, encoding: Encoding) -> _State:
        if entry.offset == 0 or encoding.name in _ONE_BYTE:
            return _State(b"", True)
        place = self._place(entry, encoding)
        known = self._states.get(place)
        if known is None:
            known = self._walk(entry, encoding)
            self._remember(place, known)
        return known

    def _walk(self, entry: Entry, encoding: Encoding) -> _State:
        reach = self._reach or Reach()
        past = past_of(self._reader, entry, encoding, self._sure_at(encoding), reach)
        decoder = StreamDecoder.restore(DecoderState(encoding.name, past.waiting))
        decoder.feed(past.data)
        return _State(decoder.waiting, past.sure)

    def _sure_at(self, encoding: Encoding) -> WaitingAt:
        """Return what tells the bytes held back at a chunk's beginning, where that is certain."""

        def waiting_at(chunk: Entry) -> bytes | None:
            state = self._states.get(self._place(chunk, encoding))
            return state.waiting if state is not None and state.sure else None

        return waiting_at

    def _place(self, chunk: Entry, encoding: Encoding, after_bytes: int = 0) -> _Place:
        return chunk.client_id, chunk.kind, chunk.offset + after_bytes, encoding.name

    def _remember(self, place: _Place, state: _State) -> None:
        if len(self._states) >= _STATES:
            for old in list(islice(self._states, _STATES // 2)):
                del self._states[old]
        self._states[place] = state

    def _ends(self, entry: Entry) -> bool:
        """Whether nothing will ever complete the character at the end of `entry`."""
        following = self._reader.ahead(entry.client_id, entry.kind, entry.id, 1)
        if following:
            return entry.kind == _OUT and following[0].encoding != entry.encoding
        if not self._reader.live:
            return True
        client = self._reader.client(entry.client_id)
        return client is not None and client.closed_ns > 0
