"""However the work of a task ends, whoever waits for it hears of that."""

from __future__ import annotations

import threading

import pytest
from pytestqt.qtbot import QtBot

from app.models.task import Task, TaskSlot, join_tasks
from tests.support.starving import threads_refused
from tests.support.wait import wait_until


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("error", [OSError(28, "disk full"), ValueError("a mistake")])
def test_whatever_the_work_raises_is_told_and_over(qtbot: QtBot, error: Exception) -> None:
    def work(_task: Task) -> None:
        raise error

    slot, told = TaskSlot(), []
    slot.failed.connect(told.append)
    slot.start(Task("trial", work))
    wait_until(lambda: told)
    assert told == ["disk full" if isinstance(error, OSError) else "ValueError: a mistake"]
    assert not slot.is_busy
    slot.stop()


def test_where_there_are_threads_refused_the_work_has_failed(qtbot: QtBot) -> None:
    slot, told = TaskSlot(), []
    slot.failed.connect(told.append)
    with threads_refused():
        slot.start(Task("trial", lambda _task: "found"))
    wait_until(lambda: told)
    assert told == ["can't start new thread"]
    assert not slot.is_busy
    slot.done.connect(told.append)
    slot.start(Task("again", lambda _task: "found"))
    wait_until(lambda: told[1:])
    assert told[1:] == ["found"]
    slot.stop()


def test_nobody_waits_for_a_task_that_does_not_notice_at_once(qtbot: QtBot) -> None:
    may_end, gone = threading.Event(), []

    def work(_task: Task) -> None:
        may_end.wait()

    owner = TaskSlot()
    slow, slot, told = Task("slow", work, owner), TaskSlot(owner), []
    slow.destroyed.connect(lambda: gone.append(True))
    slot.done.connect(told.append)
    slot.start(slow)
    slot.stop()  # returns though the thread is at work, and will be for as long as we like
    assert not slot.is_busy
    slot.start(Task("next", lambda _task: "found", owner))
    wait_until(lambda: told)
    owner.deleteLater()  # whoever wanted it may go, the thread does not notice
    may_end.set()
    wait_until(lambda: gone)
    assert told == ["found"]


def test_the_end_of_the_program_waits_for_what_was_let_go(qtbot: QtBot) -> None:
    begun, may_end, over = threading.Event(), threading.Event(), threading.Event()

    def work(_task: Task) -> None:
        begun.set()
        may_end.wait()
        over.set()

    task = Task("slow", work)
    task.start()
    begun.wait()
    task.stop()
    threading.Timer(0.05, may_end.set).start()
    join_tasks()
    assert over.is_set()
