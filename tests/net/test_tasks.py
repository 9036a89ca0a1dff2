"""What sends by itself: repeats, sequences and files, and how each of them ends."""

from __future__ import annotations

import hashlib
import os
import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from app.journal.entry import Kind
from app.journal.needle import Needle
from app.journal.refs import ClientRef
from app.net.tasks.facts import TaskEnd, TaskState
from app.net.tasks.file import IN_FLIGHT_BYTES, SendFile
from app.net.tasks.repeat import Repeat
from app.net.tasks.sequence import Series, Step
from app.net.tasks.task import Message, Task
from app.text.compose import ComposeOptions
from tests.net.rig import Rig, receive_all, receive_exactly, reset
from tests.net.test_udp import UdpStandIn
from tests.support.machine import here_s
from tests.support.wait import wait_until

EVERY = ComposeOptions("")


def say(text: str) -> Message:
    return Message(text, EVERY)


def start(rig: Rig, task: Task) -> Task:
    rig.server.tasks.start(task)
    return task


def wait_end(task: Task) -> None:
    wait_until(lambda: task.end is not None, message=lambda: f"{task.state} {task.done}")


def repeat(
    rig: Rig,
    clients: Sequence[ClientRef] | None,
    text: str = "beat",
    every_ms: int = 10,
    times: int = 0,
) -> Repeat:
    targets = None if clients is None else tuple(clients)
    task = Repeat("heart", rig.server, targets, say(text), every_ms, times)
    start(rig, task)
    return task


def told(rig: Rig, deed: str) -> list[dict[str, object]]:
    return [e.detail for e in rig.entries(Kind.TASK) if e.detail["deed"] == deed]


# -- repeat ------------------------------------------------------------------------------------


def test_a_beat_comes_so_often_and_ends_after_so_many(any_rig: Callable[..., Rig]) -> None:
    rig = any_rig()
    client, session = rig.join()
    task = repeat(rig, [session.ref], times=5)
    assert receive_exactly(client, 20) == b"beat" * 5
    wait_end(task)
    wait_until(lambda: task.sent == 5)
    assert (task.end, task.done) == (TaskEnd.DONE, 5)
    assert told(rig, "started")[0]["every_ms"] == 10
    assert told(rig, "ended")[0]["why"] == "done"
    assert rig.stream(Kind.OUT, session.client_id) == b"beat" * 5


def test_a_beat_does_not_drift_and_none_is_sent_twice(rig: Rig) -> None:
    client, session = rig.join()
    beats = 60
    task = repeat(rig, [session.ref], times=beats)
    receive_exactly(client, 4 * beats)
    wait_end(task)
    (began,) = rig.entries(Kind.TASK)[:1]
    at_ns = [e.mono_ns - began.mono_ns for e in rig.entries(Kind.OUT, session.client_id)]
    assert len(at_ns) == task.sent == beats
    assert at_ns[-1] >= (beats - 1) * 10_000_000, "two in the time of one"
    # The one of many that is least late: others wait for the processor, which is no drift.
    late_s = [ns % 10_000_000 / 1e9 for ns in at_ns]
    assert min(late_s[-20:]) - min(late_s[:20]) < here_s(0.002)


def test_each_client_gets_it_in_its_own_encoding(rig: Rig) -> None:
    (one, first), (two, second) = rig.join(), rig.join()
    first.encoding, second.encoding = "gbk", "utf-8"
    repeat(rig, None, "你", times=1)
    assert receive_exactly(one, 2) == "你".encode("gbk")
    assert receive_exactly(two, 3) == "你".encode()


def test_what_a_clients_encoding_lacks_ends_it_with_the_character(rig: Rig) -> None:
    _, session = rig.join()
    session.encoding = "ascii"
    task = repeat(rig, [session.ref], "你")
    wait_end(task)
    assert (task.end, task.error) == (TaskEnd.UNENCODABLE, "你")
    assert session.ref in rig.server.sessions


