"""The way out to one client, for everybody who sends to it or ends it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from app.journal.entry import Kind
from app.journal.errors import JournalClosed
from app.net.facts import CloseReason, SendResult
from app.net.in_flight import Owing
from app.net.oserrors import close_reason
from app.net.outbox import PIECE_BYTES, Outbox, Parcel, Pieces, cut
from app.net.shared import Shared
from app.net.tally import Counts
from app.net.trace import told
from app.net.wire import Wire, patience_s

PIECES_AT_ONCE = 16  # of an outbox; then the sender turns to the next client
_OUT = int(Kind.OUT)


class Outlet:
    """Sends at once what the kernel takes, keeps the rest, and journals exactly what was taken.

    `lock` is the session's lock: whoever touches the socket, except for the worker's `recv`, holds
    it and looks whether the session is still open. The attributes may be read without it.
    """

    __slots__ = (
        "_client_id", "_greets_by_ns", "_held", "_outbox", "_owing", "_progress", "_shared",
        "_tended", "_watched", "_wire", "bytes_out", "finishes", "is_broken", "is_ending",
        "is_open", "lock", "sent_mono_ns", "verdict",
    )  # fmt: skip

    def __init__(self, client_id: int, wire: Wire, shared: Shared) -> None:
        self.lock = wire.lock
        self.is_open = True
        self.is_ending = False  # somebody wants the worker to stop receiving and close
        self.finishes: CloseReason | None = None  # what an answer closed it for
        self.bytes_out = 0
        self.sent_mono_ns = 0  # when the kernel last took something
        # Why the connection ends, where that is known before recv returns; and the system's text.
        self.verdict: tuple[CloseReason, str] | None = None
        self._client_id = client_id
        self._wire = wire
        self._shared = shared
        self._outbox = Outbox(shared.outbox_limit_bytes)
        self.is_broken = False  # a send failed: nothing more goes out
        self._watched = False  # the sender waits until the socket takes bytes
        self._held = False  # the sender waits until the journal has room
        self._tended = False  # the sender looks every second at what is on its way
        self._owing = Owing()
        self._greets_by_ns = 0  # the handshake has to be done (monotonic); 0: whenever it likes
        self._progress: threading.Event | None = None  # set when a waiting worker should look

    @property
    def unacknowledged(self) -> tuple[int, int] | None:
        """Bytes that the kernel took, and since when the peer owes an answer (monotonic ns)."""
        return self._owing.unacknowledged

    @property
    def limit_bytes(self) -> int:
        """How much the outbox holds."""
        return self._outbox.limit_bytes

    @property
    def waiting_bytes(self) -> int:
        """Bytes that the kernel has not taken yet."""
        return self._outbox.waiting_bytes + self._wire.unsent_bytes

    def send(
        self,
        data: bytes | Pieces,
        encoding: str,
        tally: Counts | None = None,
        *,
        keep: bool = True,
    ) -> SendResult:
        """Send what the kernel takes at once; the rest waits. Never blocks.

        What does not fit into the outbox is refused whole. `tally` hears of the end: the last byte
        was taken, or it will never be. `keep`: in the journal. Thread: the sender; the worker for
        an automatic reply; a task's.
        """
        pieces = cut(data) if isinstance(data, bytes) else data
        with self.lock:
            result = self._send(Parcel(pieces, encoding, tally, keep=keep))
        self.wake_worker()  # who looked in the middle of it saw bytes that wait
        if tally is not None and result is not SendResult.WAITING:
            tally.settle(self._client_id, result)
        return result

    def has_room_for(self, size_bytes: int) -> bool:
        """Return whether a send of this size would be accepted now."""
        return self._outbox.has_room_for(size_bytes)

    def write_waiting(self) -> None:
        """Write what waits, as far as the kernel and the journal take it. Thread: the sender."""
        finished: list[Parcel] = []
        with self.lock:
            self._held = False
            if self.is_open:
                self._write(finished)
        self.wake_worker()
        self._settle(finished, SendResult.SENT)

    def attend(self) -> bool:
        """Look at what is on its way; return whether to look again. Thread: the sender.

        A client that has vanished is ended here: its worker's `recv` would not hear of it for a
        quarter of an hour.
        """
        if self._outbox and not self._watched and not self._held:  # an error left it so
            self.write_waiting()
        gone, is_late = False, time.monotonic_ns() >= self._greets_by_ns > 0
        with self.lock:
            if self.is_open:
                gone = self._owing.look(
                    self._wire.in_flight(), patience_s(self._shared.keepalive_s)
                )
            looks = self._owing.since_ns or self._outbox or self._greets_by_ns
            stays = self._tended = self.is_open and bool(looks)
        if gone or is_late:
            self.end(CloseReason.TIMED_OUT if gone else CloseReason.NO_GREETING)
        return stays

    def greets_within(self, seconds: float | None) -> None:
        """End the client after so long; None: it need not hurry any more. Thread: the worker."""
        self._greets_by_ns = time.monotonic_ns() + int(seconds * 1e9) if seconds else 0
        with self.lock:
            is_new, self._tended = not self._tended, True
        if is_new:
            self._shared.sender.tend(self)

    def wait_for(self, enough: Callable[[], bool], patience_s: float | None = None) -> None:
        """Wait until `enough()`, the end, or `patience_s` without a byte taken. Thread: worker."""
        self._progress = progress = threading.Event()
        while True:
            progress.clear()
            if enough() or self.is_broken or self.verdict is not None:
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
        self.wake_worker()

    def finish(self, reason: CloseReason, *, reset: bool = False) -> None:
        """Let the worker send what waits and then close; `reset`: at once, with a RST. Any thread.

        The first reason counts.
        """
        with self.lock:
            if not self.is_open or self.is_ending or self.verdict is not None:
                return
            self.is_ending = True
            self.finishes = reason
            if reset:
                self.verdict = reason, ""
                self._wire.reset_at_close()
            self._wire.stop_receiving()
        self.wake_worker()

    def end_stream(self) -> None:
        """Tell the client that nothing more is sent; it may go on. Thread: any."""
        with self.lock, suppress(OSError):  # gone already: recv says so
            if self.is_open:
                self._wire.end_stream()

    def close(self) -> int:
        """Close the socket; return how many bytes were never sent. Thread: the worker, alone."""
        unsent_bytes, unsent = 0, list[Parcel]()
        try:
            with self.lock:
                self.is_open = False
                self._owing = Owing()
                unsent_bytes, unsent = self.waiting_bytes, self._outbox.empty()
                try:
                    self._watch(False)
                finally:
                    self._wire.close()
        finally:
            self._settle(unsent, SendResult.GONE)
        return unsent_bytes

    def give_up(self) -> None:
        """Settle what waits: the worker, which would, did not end in time. Thread: the listener.

        Without the lock: what hangs may hold it.
        """
        self._settle(self._outbox.waiting(), SendResult.GONE)

    def _settle(self, parcels: Iterable[Parcel], result: SendResult) -> None:
        for parcel in parcels:
            if parcel.tally is not None:
                parcel.tally.settle(self._client_id, result)

    # -- under the lock --------------------------------------------------------------------

    def _send(self, parcel: Parcel) -> SendResult:
        if not self.is_open or self.is_broken or self.verdict is not None:
            return SendResult.GONE
        if not self._outbox.has_room_for(parcel.left_bytes):
            with suppress(JournalClosed):
                self._shared.journal.append_event(
                    self._client_id,
                    Kind.SEND_REFUSED,
                    size_bytes=parcel.left_bytes,
                    waiting_bytes=self._outbox.waiting_bytes,
                    limit_bytes=self._outbox.limit_bytes,
                )
            return SendResult.REFUSED
        if parcel.pieces:
            others_wait = bool(self._outbox)
            self._outbox.put(parcel)
            if not others_wait:
                self._write([])
        return SendResult.WAITING if self._outbox else SendResult.SENT

    def _write(self, finished: list[Parcel]) -> None:
        """Write until the kernel or the journal takes no more; add the parcels that are finished.

        Never raises: an error is reported, and the sender tries again at its next look.
        """
        wanted = False
        try:
            wanted = self._write_pieces(finished)
            self._watch(wanted)
        except JournalClosed:  # a worker that did not end in time: nothing more goes out
            self._break(None)
        except Exception as error:  # noqa: BLE001
            self._shared.sender.report(error)
            with suppress(Exception):
                self._watch(False)
        if not self._tended:
            self._tended = True
            self._shared.sender.tend(self)

    def _write_pieces(self, finished: list[Parcel]) -> bool:
        """Return whether to go on as soon as the socket takes bytes."""
        outbox = self._outbox
        for _ in range(PIECES_AT_ONCE):
            if self.is_broken:
                return False
            if not (outbox and self._wire.is_ready):
                return not self._wire.flush()
            first = outbox.first
            if first.keep and self._must_wait_for_disk():
                self._held = True
                self._shared.sender.hold(self, self._shared.journal)
                return False
            piece = outbox.next_piece()
            try:
                taken_bytes = self._wire.send(piece)
            except BlockingIOError:
                return True
            except OSError as error:
                self._break(error)
                return False
            # First of all: whatever fails from here on, these bytes are not sent again.
            parcel = outbox.took(taken_bytes)
            if parcel is not None:
                finished.append(parcel)
            self._record(piece, taken_bytes, first)
            if taken_bytes < min(len(piece), self._wire.largest_send_bytes):
                return True
        return bool(outbox) or not self._wire.flush()

    def _must_wait_for_disk(self) -> bool:
        """Whether the journal is behind: much waits sooner, a little only when nothing may go."""
        journal = self._shared.journal
        return journal.crowded and (self._outbox.waiting_bytes >= PIECE_BYTES or journal.full)

    def _record(self, piece: bytes | memoryview, taken_bytes: int, parcel: Parcel) -> None:
        journal = self._shared.journal
        if parcel.keep:
            # A piece that was taken whole is the journal's as it is: who gets the same shares it.
            if taken_bytes < len(piece) or not isinstance(piece, bytes):
                piece = bytes(piece[:taken_bytes])
            journal.append(self._client_id, _OUT, piece, self.bytes_out, parcel.encoding)
        else:
            journal.pass_by(taken_bytes)
        self.bytes_out += taken_bytes
        self.sent_mono_ns = time.monotonic_ns()

    def _watch(self, wanted: bool) -> None:
        if wanted is not self._watched:
            if wanted:
                self._shared.sender.watch(self._wire.fileno(), self)
            else:
                self._shared.sender.forget(self._wire.fileno())
            self._watched = wanted

    def _break(self, error: OSError | None) -> None:
        self.is_broken = True
        with suppress(Exception):
            self._watch(False)
        # A broken pipe means that the end came in by way of recv: let that tell which end it was.
        # Any other error is told only once by the system, and recv will not hear of it.
        known = error is None or isinstance(error, BrokenPipeError)
        if error is not None and not known and self.verdict is None:
            self.verdict = close_reason(error), str(error)
        self._wire.stop_receiving()
        self.wake_worker()

    def wake_worker(self) -> None:
        """Let the worker look again whether it has waited enough. Any thread."""
        if (progress := self._progress) is not None:
            progress.set()
