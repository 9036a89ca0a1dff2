"""Demo clients are real clients with habits of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.journal.entry import Kind as EntryKind
from app.net.facts import CloseReason, Endpoint
from app.reply import FixedReply
from app.teaching.crowd import Crowd
from app.teaching.habits import QUESTION, Habit, script_of
from tests.net.rig import Rig
from tests.support.leaks import holdings
from tests.support.starving import threads_refused
from tests.support.wait import wait_until


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> Iterator[Crowd]:
    for pace in ("TYPE_EVERY_S", "TALK_EVERY_S", "CUT_FOR_S"):
        monkeypatch.setattr(f"app.teaching.habits.{pace}", 0.02)
    crowd = Crowd()
    yield crowd
    crowd.close()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    # Room for all that a test adds at once: whom the system forgot (SYN cookies) never comes.
    with Rig(tmp_path, reply=FixedReply("交易正在处理"), backlog=512) as rig:
        yield rig


def heard(rig: Rig, client_id: int = 1) -> list[bytes]:
    return [entry.data for entry in rig.entries(EntryKind.IN, client_id)]


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::1", "::"])
def test_a_talkative_one_comes_from_where_it_said(crowd: Crowd, tmp_path: Path, host: str) -> None:
    with Rig(tmp_path, host=host) as rig:
        (endpoint,) = crowd.add(Habit.TALKATIVE, rig.endpoint, "gbk")
        wait_until(lambda: len(b"".join(heard(rig))) >= len(b"Hello NeoHello Neo"))
        assert rig.seen.joins[0].endpoint == endpoint
        assert b"".join(heard(rig)).startswith(b"Hello NeoHello Neo")
        crowd.stop()
        wait_until(lambda: not crowd.counts())
        rig.wait_gone(rig.seen.joins[0])


def test_a_typist_sends_one_character_after_the_other(crowd: Crowd, rig: Rig) -> None:
    crowd.add(Habit.TYPIST, rig.endpoint, "gbk")
    began = QUESTION[:5].encode("gbk")
    # On a busy machine one recv may return two of them.
    wait_until(lambda: len(b"".join(heard(rig))) >= len(began))
    assert b"".join(heard(rig)).startswith(began)
    sent: list[bytes] = []
    next(script_of(Habit.TYPIST, sent.append, "gbk"))
    assert sent == [began[:2]]


def test_a_splitter_cuts_characters(crowd: Crowd, rig: Rig) -> None:
    crowd.add(Habit.SPLITTER, rig.endpoint, "gbk")
    began = QUESTION[:2].encode("gbk")
    wait_until(lambda: len(b"".join(heard(rig))) >= len(began))
    assert b"".join(heard(rig)).startswith(began)
    sent: list[bytes] = []
    script = script_of(Habit.SPLITTER, sent.append, "gbk")
    next(script)
    assert sent == [began[:1]]


def test_a_gluer_sends_three_messages_in_one(crowd: Crowd, rig: Rig) -> None:
    crowd.add(Habit.GLUER, rig.endpoint, "utf-8")
    wait_until(lambda: heard(rig))
    assert heard(rig)[0].decode().count(QUESTION) == 3


@pytest.mark.parametrize(
    ("kind", "reason"), [(Habit.RESETTER, CloseReason.RESET), (Habit.LEAVER, CloseReason.FIN)]
)
def test_goodbyes(crowd: Crowd, tmp_path: Path, kind: Habit, reason: CloseReason) -> None:
    with Rig(tmp_path) as rig:
        crowd.add(kind, rig.endpoint, "gbk")
        wait_until(lambda: bool(rig.seen.leaves))
        assert rig.seen.leaves[0].reason is reason
        assert not crowd.counts()


def test_a_deaf_one_lets_the_answers_wait(crowd: Crowd, rig: Rig) -> None:
    crowd.add(Habit.DEAF, rig.endpoint, "gbk")
    wait_until(lambda: bool(rig.seen.joins))
    session = rig.seen.joins[0]
    rig.server.send([(session.ref, bytes(8 * 1024 * 1024), "gbk")])
    wait_until(lambda: session.waiting_bytes > 0)
    crowd.stop(Habit.DEAF)
    rig.wait_gone(session)


def test_a_silent_one_stays(crowd: Crowd, rig: Rig) -> None:
    crowd.add(Habit.SILENT, rig.endpoint, "gbk")
    crowd.add(Habit.LEAVER, rig.endpoint, "gbk")
    wait_until(lambda: bool(rig.seen.leaves))
    assert crowd.counts() == {Habit.SILENT: 1}
    assert not heard(rig, 1)


def test_a_hundred_of_every_kind_need_one_thread(crowd: Crowd, rig: Rig) -> None:
    for kind in (Habit.TALKATIVE, Habit.TYPIST, Habit.SPLITTER, Habit.SILENT):
        crowd.add(kind, rig.endpoint, "gbk", 100)
    wait_until(lambda: len(rig.server.sessions) == 400, 120)
    crowd.stop(Habit.TYPIST)
    wait_until(lambda: len(rig.server.sessions) == 300)
    crowd.close()
    wait_until(lambda: not rig.server.sessions)


def test_they_end_with_the_server_and_nobody_there_is_no_harm(crowd: Crowd, rig: Rig) -> None:
    crowd.add(Habit.TALKATIVE, rig.endpoint, "gbk", 10)
    wait_until(lambda: len(rig.seen.joins) == 10)
    rig.stop()
    wait_until(lambda: not crowd.counts())
    crowd.add(Habit.TALKATIVE, rig.endpoint, "gbk")
    wait_until(lambda: not crowd.counts())


def test_an_address_that_is_not_ours_is_refused_at_once(crowd: Crowd) -> None:
    with pytest.raises(OSError, match="assign"):
        crowd.add(Habit.TALKATIVE, Endpoint("192.0.2.1", 9), "gbk", 3)
    assert not crowd.counts()


def test_closing_at_once_leaves_nobody_half_made(crowd: Crowd, rig: Rig) -> None:
    for _ in range(20):
        crowd.add(Habit.TALKATIVE, rig.endpoint, "gbk", 5)
        crowd.close()
    wait_until(lambda: not rig.server.sessions)
    assert not crowd.counts()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_after_what_nobody_foresaw_all_have_left_and_it_begins_anew(
    crowd: Crowd, rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> Iterator[float]:
        yield 0.0
        raise ValueError("a mistake in a habit")

    crowd.add(Habit.SILENT, rig.endpoint, "gbk", 3)
    wait_until(lambda: len(rig.server.sessions) == 3)
    with monkeypatch.context() as mistaken:
        mistaken.setattr("app.teaching.crowd.script_of", breaks)
        crowd.add(Habit.TALKATIVE, rig.endpoint, "gbk")
    wait_until(lambda: not crowd.counts())
    wait_until(lambda: not rig.server.sessions)
    crowd.add(Habit.SILENT, rig.endpoint, "gbk")
    wait_until(lambda: len(rig.server.sessions) == 1)


def test_without_threads_nobody_comes_and_nothing_is_left_open(crowd: Crowd, rig: Rig) -> None:
    before = holdings()
    with threads_refused(), pytest.raises(OSError, match="can't start new thread"):
        crowd.add(Habit.TALKATIVE, rig.endpoint, "gbk")
    assert holdings() == before
    crowd.add(Habit.TALKATIVE, rig.endpoint, "gbk")
    wait_until(lambda: heard(rig))