def test_who_does_not_read_is_skipped_and_nothing_piles_up(rig: Rig) -> None:
    client, session = rig.join(recv_buffer_bytes=4096)
    task = repeat(rig, [session.ref], "x" * 3_000_000)
    wait_until(lambda: task.skipped > 5)
    assert session.waiting_bytes <= 3_000_000
    assert len(told(rig, "skips")) == 1
    task.finish()
    sent = task.sent + 1
    assert receive_exactly(client, 3_000_000) == b"x" * 3_000_000
    wait_until(lambda: task.sent >= sent)


def test_everybody_means_who_is_there_at_each_beat(rig: Rig) -> None:
    task = repeat(rig, None)
    wait_until(lambda: task.state is TaskState.WAITS_FOR_CLIENTS)
    client, _ = rig.join()
    assert receive_exactly(client, 4) == b"beat"
    client.close()
    wait_until(lambda: task.state is TaskState.WAITS_FOR_CLIENTS)
    assert task.end is None


def test_it_stands_still_and_goes_on(rig: Rig) -> None:
    client, session = rig.join()
    task = repeat(rig, [session.ref])
    receive_exactly(client, 8)
    task.pause()
    assert task.state is TaskState.PAUSED
    wait_until(lambda: not session.waiting_bytes)
    done = task.done
    task.pause()
    task.go_on()
    wait_until(lambda: task.done > done + 1)
    task.finish()
    assert told(rig, "ended")[0]["why"] == "stopped"


@pytest.mark.parametrize("every_ms", [10, 86_400_000])
def test_the_clients_leaving_ends_it_at_once(rig: Rig, every_ms: int) -> None:
    client, session = rig.join()
    task = repeat(rig, [session.ref], every_ms=every_ms)
    receive_exactly(client, 4)
    client.close()
    wait_end(task)
    assert task.end is TaskEnd.CLIENT_LEFT
    assert told(rig, "ended")[0]["why"] == "client_left"


def test_a_paused_one_ends_with_its_client_too(rig: Rig) -> None:
    client, session = rig.join()
    task = repeat(rig, [session.ref])
    task.pause()
    client.close()
    wait_end(task)
    assert task.end is TaskEnd.CLIENT_LEFT


def test_closing_the_port_ends_all_of_them_and_none_begins_afterwards(
    rig: Rig, tmp_path: Path
) -> None:
    client, session = rig.join(recv_buffer_bytes=4096)
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    tasks = [
        repeat(rig, [session.ref]),
        start(rig, Series("s", rig.server, None, [Step("a", say("a"), pause_ms=60_000)])),
        start(rig, SendFile("f", rig.server, (session.ref,), str(path))),
    ]
    receive_exactly(client, 100)
    rig.stop()
    assert [task.end for task in tasks] == [TaskEnd.PORT_CLOSED] * 3
    assert rig.server.stuck == 0
    assert [fact["why"] for fact in told(rig, "ended")] == ["port_closed"] * 3
    assert repeat(rig, None).end is TaskEnd.PORT_CLOSED
    assert not rig.server.tasks.running


def test_an_error_in_one_is_told_and_the_other_goes_on(rig: Rig) -> None:
    class Broken(Message):
        def data(self, encoding: str) -> bytes:
            raise RuntimeError("kaputt")

    client, session = rig.join()
    good = repeat(rig, [session.ref])
    bad = Repeat("bad", rig.server, (session.ref,), Broken("", EVERY), 10)
    start(rig, bad)
    wait_end(bad)
    assert (bad.end, bad.error) == (TaskEnd.FAILED, "kaputt")
    done = good.done
    wait_until(lambda: good.done > done + 2)
    assert receive_exactly(client, 4) == b"beat"


