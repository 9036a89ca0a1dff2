"""However the work of a task ends, whoever waits for it hears of that."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.models.task import Task, TaskSlot
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
