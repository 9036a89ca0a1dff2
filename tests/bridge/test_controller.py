"""The door between net and window: what the window is told, and when."""

from __future__ import annotations

import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from pytestqt.qtbot import QtBot

from app.bridge.controller import Controller, ServerState
from app.bridge.feed import FRAME_MS, Feed
from app.journal.entry import Kind
from app.net.facts import CloseReason, ListenError, ListenFault, SendResult
from app.net.session import Session
from app.text.compose import ComposeFault, ComposeOptions
from tests.support.starving import no_more_descriptors, threads_refused
from tests.support.wait import wait_until


def dial(controller: Controller) -> socket.socket:
    return socket.create_connection(controller.endpoints[0], 5)


def joined(qtbot: QtBot, controller: Controller) -> tuple[socket.socket, Session]:
    with qtbot.waitSignal(controller.clients_joined) as told:
        client = dial(controller)
    return client, told.args[0][0]


def test_a_client_joins_speaks_and_leaves(qtbot: QtBot, controller: Controller) -> None:
    controller.open_server()
    assert controller.state is ServerState.OPEN
    client, session = joined(qtbot, controller)
    with client:
        client.sendall("你好".encode("gbk"))
        wait_until(lambda: session.bytes_in == 4)
        with qtbot.waitSignal(controller.clients_left):
            client.close()
    assert session.reason is CloseReason.FIN
    assert controller.reader is not None
    kinds = [e.kind for e in controller.reader.entries(controller.reader.first_id, 10)]
    assert kinds == [Kind.SERVER_OPENED, Kind.ONLINE, Kind.IN, Kind.OFFLINE]


@pytest.mark.skipif(sys.platform != "linux", reason="the limits are Linux'")
@pytest.mark.parametrize(
    ("starved", "words"),
    [(threads_refused, "can't start new thread"), (no_more_descriptors, "Too many open files")],
)
def test_a_port_for_which_the_system_has_no_more_is_an_error(
    controller: Controller, starved: Callable[[], AbstractContextManager[None]], words: str
) -> None:
    """Without the look at the descriptors Qt would end the program as it starts the listener."""
    told: list[ListenError] = []
    controller.open_failed.connect(told.append)
    controller.open_server()  # the journal is there then
    controller.close_server()
    wait_until(lambda: controller.state is ServerState.CLOSED)
    with starved():
        controller.open_server()
    assert words in told[0].system_text
    assert controller.state is ServerState.CLOSED
    controller.open_server()
    assert controller.state is ServerState.OPEN


def test_a_busy_port_is_an_error_at_once(qtbot: QtBot, controller: Controller) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        controller.change(port=other.getsockname()[1])
        told: list[ListenError] = []
        controller.open_failed.connect(told.append)
        with qtbot.waitSignal(controller.open_failure_explained) as failed:
            controller.open_server()
            assert controller.state is ServerState.CLOSED
            assert len(told) == 1
    error, explained = told[0], failed.args[0]
    assert error.fault is explained.fault is ListenFault.PORT_IN_USE
    assert error.holder is None  # to find it takes a while
    assert explained.holder.pid == os.getpid()


def test_a_port_that_old_connections_hold_is_opened_by_itself(
    qtbot: QtBot, controller: Controller
) -> None:
    """Another server's, without SO_REUSEADDR, as Windows has it: its client stays."""
    with socket.socket() as gone:
        gone.bind(("127.0.0.1", 0))
        gone.listen()
        port = gone.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port), 5)
        gone.accept()[0].close()
    with client:
        controller.change(port=port)
        told: list[ListenError] = []
        controller.open_failed.connect(told.append)
        for _ in range(2):  # it is tried again, and not called another program meanwhile
            with qtbot.waitSignal(controller.open_failure_explained) as failed:
                if not told:
                    controller.open_server()
            assert failed.args[0].fault is ListenFault.OLD_CONNECTIONS
        assert len(told) == 1
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wait_until(lambda: controller.state is ServerState.OPEN)
    assert controller.endpoints[0].port == port


