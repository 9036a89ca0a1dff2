"""A file of any size: read piece by piece, for each client as fast as that one takes it.

It has a thread of its own, because a disk may take its time and the timetable's must not. That
keeps no more than a little in each client's outbox; who does not read holds up nobody else.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, BinaryIO

from app.journal.errors import JournalClosed
from app.net.facts import SendResult
from app.net.kinds import abilities
from app.net.outbox import PIECE_BYTES
from app.net.peer import LONGEST_BYTES
from app.net.process import leave_signals_to_the_main_thread
from app.net.regular_file import NoFile, open_file
from app.net.tasks.facts import TaskEnd, TaskKind, TaskState
from app.net.tasks.task import NS_PER_MS, Task

if TYPE_CHECKING:
    from app.journal.refs import ClientRef
    from app.net.reception import Reception
    from app.net.session import Session

LEAST_IN_FLIGHT = 2  # pieces of a client, however large they are
IN_FLIGHT_BYTES = 1024 * 1024  # of a client
MOST_IN_FLIGHT = 64
DATAGRAM_BYTES = 1400  # what goes through nearly every network whole
READ_BYTES = 1024 * 1024
ROOM_S = 0.01  # between two looks whether what others sent has left an outbox
PATIENCE_S = 0.5  # after which a client that takes nothing is said to
LONGEST_S = 3600.0  # some systems wait no longer


class FileShrank(Exception):
    """It has fewer bytes than when it was opened."""


class _Share:
    """How far one client is."""

    __slots__ = ("begins_at", "due_ns", "flight", "is_over", "offset", "session", "taken_bytes")

    def __init__(self, session: Session) -> None:
        self.session = session
        self.offset = 0  # of the file: what is read next
        self.taken_bytes = 0  # of the file, by its system
        self.begins_at = 0  # in its stream
        self.flight: deque[int] = deque()  # the sizes of pieces that are not taken yet
        self.due_ns = 0
        self.is_over = False


class SendFile(Task):
    """Sends a file to clients. `keep`: the journal keeps its bytes; else place, size and SHA-256.

    The SHA-256 is found out when everything is sent, by reading the file again: on the way it
    would cost more than the sending. A file that was changed meanwhile is said to be.
    """

    kind = TaskKind.FILE

    def __init__(
        self,
        name: str,
        server: Reception,
        clients: tuple[ClientRef, ...],
        path: str,
        *,
        piece_bytes: int = 0,
        every_ms: int = 0,
        keep: bool = True,
    ) -> None:
        """`piece_bytes`: 0 means what suits the server; `every_ms`: from piece to piece."""
        super().__init__(name, server, clients)
        self.path = path
        datagrams = abilities(server.options.kind).has_datagrams
        wanted = piece_bytes or (DATAGRAM_BYTES if datagrams else PIECE_BYTES)
        self.piece_bytes = min(wanted, LONGEST_BYTES) if datagrams else wanted
        self._every_ns = every_ms * NS_PER_MS
        pieces = IN_FLIGHT_BYTES // self.piece_bytes
        self._in_flight = min(max(LEAST_IN_FLIGHT, pieces), MOST_IN_FLIGHT)
        self._keep = keep
        self._shares = {s.client_id: _Share(s) for s in self._sessions()}
        self._size_bytes = 0
        self._news = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"task-{self.number}", daemon=True)

    def facts(self) -> dict[str, object]:
        """Which file."""
        return {"path": self.path, "total": self.total}

    def look(self) -> None:
        """Look again. Thread: any."""
        self._news.set()

    def join(self, deadline_s: float) -> bool:
        """Wait for the thread."""
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(max(0.0, deadline_s - time.monotonic()))
        return not self._thread.is_alive()

    def settle(self, client_id: int, result: SendResult) -> None:
        """A piece has gone out, or the client has. Thread: the sender, or the task's."""
        super().settle(client_id, result)
        share = self._shares[client_id]
        with self._lock:  # the last piece may be told of before the one before
            size_bytes = share.flight.popleft()
            if result is SendResult.SENT:
                share.taken_bytes += size_bytes
                self.done += size_bytes
            else:
                share.is_over = True
        if len(share.flight) <= self._in_flight // 2 or share.is_over:  # not for each piece
            self._news.set()

    def _begin(self) -> None:
        self._thread.start()

    def _clean_up(self) -> None:
        self._news.set()

    # -- its thread --------------------------------------------------------------------------

    def _work(self) -> None:
        leave_signals_to_the_main_thread()
        try:
            with open_file(self.path) as file:
                before = os.fstat(file.fileno())
                self._size_bytes = before.st_size
                self.total = self._size_bytes * len(self._shares)
                self._send_all(file)
                if self.end is None:
                    self._sent(file, before)
        except NoFile:
            self.finish(TaskEnd.NO_FILE)
        except FileShrank:
            self.finish(TaskEnd.FILE_CHANGED)
        except JournalClosed:
            self.finish(TaskEnd.PORT_CLOSED)
        except Exception as error:  # noqa: BLE001 - the trouble of one task
            self.fail(error)

    def _send_all(self, file: BinaryIO) -> None:
        shares = list(self._shares.values())
        while self.end is None and not self._is_over(shares):
            self._news.clear()
            if self._paused:
                self._news.wait()
                continue
            # All of them: one that takes no more is not to keep the others from their next piece.
            if sum([self._feed(share, file) for share in shares]):  # not any: it stops early
                self._state = TaskState.RUNNING
            elif self.end is None:
                self._rest(shares)

    def _is_over(self, shares: list[_Share]) -> bool:
        """Whether nobody is left to be sent to; those who have gone are not."""
        shares[:] = [share for share in shares if not self._has_all(share)]
        return not shares

    def _has_all(self, share: _Share) -> bool:
        if share.session.ref not in self.server.sessions:
            share.is_over = True
        return share.is_over or share.taken_bytes == self._size_bytes

    def _feed(self, share: _Share, file: BinaryIO) -> bool:
        """Send a client its next piece, if it is time and there is room; return whether it was."""
        outlet, now_ns = share.session.outlet, self._now_ns()
        size_bytes = min(self.piece_bytes, self._size_bytes - share.offset)
        if len(share.flight) >= self._in_flight or not size_bytes or now_ns < share.due_ns:
            return False
        if not outlet.has_room_for(size_bytes) and size_bytes <= outlet.limit_bytes:
            return False
        if not share.offset:
            with outlet.lock:  # or what has gone out may not be counted yet
                share.begins_at = outlet.bytes_out + outlet.waiting_bytes
        file.seek(share.offset)
        data = file.read(size_bytes)
        if len(data) < size_bytes:
            raise FileShrank
        share.offset += size_bytes
        # The beat doesn't drift; what is late by more than one is not made up for in a burst.
        late = now_ns - share.due_ns >= self._every_ns
        share.due_ns = (now_ns if late else share.due_ns) + self._every_ns
        share.flight.append(size_bytes)
        outlet.send(data, share.session.encoding, self, keep=self._keep)
        return True

    def _rest(self, shares: list[_Share]) -> None:
        """Wait until somebody takes more, or it is time."""
        now_ns = self._now_ns()
        due_ns = min((s.due_ns for s in shares if s.due_ns > now_ns), default=None)
        if due_ns is not None:
            self._news.wait(min((due_ns - now_ns) / 1e9, LONGEST_S))
        elif not self._news.wait(ROOM_S if any(not s.flight for s in shares) else PATIENCE_S):
            self._state = TaskState.WAITS_FOR_PEER

    def _sent(self, file: BinaryIO, before: os.stat_result) -> None:
        """All have everything, or have gone: say so."""
        whole = [s for s in self._shares.values() if s.taken_bytes == self._size_bytes]
        digest = "" if self._keep or not whole else self._digest(file)
        if self.end is not None:
            return
        after = os.fstat(file.fileno())
        changed = (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size)
        for share in whole:
            facts = {"path": self.path, "size_bytes": self._size_bytes, "at": share.begins_at}
            mark = {"changed": True} if changed else {"sha256": digest}
            self._tell("sent", share.session.client_id, **facts, **mark)
        self.finish(TaskEnd.DONE if whole else TaskEnd.CLIENT_LEFT)

    def _digest(self, file: BinaryIO) -> str:
        self._state = TaskState.READS_AGAIN
        file.seek(0)
        found, left = hashlib.sha256(), self._size_bytes
        while left and self.end is None and (data := file.read(min(READ_BYTES, left))):
            found.update(data)
            left -= len(data)
        return found.hexdigest()
