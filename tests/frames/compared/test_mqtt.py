"""MQTT as tshark reads it."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from pathlib import Path

from tests.frames.compared.kits import built_in, read
from tests.frames.compared.packets import needs_tshark, tshark

pytestmark = needs_tshark
MQTT = built_in("mqtt")


def _text(chance: random.Random, most: int = 12) -> bytes:
    letters = "abz/09-_ 温度é"
    return "".join(chance.choices(letters, k=chance.randint(1, most))).strip().encode() or b"x"


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(2, "big") + data


def _packet(first: int, body: bytes) -> bytes:
    size, left = b"", len(body)
    while True:
        left, digit = left >> 7, left & 0x7F
        size += bytes([digit | (0x80 if left else 0)])
        if not left:
            return bytes([first]) + size + body


def _connect(chance: random.Random) -> bytes:
    flags = chance.choice([0x02, 0x00, 0xC2, 0x82, 0x2E, 0xEE, 0x06])
    body = _string(b"MQTT") + bytes([4, flags]) + struct.pack(">H", chance.randrange(65_536))
    body += _string(_text(chance))
    if flags & 4:
        body += _string(_text(chance)) + _string(_text(chance))
    if flags & 0x80:
        body += _string(_text(chance))
    if flags & 0x40:
        body += _string(_text(chance))
    return _packet(0x10, body)


def _publish(chance: random.Random) -> bytes:
    qos = chance.randrange(3)
    first = 0x30 | qos << 1 | chance.randrange(2) | (8 if qos and chance.random() < 0.5 else 0)
    number = struct.pack(">H", chance.randint(1, 65_535)) if qos else b""
    payload = b"".join(_text(chance) for _ in range(chance.choice([1, 3, 40, 80])))
    return _packet(first, _string(_text(chance)) + number + payload)


def _numbered(first: int) -> Callable[[random.Random], bytes]:
    return lambda chance: _packet(first, struct.pack(">H", chance.randint(1, 65_535)))


def _subscribe(chance: random.Random) -> bytes:
    filters = [
        _string(_text(chance)) + bytes([chance.randrange(3)]) for _ in range(chance.randint(1, 4))
    ]
    return _packet(0x82, struct.pack(">H", chance.randint(1, 65_535)) + b"".join(filters))


def _unsubscribe(chance: random.Random) -> bytes:
    filters = [_string(_text(chance)) for _ in range(chance.randint(1, 4))]
    return _packet(0xA2, struct.pack(">H", chance.randint(1, 65_535)) + b"".join(filters))


def _suback(chance: random.Random) -> bytes:
    granted = bytes(chance.choice([0, 1, 2, 0x80]) for _ in range(chance.randint(1, 4)))
    return _packet(0x90, struct.pack(">H", chance.randint(1, 65_535)) + granted)


PACKETS: tuple[Callable[[random.Random], bytes], ...] = (
    _connect, lambda chance: _packet(0x20, bytes([chance.randrange(2), chance.randrange(6)])),
    _publish, _publish, _publish, *(_numbered(first) for first in (0x40, 0x50, 0x62, 0x70, 0xB0)),
    _subscribe, _suback, _unsubscribe,
    lambda _: b"\xc0\0", lambda _: b"\xd0\0", lambda _: b"\xe0\0",
)  # fmt: skip
TYPES = {
    1: "CONNECT", 2: "CONNACK", 3: "PUBLISH", 4: "PUBACK", 5: "PUBREC", 6: "PUBREL", 7: "PUBCOMP",
    8: "SUBSCRIBE", 9: "SUBACK", 10: "UNSUBSCRIBE", 11: "UNSUBACK", 12: "PINGREQ", 13: "PINGRESP",
    14: "DISCONNECT",
}  # fmt: skip
TOLD = {  # our names by tshark's
    "mqtt.len": "length", "mqtt.msgid": "packet id", "mqtt.qos": "QoS",
    "mqtt.clientid": "client id", "mqtt.kalive": "keep alive", "mqtt.username": "user name",
    "mqtt.willtopic": "will topic",
    "mqtt.conack.val": "return code", "mqtt.conflag.qos": "will QoS", "mqtt.ver": "level",
    "mqtt.sub.qos": "requested QoS", "mqtt.suback.qos": "granted", "mqtt.protoname": "protocol",
}  # fmt: skip


def test_mqtt(tmp_path: Path) -> None:
    chance = random.Random(311)
    frames = [PACKETS[0](chance)]
    frames += [chance.choice(PACKETS)(chance) for _ in range(250)]
    names = [
        "mqtt.msgtype",
        *TOLD,
        "mqtt.topic",
        "mqtt.msg",
        "mqtt.passwd",
        "mqtt.willmsg",
        "mqtt.retain",
    ]
    for frame, cells in zip(frames, tshark(tmp_path, "mqtt", frames, names), strict=True):
        theirs = dict(zip(names, cells, strict=True))
        fields = read(MQTT, frame)
        mine: dict[str, list[str]] = {}
        for field in fields:
            mine.setdefault(field.name, []).append(str(field.value))
        assert mine["type"] == [TYPES[int(theirs["mqtt.msgtype"][0])]]
        for theirs_name, name in TOLD.items():
            if theirs_name == "mqtt.qos" and mine["type"] != ["PUBLISH"]:
                continue
            assert mine.get(name, []) == theirs[theirs_name], (frame.hex(), name)
        assert mine.get("topic", mine.get("topic filter", [])) == theirs["mqtt.topic"]
        payload = [frame[f.start : f.end].hex() for f in fields if f.name == "payload" and f.value]
        assert payload == [each.replace(":", "") for each in theirs["mqtt.msg"]]
        words = [frame[f.start : f.end].decode() for f in fields if f.name == "password"]
        assert words == theirs["mqtt.passwd"]
        will = [frame[f.start : f.end].hex() for f in fields if f.name == "will message"]
        assert will == [each.replace(":", "") for each in theirs["mqtt.willmsg"]]
