"""Automatic replies by themselves."""

from __future__ import annotations

import pytest

from app.reply import EchoReply, FixedReply, reply_for
from app.settings import ServerProfile, changed
from app.text.decoder import EncodeFault


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "big5", "utf-16-le"])
def test_a_fixed_text_speaks_the_clients_encoding(encoding: str) -> None:
    reply = FixedReply("你好")
    assert reply(encoding, b"whatever") == "你好".encode(encoding)
    assert reply(encoding, b"again") is reply(encoding, b"")


def test_what_the_encoding_lacks_is_a_fault_every_time() -> None:
    reply = FixedReply("ok 你好")
    for _ in range(2):
        with pytest.raises(EncodeFault) as caught:
            reply("ascii", b"")
        assert (caught.value.position, caught.value.character) == (3, "你")


def test_an_echo_is_byte_for_byte() -> None:
    assert EchoReply()("gbk", b"\xff\x00\xc4") == b"\xff\x00\xc4"


def test_the_settings_choose() -> None:
    settings = ServerProfile()
    assert reply_for(settings) is None
    assert isinstance(reply_for(changed(settings, reply_mode="echo")), EchoReply)
    classic = reply_for(changed(settings, reply_mode="text"))
    assert classic is not None
    assert classic("gbk", b"") == "交易正在处理".encode("gbk")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ({"reply_text": r"OK\r\n"}, b"OK\r\n"),
        ({"reply_text": r"OK\r\n", "reply_escapes": False}, rb"OK\r\n"),
        ({"reply_text": "好", "reply_line_ending": "crlf"}, b"\xba\xc3\r\n"),
        ({"reply_text": r"\x06", "reply_line_ending": "lf"}, b"\x06\n"),
        ({"reply_mode": "hex", "reply_hex": "{0x01, 0x03}"}, b"\x01\x03"),
        ({"reply_mode": "hex", "reply_hex": "1 2"}, b""),
        ({"reply_text": r"\q"}, b""),
        ({"reply_text": ""}, b""),
    ],
)
def test_a_fixed_reply_is_read_as_the_composer_reads(
    typed: dict[str, object], answer: bytes
) -> None:
    reply = reply_for(changed(ServerProfile(), **{"reply_mode": "text", **typed}))
    assert reply is not None
    assert reply("gbk", b"?") == answer
