"""The way out to one client, for everybody who sends to it or ends it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from app.journal.entry import Kind
from app.net.facts import CloseReason, SendResult
from app.net.oserrors import close_reason
from app.net.outbox import Outbox, Parcel
from app.net.shared import Shared
from app.net.tally import Tally
from app.net.trace import told
from app.net.wire import Wire

PIECES_AT_ONCE = 16  # of an outbox; then the sender turns to the next client
_OUT = int(Kind.OUT)


class Outlet:
    """Sends at once what the kernel takes, keeps the rest, and journals exactly what was taken.

    `lock` is the session's lock: whoever touches the socket, except for the worker's `recv`, holds
    it and looks whether the session is still open. The attributes may be read without it.
    """

    __slots__ = (
        "_broken",
        "_client_id",
        "_outbox",
        "_progress",
        "_shared",
        "_watched",
        "_wire",
        "bytes_out",
        "is_ending",
        "is_open",
        "lock",
        "sent_mono_ns",
        "verdict",
    )

    def __init__(self, client_id: int, wire: Wire, shared: Shared) -> None:
        self.lock = threading.Lock()
        self.is_open = True
        self.is_ending = False  # somebody wants the worker to stop receiving and close
        self.bytes_out = 0
        self.sent_mono_ns = 0  # when the kernel last took something
        # Why the connection ends, where that is known before recv returns; and the system's text.
        self.verdict: tuple[CloseReason, str] | None = None
        self._client_id = client_id
        self._wire = wire
        self._shared = shared
        self._outbox = Outbox(shared.outbox_limit_bytes)
        self._broken = False  # a send failed: nothing more goes out
        self._watched = False  # the sender waits until the socket takes bytes
        self._progress: threading.Event | None = None  # set when a waiting worker should look

    @property
    def waiting_bytes(self) -> int:
        """Bytes that the kernel has not taken yet."""
        return self._outbox.waiting_bytes

    def send(self, data: bytes, encoding: str, tally: Tally | None = None) -> SendResult:
        """Send what the kernel takes at once; the rest waits. Never blocks.

        What does not fit into the outbox is refused whole. `tally` hears of the end: the last byte
        was taken, or it will never be. Thread: the sender; the worker for an automatic reply.
        """
        with self.lock:
            result = self._send(data, encoding, tally)
        self._tell_worker()  # who looked in the middle of it saw bytes that wait
        if tally is not None and result is not SendResult.WAITING:
            tally.settle(self._client_id, result)
        return result

    def has_room_for(self, size_bytes: int) -> bool:
        """Return whether a send of this size would be accepted now."""
        return self._outbox.has_room_for(size_bytes)

    def can_ever_hold(self, size_bytes: int) -> bool:
        """Return whether a send of this size would be accepted if nothing else waited."""
        return size_bytes <= self._outbox.limit_bytes

    def write_waiting(self) -> None:
        """Write what waits, as far as the kernel takes it. Thread: the sender."""
        with self.lock:
            finished = self._write() if self.is_open else []
        self._tell_worker()
        for parcel in finished:
            if parcel.tally is not None:
                parcel.tally.settle(self._client_id, SendResult.SENT)

    def wait_for(self, enough: Callable[[], bool], patience_s: float | None = None) -> None:
        """Wait until `enough()`, the end, or `patience_s` without a byte taken. Thread: worker."""
        self._progress = progress = threading.Event()
        while True:
            progress.clear()
            if enough() or self._broken or self.verdict is not None:
                break
            if not told("wait_for_peer", None, progress.wait, patience_s):
                break
        self._progress = None

    def end(self, reason: CloseReason) -> None:
        """Make the worker's `recv` return; the worker then closes. Returns at once. Thread: any."""
        with self.lock:
            if not self.is_open or self.verdict is not None:
                return
            self.verdict = reason, ""  # before recv can fail for another reason
            self.is_ending = True
            # Not both directions: the end of ours, sent now, would tell a client that is sending
            # that we have no room, and nothing would ever tell it otherwise. `close` does.
            self._wire.stop_receiving()
        self._tell_worker()

    def close(self) -> int:
        """Close the socket; return how many bytes were never sent. Thread: the worker, alone."""
        with self.lock:
            self.is_open = False
            self._watch(False)
            self._wire.close()
            unsent_bytes = self._outbox.waiting_bytes
            unsent = self._outbox.empty()
        for parcel in unsent:
            if parcel.tally is not None:
                parcel.tally.settle(self._client_id, SendResult.GONE)
        return unsent_bytes

    # -- under the lock --------------------------------------------------------------------

    def _send(self, data: bytes, encoding: str, tally: Tally | None) -> SendResult:
        if not self.is_open or self._broken or self.verdict is not None:
            return SendResult.GONE
        if not self._outbox.has_room_for(len(data)):
            self._shared.journal.append_event(
                self._client_id,
                Kind.SEND_REFUSED,
                size_bytes=len(data),
                waiting_bytes=self._outbox.waiting_bytes,
                limit_bytes=self._outbox.limit_bytes,
            )
            return SendResult.REFUSED
        if data:
            others_wait = bool(self._outbox)
            self._outbox.put(Parcel(data, encoding, tally))
            if not others_wait:
                self._write()
        return SendResult.WAITING if self._outbox else SendResult.SENT

    def _write(self) -> list[Parcel]:
        """Write until the kernel takes no more; return the parcels that are finished."""
        outbox, finished = self._outbox, []
        for _ in range(PIECES_AT_ONCE):
            if not outbox or self._broken:
                break
            piece, encoding = outbox.next_piece(), outbox.first.encoding
            try:
                taken_bytes = self._wire.send(piece)
            except BlockingIOError:
                break
            except OSError as error:
                self._break(error)
                break
            self._record(piece, taken_bytes, encoding)
            parcel = outbox.took(taken_bytes)
            if parcel is not None:
                finished.append(parcel)
            if taken_bytes < len(piece):
                break
        self._watch(bool(outbox) and not self._broken)
        return finished

    def _record(self, piece: bytes | memoryview, taken_bytes: int, encoding: str) -> None:
        if taken_bytes < len(piece):
            piece = piece[:taken_bytes]
        self._shared.journal.append(self._client_id, _OUT, bytes(piece), self.bytes_out, encoding)
        self.bytes_out += taken_bytes
        self.sent_mono_ns = time.monotonic_ns()

    def _watch(self, wanted: bool) -> None:
        if wanted is not self._watched:
            self._watched = wanted
            if wanted:
                self._shared.sender.watch(self._wire.fileno(), self)
            else:
                self._shared.sender.forget(self._wire.fileno())

    def _break(self, error: OSError) -> None:
        self._broken = True
        # A broken pipe means that the end came in by way of recv: let that tell which end it was.
        # Any other error is told only once by the system, and recv will not hear of it.
        if self.verdict is None and not isinstance(error, BrokenPipeError):
            self.verdict = close_reason(error), str(error)
        self._wire.stop_receiving()
        self._tell_worker()

    def _tell_worker(self) -> None:
        if (progress := self._progress) is not None:
            progress.set()
