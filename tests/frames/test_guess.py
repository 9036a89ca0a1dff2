"""Which protocol is this?"""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from app.frames.guess import guess_kit
from app.frames.kits import load_kit
from app.paths import resource

KITS = {path.stem: load_kit(path) for path in resource("kits").glob("*.py")}
VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))
MORE = [
    ("at_replies", b"\r\n+CSQ: 20,99\r\n\r\nOK\r\n"),
    ("at_replies", b"AT+CSQ\r"),
    ("json_lines", b'{"dev":"A1","t":23.5,"ok":true}\n{"dev":"A1"}\n'),
    ("http1", b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("http1", b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"),
    ("cbor", bytes.fromhex("a2636465766178617401")),
    ("msgpack", bytes.fromhex("82a3646576a24131a17417")),
]
TEXTS = [
    "你好，交易正在处理。\r\n第 3 号线 OK\r\n".encode("gbk"),
    "你好，交易正在处理。\r\n第 3 号线 OK\r\n".encode(),
    b"hello world\r\nOK\r\n",
    b"OK\r\n",
    b"ATTENTION please\r\n",
    b"$5 each, $10 for two\n",
    b"## heading\n\nand more\n",
    b"1,2,3\n4,5,6\n",
    b"[section]\nkey = value\n",
    b"~~~~~~~~",
    b"user: root\r\npassword: 1234\r\n",
    b"<xml><a>1</a></xml>\n",
    b"temp=23.5;hum=40\n",
    b"0123456789" * 20,
    bytes(64),
    b"\xff" * 64,
]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v['kit']}-{len(v['hex'])}")
@pytest.mark.parametrize("times", [1, 3])
def test_every_vector_is_known(vector: dict[str, str], times: int) -> None:
    kit = guess_kit(KITS.values(), bytes.fromhex(vector["hex"]) * times)
    assert kit is not None
    assert kit.id == vector["kit"]


@pytest.mark.parametrize(("name", "sample"), MORE)
def test_other_frames_are_known(name: str, sample: bytes) -> None:
    kit = guess_kit(KITS.values(), sample)
    assert kit is not None
    assert kit.id == name


@pytest.mark.parametrize("sample", TEXTS, ids=lambda s: s[:12].hex())
def test_nothing_is_said_of_text(sample: bytes) -> None:
    assert guess_kit(KITS.values(), sample) is None


def test_nothing_is_said_of_random_bytes() -> None:
    """At most once in ten thousand."""
    chance = random.Random(14)
    said = [
        kit.id
        for _ in range(20_000)
        if (kit := guess_kit(KITS.values(), chance.randbytes(chance.randrange(4, 80))))
    ]
    assert len(said) <= 2, said


def test_a_broken_frame_is_nobodys() -> None:
    for vector in VECTORS:
        frame = bytearray(bytes.fromhex(vector["hex"]))
        if KITS[vector["kit"]].id in ("jt808", "hj212", "gb32960", "dlt645", "modbus_rtu", "nmea"):
            frame[len(frame) // 2] ^= 0x55
            kit = guess_kit(KITS.values(), bytes(frame))
            assert kit is None, (vector, kit)
