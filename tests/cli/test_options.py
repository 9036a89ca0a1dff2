"""The command line: what it takes, and the one sentence it says where it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import __version__
from app.arguments import Arguments
from app.cli.options import NUMBERS, read_arguments
from app.settings import ServerProfile, Settings, changed, number_limits
from app.wording import LANGUAGES, language, set_language


@pytest.fixture(autouse=True)
def _speak_english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = language()
    monkeypatch.setenv("LANGUAGE", "en")
    yield
    set_language(before)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as end:
        read_arguments(words)
    assert end.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\n")
    assert err.count("\n") == 1, "one sentence"
    return err


def test_nothing_asked_for_changes_nothing() -> None:
    assert read_arguments([]) == Arguments()


def test_every_option() -> None:
    words = (
        "--listen --host :: --port 0 --backlog 4096 --recv-size 1 --encoding GB2312 --auto-reply 好"
        " --journal a/b.db --language en --portable --console --self-test"
    )
    arguments = read_arguments(words.split())
    assert arguments.listen
    assert arguments.portable
    assert arguments.console
    assert arguments.self_test
    assert arguments.journal == Path.cwd() / "a" / "b.db"
    assert arguments.overrides == {
        "host": "::",
        "port": 0,
        "backlog": 4096,
        "recv_size_bytes": 1,
        "encoding": "gbk",
        "reply_mode": "text",
        "reply_text": "好",
        "reply_escapes": True,
        "reply_line_ending": "none",
        "language": "en",
    }
    changed(Settings(), **arguments.overrides)


def test_an_automatic_reply_without_text_is_the_settings_own() -> None:
    assert read_arguments(["--auto-reply", "--listen"]).overrides == {"reply_mode": "text"}
    assert read_arguments(["--echo"]).overrides == {"reply_mode": "echo"}


def test_a_reply_may_be_bytes() -> None:
    found = read_arguments(["--reply-hex", "0x01,0x03"]).overrides
    assert found == {"reply_mode": "hex", "reply_hex": "0x01,0x03"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--port x", "--port cannot be “x”: it takes a whole number from 0 to 65535."),
        ("--port 65536", "from 0 to 65535"),
        ("--port -1", "--port cannot be “-1”"),
        ("--port ٣", "--port cannot be “٣”"),
        ("--port 1_0", "--port cannot be “1_0”"),
        ("--port 8080.0", "--port cannot be “8080.0”"),
        ("--port", "--port needs a value"),
        ("--backlog 0", "from 1 to 4096"),
        ("--recv-size 1048577", "from 1 to 1048576"),
        ("--encoding klingon", "--encoding cannot be “klingon”"),
        ("--input-encoding klingon", "--input-encoding cannot be “klingon”"),
        ("--language fr", "--language cannot be “fr”"),
        ("--host=", "--host cannot be empty"),
        ("--journal=", "--journal cannot be empty"),
        ("--auto-reply=", "--auto-reply cannot be empty"),
        (r"--auto-reply a\q", r"--auto-reply: No reply is sent: “\q” is no escape"),
        ("--reply-hex 4G", "“G” is not hexadecimal"),
        ("--reply-hex 41,4", "“4” lacks a digit"),
        ("--reply-hex=", "--reply-hex cannot be empty"),
        ("--echo --reply-hex 41", "exclude each other"),
        ("--echo=yes", "--echo takes no value"),
        ("--echo --auto-reply", "exclude each other"),
        ("--lis", "“--lis” is not an option"),
        ("8080", "“8080” is not an option"),
    ],
)
def test_a_bad_call_is_one_clear_sentence(
    capsys: pytest.CaptureFixture[str], words: str, said: str
) -> None:
    assert said in refused(capsys, *words.split())


def test_the_language_counts_for_the_sentence_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert "不能是" in refused(capsys, "--port", "x", "--language", "zh_CN")


@pytest.mark.parametrize("name", LANGUAGES)
def test_help_names_every_option(capsys: pytest.CaptureFixture[str], name: str) -> None:
    with pytest.raises(SystemExit) as end:
        read_arguments(["--help", "--language", name])
    assert end.value.code == 0
    out, err = capsys.readouterr()
    assert err == ""
    for option in (
        *("--listen", "--host", "--port", "--backlog", "--recv-size", "--encoding", "--echo"),
        *("--reply-hex", "--input-encoding"),
        *("--auto-reply", "--journal", "--language", "--portable", "--console", "--self-test"),
        *("--version", "--help"),
    ):
        assert option in out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        read_arguments(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"Portside {__version__}\n"


def test_numbers_have_the_settings_ranges() -> None:
    for option in NUMBERS:
        assert (option.low, option.high) == number_limits(option.setting)


def test_rules_come_from_a_file_or_are_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rules.json"
    path.write_text('{"rules": [{"name": "好", "answers": "ok"}]}', encoding="utf-8")
    found = read_arguments(["--rules", str(path)]).overrides
    assert found == {"reply_mode": "rules", "reply_rules": path.read_text("utf-8")}
    for text in ('{"rules": [{"name": "a", "dalay": 1}]}', "{", None):
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit):
            read_arguments(["--language", "en", "--rules", str(path)])
        said = capsys.readouterr().err
        assert said.startswith("--rules: ")
        assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("address", "values"),
    [
        ("8080", {"kind": "tcp", "port": 8080}),
        ("0", {"kind": "tcp", "port": 0}),
        ("127.0.0.1:9000", {"kind": "tcp", "host": "127.0.0.1", "port": 9000}),
        ("[::1]:9000", {"kind": "tcp", "host": "::1", "port": 9000}),
        ("[fe80::1%eth0]:1", {"kind": "tcp", "host": "fe80::1%eth0", "port": 1}),
        ("*:1", {"kind": "tcp", "host": "*", "port": 1}),
        ("TCP://localhost:1/", {"kind": "tcp", "host": "localhost", "port": 1}),
        (
            "tcp://0.0.0.0:1?name=%E8%BD%A6%20A&encoding=GBK&framing=length:offset=4,size=2",
            {
                "kind": "tcp",
                "host": "0.0.0.0",
                "port": 1,
                "name": "车 A",
                "encoding": "gbk",
                "framing": "length:offset=4,size=2",
            },
        ),
        (
            "1?allow=10.0.0.0/8,::1&per-address=2&per-second=50&first-byte=5&idle=60",
            {
                "kind": "tcp",
                "port": 1,
                "allowed": "10.0.0.0/8,::1",
                "clients_per_address": 2,
                "connections_per_s": 50,
                "first_byte_limit_s": 5,
                "idle_limit_s": 60,
            },
        ),
        (
            "tls://0.0.0.0:1?alpn=h2,http/1.1",
            {"kind": "tls", "host": "0.0.0.0", "port": 1, "alpn": "h2,http/1.1"},
        ),
    ],
)
def test_an_address_is_read(address: str, values: dict[str, object]) -> None:
    arguments = read_arguments(["--listen", address])
    assert arguments.listen
    assert arguments.servers == (values,)
    changed(ServerProfile(), **arguments.servers[0])


def test_listen_repeats_and_stands_alone() -> None:
    several = read_arguments(["--listen", "1", "--listen", "[::]:2", "--listen"])
    assert [server["port"] for server in several.servers] == [1, 2]
    alone = read_arguments(["--listen", "--port", "5"])
    assert (alone.listen, alone.servers, alone.overrides) == (True, (), {"port": 5})
    assert not read_arguments([]).listen


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("70000", "“70000” is no port"),
        ("-1", "needs a value"),
        ("here", "“here” is no port"),
        ("1.2.3.4", "is no port"),
        ("1.2.3.4:", "“” is no port"),
        (":80", "before the colon"),
        ("::1:80", "in brackets"),
        ("gopher://1.2.3.4:80", "tcp"),
        ("://1.2.3.4:80", "tcp"),
        ("tcp://1.2.3.4", "is no port"),
        ("tcp://1.2.3.4:80?colour=red", "“colour=red”"),
        ("tcp://1.2.3.4:80?name", "“name”"),
        ("tcp://1.2.3.4:80?encoding=klingon", "klingon"),
        ("tcp://1.2.3.4:80?allow=home", "“home”"),
        ("tls://1.2.3.4:80?alpn=协议", "“协议”"),
        ("tcp://1.2.3.4:80?idle=soon", "“soon”"),
        ("tcp://1.2.3.4:80?per-second=-1", "“-1”"),
        ("tcp://1.2.3.4:80?framing=fixed:x", "fixed"),
        ("tcp://1.2.3.4:80?to=1.2.3.4:5", "only a forward"),
        ("tcp://1.2.3.4:８０", "is no port"),
    ],
)
def test_a_bad_address_gets_one_sentence(
    address: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        read_arguments(["--language", "en", f"--listen={address}"])
    said = capsys.readouterr().err
    assert ended.value.code == 2
    if address != "-1":
        assert told in said
    assert said.count("\n") == 1


def test_a_key_without_its_certificate_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_arguments(["--language", "en", "--key", "k.pem"])
    assert "--cert" in capsys.readouterr().err
    both = read_arguments(["--cert", "/c.pem", "--key", "/k.pem", "--keylog", "/log"]).overrides
    assert both == {"cert_file": "/c.pem", "key_file": "/k.pem", "keylog_file": "/log"}
