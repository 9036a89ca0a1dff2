"""One client: its worker's loop around recv.

The tutorial's version, for comparison:

    while True:
        data = client.recv(1024)
        if not data:
            break
        print(data.decode("gbk"))
        client.send("交易正在处理".encode("gbk"))
    client.close()
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable

from app.frames.client import Stopped
from app.journal.entry import Kind, Role
from app.journal.errors import JournalClosed
from app.journal.refs import ClientRef
from app.net.answering import Answering
from app.net.facts import NOWHERE, ClientState, CloseReason, Endpoint
from app.net.first_bytes import is_client_hello
from app.net.hosted import HostedClient, HostedError, HostedProgram
from app.net.oserrors import close_reason, error_text
from app.net.outlet import Outlet
from app.net.shared import Shared
from app.net.trace import told
from app.net.wire import Wire

# After its own last word a client may still read. So long one may take nothing at all.
LINGER_S = 30.0
PATIENCE_S = 0.5  # between two looks whether a client that waits is still there
MOMENT_S = 0.05
LATE_S = 3  # without an acknowledgement: worth telling
HURRIED_NS = 5_000_000  # chunks that come so soon after one another are a flood
_IN = int(Kind.IN)


class Session:
    """One accepted connection.

    Its public attributes are each written by one thread (`encoding`, `note`, `server_name` and
    `is_demo` by the user's) and may be read by any, without a lock.
    """

    __slots__ = (
        "_floods", "_heard_mono_ns", "_shared", "_told_of_waiting", "_waits_for_disk", "_wire",
        "answering", "bytes_in", "client_id", "dialled_from", "ears", "encoding", "endpoint",
        "is_demo", "is_half_closed", "local", "note", "opened_ns", "outlet", "peer_id",
        "program", "reason", "ref", "role", "server_id", "server_kind", "server_name",
        "unsent_bytes",
    )  # fmt: skip
    hints = True  # say that a client would be served better by another kind of server

    def __init__(
        self, client_id: int, endpoint: Endpoint, wire: Wire, encoding: str, shared: Shared
    ) -> None:
        self.client_id = client_id
        self.ref = ClientRef(shared.journal.key, client_id)  # what others know it by
        self.server_id, self.server_kind = shared.server_id, shared.server_kind
        self.server_name = shared.server_name
        self.endpoint = self.dialled_from = endpoint  # the first: a proxy may be in between
        self.local = NOWHERE  # this machine's side of the connection
        self.role = Role.CLIENT
        self.peer_id = 0  # the client at the other end of a forward
        self.encoding = encoding  # an Encoding's name
        self.note = ""
        self.is_half_closed = False  # it has said its last word, and may still listen
        self.is_demo = False  # one of our own demo clients
        self.bytes_in = 0
        self.opened_ns = time.time_ns()
        self.reason: CloseReason | None = None  # None while online
        self.unsent_bytes = 0  # known when offline
        self.program: HostedProgram | None = None  # serves it in place of the loop
        self.outlet = Outlet(client_id, wire, shared)
        self._wire = wire
        self._shared = shared
        self._heard_mono_ns = time.monotonic_ns()
        self._floods = False  # its last two chunks came right after one another
        self._waits_for_disk = False
        self._told_of_waiting = False
        self.answering = Answering(self, shared)
        self.ears: list[Callable[[bytes], object]] = []  # hear what comes in, in its worker

    # -- the worker's thread ---------------------------------------------------------------

    def run(self) -> None:
        """Receive and answer until the client has gone; then close."""
        reason, error = CloseReason.ERROR, ""
        try:
            self._wire.prepare(self._shared.keepalive_s)
            self._greet()
            if (program := self._shared.program) is not None:
                reason = self._host(program)
            else:
                self._receive()
                # recv returned b"": the end of the stream, and not an error
                cut = CloseReason.CUT_OFF if self._wire.is_cut_off else CloseReason.FIN
                reason = self.outlet.finishes or cut
            self._wire.step_aside()
            self._send_rest()
            if program is None and self._may_be_listening():
                self._stay()
        except JournalClosed:
            pass
        except OSError as failure:
            reason, error = close_reason(failure), str(failure)
        except Exception as failure:  # noqa: BLE001 — an automatic reply's, for instance
            error = error_text(failure)
        finally:
            # A worker that did not end in time outlives the journal.
            with contextlib.suppress(JournalClosed):
                self._close(reason, error)

    def _greet(self) -> None:
        """Shake hands, where that comes first. Raises OSError."""
        if not self._wire.is_ready:
            self._wire.greet(self)
            self.outlet.greets_within(None)
            self.outlet.write_waiting()  # what was to be sent meanwhile

    def _receive(self) -> None:
        """Loop around recv until it returns b"". Raises OSError if the connection broke."""
        shared = self._shared
        self.answering.greet()
        while chunk := self.recv(shared.recv_size_bytes):
            self.answering.hear(chunk)
            if self.outlet.is_ending:  # a client that floods leaves no gap for b""
                return

    def recv(self, size_bytes: int) -> bytes:
        """The tutorial's `client.recv`; what it returns is in the journal. Raises OSError."""
        journal = self._shared.journal
        # What it has said is recorded, and answered, before it waits.
        if self.bytes_in and journal.crowded and (journal.full or self._floods):
            self._wait_for_disk()
        chunk = self._wire.recv(size_bytes)
        if chunk:
            self.record(chunk)
        return chunk

    def record(self, chunk: bytes) -> None:
        """Write what came in into the journal."""
        now_ns = time.monotonic_ns()
        self._floods = now_ns - self._heard_mono_ns < HURRIED_NS
        self._heard_mono_ns = now_ns
        # The bytes are kept as they came. They are decoded when somebody looks at them.
        with self.outlet.lock:  # an answer of another thread must not be journalled before
            self._shared.journal.append(self.client_id, _IN, chunk, self.bytes_in)
            self.bytes_in += len(chunk)
        if self.bytes_in == len(chunk) and self.hints and is_client_hello(chunk):
            self.note_event(Kind.SPEAKS_TLS)
        if self.ears:
            for hear in tuple(self.ears):
                hear(chunk)

    def _host(self, program: HostedProgram) -> CloseReason:
        """Let somebody's own program serve this client. What it raises is told in its lines."""
        self.program = program
        client = HostedClient(self, program)
        try:
            program.handle(client)
        except Stopped:
            return CloseReason.PROGRAM_CLOSED
        except HostedError as failure:
            self.note_event(Kind.PROGRAM_FAILED, error=failure.text, line=failure.line)
            return CloseReason.PROGRAM_FAILED
        if self._wire.is_cut_off:
            return CloseReason.CUT_OFF
        return CloseReason.FIN if client.has_left else CloseReason.PROGRAM_CLOSED

    def note_event(self, kind: Kind, **facts: object) -> None:
        """Write an event of this client into the journal."""
        self._shared.journal.append_event(self.client_id, kind, **facts)

    def wait_for_room(self, size_bytes: int) -> None:
        """Wait until so much fits into the outbox, or the client has gone. Thread: the worker."""
        self._wire.step_aside()
        outlet, journal = self.outlet, self._shared.journal

        def has_room() -> bool:
            return outlet.has_room_for(size_bytes)

        outlet.wait_for(has_room, PATIENCE_S)
        if has_room() or outlet.verdict is not None:
            return
        if not self._told_of_waiting:  # said once: some clients do so at every turn
            self._told_of_waiting = True
            waiting_bytes = outlet.waiting_bytes
            journal.append_event(self.client_id, Kind.NOT_READING, waiting_bytes=waiting_bytes)
        outlet.wait_for(has_room)

    def _wait_for_disk(self) -> None:
        """The disk is slower: nothing is dropped, TCP slows who floods, and at last everybody."""
        self._waits_for_disk = True
        told("wait_for_room", None, self._shared.journal.wait_for_room)
        self._waits_for_disk = False

    def _send_rest(self) -> None:
        """Let the sender finish: a client that has said its last word may still listen."""
        if self.answering.waits and not self.outlet.is_ending and not self._wire.has_left():
            self.outlet.wait_for(lambda: not self.answering.waits, LINGER_S)
        if self.outlet.waiting_bytes:
            self.outlet.wait_for(lambda: not self.outlet.waiting_bytes, LINGER_S)

    def _may_be_listening(self) -> bool:
        """Whether the client may wait for an answer by hand, as `printf … | nc -N` does.

        An automatic reply has said what there is to say; our own demo clients leave altogether;
        and of a crowd that leaves at once, nobody waits for an answer by hand.
        """
        shared = self._shared
        by_hand = shared.half_closed_s > 0 and shared.reply is None and not self.is_demo
        may_stay = by_hand and not self.outlet.is_ending and shared.partings.are_few()
        if not may_stay or self._wire.has_left():
            return False
        # Who closes altogether says FIN first, and is gone a moment later.
        self.outlet.wait_for(lambda: False, MOMENT_S)
        return not self._wire.has_left()

    def _stay(self) -> None:
        """Stay until the client has gone, somebody ends it, or nothing was sent for a while."""
        outlet, stays_s = self.outlet, self._shared.half_closed_s
        self.is_half_closed = True
        self._shared.journal.append_event(self.client_id, Kind.LAST_WORD, stays_s=stays_s)
        begun_ns = time.monotonic_ns()
        while outlet.verdict is None and not self._wire.has_left():
            if outlet.is_broken:  # what was sent last has not come through
                raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
            idle_ns = time.monotonic_ns() - max(begun_ns, outlet.sent_mono_ns)
            if idle_ns >= stays_s * 1_000_000_000:
                return
            outlet.wait_for(lambda: False, PATIENCE_S)

    def _close(self, reason: CloseReason, error: str) -> None:
        """Close the socket and tell why. Nobody else ever closes it."""
        self.answering.cancel()
        self.unsent_bytes = self.outlet.close()
        reason, error = self.outlet.verdict or (reason, error)
        self.reason = reason
        journal = self._shared.journal
        journal.append_event(
            self.client_id,
            Kind.OFFLINE,
            reason=reason.value,
            unsent_bytes=self.unsent_bytes,
            error=error,
        )
        journal.update_client(self.client_id, closed_ns=time.time_ns(), reason=reason.value)

    # -- any thread ------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """Where it connects from."""
        return str(self.endpoint)

    @property
    def thread_name(self) -> str:
        """The worker's name: the client's number and where it came from."""
        return f"worker-{self.client_id} {self.endpoint}"

    @property
    def state(self) -> ClientState:
        """Where the worker stands."""
        if not self.outlet.is_open:
            return ClientState.OFFLINE
        if self._waits_for_disk:
            return ClientState.WAITING_FOR_DISK
        if self.is_half_closed:
            return ClientState.HALF_CLOSED
        if self.waiting_bytes:
            return ClientState.WAITING_FOR_PEER
        return ClientState.UNACKNOWLEDGED if self.unacknowledged else ClientState.ONLINE

    @property
    def bytes_out(self) -> int:
        """Bytes that the kernel took."""
        return self.outlet.bytes_out

    @property
    def waiting_bytes(self) -> int:
        """Bytes in the outbox."""
        return self.outlet.waiting_bytes

    @property
    def unacknowledged(self) -> tuple[int, int] | None:
        """Bytes that the kernel took and the peer has not acknowledged for so many seconds.

        None below LATE_S: every byte is on its way for a while.
        """
        if (flight := self.outlet.unacknowledged) is None:
            return None
        size_bytes, since_ns = flight
        seconds = (time.monotonic_ns() - since_ns) // 1_000_000_000
        return (size_bytes, seconds) if seconds >= LATE_S else None

    @property
    def heard_mono_ns(self) -> int:
        """When bytes last came in; before the first, when it connected (time.monotonic_ns)."""
        return self._heard_mono_ns

    @property
    def last_active_mono_ns(self) -> int:
        """When bytes last came in or went out (time.monotonic_ns)."""
        return max(self._heard_mono_ns, self.outlet.sent_mono_ns)
