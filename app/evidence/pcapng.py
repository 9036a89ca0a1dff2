"""Entries as packets that Wireshark opens, reconstructed: a journal knows no packets.

What is true: the bytes, their order, their time, who sent them, how each connection began and
ended. What is made up, and said to be: segments of a full MSS, handshakes, acknowledgements, window
and initial sequence numbers. A sequence number is the stream's offset beyond the initial one, so
that bytes that a pruned journal lacks are missing in Wireshark, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from app import APP_NAME, __version__
from app.evidence.packets import file_head
from app.evidence.parties import parties_of
from app.evidence.source import Source, mark_of, place_of, sentence
from app.evidence.talks import CLIENT, SERVER, Letters, Stream, Talk
from app.journal.entry import Entry, Kind, Role
from app.wording import tr

_WAITING = 32  # server events that wait for a packet to be told with
_IN, _OUT = int(Kind.IN), int(Kind.OUT)


def packet_pieces(source: Source) -> Iterator[bytes]:
    """Yield the file's head, and then the packets of a batch of entries."""
    capture = _Capture(source)
    yield file_head(f"{APP_NAME} {__version__}", tr("evidence.pcapng_comment"))
    for entries in source.batches():
        for entry in entries:
            capture.take(entry)
        yield capture.taken()


class _Capture:
    """All connections of a journal."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._talks: dict[int, Talk] = {}  # those that have not ended
        self._blocks: list[bytes] = []
        self._waiting: list[str] = []  # what the server had to say

    def taken(self) -> bytes:
        """Return the blocks of all that was taken since."""
        blocks = b"".join(self._blocks)
        self._blocks.clear()
        return blocks

    def take(self, entry: Entry) -> None:
        kind = entry.kind
        if not entry.client_id:
            said = f"{sentence(entry)} {mark_of(self._source, entry)}".rstrip()
            self._waiting = [*self._waiting[1 - _WAITING :], said]
            return
        talk = self._talks.get(entry.client_id) or self._begun(entry)
        if mark := mark_of(self._source, entry):
            talk.say(mark)
        if kind <= _OUT:
            talk.data(entry.time_ns, kind, entry.offset, entry.data)
        elif kind == Kind.OFFLINE:
            talk.close(entry.time_ns, str(entry.detail.get("reason", "")), sentence(entry))
            del self._talks[entry.client_id]
        elif kind == Kind.LAST_WORD:
            talk.finish(entry.time_ns, CLIENT, sentence(entry))
        elif kind != Kind.ONLINE:
            talk.say(sentence(entry))

    def _begun(self, entry: Entry) -> Talk:
        number = entry.client_id
        client, server, guesses = parties_of(self._source, number, entry.id)
        record = self._source.client(number)
        kind = self._source.servers.kind(record.server_id if record else 0)
        talk: Talk
        if kind == "udp":
            talk = Letters(client, server, self._blocks.append)
        else:
            way_out = record is not None and record.role == Role.WAY_OUT
            dialled_by = SERVER if way_out else CLIENT
            talk = Stream(number, client, server, self._blocks.append, dialled_by)
        plain = [tr("evidence.pcapng_plain")] if kind == "tls" else []
        note = [record.note] if record and record.note else []
        for words in (*self._waiting, place_of(self._source, number), *note, *plain, *guesses):
            talk.say(words)
        self._waiting.clear()
        self._talks[number] = talk
        ends = [self._end_before(entry, kind) for kind in (_IN, _OUT)]
        if any(ends):
            talk.join(ends)
        else:
            talk.open(entry.time_ns)
        return talk

    def _end_before(self, entry: Entry, kind: int) -> int:
        """Return where a stream stands before an entry; 0 where it has not begun."""
        if kind == entry.kind:
            return entry.offset
        if entry.kind == Kind.ONLINE:
            return 0
        before = self._source.before(entry.client_id, kind, entry.id)
        return before.offset + len(before.data) if before else 0
