"""A student's file: what it defines, how it fails, how it is ended."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from app.frames.client import Stopped
from app.teaching.programs.output import MOST_LINES, Output
from app.teaching.programs.program import Program, ProgramFault
from tests.support.wait import wait_until


class Client:
    """As much of a client as these programs use."""

    number = 7


def loaded(text: str) -> Program:
    program = Program(text)
    program.load()
    return program


@pytest.mark.parametrize(
    ("text", "case", "line"),
    [
        ("def handle(client:\n    pass\n", "syntax", 1),
        ("x = 1\n\0", "syntax", 0),
        ("x = 1\n", "no_handle", 0),
        ("handle = 3\n", "no_handle", 0),
        ("import this_is_nowhere\n\ndef handle(client): ...\n", "raised", 1),
        ("x = 1\n1 / 0\n", "raised", 2),
        ("def f():\n    raise SystemExit\n\n\nf()\n", "raised", 2),
        ("input('name')\n", "raised", 1),
    ],
)
def test_a_file_that_cannot_be_used_says_where(text: str, case: str, line: int) -> None:
    with pytest.raises(ProgramFault) as caught:
        loaded(text)
    assert (caught.value.case, caught.value.line) == (case, line)


def test_a_loop_outside_of_functions_holds_nobody_up() -> None:
    with pytest.raises(ProgramFault) as caught:
        loaded("x = 0\nwhile True:\n    x += 1\n")
    assert caught.value.case == "endless"
    assert caught.value.line in (2, 3)


def test_what_handle_raises_is_told_in_the_students_own_lines() -> None:
    program = loaded(
        "def half(x):\n    return int(x) / 2\n\n\ndef handle(client):\n    half('you')\n"
    )
    with pytest.raises(ProgramFault) as caught:
        program.handle(Client())
    fault = caught.value
    assert (fault.case, fault.line) == ("raised", 2)
    assert [(call.function, call.line) for call in fault.calls] == [("handle", 6), ("half", 2)]
    assert fault.calls[-1].text == "return int(x) / 2"
    assert fault.words.startswith("ValueError: invalid literal")


def test_lines_of_an_older_version_are_not_shown_for_a_newer_one() -> None:
    for text in ("def handle(c):\n    1 / 0  # old\n", "def handle(c):\n    1 / 0  # new\n"):
        with pytest.raises(ProgramFault) as caught:
            loaded(text).handle(Client())
    assert caught.value.calls[-1].text.endswith("# new")


def test_leaving_by_exit_ends_only_this_client() -> None:
    loaded("import sys\n\n\ndef handle(client):\n    sys.exit(3)\n").handle(Client())


def test_a_broken_connection_is_the_workers_affair() -> None:
    with pytest.raises(ConnectionResetError):
        loaded("def handle(c):\n    raise ConnectionResetError\n").handle(Client())


def test_what_is_printed_is_kept_with_its_thread_and_bounded() -> None:
    output = Output()
    program = Program("def handle(c):\n    print('客户端', c.number, sep='-')\n", output)
    program.load()
    program.handle(Client())
    assert output.lines() == [(threading.current_thread().name, "客户端-7")]
    for number in range(MOST_LINES + 5):
        output.print(number)
    assert len(output.lines()) == MOST_LINES
    assert output.count == MOST_LINES + 6


def test_one_at_a_time_is_said_in_the_file() -> None:
    assert loaded("def handle(c): ...\n").threaded
    assert not loaded("THREADED = False\n\n\ndef handle(c): ...\n").threaded


def run_in_thread(program: Program) -> tuple[threading.Thread, list[BaseException]]:
    ends: list[BaseException] = []

    def run() -> None:
        try:
            program.handle(Client())
        except BaseException as error:  # noqa: BLE001
            ends.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    wait_until(lambda: program.stoppable.count == 1)
    return thread, ends


@pytest.mark.parametrize(
    "body",
    [
        "    while True:\n        pass\n",
        "    while True:\n        try:\n            sum(range(1000))\n"
        "        except Exception:\n            pass\n",
    ],
)
def test_a_loop_that_never_ends_is_ended(body: str) -> None:
    program = loaded(f"def handle(client):\n{body}")
    thread, ends = run_in_thread(program)
    assert program.stoppable.standing()[0].line >= 2
    assert program.stoppable.stop(3.0) == []
    thread.join(5)
    assert [type(end) for end in ends] == [Stopped]
    with pytest.raises(Stopped):
        program.handle(Client())


def test_what_cannot_be_stopped_is_named_by_its_line() -> None:
    program = loaded(
        "def handle(client):\n    try:\n        while True:\n            client.wait()\n"
        "    finally:\n        print('end')\n"
    )
    released = threading.Event()

    class Waiting(Client):
        wait: Callable[[], object] = staticmethod(lambda: released.wait(60))

    def run() -> None:
        with pytest.raises(Stopped):
            program.handle(Waiting())

    thread = threading.Thread(target=run, name="worker-7")
    thread.start()
    wait_until(lambda: program.stoppable.count == 1)
    begun = time.monotonic()
    standing = program.stoppable.stop(1.3)
    assert time.monotonic() - begun < 3
    assert standing == [("worker-7", 4, "client.wait()")]
    assert program.stoppable.forced == []  # it was not ended
    released.set()  # from now on it can be stopped, and is
    thread.join(10)
    assert program.stoppable.count == 0
    assert [line.text for line in program.output.lines()] == ["end"]


def test_a_file_that_is_not_there_is_the_programs_own_fault() -> None:
    program = loaded("def handle(c):\n    open('/no/such/file')\n")
    with pytest.raises(ProgramFault) as caught:
        program.handle(Client())
    assert caught.value.line == 2
    assert [failed.fault.line for failed in program.failures] == [2]


def test_a_loop_that_had_to_be_forced_is_named() -> None:
    program = loaded("def handle(client):\n    while True:\n        pass\n")
    thread, _ = run_in_thread(program)
    program.stoppable.stop(3.0)
    thread.join(5)
    assert [place.line in (2, 3) for place in program.stoppable.forced] == [True]
