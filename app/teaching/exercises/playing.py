"""Plays one check against a port with real sockets, and says where what was seen parted.

One thread plays all clients of a check, each with a socket that tells of its calls. While a step
waits, whatever comes to any client is taken in: one that is not asked never makes the server wait.
"""

from __future__ import annotations

import selectors
import socket
import struct
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum

from app.net.facts import Endpoint
from app.teaching.exercises.checks import Check, Do, Step
from app.teaching.peers import PeerSocket

_TURN_S = 0.05  # so soon a check that waits notices that it was cancelled
_TAKEN_BYTES = 65_536
_CONNECT_S = 3.0
_RST = struct.pack("ii", 1, 0)  # SO_LINGER with no time: close sends a RST (socket(7))


class Fault(StrEnum):
    """Why a step failed."""

    NOT_CONNECTED = "not_connected"  # nobody listens, or nobody accepts
    OTHER_BYTES = "other_bytes"  # they part from what was expected
    TOO_LATE = "too_late"  # not all came in time
    ENDED = "ended"  # the server closed before
    RESET = "reset"  # the connection was reset
    NOT_SILENT = "not_silent"  # something came where nothing should
    NOT_ENDED = "not_ended"  # the server did not close
    NOT_TAKEN = "not_taken"  # the server does not read what is sent


class Cancelled(Exception):
    """The user gave up."""


@dataclass(slots=True)
class Seen:
    """How one step went."""

    step: Step
    fault: Fault | None = None
    data: bytes = b""  # what came for an expectation, or against a silence
    parted_at: int = 0  # the first byte of `data` that is not as expected
    took_ms: float = 0.0


