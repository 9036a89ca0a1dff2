"""MQTT 3.1.1 (OASIS, 2014; 3.1 and what is the same in 5 too).

One byte of type and flags, the remaining length in one to four bytes of seven bits, then what the
type says.
"""

from portside.kit import Field, Reader

NAME = "MQTT"
PORTS = (1883,)
EXAMPLES = [
    ("101000044d5154540402003c000464657631", "dev1"),
    ("30070003612f626869", "a/b"),
]
TYPES = {
    1: "CONNECT", 2: "CONNACK", 3: "PUBLISH", 4: "PUBACK", 5: "PUBREC", 6: "PUBREL", 7: "PUBCOMP",
    8: "SUBSCRIBE", 9: "SUBACK", 10: "UNSUBSCRIBE", 11: "UNSUBACK", 12: "PINGREQ", 13: "PINGRESP",
    14: "DISCONNECT",
}  # fmt: skip
FLAGS = {6: 2, 8: 2, 10: 2}  # of types that need others than 0; PUBLISH has its own
RETURNS = {
    0: "accepted", 1: "unacceptable protocol version", 2: "identifier rejected",
    3: "server unavailable", 4: "bad user name or password", 5: "not authorised",
}  # fmt: skip
GRANTED = {0: "QoS 0", 1: "QoS 1", 2: "QoS 2", 0x80: "failure"}


def split(data: bytes) -> int:
    """The head says how much follows; a first byte that no packet has is stepped over."""
    if not data:
        return 0
    kind = data[0] >> 4
    if kind not in TYPES or not _flags_right(data[0]):
        return -1
    length, size = _remaining(data)
    if size < 0:
        return -1
    if size == 0:
        return 0
    whole = 1 + size + length
    return whole if len(data) >= whole else 0


def _flags_right(first: int) -> bool:
    kind, flags = first >> 4, first & 0x0F
    return flags & 6 != 6 if kind == 3 else flags == FLAGS.get(kind, 0)


def _remaining(data: bytes) -> tuple[int, int]:
    """The length and how many bytes it takes: 0 if not all there, -1 if it never ends."""
    value = 0
    for number, byte in enumerate(data[1:5]):
        value |= (byte & 0x7F) << 7 * number
        if not byte & 0x80:
            return value, number + 1
    return 0, -1 if len(data) >= 5 else 0


def decode(frame: bytes) -> list[Field]:
    """Type and flags, length, then what the type says."""
    r = Reader(frame)
    first = r.take(1, "type")[0]
    kind = first >> 4
    bad = "" if kind in TYPES and _flags_right(first) else "?"
    r.add("type", TYPES.get(kind, kind), 1, bad=bad)
    length, size = _remaining(frame)
    r.take(max(size, 1), "length")
    want = "" if length == r.left else str(r.left)
    r.add("length", length, max(size, 1), want=want)
    if kind == 3:
        _publish(r, first)
    elif kind in BODIES:
        BODIES[kind](r)
    r.rest("rest")
    return r.fields


def _string(r: Reader, name: str) -> str:
    size = int.from_bytes(r.take(2, name), "big")
    words = r.take(size, name).decode("utf-8", "backslashreplace")
    r.add(name, words, size)
    return words


def _publish(r: Reader, first: int) -> None:
    r.fields.append(Field("DUP", bool(first & 8), 0, 1))
    r.fields.append(Field("QoS", first >> 1 & 3, 0, 1))
    r.fields.append(Field("retain", bool(first & 1), 0, 1))
    _string(r, "topic")
    if first & 6:
        r.number("packet id", 2)
    payload = r.take(r.left)
    try:
        r.add("payload", payload.decode(), len(payload))
    except UnicodeDecodeError:
        r.add("payload", payload, len(payload))


def _connect(r: Reader) -> None:
    _string(r, "protocol")
    level = r.number("level", 1)
    flags = r.take(1, "flags")[0]
    for bit, name in ((7, "has user name"), (6, "has password"), (5, "will retain")):
        r.add(name, bool(flags >> bit & 1), 1)
    r.add("will QoS", flags >> 3 & 3, 1)
    r.add("has will", bool(flags & 4), 1)
    r.add("clean session", bool(flags & 2), 1, bad="?" if flags & 1 else "")
    r.number("keep alive", 2)
    if level >= 5:
        r.rest("properties and payload of MQTT 5")
        return
    _string(r, "client id")
    if flags & 4:
        _string(r, "will topic")
        r.raw("will message", int.from_bytes(r.take(2, "will message"), "big"))
    if flags & 0x80:
        _string(r, "user name")
    if flags & 0x40:
        r.raw("password", int.from_bytes(r.take(2, "password"), "big"))


def _connack(r: Reader) -> None:
    r.number("session present", 1)
    r.number("return code", 1, RETURNS)


def _packet_id(r: Reader) -> None:
    r.number("packet id", 2)


def _subscribe(r: Reader) -> None:
    r.number("packet id", 2)
    while r.left:
        _string(r, "topic filter")
        r.number("requested QoS", 1)


def _suback(r: Reader) -> None:
    r.number("packet id", 2)
    while r.left:
        r.number("granted", 1, GRANTED, base=16)


def _unsubscribe(r: Reader) -> None:
    r.number("packet id", 2)
    while r.left:
        _string(r, "topic filter")


BODIES = {
    1: _connect, 2: _connack, 4: _packet_id, 5: _packet_id, 6: _packet_id, 7: _packet_id,
    8: _subscribe, 9: _suback, 10: _unsubscribe, 11: _packet_id,
}  # fmt: skip


def sure(frame: bytes) -> bool:
    """A CONNECT names the protocol, a PUBLISH has a readable topic."""
    if frame[0] >> 4 == 1:
        return b"MQTT" in frame[:12] or b"MQIsdp" in frame[:14]
    _, size = _remaining(frame)
    topic = frame[3 + size : 3 + size + int.from_bytes(frame[1 + size : 3 + size], "big")]
    return (
        frame[0] >> 4 == 3 and len(topic) > 1 and topic.isascii() and topic.decode().isprintable()
    )


def summary(fields: list[Field]) -> str:
    """Type, then who or what."""
    found = {field.name: field.shown for field in fields}
    names = ("client id", "return code", "topic", "topic filter", "packet id", "payload")
    return " ".join([found.get("type", ""), *(found[name] for name in names if name in found)])
