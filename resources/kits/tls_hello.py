"""TLS ClientHello (RFC 8446, RFC 5246, RFC 6066): what a client says before anything is secret.

Records: type, version, length. The first of a client is a handshake that holds a ClientHello; later
ones are only named.
"""

from portside.kit import Field, Layout, Reader, u8, u16

NAME = "TLS"
PORTS = (443, 8443)
EXAMPLES = [
    (
        "160301003d0100003903030000000000000000000000000000000000000000000000000000000000000000000002"
        "13010100000e0000000a00080000056c6f63616c",
        "local",
    )
]
RECORDS = {20: "change cipher spec", 21: "alert", 22: "handshake", 23: "application data"}
VERSIONS = {0x0300: "SSL 3.0", 0x0301: "TLS 1.0", 0x0302: "TLS 1.1", 0x0303: "TLS 1.2",
            0x0304: "TLS 1.3"}  # fmt: skip
HANDSHAKES = {0: "hello request", 1: "client hello", 2: "server hello", 4: "new session ticket",
              8: "encrypted extensions", 11: "certificate", 12: "server key exchange",
              13: "certificate request", 14: "server hello done", 15: "certificate verify",
              16: "client key exchange", 20: "finished"}  # fmt: skip
ALERTS = {
    0: "close notify", 10: "unexpected message", 20: "bad record MAC", 40: "handshake failure",
    42: "bad certificate", 43: "unsupported certificate", 44: "certificate revoked",
    45: "certificate expired", 46: "certificate unknown", 47: "illegal parameter",
    48: "unknown CA", 49: "access denied", 50: "decode error", 51: "decrypt error",
    70: "protocol version", 71: "insufficient security", 80: "internal error",
    86: "inappropriate fallback", 90: "user cancelled", 109: "missing extension",
    112: "unrecognised name", 116: "certificate required", 120: "no application protocol",
}  # fmt: skip
SUITES = {0x1301: "AES_128_GCM_SHA256", 0x1302: "AES_256_GCM_SHA384",
          0x1303: "CHACHA20_POLY1305_SHA256", 0xC02B: "ECDHE_ECDSA_AES_128_GCM_SHA256",
          0xC02C: "ECDHE_ECDSA_AES_256_GCM_SHA384", 0xC02F: "ECDHE_RSA_AES_128_GCM_SHA256",
          0xC030: "ECDHE_RSA_AES_256_GCM_SHA384", 0xCCA8: "ECDHE_RSA_CHACHA20_POLY1305",
          0xCCA9: "ECDHE_ECDSA_CHACHA20_POLY1305", 0xC013: "ECDHE_RSA_AES_128_CBC_SHA",
          0xC014: "ECDHE_RSA_AES_256_CBC_SHA", 0x009C: "RSA_AES_128_GCM_SHA256",
          0x009D: "RSA_AES_256_GCM_SHA384", 0x002F: "RSA_AES_128_CBC_SHA",
          0x0035: "RSA_AES_256_CBC_SHA", 0x000A: "RSA_3DES_EDE_CBC_SHA",
          0x00FF: "renegotiation info", 0x5600: "fallback"}  # fmt: skip
EXTENSIONS = {0: "server name", 1: "max fragment length", 5: "status request",
              10: "supported groups", 11: "point formats", 13: "signature algorithms",
              16: "ALPN", 18: "SCT", 21: "padding", 22: "encrypt then MAC",
              23: "extended master secret", 27: "compress certificate", 35: "session ticket",
              41: "pre-shared key", 43: "supported versions", 44: "cookie", 45: "PSK modes",
              49: "post-handshake auth", 50: "signature algorithms cert", 51: "key share",
              0xFF01: "renegotiation info"}  # fmt: skip
LONGEST = 16_384 + 2_048
HEAD = Layout(u8("record", RECORDS), u16("version", VERSIONS, base=16), u16("length"))