@dataclass(slots=True)
class Verdict:
    """How a check went: the steps that were played, the last of them failed if any did."""

    check: Check
    seen: list[Seen] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every step went as it should."""
        return len(self.seen) == len(self.check.steps) and self.fault is None

    @property
    def fault(self) -> Fault | None:
        """Why it failed; None if it did not."""
        return self.seen[-1].fault if self.seen else None


class _Failed(Exception):
    def __init__(self, fault: Fault, data: bytes = b"", parted_at: int = 0) -> None:
        super().__init__(fault)
        self.fault, self.data, self.parted_at = fault, data, parted_at


def play(check: Check, server: Endpoint, cancelled: Callable[[], bool] = lambda: False) -> Verdict:
    """Play a check from beginning to end. Raises Cancelled. The calling thread."""
    verdict = Verdict(check)
    with ExitStack() as belongings:
        stage = _Stage(server, belongings, cancelled)
        for step in check.steps:
            seen, begun_s = Seen(step), time.monotonic()
            verdict.seen.append(seen)
            try:
                seen.data = stage.play(step)
            except _Failed as failed:
                seen.fault = failed.fault
                seen.data, seen.parted_at = failed.data, failed.parted_at
            seen.took_ms = (time.monotonic() - begun_s) * 1000
            if seen.fault is not None:
                break
    return verdict


class _Player:
    """One client: its socket, and what came that no step has asked for yet."""

    def __init__(self, connection: PeerSocket) -> None:
        self.socket = connection
        self.came = bytearray()
        self.ended = False
        self.was_reset = False

    def take_in(self) -> None:
        try:
            chunk = self.socket.wait_and_recv(_TAKEN_BYTES, lambda: None)
        except BlockingIOError:
            return
        except OSError:
            self.was_reset = self.ended = True
            return
        self.came += chunk
        self.ended = not chunk


class _Stage:
    """All clients of one check."""

    def __init__(
        self, server: Endpoint, belongings: ExitStack, cancelled: Callable[[], bool]
    ) -> None:
        self._server = server
        self._belongings = belongings
        self._cancelled = cancelled
        self._players: dict[str, _Player] = {}
        self._selector = belongings.enter_context(selectors.DefaultSelector())

    def play(self, step: Step) -> bytes:
        """Play a step; return what came for it. Raises _Failed, Cancelled."""
        if step.do is Do.PAUSE:
            self._wait(lambda: False, step.ms)
            return b""
        if step.do is Do.CONNECT:
            self._connect(step.client)
            return b""
        player = self._players.get(step.client)
        if player is None:
            raise _Failed(Fault.NOT_CONNECTED)
        match step.do:
            case Do.SEND:
                self._send(player, step)
            case Do.EXPECT:
                return self._expect(player, step)
            case Do.SILENCE:
                self._wait(lambda: bool(player.came) or player.ended, step.ms)
                if player.came:
                    raise _Failed(Fault.NOT_SILENT, bytes(player.came))
            case Do.END:
                self._expect_end(player, step)
            case _:
                self._leave(player, step.do)
        return b""

    def _connect(self, name: str) -> None:
        before = self._players.get(name)  # one that comes again stays in its lane
        connection = PeerSocket(name, before.socket.who if before is not None else None)
        self._belongings.callback(connection.close)
        connection.settimeout(_CONNECT_S)
        try:
            connection.connect(self._server)
        except OSError:
            raise _Failed(Fault.NOT_CONNECTED) from None
        # Each send goes out at once: what is glued or split is so for another reason.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        player = self._players[name] = _Player(connection)
        self._selector.register(connection, selectors.EVENT_READ, player)

    def _send(self, player: _Player, step: Step) -> None:
        if player.ended:
            raise _Failed(Fault.RESET if player.was_reset else Fault.ENDED)
        left = memoryview(step.data)
        self._selector.modify(player.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, player)
        until_s = time.monotonic() + step.ms / 1000
        try:
            while left:
                try:
                    sent = player.socket.send(left[:_TAKEN_BYTES])
                    left = left[sent:]
                    until_s = time.monotonic() + step.ms / 1000
                except BlockingIOError:
                    pass
                except OSError:
                    raise _Failed(Fault.RESET if player.was_reset else Fault.ENDED) from None
                self._turn(0.0 if left else None)
                if left and time.monotonic() > until_s:
                    raise _Failed(Fault.NOT_TAKEN)
        finally:
            if not player.ended:
                self._selector.modify(player.socket, selectors.EVENT_READ, player)

    def _expect(self, player: _Player, step: Step) -> bytes:
        wanted = step.data

        def decided() -> bool:
            return len(player.came) >= len(wanted) or player.ended or _parts(player.came, wanted)

        self._wait(decided, step.ms)
        came = bytes(player.came[: len(wanted)])
        if came == wanted:
            del player.came[: len(wanted)]
            return came
        at = _common(came, wanted)
        if at < len(came):
            raise _Failed(Fault.OTHER_BYTES, bytes(player.came), at)
        if player.ended:
            raise _Failed(Fault.RESET if player.was_reset else Fault.ENDED, came, at)
        raise _Failed(Fault.TOO_LATE, came, at)

    def _expect_end(self, player: _Player, step: Step) -> None:
        self._wait(lambda: player.ended, step.ms)
        if player.came:
            raise _Failed(Fault.OTHER_BYTES, bytes(player.came))
        if player.was_reset:
            raise _Failed(Fault.RESET)
        if not player.ended:
            raise _Failed(Fault.NOT_ENDED)

    def _leave(self, player: _Player, do: Do) -> None:
        try:
            if do is Do.HALF_CLOSE:
                player.socket.shutdown(socket.SHUT_WR)
                return
            if do is Do.RESET:
                player.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)
        except OSError:  # it has ended already
            pass
        if do is not Do.HALF_CLOSE:
            if not player.ended:
                self._selector.unregister(player.socket)
            player.ended = True
            player.socket.close()

    def _wait(self, enough: Callable[[], bool], ms: int) -> None:
        until_s = time.monotonic() + ms / 1000
        while not enough() and (left_s := until_s - time.monotonic()) > 0:
            self._turn(min(left_s, _TURN_S))

    def _turn(self, wait_s: float | None) -> None:
        """Take in what has come to anybody; wait for it at most so long. None: don't look."""
        if self._cancelled():
            raise Cancelled
        if wait_s is None:
            return
        if not self._selector.get_map():
            time.sleep(wait_s)
            return
        for key, events in self._selector.select(wait_s or _TURN_S):
            player: _Player = key.data
            if events & selectors.EVENT_READ:
                player.take_in()
                if player.ended:
                    self._selector.unregister(player.socket)


def _common(came: bytes, wanted: bytes) -> int:
    """Where the two part: as many bytes are the same."""
    if wanted.startswith(came):
        return len(came)
    low, high = 0, min(len(came), len(wanted))
    while low < high:  # 10 MB would take a loop over bytes a second
        middle = (low + high + 1) // 2
        if came[:middle] == wanted[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _parts(came: bytearray, wanted: bytes) -> bool:
    """Whether what came last can't become what is wanted any more."""
    tail = max(0, len(came) - 2 * _TAKEN_BYTES)
    return came[tail:] != wanted[tail : len(came)]