def test_another_port_is_not_opened_by_itself(qtbot: QtBot, controller: Controller) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        controller.change(port=other.getsockname()[1])
        controller.open_server()
        controller.change(port=0)  # while the holder is being looked for
        with qtbot.assertNotEmitted(controller.open_failure_explained):
            wait_until(lambda: "port-holder" not in [t.name for t in threading.enumerate()])
    assert controller.state is ServerState.CLOSED


def test_closing_leaves_nobody_and_can_be_opened_again(
    qtbot: QtBot, controller: Controller
) -> None:
    for _ in range(3):
        controller.open_server()
        client, session = joined(qtbot, controller)
        with client, qtbot.waitSignals([controller.state_changed] * 2):
            controller.close_server()
        assert session.reason is CloseReason.SERVER_CLOSED
        assert controller.state is ServerState.CLOSED
        assert controller.thread_count == 2  # GUI and journal writer


def test_each_client_gets_its_own_encoding(qtbot: QtBot, controller: Controller) -> None:
    controller.open_server()
    first, one = joined(qtbot, controller)
    second, two = joined(qtbot, controller)
    with first, second:
        controller.orders.set_encoding([two.ref], "utf-8")
        with qtbot.waitSignal(
            controller.send_finished, check_params_cb=lambda report: report.finished
        ) as done:
            controller.orders.send("交易", ComposeOptions(encoding=""), [one.ref, two.ref])
        assert set(done.args[0].results.values()) == {SendResult.SENT}
        assert first.recv(99) == "交易".encode("gbk")
        assert second.recv(99) == "交易".encode()


def test_what_cannot_be_encoded_reaches_nobody(qtbot: QtBot, controller: Controller) -> None:
    controller.open_server()
    first, one = joined(qtbot, controller)
    second, two = joined(qtbot, controller)
    with first, second:
        controller.orders.set_encoding([two.ref], "ascii")
        with pytest.raises(ComposeFault) as fault:
            controller.orders.send("a易", ComposeOptions(encoding=""), [one.ref, two.ref])
        assert fault.value.position == 1
        assert controller.journal is not None
        assert controller.journal.bytes_out == 0


def test_the_reply_is_switched_on_while_open(qtbot: QtBot, controller: Controller) -> None:
    controller.open_server()
    client, _ = joined(qtbot, controller)
    with client:
        controller.change(reply_mode="text")
        client.sendall(b"x")
        assert client.recv(99) == "交易正在处理".encode("gbk")


def test_new_clients_take_the_encoding_of_now(qtbot: QtBot, controller: Controller) -> None:
    controller.open_server()
    controller.change(encoding="utf-8")
    client, session = joined(qtbot, controller)
    client.close()
    assert session.encoding == "utf-8"


def test_bytes_in_another_encoding_are_hinted_at(qtbot: QtBot, controller: Controller) -> None:
    controller.open_server()
    client, session = joined(qtbot, controller)
    with client, qtbot.waitSignal(controller.encoding_hint) as hint:
        client.sendall(("服务器已经启动，正在等待客户端的连接请求。" * 4).encode())
    assert hint.args == [session.ref, "utf-8"]


def test_a_dropped_journal_makes_room_for_a_new_one(qtbot: QtBot, controller: Controller) -> None:
    controller.ensure_journal()
    path = controller.drop_journal()
    assert path is not None
    assert controller.journal is None
    path.unlink()
    controller.open_server()
    assert controller.drop_journal() is None  # not while the port is open
    assert controller.journal is not None


def test_any_number_of_pokes_is_one_frame(qtbot: QtBot) -> None:
    feed = Feed()
    frames: list[float] = []
    feed.frame.connect(lambda: frames.append(time.monotonic()))
    stop = threading.Event()

    def poke() -> None:
        while not stop.is_set():
            feed.poke()
            stop.wait(0.0005)

    threads = [threading.Thread(target=poke) for _ in range(4)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    wait_until(lambda: len(frames) >= 10)
    stop.set()
    for thread in threads:
        thread.join()
    for earlier_frames, at in enumerate(frames):  # a busy machine makes them late, never early
        assert (at - begun) * 1000 >= earlier_frames * (FRAME_MS - 1)
    feed.deleteLater()
