"""Rules as data, at work for a client that is not there, and hostile ones."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.frames.kits import Kit, load_kit
from app.net.answers import Answer, Deed
from app.paths import resource
from app.reply.book import BenchClient, RuleBook, RuleReplier, try_out
from app.reply.conditions import hex_pattern
from app.reply.rules import MATCHES, Rule, RuleFault, RuleSet, read_rules, write_rules


def find_kit(name: str) -> Kit | None:
    path = resource(f"kits/{name}.py")
    return load_kit(path) if path.is_file() else None


def book(*rules: dict[str, Any], **of_all: Any) -> RuleBook:
    named = [{"name": f"r{place}", **rule} for place, rule in enumerate(rules)]
    return RuleBook(read_rules(json.dumps({"rules": named, **of_all})), find_kit)


LOGIN = "登录".encode("gbk")
MIDNIGHT = time.strftime("%H%M", time.localtime(0)).encode()
HOSTILE = b"a" * 100 + b"!"


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def replier(of: RuleBook, clock: Clock | None = None, **client: Any) -> RuleReplier:
    return RuleReplier(of, BenchClient(**client), clock=clock or Clock(), wall=lambda: 0.0)


def said(answers: Any) -> list[bytes]:
    return [answer.data for answer in answers]


@pytest.mark.parametrize(
    ("rule", "chunk", "expected"),
    [
        ({"answers": "ok"}, b"anything", [b"ok"]),
        ({"match": "text", "pattern": "PING", "answers": "PONG"}, b"a PING b", [b"PONG"]),
        ({"match": "text", "pattern": "PING", "answers": "PONG"}, b"ping", []),
        ({"match": "text", "pattern": "登录", "answers": "好"}, LOGIN, [b"\xba\xc3"]),
        ({"match": "equals", "pattern": "AT", "answers": "OK"}, b"AT\r\n", [b"OK"]),
        ({"match": "equals", "pattern": "AT", "answers": "OK"}, b"AT+CSQ", []),
        ({"match": "starts", "pattern": r"\x01\x03", "answers": "m"}, b"\x01\x03\x00", [b"m"]),
        ({"match": "hex", "pattern": "01 ?? FF", "answers": "[{1}]"}, b"..\x01\n\xff", [b"[\n]"]),
        (
            {"match": "hex", "pattern": "01??", "answers": "FE{1}", "mode": "hex"},
            b"\x01\x80",
            [b"\xfe\x80"],
        ),
        (
            {"match": "regex", "pattern": r"id=(?P<id>\w+)", "answers": "hi {id} {1}"},
            b"id=42",
            [b"hi 42 42"],
        ),
        ({"match": "regex", "pattern": r"(a)|(b)", "answers": "<{2}>"}, b"a", [b"<>"]),
        ({"answers": '{"code":0,"n":{count}}'}, b"x", [b'{"code":0,"n":1}']),
        ({"answers": "{time:%H%M}{hex:4}"}, b"x", [MIDNIGHT + b"0001"]),
        ({"answers": "01 {hex:4}", "mode": "hex"}, b"x", [b"\x01\x00\x01"]),
        ({"answers": "OK", "line_ending": "crlf"}, b"x", [b"OK\r\n"]),
        (
            {"answers": "010300000002", "mode": "hex", "checksum": "crc16-modbus L"},
            b"x",
            [bytes.fromhex("010300000002C40B")],
        ),
        ({"answers": "GP", "checksum": "xor8 HEX", "line_ending": "crlf"}, b"x", [b"GP17\r\n"]),
        ({"on": False, "answers": "ok"}, b"x", []),
        ({"clients": "127.0.0.*", "answers": "ok"}, b"x", [b"ok"]),
        ({"clients": "10.*, #7", "answers": "ok"}, b"x", []),
        ({"clients": "#0", "answers": "ok"}, b"x", [b"ok"]),
    ],
)  # fmt: skip
def test_a_rule_answers_what_it_means(
    rule: dict[str, Any], chunk: bytes, expected: list[bytes]
) -> None:
    assert said(replier(book(rule)).feed(chunk)) == expected


def test_the_first_that_matches_or_all() -> None:
    rules = [{"match": "text", "pattern": p, "answers": p} for p in ("b", "a", "ab")]
    assert said(replier(book(*rules)).feed(b"ab")) == [b"b"]
    assert said(replier(book(*rules, pick="all")).feed(b"ab")) == [b"b", b"a", b"ab"]


def test_answers_take_turns_for_each_client() -> None:
    of = book({"answers": ["one", "two"]})
    first, second = replier(of), replier(of)
    heard = [*said(first.feed(b"x")), *said(first.feed(b"x")), *said(second.feed(b"x"))]
    assert heard == [b"one", b"two", b"one"]
    assert of.hits == {"r0": 3}


def test_frames_are_cut_across_chunks_and_a_pause_ends_one() -> None:
    rule = {"when": "frame", "match": "regex", "pattern": "^(.*);$", "answers": "<{1}>"}
    client = replier(book(rule, framing="delimiter:3B"))
    heard = [said(client.feed(chunk)) for chunk in (b"a", b"b;c;", b"d")]
    assert heard == [[], [b"<ab>", b"<c>"], []]
    clock = Clock()
    client = replier(book({"when": "frame", "answers": "ok"}, framing="gap:20"), clock)
    assert client.feed(b"a") == []
    assert client.patience_s == pytest.approx(0.02)
    clock.now_s += 0.02
    assert said(client.overdue()) == [b"ok"]
    assert client.patience_s is None


def test_a_greeting_and_a_silence() -> None:
    clock = Clock()
    of = book(
        {"when": "connect", "answers": "hello"},
        {"when": "silence", "silence_ms": 5000, "answers": "still there?"},
    )
    client = replier(of, clock)
    assert said(client.begin()) == [b"hello"]
    clock.now_s += 3
    assert client.patience_s == pytest.approx(2)
    client.feed(b"x")
    assert client.patience_s == pytest.approx(5)
    clock.now_s += 5
    assert said(client.overdue()) == [b"still there?"]
    assert client.patience_s is None
    assert list(client.overdue()) == []
    client.feed(b"y")
    assert client.patience_s == pytest.approx(5)


def test_a_wrong_checksum_is_noticed() -> None:
    rule = {"when": "bad_checksum", "check": "crc16-modbus L", "answers": "NAK"}
    client = replier(book(rule, framing="fixed:8"))
    right = bytes.fromhex("010300000002C40B")
    assert said(client.feed(right)) == []
    assert said(client.feed(right[:-1] + b"\0")) == [b"NAK"]
    of_kit = replier(book({"when": "bad_checksum", "answers": "NAK"}, framing="kit:modbus_rtu"))
    assert said(of_kit.feed(right)) == []


def test_a_field_of_a_kit_is_looked_at_and_captured() -> None:
    kit = find_kit("jt808")
    assert kit is not None
    frame, _ = kit.examples[0]
    field = next(f for f in kit.decode(frame) if isinstance(f.value, int) and f.name.isidentifier())
    rule = {
        "when": "frame",
        "match": "field",
        "pattern": f"{field.name} = {field.shown}",
        "answers": f"<{{{field.name}}}>",
    }
    expected = b"<" + frame[field.start : field.end] + b">"
    assert said(replier(book(rule, framing="kit:jt808")).feed(frame)) == [expected]
    other = {**rule, "pattern": f"{field.name} = no such value"}
    assert said(replier(book(other, framing="kit:jt808")).feed(frame)) == []


def test_a_note_and_a_mark_are_text() -> None:
    rules = (
        {"match": "regex", "pattern": "IMEI=(.*)", "do": "note", "answers": "泵 {1}"},
        {"do": "mark"},
    )
    note, mark = replier(book(*rules, pick="all")).feed("IMEI=七\xff".encode("gbk", "ignore"))
    assert (note.deed, note.text) == (Deed.NOTE, "泵 七")
    assert (mark.deed, mark.text) == (Deed.MARK, "")


def test_no_client_says_which_file_it_is_sent() -> None:
    with pytest.raises(RuleFault) as caught:
        book({"match": "regex", "pattern": "(.*)", "do": "file", "answers": "/tmp/{1}"})
    assert (caught.value.case, caught.value.part) == ("unknown_place", "{1}")


def test_the_ten_thousandth_answer_equals_the_first() -> None:
    clock = Clock()
    rule = {"match": "regex", "pattern": r"(\w+)", "answers": "{1}", "checksum": "crc16-modbus L"}
    client = replier(book(rule), clock)
    (first,) = client.feed(b"abc")
    for _ in range(10_000):
        clock.now_s += 0.1
        (last,) = client.feed(b"abc")
    assert last == first


def test_a_rule_has_a_limit_and_all_have_a_guard() -> None:
    clock = Clock()
    client = replier(book({"per_s": 2, "answers": "x"}), clock)
    assert [len(list(client.feed(b"?"))) for _ in range(3)] == [1, 1, 0]
    clock.now_s += 1
    assert len(list(client.feed(b"?"))) == 1
    client = replier(book({"answers": "x"}, guard_per_s=5), clock)
    heard = [list(client.feed(b"?")) for _ in range(8)]
    assert [len(h) for h in heard] == [1] * 6 + [0, 0]
    assert heard[5][0] == Answer(rule="r0", deed=Deed.PAUSED, text="guard:5")
    clock.now_s += 1.5  # it has been silent
    assert said(client.feed(b"?")) == [b"x"]


def test_a_hostile_pattern_pauses_its_rule_and_the_others_go_on() -> None:
    hostile = {"match": "regex", "pattern": "^(?:a|aa)+$", "answers": "never"}
    of = book(hostile, {"answers": "ok"}, pick="all")
    client = replier(of)
    paused, ok = client.feed(HOSTILE)
    assert (paused.deed, paused.text, paused.rule) == (Deed.PAUSED, "timeout", "r0")
    assert ok.data == b"ok"
    assert said(client.feed(HOSTILE)) == [b"ok"]
    assert said(replier(of).feed(HOSTILE)) == [b"ok"]
    assert of.paused == {"r0": "timeout"}


def test_hits_are_counted_on_when_rules_are_edited() -> None:
    before = book({"answers": "ok"})
    replier(before).feed(b"x")
    after = RuleBook(
        RuleSet((Rule("r0", answers=("ok",)), Rule("new", answers=("a",)))), find_kit, before
    )
    assert after.hits == {"r0": 1, "new": 0}
    after.reset_hits()
    assert after.hits == {"r0": 0, "new": 0}


def test_the_bench_says_which_rule_takes_them() -> None:
    rules = (
        {"when": "frame", "match": "text", "pattern": "a", "answers": "A"},
        {"when": "frame", "answers": "B"},
    )
    of = book(*rules, framing="gap:20")
    assert [(a.rule, a.data) for a in try_out(of, b"xax", BenchClient())] == [("r0", b"A")]
    assert [a.rule for a in try_out(of, b"xx", BenchClient())] == ["r1"]


def one(**rule: Any) -> dict[str, Any]:
    return {"rules": [{"name": "a", **rule}]}


# -- what cannot be used is said when it is saved --------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "case", "part"),
    [
        ("{", "no_json", None),
        ("[]", "no_rules", ""),
        ({"rules": [{}]}, "no_name", "1"),
        ({"rules": [{"name": "a"}, {"name": "a"}]}, "twice", "a"),
        ({"rules": [], "colour": 1}, "unknown_key", "colour"),
        (one(dalay_ms=1), "unknown_key", "dalay_ms"),
        (one(delay_ms=-1), "bad_value", "delay_ms: -1"),
        (one(on=1), "bad_value", "on: 1"),
        (one(when="never"), "bad_value", "when: 'never'"),
        (one(answers=[1]), "bad_value", "answers: (1,)"),
        ({"rules": [{"name": "a"}]}, "needs_answer", ""),
        (one(answers="{2}", match="regex", pattern="(x)"), "unknown_place", "{2}"),
        (one(answers="{time}"), "bad_form", "{time}"),
        (one(answers="{hex:99}"), "bad_form", "{hex:99}"),
        (one(answers="{hex:3}", mode="hex"), "odd_digits", "{hex:3}"),
        (one(answers="1 2", mode="hex"), "answer_odd_hex", "1"),
        (one(answers=r"\q"), "answer_bad_escape", r"\q"),
        (one(answers="x", checksum="crc99"), "unknown_checksum", "crc99"),
        (one(answers="x", match="regex", pattern="("), "bad_pattern", None),
        (one(answers="x", match="regex", pattern="a" * 1001), "long_pattern", "1000"),
        (one(answers="x", match="hex", pattern="0"), "bad_hex", "0"),
        (one(answers="x", match="text"), "empty_pattern", ""),
        (one(answers="x", match="text", pattern=r"\x"), "bad_escape", r"\x"),
        (one(answers="x", when="bad_checksum"), "needs_check", ""),
        (one(answers="x", when="silence"), "needs_silence", ""),
        (one(answers="x", match="field", pattern="a=1"), "needs_kit", ""),
        ({"rules": [], "framing": "fixed:x"}, "framing_no_number", "fixed=x"),
        ({"rules": [], "framing": "kit:none"}, "framing_no_kit", "none"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said_at_once(stored: object, case: str, part: str | None) -> None:
    text = stored if isinstance(stored, str) else json.dumps(stored)
    with pytest.raises(RuleFault) as caught:
        RuleBook(read_rules(text), find_kit)
    assert caught.value.case == case
    assert part is None or caught.value.part == part


def test_what_is_written_is_read_again() -> None:
    rules = RuleSet(
        (
            Rule("心跳", match="hex", pattern="7E ??", answers=("7E{1}", "00"), mode="hex"),
            Rule("静默", on=False, when="silence", silence_ms=9, do="close"),
        ),
        pick="all",
        framing="kit:jt808",
        guard_per_s=7,
    )
    assert read_rules(write_rules(rules)) == rules
    assert "心跳" in write_rules(rules)


@given(chunk=st.binary(max_size=200), pattern=st.text(max_size=20), match=st.sampled_from(MATCHES))
def test_no_pattern_and_no_bytes_raise_out_of_a_client(
    chunk: bytes, pattern: str, match: str
) -> None:
    try:
        of = book({"match": match, "pattern": pattern, "answers": "ok"})
    except RuleFault:
        return
    for answer in replier(of).feed(chunk):
        assert answer.data in (b"ok", b"")


@pytest.mark.parametrize("make", [lambda: book({"answers": "{1}"}), lambda: read_rules("nonsense")])
def test_a_fault_names_its_rule_or_none(make: Callable[[], object]) -> None:
    with pytest.raises(RuleFault) as caught:
        make()
    assert caught.value.rule in ("r0", "")


@pytest.mark.parametrize(
    ("pattern", "captured"),
    [
        ("01 ?? ?? 03 ??", {"1": b"\x0a\x0b", "2": b"\x04"}),
        ("01????03??", {"1": b"\x0a\x0b", "2": b"\x04"}),
        ("0x01, ??, 0x0B", {"1": b"\x0a"}),
        ("01:0A:0b", {}),
        ("{0A 0B}", {}),
        ("2E", None),
        ("0C ??", None),
    ],
)
def test_hex_is_read_as_everywhere_else(pattern: str, captured: dict[str, bytes] | None) -> None:
    data = b"\x01\x0a\x0b\x03\x04"
    assert hex_pattern(pattern).find(data, "gbk") == captured


@pytest.mark.parametrize("pattern", ["0", "01 0", "zz", "?", "01 ?", "", " "])
def test_what_is_no_hex_is_no_rule(pattern: str) -> None:
    with pytest.raises(RuleFault):
        hex_pattern(pattern)
