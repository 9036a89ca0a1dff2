"""The seam: what a replier asks for is done, now or later, and harms nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

import pytest

from app.journal.entry import Kind
from app.net.answers import Answer, Answered, Deed
from app.net.facts import CloseReason
from app.net.timetable import Timetable
from tests.net.rig import Rig, receive_all, receive_exactly
from tests.support.wait import wait_until

DAY_S = 86_400.0


class Scripted:
    """A reply whose repliers do what the script says for a chunk; "" is the greeting."""

    def __init__(
        self, script: dict[bytes, Iterable[Answer]], patience_s: float | None = None
    ) -> None:
        self.script = script
        self.patience_s = patience_s
        self.opened: list[Answered] = []
        self.silences = 0

    def open(self, client: Answered) -> Scripted:
        self.opened.append(client)
        return self

    def begin(self) -> Iterable[Answer]:
        return self.script.get(b"", ())

    def feed(self, chunk: bytes) -> Iterable[Answer]:
        return self.script.get(chunk, ())

    def overdue(self) -> Iterable[Answer]:
        self.silences += 1
        self.patience_s = None
        return (Answer(b"still there?", "silence"),)


def test_a_client_is_greeted_and_answered_in_order(any_rig: Callable[..., Rig]) -> None:
    reply = Scripted(
        {
            b"": [Answer(b"hello ", "greeting")],
            b"?": [Answer(b"one "), Answer(b"three", delay_s=0.05), Answer(b"two ")],
        }
    )
    rig = any_rig(reply=reply)
    client, session = rig.join()
    assert receive_exactly(client, 6) == b"hello "
    client.sendall(b"?")
    assert receive_exactly(client, 13) == b"one two three"
    assert [c.client_id for c in reply.opened] == [session.client_id]
    (entry,) = rig.entries(Kind.RULE)
    assert entry.detail == {"rule": "greeting", "deed": "send", "size_bytes": 6}


def test_each_client_has_a_replier_of_its_own(rig: Rig) -> None:
    class Counter(Scripted):
        def open(self, client: Answered) -> Scripted:
            count = iter(range(100))

            class One(Scripted):
                def feed(self, chunk: bytes) -> Iterable[Answer]:
                    return (Answer(b"%d" % next(count)),)

            return One({})

    rig.server.shared.reply = Counter({})
    one, _ = rig.join()
    two, _ = rig.join()
    for expected in (b"0", b"1", b"2"):
        one.sendall(b"?")
        assert receive_exactly(one, 1) == expected
    two.sendall(b"?")
    assert receive_exactly(two, 1) == b"0"


def test_silence_is_noticed_once(rig: Rig) -> None:
    rig.server.shared.reply = reply = Scripted({}, patience_s=0.05)
    client, _ = rig.join()
    assert receive_exactly(client, 12) == b"still there?"
    assert reply.silences == 1


def test_what_was_sent_arrives_before_a_rule_closes(any_rig: Callable[..., Rig]) -> None:
    data = bytes(3_000_000)
    rig = any_rig(reply=Scripted({b"bye": [Answer(data), Answer(rule="end", deed=Deed.CLOSE)]}))
    client, session = rig.join(recv_buffer_bytes=4096)
    client.sendall(b"bye")
    assert receive_all(client) == data
    rig.wait_gone(session)
    assert session.reason is CloseReason.RULE_CLOSED


@pytest.mark.parametrize("delay_s", [0.0, 0.05])
def test_a_rule_resets_now_or_later(any_rig: Callable[..., Rig], delay_s: float) -> None:
    answer = Answer(rule="end", deed=Deed.RESET, delay_s=delay_s)
    rig = any_rig(reply=Scripted({b"x": [answer]}))
    client, session = rig.join()
    client.sendall(b"x")
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    rig.wait_gone(session)
    assert session.reason is CloseReason.RULE_RESET


def test_a_rule_writes_the_note(rig: Rig) -> None:
    rig.server.shared.reply = Scripted({b"IMEI": [Answer(rule="r", deed=Deed.NOTE, text="pump 7")]})
    client, session = rig.join()
    client.sendall(b"IMEI")
    wait_until(lambda: session.note == "pump 7")
    wait_until(lambda: rig.entries(Kind.RULE))


def test_nothing_is_due_for_whoever_has_left(rig: Rig) -> None:
    rig.server.shared.reply = Scripted({b"?": [Answer(b"too late", delay_s=DAY_S)]})
    client, session = rig.join()
    client.sendall(b"?")
    wait_until(lambda: session.answering.waits)
    client.close()
    rig.wait_gone(session)
    assert not session.answering.waits


def test_a_polite_client_gets_a_late_answer(any_rig: Callable[..., Rig]) -> None:
    """Like `printf … | nc -N`: its last word is not the end of listening."""
    import socket

    rig = any_rig(reply=Scripted({b"?": [Answer(b"late", delay_s=0.1)]}))
    client, session = rig.join()
    client.sendall(b"?")
    client.shutdown(socket.SHUT_WR)
    assert receive_all(client) == b"late"
    rig.wait_gone(session)


def test_a_delay_holds_up_no_other_answer(rig: Rig) -> None:
    rig.server.shared.reply = Scripted(
        {b"slow": [Answer(b"slow", delay_s=DAY_S)], b"fast": [Answer(b"fast")]}
    )
    client, _ = rig.join()
    client.sendall(b"slow")
    wait_until(lambda: rig.entries(Kind.IN))
    client.sendall(b"fast")
    assert receive_exactly(client, 4) == b"fast"


def test_switching_off_drops_what_is_still_due(rig: Rig) -> None:
    rig.server.shared.reply = Scripted({b"?": [Answer(b"late", delay_s=0.1)]})
    client, session = rig.join()
    client.sendall(b"?")
    wait_until(lambda: session.answering.waits)
    rig.server.shared.reply = None
    wait_until(lambda: not session.answering.waits)
    assert not rig.entries(Kind.OUT)


# -- the timetable -----------------------------------------------------------------------------


def test_things_are_done_in_their_order_and_a_failure_ends_nothing() -> None:
    done: list[object] = []
    everything = threading.Event()
    timetable = Timetable(done.append)
    assert timetable.ident is None  # a thread only where there is something to do

    def fail() -> None:
        raise ValueError("no")

    timetable.after(0.06, everything.set)
    timetable.after(0.04, lambda: done.append("second"))
    timetable.after(0.02, fail)
    timetable.after(0.0, lambda: done.append("first"))
    timetable.after(0.03, lambda: done.append("never")).cancel()
    assert everything.wait(20)
    assert [str(each) for each in done] == ["first", "no", "second"]
    assert timetable.close(20)


def test_nothing_is_done_before_its_time() -> None:
    moments: list[int] = []
    done = threading.Event()
    timetable = Timetable(lambda _error: None)
    wanted_ns = [time.monotonic_ns() + i * 1_000_000 for i in range(20)]
    for when_ns in reversed(wanted_ns):
        timetable.at(when_ns, lambda: moments.append(time.monotonic_ns()))
    timetable.at(wanted_ns[-1] + 1, done.set)
    assert done.wait(20)
    assert all(was >= wanted for was, wanted in zip(moments, wanted_ns, strict=True))
    assert timetable.close(20)


def test_a_closed_timetable_does_nothing_more() -> None:
    timetable = Timetable(lambda _error: None)
    assert timetable.close(1)
    timetable.after(0, lambda: pytest.fail("closed"))
    assert timetable.ident is None