def test_many_clients_get_each_beat_once(rig: Rig) -> None:
    clients = [rig.join()[0] for _ in range(150)]  # more than are served at once
    task = repeat(rig, None, every_ms=50, times=2)
    for client in clients:
        assert receive_exactly(client, 8) == b"beat" * 2
    wait_end(task)
    wait_until(lambda: task.sent == 300)
    assert task.skipped % 150 == 0


# -- sequence ----------------------------------------------------------------------------------


def series(rig: Rig, *steps: Step, rounds: int = 1, patience_ms: int = 20_000) -> Series:
    task = Series("s", rig.server, None, steps, rounds=rounds, patience_ms=patience_ms)
    start(rig, task)
    return task


def test_a_sequence_waits_for_its_answers_wherever_they_are_cut(rig: Rig) -> None:
    client, _ = rig.join()
    task = series(
        rig,
        Step("one", say("AT;"), wait_for=Needle.of_text("OK")),
        Step("two", say("GO;"), wait_for=Needle.of_hex("01 ?? 03")),
        rounds=2,
    )
    for _ in range(2):
        assert receive_exactly(client, 3) == b"AT;"
        wait_until(lambda: task.state is TaskState.WAITS_FOR_ANSWER)
        client.sendall(b"xO")
        client.sendall(b"K")
        assert receive_exactly(client, 3) == b"GO;"
        client.sendall(b"\x01")
        client.sendall(b"\x02\x03")
    wait_end(task)
    assert (task.end, task.done, task.skipped) == (TaskEnd.DONE, 2, 0)


def test_a_sequence_waits_for_each_of_its_clients(rig: Rig) -> None:
    (one, _), (two, _) = rig.join(), rig.join()
    task = series(rig, Step("a", say("a"), wait_for=Needle.of_text("!")), Step("b", say("b")))
    assert receive_exactly(one, 1) + receive_exactly(two, 1) == b"aa"
    one.sendall(b"!")
    wait_until(lambda: task.state is TaskState.WAITS_FOR_ANSWER)
    assert task.step == 1
    two.sendall(b"!")
    assert receive_exactly(one, 1) + receive_exactly(two, 1) == b"bb"


def test_no_answer_in_time_ends_it_with_the_step(rig: Rig) -> None:
    _, session = rig.join()
    task = series(rig, Step("ask", say("a"), wait_for=Needle.of_text("!")), patience_ms=30)
    wait_end(task)
    assert (task.end, task.error) == (TaskEnd.NO_ANSWER, "ask")
    assert session.ears == []


def test_or_it_goes_on(rig: Rig) -> None:
    client, _ = rig.join()
    step = Step("ask", say("a"), wait_for=Needle.of_text("!"))
    task = Series("s", rig.server, None, [step], rounds=2, patience_ms=30, goes_on=True)
    start(rig, task)
    wait_end(task)
    assert (task.end, task.skipped) == (TaskEnd.DONE, 2)
    assert receive_exactly(client, 2) == b"aa"


def test_steps_may_be_for_others_and_a_pause_is_kept(rig: Rig) -> None:
    (one, first), (two, second) = rig.join(), rig.join()
    task = series(
        rig,
        Step("a", say("a"), (first.ref,), pause_ms=60),
        Step("b", say("b"), (second.ref,)),
    )
    wait_end(task)
    (a,) = rig.entries(Kind.OUT, first.client_id)
    (b,) = rig.entries(Kind.OUT, second.client_id)
    assert (a.data, b.data) == (b"a", b"b")
    assert b.mono_ns - a.mono_ns > 59_000_000
    one.close()
    two.close()


# -- file --------------------------------------------------------------------------------------


def make_file(folder: Path, size_bytes: int) -> Path:
    path = folder / "sent.bin"
    path.write_bytes(os.urandom(size_bytes))
    return path


