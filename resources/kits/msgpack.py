"""MessagePack (the specification of msgpack.org): one value after the other."""

from struct import unpack

from portside.kit import Field, Reader, Short

NAME = "MessagePack"
EXAMPLES = [("82a3646576a24131a174cb4037800000000000", "23.5"), ("93010203", "3")]
DEEPEST = 32
# Code -> how many bytes of length, what it is.
SIZED = {0xC4: (1, "bin"), 0xC5: (2, "bin"), 0xC6: (4, "bin"), 0xC7: (1, "ext"), 0xC8: (2, "ext"),
         0xC9: (4, "ext"), 0xD9: (1, "str"), 0xDA: (2, "str"), 0xDB: (4, "str"), 0xDC: (2, "array"),
         0xDD: (4, "array"), 0xDE: (2, "map"), 0xDF: (4, "map")}  # fmt: skip
NUMBERS = {0xCA: ">f", 0xCB: ">d", 0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q", 0xD0: ">b",
           0xD1: ">h", 0xD2: ">i", 0xD3: ">q"}  # fmt: skip
WIDTHS = {">f": 4, ">d": 8, ">B": 1, ">H": 2, ">I": 4, ">Q": 8, ">b": 1, ">h": 2, ">i": 4, ">q": 8}
CONSTANTS = {0xC0: "nil", 0xC2: "false", 0xC3: "true"}


def split(data: bytes) -> int:
    """One whole value; C1 is never one."""
    at, wanted = 0, 1
    while wanted:
        if at >= len(data):
            return 0
        head, inner = _head(data, at)
        if head < 0:
            return -1
        if head == 0:
            return 0
        at += head
        wanted += inner - 1
    return at if at <= len(data) else 0


def _head(data: bytes, at: int) -> tuple[int, int]:
    """How many bytes the value takes without those inside, and how many are inside.

    0 bytes: the head is not all there; -1: there is no such value.
    """
    code = data[at]
    if code in SIZED:
        width, kind = SIZED[code]
        if at + 1 + width > len(data):
            return 0, 0
        size = int.from_bytes(data[at + 1 : at + 1 + width], "big")
        if kind in ("array", "map"):
            return 1 + width, size * (2 if kind == "map" else 1)
        return 1 + width + size + (kind == "ext"), 0
    if code < 0x80 or code >= 0xE0 or code in CONSTANTS:
        return 1, 0
    if code in NUMBERS:
        return 1 + WIDTHS[NUMBERS[code]], 0
    if code < 0x90:
        return 1, 2 * (code & 15)
    if code < 0xA0:
        return 1, code & 15
    if code < 0xC0:
        return 1 + (code & 31), 0
    if 0xD4 <= code <= 0xD8:
        return 2 + (1 << code - 0xD4), 0
    return -1, 0


def decode(frame: bytes) -> list[Field]:
    """The values, those inside maps and arrays under their keys and numbers."""
    r = Reader(frame)
    _value(r, "value", 0)
    r.rest("rest")
    return r.fields


def _value(r: Reader, name: str, depth: int) -> None:
    if depth > DEEPEST:
        r.raw(name)
        return
    head, inner = _head(r.data, r.at) if r.left else (0, 0)
    if head <= 0:
        if head < 0:
            r.take(1, name)
            r.add(name, r.data[r.at - 1 : r.at], 1, bad="?")
            return
        raise Short(name, 1, r.fields, r.at)
    code = r.data[r.at]
    kind = SIZED[code][1] if code in SIZED else ""
    if kind in ("array", "map") or 0x80 <= code < 0xA0:
        is_map = kind == "map" or 0x80 <= code < 0x90
        _inside(r, name, head, inner // 2 if is_map else inner, is_map, depth)
        return
    data = r.take(head, name)
    r.add(name, _plain(data, code, kind), head)


def _inside(r: Reader, name: str, head: int, count: int, is_map: bool, depth: int) -> None:
    with r.group(name, f"{'map' if is_map else 'array'} {count}"):
        r.take(head, name)
        for number in range(count):
            if not is_map:
                _value(r, str(number), depth + 1)
                continue
            key_at, known = r.at, len(r.fields)
            _value(r, "key", depth + 1)
            key = r.fields[known].shown or "?"
            del r.fields[known:]
            _value(r, key, depth + 1)
            r.fields[known] = r.fields[known]._replace(start=key_at)


def _plain(data: bytes, code: int, kind: str):
    if code in CONSTANTS:
        return CONSTANTS[code]
    if code in NUMBERS:
        return unpack(NUMBERS[code], data[1:])[0]
    if code < 0x80:
        return code
    if code >= 0xE0:
        return code - 256
    if kind == "str" or 0xA0 <= code < 0xC0:
        return data[1 + (SIZED[code][0] if kind else 0) :].decode("utf-8", "backslashreplace")
    return data[1 + (SIZED[code][0] if kind else 0) :]


def _named(key: bytes) -> bool:
    return key.isascii() and key.decode().isprintable()


def sure(frame: bytes) -> bool:
    """A map whose first key is a name."""
    return (
        0x81 <= frame[0] <= 0x8F
        and 0xA2 <= frame[1] <= 0xBF
        and _named(frame[2 : 2 + frame[1] - 0xA0])
    )


def summary(fields: list[Field]) -> str:
    """The first names and values."""
    return " ".join(f"{f.name}={f.shown}" for f in fields[:8])
