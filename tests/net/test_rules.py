"""Rules on a real port, with real clients."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.journal.entry import Kind
from app.net.facts import CloseReason
from app.reply.book import RuleBook, built_in_kit
from app.reply.rules import read_rules
from tests.net.rig import Rig, receive_all, receive_exactly
from tests.support.wait import wait_until


def book(*rules: dict[str, Any], **of_all: Any) -> RuleBook:
    named = [{"name": f"r{place}", **rule} for place, rule in enumerate(rules)]
    return RuleBook(read_rules(json.dumps({"rules": named, **of_all})), built_in_kit)


def test_an_answer_with_a_capture_and_a_checksum_names_its_rule(
    any_rig: Callable[..., Rig],
) -> None:
    rule = {"name": "read", "match": "hex", "pattern": "?? 03", "answers": "{1} 03 02 00 07"}
    rig = any_rig(reply=book({**rule, "mode": "hex", "checksum": "crc16-modbus L"}))
    client, session = rig.join()
    client.sendall(bytes.fromhex("050300000001"))
    assert receive_exactly(client, 7) == bytes.fromhex("0503020007") + crc("0503020007")
    wait_until(lambda: rig.entries(Kind.RULE))
    (entry,) = rig.entries(Kind.RULE, session.client_id)
    assert entry.detail == {"rule": "read", "deed": "send", "size_bytes": 7}


def crc(body: str) -> bytes:
    from app.frames.seals import read_seal

    return read_seal("crc16-modbus L").of(bytes.fromhex(body))


def test_a_greeting_a_silence_and_a_close(rig: Rig) -> None:
    rig.server.shared.reply = book(
        {"when": "connect", "answers": "hello"},
        {"when": "silence", "silence_ms": 50, "do": "close"},
    )
    client, session = rig.join()
    assert receive_all(client) == b"hello"
    rig.wait_gone(session)
    assert session.reason is CloseReason.RULE_CLOSED


def test_a_delayed_answer_and_one_that_drips(rig: Rig) -> None:
    rules = {"answers": "abcdef", "piece_bytes": 2, "every_ms": 5, "delay_ms": 20}
    rig.server.shared.reply = book(rules)
    client, session = rig.join()
    client.sendall(b"?")
    assert receive_exactly(client, 6) == b"abcdef"
    wait_until(lambda: len(rig.entries(Kind.OUT, session.client_id)) == 3)


def test_a_file_is_sent_as_the_client_reads(make_rig: Callable[..., Rig], tmp_path: Path) -> None:
    data = bytes(range(256)) * 20_000
    path = tmp_path / "firmware.bin"
    path.write_bytes(data)
    rules = {"match": "text", "pattern": "get", "do": "file", "answers": str(path)}
    rig = make_rig(reply=book(rules, {"answers": "?"}), outbox_limit_bytes=65_536)
    client, _ = rig.join(recv_buffer_bytes=4096)
    client.sendall(b"get")
    assert receive_exactly(client, len(data)) == data
    path.unlink()
    client.sendall(b"get")
    wait_until(lambda: rig.entries(Kind.REPLY_FAILED))
    client.sendall(b"still here")
    assert receive_exactly(client, 1) == b"?"


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes among its files")
def test_a_pipe_that_nobody_writes_holds_up_no_delayed_answer(rig: Rig, tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    file = {"match": "text", "pattern": "get", "do": "file", "answers": str(path)}
    rig.server.shared.reply = book(file, {"answers": "later", "delay_ms": 1})
    client, _ = rig.join()
    client.sendall(b"get")
    wait_until(lambda: rig.entries(Kind.REPLY_FAILED))
    client.sendall(b"?")
    assert receive_exactly(client, 5) == b"later"


def test_a_hostile_pattern_holds_up_nobody_else(rig: Rig) -> None:
    hostile = {"name": "bad", "match": "regex", "pattern": "^(?:a|aa)+$", "answers": "never"}
    ping = {"match": "text", "pattern": "ping", "answers": "pong"}
    rig.server.shared.reply = book(hostile, ping, guard_per_s=100_000)
    victim, _ = rig.join()
    other, _ = rig.join()
    late_s: list[float] = []
    done = threading.Event()

    def talk() -> None:
        while not done.is_set():
            begun_s = time.monotonic()
            other.sendall(b"ping")
            assert receive_exactly(other, 4) == b"pong"
            late_s.append(time.monotonic() - begun_s)

    talker = threading.Thread(target=talk)
    talker.start()
    victim.sendall(b"a" * 100 + b"!")
    wait_until(lambda: rig.entries(Kind.RULE) and any(_paused(rig)))
    done.set()
    talker.join()
    assert len(late_s) > 1
    victim.sendall(b"ping")
    assert receive_exactly(victim, 4) == b"pong"


def _paused(rig: Rig) -> list[str]:
    details = [entry.detail for entry in rig.entries(Kind.RULE)]
    return [d["text"] for d in details if d["deed"] == "paused" and d["rule"] == "bad"]


def test_two_servers_that_answer_each_other_are_stopped(rig: Rig) -> None:
    """The client echoes, as another server's echo would."""
    rig.server.shared.reply = book({"answers": "again"}, guard_per_s=20)
    client, _ = rig.join()
    client.sendall(b"begin")
    rounds = 0
    client.settimeout(0.5)
    try:
        while rounds < 500:
            client.sendall(client.recv(100))
            rounds += 1
    except TimeoutError:
        pass
    assert rounds < 500
    paused = [e.detail for e in rig.entries(Kind.RULE) if e.detail["deed"] == "paused"]
    assert paused == [{"rule": "r0", "deed": "paused", "text": "guard:20"}]
