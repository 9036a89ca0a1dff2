"""A UDP server: bind, and a loop around recvfrom.

The tutorial's version, for comparison:

    server = socket.socket(type=socket.SOCK_DGRAM)
    server.bind(("", 8080))
    while True:
        data, address = server.recvfrom(65535)
        server.sendto("交易正在处理".encode("gbk"), address)
"""

from __future__ import annotations

import selectors
import socket
import sys
import threading
import time
from collections import deque
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

from app.journal.entry import Kind
from app.net import multicast, trace
from app.net.addresses import endpoint_of, own_end
from app.net.facts import (
    AddressError,
    AddressFault,
    CloseReason,
    Endpoint,
    ListenError,
    ListenFault,
)
from app.net.listening import listen_at, listen_error
from app.net.oserrors import error_text
from app.net.peer import Peer, PeerWire, drops
from app.net.process import leave_signals_to_the_main_thread
from app.net.readiness import SelectorReadiness
from app.net.reception import Reception
from app.net.trace import thread_begins, thread_ends, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.net.traced_socket import TracedSocket

LOOK_S = 1.0  # between two looks for the silent, and for what was thrown away
AT_ONCE = 256  # datagrams of one socket, then the next one's
BUFFER_BYTES = 4 * 1024 * 1024  # asked of the kernel, which may give less
_RECVERR = ((socket.AF_INET, socket.IPPROTO_IP, 11), (socket.AF_INET6, socket.IPPROTO_IPV6, 25))


