"""The console as a script's test server: what it prints, waits for, and ends with."""

from __future__ import annotations

import json
import sys
import time

import pytest

from app.arguments import ConsoleWish
from app.cli.watch import Watch
from app.journal.entry import Entry, Kind
from tests.cli.test_console import CONSOLE, dial
from tests.cli.test_exporting import run
from tests.support.program import program
from tests.support.wait import wait_until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


def came(wish: ConsoleWish, *parts: tuple[int, bytes], encoding: str = "utf-8") -> bool:
    watch = Watch(wish, lambda _client: encoding)
    for number, (client, data) in enumerate(parts, 1):
        watch.take([Entry(number, 0, 0, client, int(Kind.IN), 0, data)])
    return watch.tell() == 0


@pytest.mark.parametrize(
    ("pattern", "data"),
    [
        ("login", b"xx login"),
        ("a\\r\\n", b"a\r\n"),
        ("hex:01 03 ?? 0A", b"\0\x01\x03\xff\x0a"),
        ("re:seq=[0-9]+;", b"seq=1234;"),
        ("re:(?i)LOGIN", b"login"),
    ],
)
def test_a_pattern_is_found_however_it_is_cut(pattern: str, data: bytes) -> None:
    wish = ConsoleWish(expect=(pattern,))
    for cut in range(len(data) + 1):
        assert came(wish, (1, data[:cut]), (2, b"other"), (1, data[cut:]))
    assert came(wish, *((1, data[at : at + 1]) for at in range(len(data))))
    assert not came(wish, (1, data[:-1]), (2, data[-1:]))


def test_text_is_looked_for_in_the_clients_encoding() -> None:
    assert came(ConsoleWish(expect=("温度",)), (1, "温度".encode("gbk")), encoding="gbk")
    assert not came(ConsoleWish(expect=("温度",)), (1, "温度".encode("gbk")), encoding="ascii")


def test_a_pattern_that_never_ends_is_given_up() -> None:
    begun_s = time.process_time()
    assert not came(ConsoleWish(expect=("re:(.*)(.*)(.*)(.*)=",)), (1, b"x" * 4_000))
    assert time.process_time() - begun_s < 5


def test_it_ends_with_0_when_all_has_come() -> None:
    options = ("--expect", "hello", "--until", "bye", "--for", "60")
    with program(*CONSOLE, *options) as console, dial(console.port) as client:
        client.sendall(b"hel")
        client.sendall(b"lo\n")
        console.wait_said("hello|lo")
        assert console.process.poll() is None
        client.sendall(b"bye\n")
        assert console.end() == 0
    assert console.err == []


def test_it_ends_with_4_when_time_has_run_out() -> None:
    with program(*CONSOLE, "--language", "en", "--expect", "hello", "--for", "0.3") as console:
        assert console.end() == 4
        wait_until(lambda: console.err == ["“hello” did not come."])
    with program(*CONSOLE, "--for", "0.3") as console:
        assert console.end() == 0


def test_json_is_all_that_is_on_stdout() -> None:
    with program(*CONSOLE, "--json", "--until", "bye", "--for", "60") as console:
        wait_until(lambda: bool(console.out))
        port = json.loads(console.out[0])["detail"]["endpoints"][0][1]
        with dial(port) as client:
            client.sendall("温度\x1b[31m bye".encode())
            assert console.end() == 0
    found = [json.loads(line) for line in console.out]
    assert [one["kind"] for one in found][:3] == ["server_opened", "online", "in"]
    assert bytes.fromhex(found[2]["hex"]).endswith(b"bye")
    assert all(line.isprintable() for line in console.out)


def test_quiet_prints_where_it_listens_and_no_entries() -> None:
    options = ("--quiet", "--until", "bye", "--for", "60")
    with program(*CONSOLE, *options) as console, dial(console.port) as client:
        client.sendall(b"bye")
        assert console.end() == 0
    assert len(console.out) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--json",), "--json only goes with --console"),
        (("--until", "x"), "--until only goes with --console or --export"),
        (("--console", "--for", "0"), "--for cannot be “0”"),
        (("--console", "--for", "nan"), "--for cannot be “nan”"),
        (("--console", "--expect", "re:("), "--expect: The regular expression cannot be read"),
        (("--console", "--until", "hex:1"), "--until: “1” is no byte in hex"),
        (("--console", "--expect", ""), "--expect: Say what to look for."),
        (("--console", "--json", "--framing", "none"), "leave out --framing"),
    ],
)
def test_a_wrong_call_is_refused_in_a_sentence(options: tuple[str, ...], said: str) -> None:
    done = run(*options)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