def split(data: bytes) -> int:
    """A record: five bytes, then as many as they say."""
    if not data:
        return 0
    if data[0] not in RECORDS or (len(data) > 1 and data[1] != 3):
        return -1
    if len(data) < 5:
        return 0
    length = 5 + int.from_bytes(data[3:5], "big")
    if length > LONGEST:
        return -1
    return length if len(data) >= length else 0


def decode(frame: bytes) -> list[Field]:
    """The record's head, then the hello."""
    r = Reader(frame)
    kind, _, length = r.read(HEAD)
    if length != r.left:
        r.fields[-1] = r.fields[-1]._replace(want=str(r.left))
    if kind == 21 and r.left == 2:
        r.number("level", 1, {1: "warning", 2: "fatal"})
        r.number("alert", 1, ALERTS)
    elif kind == 22 and r.left > 4 and r.peek()[0] == 1:
        _hello(r)
    elif kind == 22 and r.left > 4 and r.peek()[0] in HANDSHAKES:
        r.number("handshake", 1, HANDSHAKES)
        r.number("handshake length", 3)
    r.rest("data")
    return r.fields


def _hello(r: Reader) -> None:
    r.number("handshake", 1, HANDSHAKES)
    size = r.number("handshake length", 3)
    if size != r.left:
        r.fields[-1] = r.fields[-1]._replace(want=str(r.left))
    r.number("client version", 2, VERSIONS, base=16)
    r.raw("random", 32)
    r.raw("session id", r.take(1, "session id")[0])
    count = int.from_bytes(r.take(2, "cipher suites"), "big") // 2
    with r.group("cipher suites", count):
        for number in range(1, count + 1):
            _suite(r, f"suite {number}")
    r.raw("compression", r.take(1, "compression")[0])
    if not r.left:
        return
    end = int.from_bytes(r.take(2, "extensions"), "big") + r.at
    with r.group("extensions"):
        while r.at < min(end, r.end):
            _extension(r)


def _suite(r: Reader, name: str) -> None:
    value = int.from_bytes(r.take(2, name), "big")
    r.add(
        name, "GREASE" if _is_grease(value) else f"{value:04X} {SUITES.get(value, '')}".strip(), 2
    )


def _is_grease(value: int) -> bool:
    """RFC 8701: values that mean nothing and must be ignored."""
    return value & 0x0F0F == 0x0A0A and value >> 8 == value & 0xFF


def _extension(r: Reader) -> None:
    kind, size = (int.from_bytes(r.take(2, "extension"), "big") for _ in range(2))
    name = "GREASE" if _is_grease(kind) else EXTENSIONS.get(kind, f"extension {kind}")
    if kind == 0 and size > 5:
        data = r.take(size, name)
        r.add(name, data[5:].decode("ascii", "backslashreplace"), size)
    elif kind == 16 and size > 2:
        data = r.take(size, name)
        r.add(name, ", ".join(_names(data[2:])), size)
    elif kind == 43 and size > 1:
        data = r.take(size, name)
        numbers = [int.from_bytes(data[at : at + 2], "big") for at in range(1, len(data) - 1, 2)]
        words = [VERSIONS.get(n, f"{n:04X}") for n in numbers if not _is_grease(n)]
        r.add(name, ", ".join(words), size)
    else:
        r.raw(name, size)


def _names(data: bytes) -> list[str]:
    """Names that each stand behind a byte of length."""
    found, at = [], 0
    while at < len(data):
        found.append(data[at + 1 : at + 1 + data[at]].decode("ascii", "backslashreplace"))
        at += 1 + data[at]
    return found


def sure(frame: bytes) -> bool:
    """A hello says it."""
    return frame[0] == 0x16 and frame[5] in (1, 2)


def summary(fields: list[Field]) -> str:
    """Record, handshake, name asked for."""
    found = {field.name: field.shown for field in fields}
    names = ("record", "handshake", "alert", "server name", "ALPN", "supported versions")
    return " ".join(found[name] for name in names if name in found)