def test_a_file_arrives_whole_at_each_client(any_rig: Callable[..., Rig], tmp_path: Path) -> None:
    rig = any_rig()
    path = make_file(tmp_path, 3_000_001)
    pairs = [rig.join() for _ in range(3)]
    got: dict[int, bytes] = {}
    threads = [
        threading.Thread(target=lambda c=c, n=n: got.update({n: receive_exactly(c, 3_000_001)}))
        for n, (c, _) in enumerate(pairs)
    ]
    for thread in threads:
        thread.start()
    task = SendFile("f", rig.server, tuple(s.ref for _, s in pairs), str(path))
    start(rig, task)
    for thread in threads:
        thread.join()
    wait_end(task)
    assert task.end is TaskEnd.DONE
    assert task.done == task.total == 9_000_003
    assert all(data == path.read_bytes() for data in got.values())
    assert rig.stream(Kind.OUT, pairs[0][1].client_id) == path.read_bytes()


def test_instead_of_its_bytes_the_journal_keeps_place_size_and_digest(
    rig: Rig, tmp_path: Path
) -> None:
    path = make_file(tmp_path, 300_000)
    client, session = rig.join()
    rig.server.send([(session.ref, b"before", "")])
    assert receive_exactly(client, 6) == b"before"
    task = SendFile("f", rig.server, (session.ref,), str(path), keep=False)
    start(rig, task)
    assert receive_exactly(client, 300_000) == path.read_bytes()
    wait_end(task)
    (fact,) = told(rig, "sent")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert (fact["path"], fact["size_bytes"], fact["sha256"]) == (str(path), 300_000, digest)
    assert fact["at"] == 6
    assert rig.stream(Kind.OUT, session.client_id) == b"before"
    assert session.bytes_out == 300_006 == rig.journal.bytes_out
    rig.server.send([(session.ref, b"after", "")])
    receive_exactly(client, 5)
    wait_until(lambda: rig.entries(Kind.OUT)[-1].offset == 300_006)


def test_a_pace_is_kept(rig: Rig, tmp_path: Path) -> None:
    path = make_file(tmp_path, 50)
    client, session = rig.join()
    args = ("f", rig.server, (session.ref,), str(path))
    task = SendFile(*args, piece_bytes=10, every_ms=20)
    start(rig, task)
    assert receive_exactly(client, 50) == path.read_bytes()
    wait_end(task)
    entries = rig.entries(Kind.OUT, session.client_id)
    assert [len(entry.data) for entry in entries] == [10] * 5
    assert entries[-1].mono_ns - entries[0].mono_ns > 79_000_000 - 20_000_000


def test_who_never_reads_holds_up_nobody_and_fills_no_memory(rig: Rig, tmp_path: Path) -> None:
    path = make_file(tmp_path, 20_000_000)
    _, deaf = rig.join(recv_buffer_bytes=4096)
    client, session = rig.join()
    task = SendFile("f", rig.server, (deaf.ref, session.ref), str(path))
    start(rig, task)
    assert receive_exactly(client, 20_000_000) == path.read_bytes()
    assert deaf.waiting_bytes <= IN_FLIGHT_BYTES
    wait_until(lambda: task.state is TaskState.WAITS_FOR_PEER)
    task.pause()
    task.go_on()
    task.finish()
    assert task.join(1e9)


def test_a_reset_in_mid_file_ends_it_with_a_word(rig: Rig, tmp_path: Path) -> None:
    path = make_file(tmp_path, 20_000_000)
    client, session = rig.join(recv_buffer_bytes=4096)
    task = SendFile("f", rig.server, (session.ref,), str(path))
    start(rig, task)
    receive_exactly(client, 10_000)
    reset(client)
    wait_end(task)
    assert task.end is TaskEnd.CLIENT_LEFT


