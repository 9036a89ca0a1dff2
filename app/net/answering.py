"""Does for one client what its replier asks: at once in its worker, or later by the timetable."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from app.journal.entry import Kind
from app.journal.errors import JournalClosed
from app.net.answers import Answer, Deed, Replier, Reply
from app.net.facts import CloseReason
from app.net.oserrors import error_text
from app.net.pump import Pump, pieces_of, pieces_of_file
from app.text.decoder import EncodeFault

if TYPE_CHECKING:
    from app.net.session import Session
    from app.net.shared import Shared
    from app.net.timetable import Due


class Answering:
    """One client's answers. The worker calls it; what is due later, the timetable's thread does."""

    __slots__ = ("_lock", "_look", "_pending", "_replier", "_reply", "_session", "_shared", "_told")

    def __init__(self, session: Session, shared: Shared) -> None:
        self._session = session
        self._shared = shared
        self._lock = threading.Lock()  # one thread at a time asks the replier
        self._reply: Reply | None = None  # who opened the replier
        self._replier: Replier | None = None
        self._pending: set[Due] = set()  # delayed answers
        self._look: Due | None = None  # when the replier is asked whether something is overdue
        self._told: set[object] = set()  # faults are said once, not for every chunk

    @property
    def waits(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._pending)

    def greet(self) -> None:
        """The client has just come. Thread: the worker."""
        if (reply := self._shared.reply) is not None:
            self._ask(reply, None)

    def hear(self, chunk: bytes) -> None:
        """Answer the client that sent the chunk. Thread: the worker."""
        if (hears := self._shared.hears) is not None:
            try:
                chunk = hears(self._session, chunk)
            except Exception as error:  # noqa: BLE001 - whatever it is, the client stays
                self._failed(error)
        if chunk and (reply := self._shared.reply) is not None:
            self._ask(reply, chunk)

    def cancel(self) -> None:
        """The client has gone: nothing is due any more. Thread: the worker."""
        with self._lock:
            self._replier = self._reply = None
            pending, self._pending = self._pending, set()
            look, self._look = self._look, None
        for due in pending if look is None else {*pending, look}:
            due.cancel()

    def _ask(self, reply: Reply, chunk: bytes | None) -> None:
        try:
            with self._lock:
                if reply is not self._reply:  # switched, perhaps in the middle of a stream
                    self._open(reply)
                if (replier := self._replier) is None:
                    return
                answers = replier.begin() if chunk is None else replier.feed(chunk)
                if replier.patience_s is not None:
                    self._look_in(replier.patience_s)
        except Exception as error:  # noqa: BLE001 - whatever it is, the client stays
            self._failed(error)
            return
        for answer in answers:
            self._take(answer, here=True)

    def _open(self, reply: Reply) -> None:
        self._reply, self._replier = reply, None
        self._replier = reply.open(self._session)

    def _look_in(self, patience_s: float) -> None:
        """Ask the replier later, and once: who asks too early is told how long is left."""
        if self._look is None:
            self._look = self._shared.timetable.after(patience_s, self._overdue)

    def _overdue(self) -> None:
        """Nothing came for a while, it seems. Thread: the timetable."""
        try:
            with self._lock:
                replier, self._look = self._replier, None
                if replier is None or self._reply is not self._shared.reply:
                    return
                answers = replier.overdue()
                if (patience_s := replier.patience_s) is not None:
                    self._look_in(patience_s)
        except Exception as error:  # noqa: BLE001 - whatever it is, the client stays
            self._failed(error)
            return
        with suppress(JournalClosed):  # a worker that did not end in time
            for answer in answers:
                self._take(answer, here=False)

    def _take(self, answer: Answer | bytes, *, here: bool) -> None:
        """`here`: in the worker, which waits while its client does not read."""
        if isinstance(answer, bytes):
            self._send(answer, here=here)
        elif answer.delay_s > 0:
            self._do_later(answer)
        else:
            self._do(answer, here=here)

    def _do_later(self, answer: Answer) -> None:
        def do() -> None:
            with self._lock:
                self._pending.discard(due)
            if self._shared.reply is not None:  # switched off meanwhile
                with suppress(JournalClosed):  # a worker that did not end in time
                    self._do(answer, here=False)
            self._session.outlet.wake_worker()  # it may wait for the last answer

        with self._lock:
            due = self._shared.timetable.after(answer.delay_s, do)
            self._pending.add(due)

    def _do(self, answer: Answer, *, here: bool) -> None:
        if answer.deed is Deed.FILE or answer.piece_bytes:
            self._pump(answer)
        elif answer.deed is Deed.SEND:
            self._send(answer.data, here=here)
        if answer.rule:
            self._tell(answer)
        session = self._session
        match answer.deed:
            case Deed.CLOSE:
                session.outlet.finish(CloseReason.RULE_CLOSED)
            case Deed.RESET:
                session.outlet.finish(CloseReason.RULE_RESET, reset=True)
            case Deed.NOTE:
                session.note = answer.text
                self._shared.journal.update_client(session.client_id, note=answer.text)

    def _send(self, data: bytes, *, here: bool) -> None:
        session = self._session
        outlet, size_bytes = session.outlet, len(data)
        if here and not outlet.has_room_for(size_bytes) and size_bytes <= outlet.limit_bytes:
            # It does not read what we answer: then we do not read what it asks.
            session.wait_for_room(size_bytes)
        outlet.send(data, session.encoding)

    def _pump(self, answer: Answer) -> None:
        """Send piece after piece, by the timetable."""
        size = answer.piece_bytes
        if answer.deed is Deed.FILE:
            pieces = pieces_of_file(answer.text, size)
        else:
            pieces = pieces_of(answer.data, size)
        session = self._session
        pump = Pump(
            session.outlet, pieces, session.encoding, answer.every_s, self._shared.timetable
        )
        pump.start(self._failed)

    def _tell(self, answer: Answer) -> None:
        facts: dict[str, object] = {"rule": answer.rule, "deed": answer.deed.value}
        if answer.data:
            facts["size_bytes"] = len(answer.data)
        if answer.text:
            facts["text"] = answer.text
        self._session.note_event(Kind.RULE, **facts)

    def _failed(self, error: Exception) -> None:
        """Say once what a replier raised."""
        facts = {"error": error_text(error)}
        if isinstance(error, EncodeFault):
            facts = {"character": error.character, "encoding": error.encoding}
        told = (id(self._reply), *sorted(facts.items())[-1])
        if told not in self._told:
            self._told.add(told)
            self._session.note_event(Kind.REPLY_FAILED, **facts)
