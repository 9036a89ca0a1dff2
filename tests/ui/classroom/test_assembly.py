"""The class joins in: real clients and browsers in the real window."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.bridge.controller import ServerState
from app.models.roll_table import RollColumn
from app.teaching.roll.roll import Presence, Pupil
from app.ui.application import Program
from app.ui.classroom.assembly import AssemblyPiece
from app.ui.classroom.assembly.qr import QUIET_MODULES
from app.ui.theme import theme
from app.wording import set_language
from tests.support.wait import wait_until

CLASS = 60


@pytest.fixture
def page(show: Callable[[str], QWidget]) -> AssemblyPiece:
    found = show("assembly")
    assert isinstance(found, AssemblyPiece)
    return found


@pytest.fixture
def connect(program: Program) -> Iterator[Callable[[], socket.socket]]:
    with ExitStack() as stack:

        def make() -> socket.socket:
            where = program.controller.endpoints[0]
            return stack.enter_context(socket.create_connection(where, 20))

        yield make


def roll(page: AssemblyPiece) -> dict[str, Pupil]:
    return {pupil.name: pupil for pupil in page.assembly.roll.pupils}


def answers(page: AssemblyPiece) -> dict[str, str]:
    poll = page.assembly.poll
    assert poll is not None
    return {p.name: poll.answers[p.key] for p in roll(page).values() if p.key in poll.answers}


def get(
    program: Program, path: str = "/", cookie: str = "", method: str = "GET"
) -> tuple[int, str, str]:
    """Return status, cookie and text of what a browser gets."""
    where = program.controller.endpoints[0]
    with ThreadPoolExecutor(1) as pool:  # the window goes on meanwhile

        def ask() -> tuple[int, str, str]:
            browser = http.client.HTTPConnection(where.host, where.port, timeout=20)
            browser.request(method, path, headers={"Cookie": cookie} if cookie else {})
            answer = browser.getresponse()
            text = answer.read().decode("utf-8")
            browser.close()
            set_cookie = answer.headers.get("Set-Cookie", "")
            return answer.status, set_cookie.partition(";")[0], text

        asked = pool.submit(ask)
        wait_until(asked.done)
        return asked.result()


# -- sixty at once -------------------------------------------------------------------------------


def test_sixty_come_at_once_and_each_name_and_answer_is_right(
    program: Program, page: AssemblyPiece, connect: Callable[[], socket.socket]
) -> None:
    program.controller.change(class_names=True)
    names = [f"{'王李张刘陈杨'[n % 6]}{'伟芳娜敏静强'[n // 6 % 6]}{n}号" for n in range(CLASS)]
    wanted = {name: "ABCD"[n % 4] for n, name in enumerate(names)}
    together, clients = Barrier(CLASS), [connect() for _ in range(CLASS)]

    def join(n: int) -> None:
        encoding = "gbk" if n % 2 else "utf-8"
        line = f"{names[n]}\r\n".encode(encoding)
        together.wait(20)
        clients[n].sendall(line[: n % len(line)])  # cut anywhere, in a character too
        clients[n].sendall(line[n % len(line) :])

    def vote(n: int) -> None:
        together.wait(20)
        clients[n].sendall(wanted[names[n]].encode())
        clients[n].sendall(b"\r\n")

    with ThreadPoolExecutor(CLASS) as pool:
        for work in (join, vote):
            jobs = [pool.submit(work, n) for n in range(CLASS)]
            wait_until(lambda jobs=jobs: all(job.done() for job in jobs))
            for job in jobs:
                job.result()
            if work is join:
                wait_until(lambda: set(roll(page)) == set(names), message=lambda: str(roll(page)))
                page.show_tab("poll")
                page.asking.start.click()
    wait_until(lambda: answers(page) == wanted)
    wait_until(lambda: [share.votes for share in page.asking.bars.shares] == [15] * 4)
    assert page.assembly.unanswered() == []
    page.show_tab("people")
    assert page.people.rows.rowCount() == CLASS
    notes = {session.note for session in program.controller.sessions.values()}
    assert notes == set(names)


# -- names ---------------------------------------------------------------------------------------


def test_two_of_one_name_are_told_apart_and_who_comes_again_is_the_same_line(
    program: Program, page: AssemblyPiece, connect: Callable[[], socket.socket]
) -> None:
    program.controller.change(class_names=True)
    first, second = connect(), connect()
    first.sendall(b"Wei\n")
    wait_until(lambda: set(roll(page)) >= {"Wei"})
    second.sendall(b"Wei\n")
    wait_until(lambda: set(roll(page)) == {"Wei", "Wei (2)"})
    line = roll(page)["Wei"]
    first.close()
    wait_until(lambda: line.presence is Presence.LEFT)
    again = connect()
    again.sendall(b"Wei\nmore")
    wait_until(lambda: line.presence is Presence.HERE and line.bytes_in == 12)
    assert set(roll(page)) == {"Wei", "Wei (2)"}


def test_a_note_of_the_teachers_own_is_never_written_over(
    program: Program, page: AssemblyPiece, connect: Callable[[], socket.socket]
) -> None:
    program.controller.change(class_names=True)
    client = connect()
    wait_until(lambda: len(program.controller.sessions) == 1)
    (session,) = program.controller.sessions.values()
    program.controller.orders.set_note(session.ref, "first row")
    client.sendall(b"Wei\n")
    wait_until(lambda: page.assembly.roll.pupils[0].named == "Wei")
    assert session.note == "first row"
    assert page.assembly.roll.pupils[0].name == "first row"


def test_a_name_without_a_line_break_is_one_after_a_rest_and_is_no_answer(
    program: Program, page: AssemblyPiece, connect: Callable[[], socket.socket]
) -> None:
    program.controller.change(class_names=True)
    page.assembly.start_poll("", page.asking.choices(), first_counts=True)
    client = connect()
    client.sendall(b"Bo")
    wait_until(lambda: set(roll(page)) == {"Bo"})
    client.sendall(b"\r\nC\r\n")
    wait_until(lambda: answers(page) == {"Bo": "C"})


def test_without_the_switch_nobody_is_called_anything(
    program: Program, page: AssemblyPiece, connect: Callable[[], socket.socket]
) -> None:
    page.assembly.start_poll("", page.asking.choices(), first_counts=False)
    connect().sendall(b"b\n")
    wait_until(lambda: answers(page) == {"": "B"})


def test_who_was_here_before_the_page_is_heard_and_a_silent_one_leaves_no_line(
    program: Program, connect: Callable[[], socket.socket], show: Callable[[str], QWidget]
) -> None:
    early, silent = connect(), connect()
    wait_until(lambda: len(program.controller.sessions) == 2)
    page = show("assembly")
    assert isinstance(page, AssemblyPiece)
    assert len(page.assembly.roll.pupils) == 2
    page.assembly.start_poll("", page.asking.choices(), first_counts=False)
    early.sendall(b"a")
    silent.close()
    wait_until(lambda: len(page.assembly.roll.pupils) == 1)
    wait_until(lambda: answers(page) == {"": "A"})


# -- browsers ------------------------------------------------------------------------------------


def test_a_browser_reads_who_it_is_in_the_language_of_the_window(
    program: Program, page: AssemblyPiece
) -> None:
    status, cookie, text = get(program)
    wait_until(lambda: program.controller.sessions)  # the answer may be here before the news
    (session,) = program.controller.sessions.values()
    assert (status, cookie[:9]) == (200, "portside=")
    assert str(session.endpoint) in text
    assert f"Client {session.client_id}" in text
    set_language("zh_CN")
    assert f"客户端 {session.client_id + 1}" in get(program)[2]


def test_a_browser_answers_and_stays_one_pupil(program: Program, page: AssemblyPiece) -> None:
    program.controller.change(class_names=True)
    page.assembly.start_poll("<b>Which?</b>", page.asking.choices(), first_counts=False)
    _, cookie, text = get(program)
    assert "&lt;b&gt;Which?&lt;/b&gt;" in text
    get(program, "/?name=%3Cscript%3E", cookie)
    wait_until(lambda: set(roll(page)) == {"<script>"})
    assert "Your answer: B" in get(program, "/?answer=b", cookie)[2]
    wait_until(lambda: answers(page) == {"<script>": "B"})
    text = get(program, "/", cookie)[2]
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    wait_until(lambda: len(page.assembly.roll.pupils) == 1)
    assert page.assembly.roll.pupils[0].presence is Presence.BROWSER


def test_icons_and_heads_are_no_pupils(program: Program, page: AssemblyPiece) -> None:
    assert get(program, "/favicon.ico")[0] == 404
    assert get(program, "/", method="HEAD") == (200, "", "")
    wait_until(lambda: len(program.controller.sessions) == 2)
    wait_until(lambda: page.assembly.roll.pupils == [])


@pytest.mark.parametrize("recv_size", [1, 1024])
def test_a_page_comes_in_place_of_a_reply_and_anybody_else_is_replied_to_once(
    program: Program,
    page: AssemblyPiece,
    connect: Callable[[], socket.socket],
    recv_size: int,
) -> None:
    program.controller.change(reply_mode="echo", recv_size_bytes=recv_size)
    client = connect()
    with client.makefile("rb") as answer:
        client.sendall(b"GET / HTTP/1.1\r\n")
        client.sendall(b"Host: x\r\n\r\n")
        assert answer.read().startswith(b"HTTP/1.1 200 OK\r\n")
    other = connect()
    with other.makefile("rb") as answer:
        other.sendall(b"GET")
        other.sendall(b" up, Li\n")
        assert answer.readline() == b"GET up, Li\n"


def test_switched_off_or_after_the_class_no_browser_is_answered(
    program: Program, page: AssemblyPiece, connect: Callable[[], socket.socket]
) -> None:
    program.controller.change(reply_mode="echo", class_names=True, class_answers_browsers=False)
    request = b"GET / HTTP/1.1\r\n\r\n"
    for enter in (True, False):
        client = connect()
        with client.makefile("rb") as answer:
            client.sendall(request)
            assert answer.read(len(request)) == request
        assert set(roll(page)) <= {""}
        program.window.classroom.enter(not enter)
        program.controller.change(class_answers_browsers=True)


# -- the page ------------------------------------------------------------------------------------


def test_a_closed_port_is_said_with_the_button_that_opens_it(
    program: Program, page: AssemblyPiece, qtbot: QtBot
) -> None:
    assert page.join.code.text == f"http://{program.controller.endpoints[0]}/"
    program.controller.close_server()
    wait_until(lambda: program.controller.state is ServerState.CLOSED)
    qtbot.waitUntil(page.join.open_port.isVisible)
    assert page.join.code.text == ""
    qtbot.mouseClick(page.join.open_port, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.join.address.isVisible)
    assert page.join.address.text == str(program.controller.endpoints[0])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_code_is_dark_on_light_with_a_quiet_zone_in_every_theme(
    page: AssemblyPiece, mode: str
) -> None:
    theme().set_mode(mode)
    image = page.join.code.grab().toImage()
    middle = image.height() // 2
    row = [image.pixelColor(x, middle) for x in range(image.width())]
    white = [x for x, colour in enumerate(row) if colour == QColor(Qt.GlobalColor.white)]
    black = [x for x, colour in enumerate(row) if colour == QColor(Qt.GlobalColor.black)]
    assert white
    assert black
    assert len(white) + len(black) == white[-1] - white[0] + 1  # nothing in between: it is sharp
    assert min(black) - white[0] >= QUIET_MODULES
    theme().set_mode("light")


def test_results_are_hidden_until_the_end(
    program: Program, page: AssemblyPiece, connect: Callable[[], socket.socket], qtbot: QtBot
) -> None:
    page.show_tab("poll")
    page.asking.hides.click()
    assert program.controller.settings.poll_hides
    page.asking.start.click()
    connect().sendall(b"B\n")
    wait_until(lambda: page.asking.count.text.startswith("1 of 1"))
    assert page.asking.bars.shares == []
    page.press_on()
    wait_until(lambda: [share.votes for share in page.asking.bars.shares] == [0, 1, 0, 0])
    page.asking.tools["poll_copy"].trigger()
    assert "B,,1,100" in QGuiApplication.clipboard().text()


def test_who_has_not_answered_is_named(
    program: Program, page: AssemblyPiece, connect: Callable[[], socket.socket]
) -> None:
    program.controller.change(class_names=True)
    page.show_tab("poll")
    page.press_on()
    connect().sendall(b"Wei\nA\n")
    connect().sendall(b"Na\n")
    wait_until(lambda: "Na" in page.asking.missing.text())
    wait_until(lambda: "Wei" not in page.asking.missing.text())


def test_the_roll_is_sorted_and_copied_without_formulas(
    program: Program, page: AssemblyPiece, connect: Callable[[], socket.socket], tmp_path: Path
) -> None:
    program.controller.change(class_names=True)
    for name in (b"=1+1\n", b"Anna\n"):
        connect().sendall(name)
    wait_until(lambda: set(roll(page)) == {"=1+1", "Anna"})
    page.show_tab("people")
    page.people.table.sortByColumn(RollColumn.NAME, Qt.SortOrder.DescendingOrder)
    assert [pupil.name for pupil in page.people.rows.pupils] == ["Anna", "=1+1"]
    page.people.tools["copy"].trigger()
    assert ",'=1+1," in QGuiApplication.clipboard().text()
    page.export_to(tmp_path / "class.csv")
    wait_until(lambda: not page.saving.is_busy)
    assert (tmp_path / "class.csv").read_text("utf-8-sig").count("\n") == 3


def test_demo_clients_are_no_pupils(program: Program, page: AssemblyPiece) -> None:
    program.window.service.start_demo()
    wait_until(lambda: any(s.is_demo for s in program.controller.sessions.values()))
    wait_until(lambda: page.assembly.roll.pupils == [])


def test_a_browser_is_not_answered_while_the_users_program_serves(
    program: Program, page: AssemblyPiece, connect: Callable[[], socket.socket]
) -> None:
    my_server = program.window.classroom
    my_server.show_piece("myserver")
    piece = my_server.stage.piece("myserver")
    piece.editor.replace_text("def handle(client):\n    client.send(client.recv())\n")  # type: ignore[union-attr]
    piece.press_on()  # type: ignore[union-attr]
    wait_until(lambda: program.controller.server.shared.program is not None)  # type: ignore[union-attr]
    client = connect()
    with client.makefile("rb") as answer:
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert answer.read() == b"GET / HTTP/1.1\r\n\r\n"
