"""One row of the log, ready to be laid out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.frames.places import Shape, shape_of, size_of
from app.journal.context import ROW_BYTES, ContextDecoder, Shown
from app.journal.entry import Entry, Kind
from app.text.decoder import decode
from app.wording.amounts import clock_text
from app.wording.events import event_sentence

if TYPE_CHECKING:
    from app.journal.framed import Frame
    from app.models.frame_words import FrameWords
    from app.net.facts import Endpoint
    from app.wording.journal_servers import JournalServers

_IN, _OUT = int(Kind.IN), int(Kind.OUT)
# With a smaller receive size, as the classroom has it, filling it is no news.
_LEAST_FILLED_BYTES = 16
_NAMES = 20_000  # addresses that are remembered as text


@dataclass(frozen=True, slots=True)
class LogRow:
    """What a row shows. Of a chunk at most ROW_BYTES bytes, whatever its size."""

    id: int  # by which the log's rows know it: its entry's, or a frame's key
    client_id: int  # 0: the server itself
    kind: int
    time_ns: int
    time_text: str  # to the millisecond; with month and day unless it is today's
    client_text: str  # "#12", or "" for the server itself
    address: str  # "192.168.1.7:64570", or ""
    server: str  # "TCP 8080", or "" where nobody noted it
    size_bytes: int  # of the whole chunk; 0 for an event
    data: bytes  # the first bytes of a chunk
    encoding: str  # in which a chunk is shown: a name; "" for an event
    text: str  # these bytes decoded as `app.text.decoder` does; of an event its sentence
    waiting_bytes: int = 0  # that the unfinished character at the end lacks at least
    continues: bool = False  # the first bytes complete an earlier chunk's character
    unsure: bool = False  # the history was too long for now: may change
    final: bool = True  # False: what comes next may show that it must be read otherwise
    filled: bool = False  # as long as one recv can be: more of the same send may follow
    shape: Shape = Shape.FRAME  # of a frame's row; a chunk is one, too
    wrong: str = ""  # what in a frame is not as its protocol wants it
    columns: tuple[str, ...] = ()  # values of a frame's fields that have a column

    @property
    def is_chunk(self) -> bool:
        """Whether the row shows bytes rather than an event."""
        return self.kind <= _OUT

    @property
    def hidden_bytes(self) -> int:
        """How many bytes of the chunk the row leaves to the detail pane."""
        return self.size_bytes - len(self.data)


class RowMaker:
    """Makes rows of entries. Belongs to the thread of the decoder's reader."""

    def __init__(
        self,
        decoder: ContextDecoder,
        client_name: Callable[[int], Endpoint | None],
        recv_size: Callable[[], int],
        servers: JournalServers,
    ) -> None:
        """`client_name` and `recv_size` are those of `LogRows.set_source`."""
        self.servers = servers
        self._decoder = decoder
        self._recv_size = recv_size
        self._client_name = client_name
        self._names: dict[int, str] = {}
        self._second = (0, "")  # of the last row: rows of one second come together

    def make(self, entry: Entry) -> LogRow:
        """Return the row of `entry`."""
        is_chunk = entry.kind <= _OUT
        if entry.kind == Kind.SERVER_OPENED:
            self.servers.look()
        shown = self._decoder.decode(entry) if is_chunk else Shown(event_sentence(entry))
        return LogRow(
            id=entry.id,
            client_id=entry.client_id,
            kind=entry.kind,
            time_ns=entry.time_ns,
            time_text=self._time_text(entry.time_ns),
            client_text=f"#{entry.client_id}" if entry.client_id else "",
            address=self.address(entry.client_id),
            server=self.servers.label(entry),
            size_bytes=len(entry.data) if is_chunk else 0,
            data=entry.data[:ROW_BYTES] if is_chunk else b"",
            encoding=self._decoder.encoding(entry).name if is_chunk else "",
            text=shown.text,
            waiting_bytes=shown.waiting_bytes,
            continues=shown.continues,
            unsure=shown.unsure,
            final=shown.final,
            filled=entry.kind == _IN and self._is_filled(len(entry.data)),
        )

    def make_frame(self, frame: Frame, waiting_bytes: int, words: FrameWords | None) -> LogRow:
        """Return the row of a frame: what `words` say, else its bytes; None: it will be said."""
        place, entry, data = frame
        if place.start < 0:
            return replace(self.make(entry), id=place.key)
        encoding = self._decoder.encoding(entry).name
        said = words.summary if words else ""
        if words and not said:
            said = decode(data[:ROW_BYTES], encoding)
        return LogRow(
            id=place.key,
            client_id=entry.client_id,
            kind=entry.kind,
            time_ns=entry.time_ns,
            time_text=self._time_text(entry.time_ns),
            client_text=f"#{entry.client_id}",
            address=self.address(entry.client_id),
            server=self.servers.label(entry),
            size_bytes=size_of(place.size),
            data=data[:ROW_BYTES],
            encoding=encoding,
            text=said,
            waiting_bytes=waiting_bytes,
            shape=shape_of(place.size),
            wrong=words.wrong if words else "",
            columns=words.columns if words else (),
        )

    def _is_filled(self, size_bytes: int) -> bool:
        return size_bytes >= _LEAST_FILLED_BYTES and size_bytes == self._recv_size()

    def _time_text(self, time_ns: int) -> str:
        second, below_ns = divmod(time_ns, 1_000_000_000)
        if second != self._second[0]:
            self._second = second, _second_text(second)
        return f"{self._second[1]}.{below_ns // 1_000_000:03}"

    def forget_times(self) -> None:
        """The day has changed."""
        self._second = (-1, "")

    def address(self, client_id: int) -> str:
        """Return a client's address as text; "" for the server itself and for an unknown one."""
        if client_id == 0:
            return ""
        name = self._names.get(client_id)
        if name is None:
            endpoint = self._client_name(client_id)
            if endpoint is None:  # it may become known in a moment
                return ""
            if len(self._names) >= _NAMES:
                self._names.clear()
            name = self._names[client_id] = str(endpoint)
        return name


def _second_text(second: int) -> str:
    """Return the time of day to the second; of another day with its date, which may need a year."""
    now, then = time.localtime(), time.localtime(second)
    clock, _, _ = clock_text(second * 1_000_000_000).partition(".")
    if (now.tm_year, now.tm_yday) == (then.tm_year, then.tm_yday):
        return clock
    year = "" if now.tm_year == then.tm_year else f"{then.tm_year:04}-"
    return f"{year}{then.tm_mon:02}-{then.tm_mday:02} {clock}"