class UdpServer(Reception):
    """One open port. `open` is for its owner's thread, `serve` for the listener, the rest for any.

    A server is used once: to open the port again, make another.
    """

    # -- the owner's thread ----------------------------------------------------------------

    def open(self) -> tuple[Endpoint, ...]:
        """socket, bind. Raises ListenError here, in the caller's thread."""
        self._peers: dict[tuple[Any, ...], Peer] = {}
        self._ended: deque[Peer] = deque()  # by anybody; this thread forgets them
        self._orders: deque[Callable[[], object]] = deque()
        self._told_drops = 0
        self._next_look_s = 0.0
        self._buffer = bytearray(65_536)
        self._opened = ExitStack()
        with ExitStack() as opened:
            try:
                self._door = SelectorReadiness(selectors.EVENT_READ)
                opened.callback(self._door.close)
                self._listening = listen_at(self.options, streams=False)
                for own in self._listening:
                    opened.callback(own.close)
                    _prepare(own)
                    self._door.watch(own.fileno(), own)
                self._join_groups()
                self.endpoints = tuple(endpoint_of(s.getsockname()) for s in self._listening)
                self._enter_engine(opened)
                self.max_clients = self.options.max_clients
            except OSError as error:
                raise listen_error(error, self.asked) from error
            self._say_opened()
            self._opened = opened.pop_all()
        return self.endpoints

    def _join_groups(self) -> None:
        for group in self.options.multicast.split():
            try:
                multicast.join(self._listening, group)
            except (OSError, ValueError) as error:
                text = f"{group}: {error}"
                raise ListenError(ListenFault.BAD_GROUP, self.asked, system_text=text) from error

    # -- any thread ------------------------------------------------------------------------

    def send_to(self, endpoint: Endpoint, data: bytes, encoding: str = "") -> None:
        """Send to an address, whether it has ever been heard of or not; broadcast, too.

        From now on it is a client. The watcher gets the report. Raises AddressError.
        """
        try:
            family, _, _, _, address = socket.getaddrinfo(
                *endpoint, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST
            )[0]
        except (OSError, UnicodeError) as error:
            raise AddressError(AddressFault.NOT_NUMERIC, endpoint) from error
        own = next((own for own in self._listening if own.family == family), None)
        if own is None:
            raise AddressError(AddressFault.NO_FAMILY, endpoint)
        if address not in self._peers:
            self._try_address(own, address, endpoint)

        def order() -> None:
            peer = self._peers.get(address) or self._meet(own, address)
            if peer is not None:
                self.send([(peer.ref, data, encoding)])

        self._orders.append(order)
        self._door.wake()

    def _try_address(self, own: TracedSocket, address: tuple[Any, ...], to: Endpoint) -> None:
        """Ask the system whether it would send there: nothing goes out. Raises AddressError."""
        with socket.socket(own.family, socket.SOCK_DGRAM) as trial:
            try:
                trial.bind((own.getsockname()[0], 0))
                trial.connect(address)
            except PermissionError as error:  # only of a broadcast address
                if not self.options.broadcast:
                    raise AddressError(AddressFault.BROADCAST, to) from error
            except OSError as error:
                text = error.strerror or error_text(error)
                raise AddressError(AddressFault.UNREACHABLE, to, text) from error

    @property
    def held_descriptors(self) -> int:
        """Its clients share the socket."""
        return 0

    @property
    def dropped(self) -> int:
        """How many datagrams the kernel has thrown away, where it tells."""
        return sum(drops(own) for own in self._listening if own.fileno() >= 0) or self._told_drops

    # -- the listener thread ---------------------------------------------------------------

    def serve(self) -> None:
        """Receive until `stop`; return when all is closed."""
        leave_signals_to_the_main_thread()
        thread_begins("listener", show=self.options.show)
        self.listener_ident = threading.get_ident()
        try:
            while not self._stop_requested.is_set():
                for own in told("select", None, self._door.wait, LOOK_S):
                    self._receive_some(own)
                self._do_the_rest()
        except Exception as error:  # noqa: BLE001 — whatever it is, the port is closed in order
            self.report(error, closes=True)
        finally:
            self._close()
            thread_ends()

    def _receive_some(self, own: TracedSocket) -> None:
        buffer, peers, journal = self._buffer, self._peers, self._journal
        view = memoryview(buffer)
        for count in range(AT_ONCE):
            if journal.crowded:  # what comes meanwhile waits in the kernel, or is thrown away
                told("wait_for_room", None, journal.wait_for_room)
            try:
                if trace.is_watched:
                    size_bytes, address = told("recvfrom", own, own.recvfrom_into, buffer)
                else:
                    size_bytes, address = own.recvfrom_into(buffer)
            except BlockingIOError:
                if not count:  # ready, and yet nothing: an answer to what was sent
                    self._note_unreachable(own)
                return
            except OSError:  # about what was sent: Windows says who is unreachable by a "reset"
                self._note_unreachable(own)
                continue
            try:
                peer = peers.get(address) or self._meet(own, address)
                if peer is not None:
                    peer.hear(bytes(view[:size_bytes]))
            except Exception as error:  # noqa: BLE001 — the trouble of one client
                self.report(error, goes_on=True)

    def _meet(self, own: TracedSocket, address: tuple[Any, ...]) -> Peer | None:
        """Return a new client; None if it may not come in."""
        endpoint = endpoint_of(address)
        if not self._may_enter(endpoint):
            return None

        def ends() -> None:
            self._ended.append(peer)
            self._door.wake()

        wire = PeerWire(own, address, ends)
        client_id = self._journal.new_client_id()
        peer = Peer(client_id, endpoint, wire, self.encoding, self.shared, address)
        peer.local = own_end(own)
        self._peers[address] = peer
        self._joined(peer)
        peer.answering.greet()
        return peer

    def _note_unreachable(self, own: TracedSocket) -> None:
        """Linux keeps for us to whom a datagram could not be delivered."""
        if sys.platform != "linux":
            return
        with suppress(OSError):  # until there is nothing more
            while True:
                _, _, _, address = own.recvmsg(1, 512, socket.MSG_ERRQUEUE)
                peer = self._peers.get(address)
                if peer is not None and not peer.is_unreachable:
                    peer.is_unreachable = True  # said once, until it speaks again
                    peer.note_event(Kind.UNREACHABLE)

    def _do_the_rest(self) -> None:
        while self._orders:
            try:
                self._orders.popleft()()
            except Exception as error:  # noqa: BLE001 — the trouble of one client
                self.report(error, goes_on=True)
        while self._ended:
            self._forget(self._ended.popleft(), CloseReason.DISCONNECTED)
        now_s = time.monotonic()
        if now_s < self._next_look_s:
            return
        self._next_look_s = now_s + LOOK_S
        self._look_around()
        self._tell_drops()
        long_ago_ns = time.monotonic_ns() - self.options.idle_s * 1_000_000_000
        for peer in list(self._peers.values()):
            if peer.last_active_mono_ns < long_ago_ns:
                self._forget(peer, CloseReason.IDLE)

    def _tell_drops(self) -> None:
        if (count := sum(map(drops, self._listening))) > self._told_drops:
            self.note(Kind.DROPPED, count=count - self._told_drops, total=count)
            self._told_drops = count

    def _forget(self, peer: Peer, reason: CloseReason) -> None:
        if self._peers.pop(peer.address_key, None) is peer:
            peer.leave(reason)
            self._left(peer)

    def _close(self) -> None:
        with self._opened:
            self._end_tasks()
            for peer in list(self._peers.values()):
                with suppress(Exception):  # the journal, which says so itself
                    self._forget(peer, CloseReason.SERVER_CLOSED)
            with suppress(Exception):
                self._tell_drops()
        self._say_closed()


def _prepare(own: TracedSocket) -> None:
    """Ask for much room, for broadcast, and to hear of those who cannot be reached."""
    ask = own.setsockopt
    with suppress(OSError):
        ask(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
    with suppress(OSError):
        ask(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    if sys.platform == "linux":
        for family, level, option in _RECVERR:
            if own.family == family:
                with suppress(OSError):
                    ask(level, option, 1)
