"""Rules recorded from a forward: what they answer is what the target answered."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.evidence.recorded import MOST_ANSWERS, MOST_MADE, Recorded, record_rules
from app.evidence.source import Source
from app.frames.written import read_framing
from app.journal.entry import Kind, Role
from app.net.forward_server import ForwardServer
from app.reply.book import BenchClient, RuleBook, built_in_kit
from app.reply.rules import RuleSet, read_rules, write_rules
from tests.evidence.journals import Made
from tests.net.rig import Rig, receive_exactly


class Forwarded:
    """A device (1) and the target behind a forward (2), as a journal has them."""

    def __init__(self, made: Made, device: int = 1) -> None:
        self.made, self.device, self.out = made, device, device + 1
        made.client(device, "10.0.0.9", 5000)
        made.client(device + 1, "10.0.0.1", 502, role=Role.WAY_OUT, peer_id=device)

    def ask(self, *parts: bytes) -> None:
        for part in parts:
            self.made.chunk(self.device, Kind.IN, part)
            self.made.chunk(self.out, Kind.OUT, part)

    def answer(self, *parts: bytes) -> None:
        for part in parts:
            self.made.chunk(self.out, Kind.IN, part)
            self.made.chunk(self.device, Kind.OUT, part)


def recorded(made: Made, framing: str = "none", encoding: str = "gbk") -> Recorded:
    reader = made.reader()
    try:
        return record_rules(Source(reader), read_framing(framing), encoding)
    finally:
        reader.close()


def simulator(
    found: Recorded, framing: str = "none", encoding: str = "gbk"
) -> Callable[[bytes], bytes]:
    """Return what the rules answer, switched on; they have been a file meanwhile."""
    text = write_rules(RuleSet(found.rules)).replace('"on": false', '"on": true')
    book = RuleBook(read_rules(text), built_in_kit, framing=framing)
    replier = book.open(BenchClient(encoding))

    def ask(data: bytes) -> bytes:
        return b"".join(getattr(answer, "data", b"") for answer in replier.feed(data))

    return ask


def test_a_real_forwards_traffic_makes_a_simulator(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as target:
        known = {b"AT\r\n": b"OK\r\n", b"\x01\x03\x00\x01": b"\x01\x83\x02", b"JSON": b'{"a": {1}}'}

        def serve() -> None:
            client, _ = target.accept()
            with client:
                while data := client.recv(100):
                    client.sendall(known[data])

        serving = threading.Thread(target=serve)
        serving.start()
        where = "{}:{}".format(*target.getsockname())
        with Rig(tmp_path, server=ForwardServer, kind="forward", target=where) as rig:
            device = rig.dial()
            for request in (*known, b"AT\r\n"):
                device.sendall(request)
                assert receive_exactly(device, len(known[request])) == known[request]
            device.close()
            serving.join()
            rig.stop()
            reader = rig.journal.reader()
            found = record_rules(Source(reader), read_framing("none"), "gbk")
            reader.close()
    assert (found.exchanges, found.left_out, found.found_forward) == (4, 0, True)
    assert found.rules[0].pattern == "AT\\r\\n"  # the most frequent
    assert not any(rule.on for rule in found.rules)
    ask = simulator(found)
    assert {request: ask(request) for request in known} == known
    assert ask(b"else") == b""


def test_several_answers_take_turns_and_the_same_is_joined(tmp_path: Path) -> None:
    with Made(tmp_path / "j.db") as made:
        one = Forwarded(made)
        for answer in (b"20", b"21", b"20"):
            one.ask(b"t", b"emp?")
            one.answer(answer, b"C")
        found = recorded(made)
    (rule,) = found.rules
    assert rule.answers == ("20C", "21C")
    ask = simulator(found)
    assert [ask(b"temp?") for _ in range(3)] == [b"20C", b"21C", b"20C"]


def test_frames_are_paired_in_their_order_however_they_were_cut(tmp_path: Path) -> None:
    framing = "delimiter:0A"
    with Made(tmp_path / "j.db") as made:
        one = Forwarded(made)
        one.ask(b"a\nb\n", b"c")
        one.answer(b"A\n", b"B\n")
        one.ask(b"\n")
        one.answer(b"C", b"1\nC2\n")
        found = recorded(made, framing)
    assert {rule.when for rule in found.rules} == {"frame"}
    ask = simulator(found, framing)
    assert [ask(each) for each in (b"a\n", b"b\n", b"c\n")] == [b"A\n", b"B\n", b"C1\nC2\n"]


def test_a_pause_ends_a_frame_also_where_the_other_side_speaks(tmp_path: Path) -> None:
    with Made(tmp_path / "j.db") as made:
        one = Forwarded(made)
        for word in (b"x", b"y"):
            one.ask(word, word)
            one.answer(word.upper())
        found = recorded(made, "gap:60000")
    assert {rule.pattern: rule.answers for rule in found.rules} == {"xx": ("X",), "yy": ("Y",)}


def test_what_the_target_says_first_is_said_on_connecting(tmp_path: Path) -> None:
    with Made(tmp_path / "j.db") as made:
        one = Forwarded(made)
        one.answer(b"220 ready\r\n")
        one.ask(b"QUIT\r\n")
        one.answer(b"221\r\n")
        found = recorded(made)
    assert {(rule.when, rule.answers[0]) for rule in found.rules} == {
        ("connect", "220 ready\\r\\n"),
        ("chunk", "221\\r\\n"),
    }


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-16-le", "ascii"])
def test_any_bytes_come_back_as_they_were(tmp_path: Path, encoding: str) -> None:
    pairs = {
        "温度".encode("gbk"): "二十度{1}{time:%H}\r\n".encode("gbk"),
        bytes(range(256)): bytes(reversed(range(256))),
        b"a\\x41{": b"\\n{count}",
        b"\r\n": b"\n",
        b"AT": b"plain",
        b"AT\r\n": b"ended",
        b"\x0b": b"\x00",
        "\u202eabc".encode(): "\u2028".encode(),
    }
    with Made(tmp_path / "j.db") as made:
        one = Forwarded(made)
        for request, answer in pairs.items():
            one.ask(request)
            one.answer(answer)
        found = recorded(made, encoding=encoding)
    assert found.left_out == 0
    ask = simulator(found, encoding=encoding)
    assert {request: ask(request) for request in pairs} == pairs


def test_the_bounds_are_kept_and_told(tmp_path: Path) -> None:
    with Made(tmp_path / "j.db") as made:
        one = Forwarded(made)
        for n in range(MOST_MADE + 20):
            for _ in range(2 if n % 100 == 7 else 1):
                one.ask(b"ask %d" % n)
                one.answer(b"%d" % n)
        for n in range(MOST_ANSWERS + 10):
            one.ask(b"many")
            one.answer(b"m%d" % n)
        one.ask(b"long")
        one.answer(b"x" * 100_000)
        found = recorded(made)
    assert len(found.rules) == MOST_MADE
    assert found.left_out == 22
    assert found.rules[0].pattern == "many"
    assert len(found.rules[0].answers) == MOST_ANSWERS
    assert [rule.name for rule in found.rules[1:5]] == ["ask 7", "ask 107", "ask 207", "ask 307"]
    assert len({rule.name for rule in found.rules}) == len(found.rules)


def test_only_forwards_count_and_only_what_was_answered(tmp_path: Path) -> None:
    with Made(tmp_path / "j.db") as made:
        made.client(7, "10.0.0.7", 1)
        made.chunk(7, Kind.IN, b"hello")
        made.chunk(7, Kind.OUT, b"OK")
        assert recorded(made) == Recorded((), 0, 0, False)
    with Made(tmp_path / "k.db") as made:
        Forwarded(made).ask(b"anybody?")
        assert recorded(made) == Recorded((), 0, 0, True)


def test_devices_do_not_mix(tmp_path: Path) -> None:
    with Made(tmp_path / "j.db") as made:
        one, two = Forwarded(made), Forwarded(made, 3)
        one.ask(b"one?")
        two.ask(b"two?")
        two.answer(b"two!")
        one.answer(b"one!")
        made.offline(one.device)
        one.answer(b" more")  # its device has gone, the target has not
        made.offline(one.out)
        found = recorded(made)
    assert json.loads(write_rules(RuleSet(found.rules)))["rules"]
    assert {r.pattern: r.answers[0] for r in found.rules} == {"one?": "one! more", "two?": "two!"}