def test_a_file_that_is_cut_short_meanwhile_is_said_to_be(rig: Rig, tmp_path: Path) -> None:
    path = make_file(tmp_path, 20_000_000)
    client, session = rig.join(recv_buffer_bytes=4096)
    task = SendFile("f", rig.server, (session.ref,), str(path))
    start(rig, task)
    wait_until(lambda: session.waiting_bytes)
    os.truncate(path, 1000)
    reading = threading.Thread(target=receive_all, args=(client,))
    reading.start()
    wait_end(task)
    assert task.end is TaskEnd.FILE_CHANGED
    rig.server.disconnect([session.ref])
    reading.join()


def test_one_that_is_written_to_meanwhile_has_no_digest(rig: Rig, tmp_path: Path) -> None:
    path = make_file(tmp_path, 6_000_000)
    client, session = rig.join(recv_buffer_bytes=4096)
    task = SendFile("f", rig.server, (session.ref,), str(path), keep=False)
    start(rig, task)
    wait_until(lambda: session.waiting_bytes)
    with path.open("ab") as file:
        file.write(b"more")
    receive_exactly(client, 6_000_000)
    wait_end(task)
    assert told(rig, "sent")[0]["changed"] is True
    assert "sha256" not in told(rig, "sent")[0]


@pytest.mark.skipif(os.name == "nt", reason="a deleted file that is open stays readable on POSIX")
def test_a_file_deleted_meanwhile_is_sent_to_its_end(rig: Rig, tmp_path: Path) -> None:
    path = make_file(tmp_path, 6_000_000)
    client, session = rig.join(recv_buffer_bytes=4096)
    task = SendFile("f", rig.server, (session.ref,), str(path))
    start(rig, task)
    wait_until(lambda: session.waiting_bytes)
    path.unlink()
    assert len(receive_exactly(client, 6_000_000)) == 6_000_000
    wait_end(task)
    assert task.end is TaskEnd.DONE


@pytest.mark.skipif(os.name == "nt", reason="there are no such files")
def test_what_is_no_regular_file_is_not_even_opened(rig: Rig, tmp_path: Path) -> None:
    _, session = rig.join()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, "/dev/zero", tmp_path):
        task = SendFile("f", rig.server, (session.ref,), str(path))
        start(rig, task)
        wait_end(task)
        assert task.end is TaskEnd.NO_FILE
    task = SendFile("f", rig.server, (session.ref,), str(tmp_path / "none"))
    start(rig, task)
    wait_end(task)
    assert task.end is TaskEnd.FAILED
    assert task.error


def test_an_empty_file_is_done_at_once(rig: Rig, tmp_path: Path) -> None:
    _, session = rig.join()
    task = SendFile("f", rig.server, (session.ref,), str(make_file(tmp_path, 0)))
    start(rig, task)
    wait_end(task)
    assert task.end is TaskEnd.DONE


def test_two_tasks_to_one_client_both_come_through(rig: Rig, tmp_path: Path) -> None:
    path = tmp_path / "zeros"
    path.write_bytes(bytes(5_000_000))
    client, session = rig.join()
    file = SendFile("f", rig.server, (session.ref,), str(path))
    beat = repeat(rig, [session.ref], times=3)
    start(rig, file)
    data = receive_exactly(client, 5_000_012)
    assert data.count(b"beat") == 3
    assert len(data.replace(b"beat", b"")) == 5_000_000
    wait_end(file)
    wait_end(beat)


def test_datagrams_are_no_longer_than_one_can_be(
    make_rig: Callable[..., Rig], tmp_path: Path
) -> None:
    rig = make_rig(server=UdpStandIn, kind="udp")
    path = make_file(tmp_path, 5000)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(20)
        client.connect(rig.endpoint)
        client.send(b"hello")
        wait_until(lambda: rig.seen.joins)
        session = rig.seen.joins[0]
        task = SendFile("f", rig.server, (session.ref,), str(path))
        start(rig, task)
        assert b"".join(client.recv(65_536) for _ in range(4)) == path.read_bytes()
        wait_end(task)
        large = SendFile("f", rig.server, (session.ref,), str(path), piece_bytes=1_000_000)
        assert large.piece_bytes == 65_507
