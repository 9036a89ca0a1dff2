"""Every kind of event has its sentence; an old or damaged journal never fails here."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.journal.entry import Entry, Kind
from app.net.answers import Deed
from app.wording import set_language
from app.wording.sentences import event_sentence

EVENTS = {
    Kind.ONLINE: ({}, ()),
    Kind.OFFLINE: ({"reason": "fin", "unsent_bytes": 2048, "error": ""}, ("FIN", "2.0 KB")),
    Kind.REFUSED: ({"host": "::1", "port": 5, "limit": 9}, ("[::1]:5", "9")),
    Kind.SERVER_OPENED: ({"endpoints": [["0.0.0.0", 80], ["::", 80]]}, ("0.0.0.0:80", "[::]:80")),
    Kind.SERVER_CLOSED: ({"stuck": 0}, ()),
    Kind.SERVER_ERROR: ({"error": "Too many open files"}, ("Too many open files",)),
    Kind.SEND_REFUSED: (
        {"size_bytes": 10, "waiting_bytes": 2048, "limit_bytes": 4096},
        ("10 B", "2.0 KB", "4.0 KB"),
    ),
    Kind.REPLY_FAILED: ({"character": "易", "encoding": "ascii"}, ("易", "ASCII")),
    Kind.ENCODING_CHANGED: ({"encoding": "utf-8", "before": "gbk"}, ("UTF-8", "GBK")),
    Kind.CLOCK_SET: ({"by_ms": -874_000}, ("874.0",)),
    Kind.LAST_WORD: ({"stays_s": 15}, ("15", "FIN")),
    Kind.NOT_READING: ({"waiting_bytes": 2048}, ("2.0 KB",)),
    Kind.PROGRAM_SAID: ({"text": "three are here"}, ("three are here",)),
    Kind.PROGRAM_FAILED: ({"error": "KeyError: 7", "line": 12}, ("KeyError: 7", "12")),
    Kind.RULE: (
        {"rule": "heartbeat", "deed": "send", "size_bytes": 2048},
        ("heartbeat", "2.0 KB"),
    ),
    Kind.TASK: (
        {
            "task": "heart",
            "does": "repeat",
            "deed": "ended",
            "why": "client_left",
            "sent": 71,
            "skipped": 9,
        },
        ("heart", "71", "9"),
    ),
    Kind.SECURED: (
        {"version": "TLSv1.3", "cipher": "AES", "server_name": "a.example", "alpn": "mqtt"},
        ("TLSv1.3", "AES", "a.example", "mqtt"),
    ),
    Kind.SPEAKS_TLS: ({}, ("TLS",)),
    Kind.SPEAKS_PLAIN: ({}, ("TLS", "TCP")),
    Kind.CERTIFICATE: (
        {"sha256": ["AB:CD"], "names": ["localhost"], "until": "2027-01-02T00:00:00+00:00"},
        ("AB:CD", "localhost", "2027-01-02"),
    ),
    Kind.FORWARDED: ({"target": "10.0.0.5:502", "client": 7}, ("10.0.0.5:502", "7")),
    Kind.PROXIED: (
        {"host": "2001:db8::7", "port": 5, "via": "10.0.0.1:9"},
        ("[2001:db8::7]:5", "10.0.0.1:9"),
    ),
    Kind.UNREACHABLE: ({}, ("ICMP",)),
    Kind.DROPPED: ({"count": 17, "total": 1800}, ("17", "1800")),
    Kind.TOO_LONG: ({"size_bytes": 65536, "limit_bytes": 65507}, ("64.0 KB", "65507")),
    Kind.SEND_FAILED: ({"error": "No buffer space"}, ("No buffer space",)),
    Kind.PRUNED: ({"count": 1000, "size_bytes": 65536}, ("1000", "64.0 KB")),
}


def test_what_a_task_tells() -> None:
    one = {"task": "beat", "does": "repeat"}
    file = {"task": "f", "does": "file", "path": "/a/b"}
    tells = (
        ({**one, "deed": "started", "every_ms": 1500}, ("beat", "1.5 s")),
        ({**one, "deed": "started", "does": "sequence", "steps": 3}, ("beat", "3")),
        ({**file, "deed": "started"}, ("/a/b",)),
        ({**one, "deed": "skips"}, ("beat",)),
        ({**file, "deed": "sent", "size_bytes": 1234, "at": 77, "sha256": "ab"},
         ("/a/b", "1,234", "77", "ab")),
        ({**file, "deed": "sent", "size_bytes": 1234, "changed": True}, ("/a/b", "1,234")),
        ({**file, "deed": "ended", "why": "failed", "error": "Denied", "done": 2048},
         ("Denied", "2.0 KB")),
        ({**one, "deed": "ended", "why": "of tomorrow"}, ("beat",)),
        ({"task": "x", "deed": "of tomorrow"}, ("x",)),
    )  # fmt: skip
    for detail, parts in tells:
        said = event_sentence(entry(Kind.TASK, detail))
        assert all(part in said for part in parts), said


def entry(kind: int, detail: object) -> Entry:
    return Entry(1, 0, 0, 1, kind, 0, json.dumps(detail).encode())


@pytest.mark.usefixtures("each_language")
@pytest.mark.parametrize("kind", [kind for kind in Kind if not kind.is_chunk])
def test_every_event_is_told_with_its_facts(kind: Kind) -> None:
    detail, parts = EVENTS[kind]
    said = event_sentence(entry(kind, detail))
    assert said
    for part in parts:
        assert part in said


def test_the_classic_lines_in_chinese() -> None:
    set_language("zh_CN")
    assert event_sentence(entry(Kind.ONLINE, {})) == "客户端上线"
    offline = entry(Kind.OFFLINE, {"reason": "fin", "unsent_bytes": 0})
    assert event_sentence(offline) == "客户端下线：对方正常关闭（FIN）"


@pytest.mark.usefixtures("each_language")
@pytest.mark.parametrize("deed", [*Deed, "of a later version"])
def test_whatever_a_rule_did_is_told_with_its_name(deed: str) -> None:
    detail = {"rule": "heartbeat", "deed": str(deed), "text": "failed:x{y}"}
    assert "heartbeat" in event_sentence(entry(Kind.RULE, detail))


@pytest.mark.usefixtures("each_language")
def test_a_reply_that_raised_is_told_in_its_words() -> None:
    said = event_sentence(entry(Kind.REPLY_FAILED, {"error": "division by zero."}))
    assert "division by zero" in said


@pytest.mark.usefixtures("each_language")
def test_threads_that_did_not_end_are_told() -> None:
    whole = event_sentence(entry(Kind.SERVER_CLOSED, {"stuck": 0}))
    stuck = event_sentence(entry(Kind.SERVER_CLOSED, {"stuck": 3}))
    assert "3" in stuck
    assert stuck != whole


def test_a_chunk_is_no_event() -> None:
    assert event_sentence(Entry(1, 0, 0, 1, Kind.IN, 0, b"data")) == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
NAMES = sorted({name for detail, _ in EVENTS.values() for name in detail})


@given(kind=st.integers(2, 30), detail=st.dictionaries(st.sampled_from(NAMES), JSON))
def test_whatever_a_detail_holds_it_is_told(kind: int, detail: dict[str, object]) -> None:
    assert event_sentence(entry(kind, detail))


@given(kind=st.integers(2, 30), data=st.binary(max_size=20))
@example(kind=Kind.OFFLINE, data=b"[1]")
@example(kind=Kind.OFFLINE, data=b'"\xff"')
def test_whatever_bytes_a_detail_is_it_is_told(kind: int, data: bytes) -> None:
    assert event_sentence(Entry(1, 0, 0, 1, kind, 0, data))


@pytest.mark.usefixtures("each_language")
def test_what_made_tls_fail_calls_for_its_own_advice() -> None:
    said = {
        event_sentence(entry(Kind.OFFLINE, {"reason": "tls_failed", "error": f"x {error}"}))
        for error in ("no shared cipher", "tlsv1 alert unknown ca", "bad record mac", "")
    }
    assert len({sentence.replace("x ", "") for sentence in said}) == 4


@pytest.mark.usefixtures("each_language")
def test_a_certificate_of_ones_own_is_told_by_its_fingerprint_alone() -> None:
    said = event_sentence(entry(Kind.CERTIFICATE, {"sha256": ["AB"], "names": [], "until": ""}))
    assert "AB" in said
    assert "{" not in said
