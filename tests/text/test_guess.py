from __future__ import annotations

import json
import random

import pytest

from app.text.encodings import ENCODINGS, UnknownEncoding, find_encoding
from app.text.guess import suggest_encoding
from tests.text import prose

NAMES = [encoding.name for encoding in ENCODINGS]
WINDOW_BYTES = 200
SIMPLIFIED = (*prose.SIMPLIFIED, *prose.MIXED)
TRADITIONAL = (*prose.TRADITIONAL, *prose.MIXED_TRADITIONAL)

SPOKEN = [
    ("gbk", SIMPLIFIED),
    ("gb18030", SIMPLIFIED),
    ("utf-8", SIMPLIFIED),
    ("utf-16-le", SIMPLIFIED),
    ("utf-16-be", SIMPLIFIED),
    ("big5", TRADITIONAL),
    ("utf-8", TRADITIONAL),
    ("gbk", TRADITIONAL),
    ("gb18030", prose.RARE),
    ("shift_jis", prose.JAPANESE),
    ("euc_kr", prose.KOREAN),
]


def windows(texts: tuple[str, ...], encoding: str, count: int) -> list[bytes]:
    """Samples of the texts, beginning and ending at any byte; always the same ones."""
    dice = random.Random(f"{encoding} {texts[0]}")
    streams = [(text * 3).encode(find_encoding(encoding).codec, "ignore") for text in texts]
    result = []
    for _ in range(count):
        stream = dice.choice(streams)
        begin = dice.randrange(len(stream) - WINDOW_BYTES)
        result.append(stream[begin : begin + WINDOW_BYTES])
    return result


def reads_all(chosen: str, encoding: str, sample: bytes) -> bool:
    """Whether the chosen encoding reads the sample as it was meant."""
    if {chosen, encoding} != {"gbk", "gb18030"}:
        return chosen == encoding
    texts = [sample[start:].decode("gb18030", "ignore") for start in range(4)]
    return chosen == "gb18030" or not any(c > "\uffff" for text in texts for c in text)


@pytest.mark.parametrize("samples", [40, pytest.param(300, marks=pytest.mark.long)])
@pytest.mark.parametrize(("encoding", "texts"), SPOKEN)
def test_a_wrong_choice_is_noticed_and_a_right_one_left_alone(
    encoding: str, texts: tuple[str, ...], samples: int
) -> None:
    dice = random.Random(encoding)
    right = wrong = 0
    for sample in windows(texts, encoding, count=samples):
        for chosen in (encoding, *dice.sample(NAMES, 2)):
            found = suggest_encoding(sample, chosen)
            if reads_all(chosen, encoding, sample):
                good = found is None
            else:
                good = found is not None and reads_all(found, encoding, sample)
            right, wrong = right + good, wrong + (not good)
    assert wrong <= 0.01 * (right + wrong)


@pytest.mark.parametrize("chosen", NAMES)
def test_ascii_is_left_alone(chosen: str) -> None:
    dice = random.Random(chosen)
    for _ in range(200):
        text = bytes(dice.choices(range(0x80), k=dice.randrange(300)))
        assert suggest_encoding(text, chosen) is None
    assert suggest_encoding(json.dumps({"温度": 23.5, "on": True}).encode(), chosen) is None
    assert suggest_encoding(b"Hello Neo\r\n" * 20, chosen) is None


@pytest.mark.parametrize("chosen", NAMES)
@pytest.mark.parametrize("size_bytes", [1, 2, 4, 8, 16, 64, 200, 1024])
@pytest.mark.parametrize("samples", [12, pytest.param(40, marks=pytest.mark.long)])
def test_random_bytes_are_left_alone(chosen: str, size_bytes: int, samples: int) -> None:
    dice = random.Random(f"{chosen} {size_bytes}")
    for _ in range(samples):
        assert suggest_encoding(dice.randbytes(size_bytes), chosen) is None


@pytest.mark.parametrize("chosen", NAMES)
@pytest.mark.parametrize(
    "frame",
    [
        bytes(200),
        b"\xff" * 200,
        bytes(range(256)),
        bytes.fromhex("01030400FA01E05A3B") * 20,  # Modbus RTU: registers and a checksum
        b"".join(n.to_bytes(2, "little") for n in range(0, 4000, 40)),
        b"".join(n.to_bytes(4, "big") for n in range(70_000, 70_050)),
    ],
)
def test_binary_protocols_are_left_alone(chosen: str, frame: bytes) -> None:
    assert suggest_encoding(frame, chosen) is None


@pytest.mark.parametrize("samples", [15, pytest.param(50, marks=pytest.mark.long)])
@pytest.mark.parametrize("text", prose.EUROPEAN)
def test_western_text_is_not_taken_for_chinese(text: str, samples: int) -> None:
    for sample in windows((text,), "latin-1", count=samples):
        assert all(suggest_encoding(sample, chosen) is None for chosen in NAMES)


def test_a_greeting_is_enough() -> None:
    assert suggest_encoding("你好".encode(), "gbk") == "utf-8"
    assert suggest_encoding("交易正在处理".encode("gbk"), "utf-8") == "gbk"
    assert suggest_encoding("请输入密码：".encode("utf-16-le"), "gbk") == "utf-16-le"


def test_a_single_character_is_not() -> None:
    assert suggest_encoding("好".encode("gbk"), "utf-8") is None


def test_gb18030_is_proposed_only_for_what_gbk_lacks() -> None:
    assert suggest_encoding("设备已经连接".encode("gb18030"), "utf-8") == "gbk"
    assert suggest_encoding("设备已经连接😀".encode("gb18030"), "gbk") == "gb18030"


def test_frames_around_the_text_do_not_hide_it() -> None:
    framed = b"\x02\x00\x2a" + "三号传感器温度正常，请继续观察。".encode() + b"\x03\xd7"
    assert suggest_encoding(framed, "gbk") == "utf-8"
    assert suggest_encoding(framed, "utf-8") is None


def test_a_broken_byte_does_not_disturb_a_right_choice() -> None:
    data = "数据已经写入，连接保持。".encode("gbk")
    assert suggest_encoding(data + b"\xff" + data, "gbk") is None


def test_an_unknown_encoding_is_said() -> None:
    with pytest.raises(UnknownEncoding):
        suggest_encoding("你好".encode(), "utf-9")
