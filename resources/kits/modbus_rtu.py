"""Modbus RTU (Modbus over Serial Line V1.02, Application Protocol V1.1b3).

Address, function, data, CRC-16/MODBUS low byte first. A frame has no mark and often no length:
where it ends is found by trying the lengths that a request and a response of its function can have,
and taking the one whose CRC is right.
"""

from portside.kit import Field, Layout, Reader, find_checksum, u8, u16

NAME = "Modbus RTU"
EXAMPLES = [
    ("01030000000ac5cd", "3 read holding registers"),
    ("018302c0f1", "illegal data address"),
]

CRC = find_checksum("crc16-modbus")
FUNCTIONS = {
    1: "read coils", 2: "read discrete inputs", 3: "read holding registers",
    4: "read input registers", 5: "write single coil", 6: "write single register",
    7: "read exception status", 8: "diagnostics", 11: "get comm event counter",
    12: "get comm event log", 15: "write multiple coils", 16: "write multiple registers",
    17: "report server id", 20: "read file record", 21: "write file record",
    22: "mask write register", 23: "read/write multiple registers", 24: "read FIFO queue",
    43: "encapsulated interface",
}  # fmt: skip
EXCEPTIONS = {
    1: "illegal function", 2: "illegal data address", 3: "illegal data value",
    4: "server device failure", 5: "acknowledge", 6: "server device busy",
    8: "memory parity error", 10: "gateway path unavailable",
    11: "gateway target device failed to respond",
}  # fmt: skip
SHORTEST, LONGEST = 4, 256
MOST_BITS = 2000  # that one request may ask for
HEAD = Layout(u8("address"))
READ = Layout(u16("start"), u16("count"))
WRITE_COIL = Layout(u16("start"), u16("value", {0: "off", 0xFF00: "on"}, base=16))
WRITE = Layout(u16("start"), u16("value"))
MASK = Layout(u16("start"), u16("and mask", base=16), u16("or mask", base=16))
WRITE_READ = Layout(u16("read start"), u16("read count"), u16("write start"), u16("write count"))


def split(data: bytes) -> int:
    """Take the shortest length that fits the function and has a right CRC; step over the rest.

    A zero behind a right frame leaves its CRC right: where a frame may be that long, it is, unless
    a broadcast begins with the zero.
    """
    if len(data) < SHORTEST:
        return 0
    lengths = possible_lengths(data[:LONGEST])
    for length in lengths:
        if length <= len(data) and is_right(data[:length]):
            zero = length + 1 in lengths and data[length : length + 1] == b"\0"
            longer = zero and split(data[length : length + LONGEST]) <= 0
            return length + 1 if longer else length
    return 0 if any(length > len(data) for length in lengths) else -1


def is_right(frame: bytes) -> bool:
    """Whether the last two bytes are the CRC of those before."""
    return CRC.bytes_of(frame[:-2], "little") == frame[-2:]


def possible_lengths(data: bytes) -> list[int]:
    """The lengths, ascending, that a request or a response with this beginning can have."""
    function = data[1]
    if function & 0x80:
        return [5] if function & 0x7F in FUNCTIONS else []
    counted = 5 + data[2]  # address, function, count, so many bytes, CRC
    bits = counted if data[2] else 0
    words = bits if data[2] % 2 == 0 else 0
    lengths = {
        1: [8, bits], 2: [8, bits], 3: [8, words], 4: [8, words],
        5: [8], 6: [8], 7: [4, 5], 8: [8], 11: [4, 8], 12: [4, counted],
        15: [8, *_further(data, 6, 9)], 16: [8, *_further(data, 6, 9)],
        17: [4, counted], 20: [counted], 21: [counted], 22: [10],
        23: [counted, *_further(data, 10, 13)],
        24: [6, *_further_16(data)],
        43: [7, *_objects(data)],
    }.get(function, [])  # fmt: skip
    return sorted({length for length in lengths if SHORTEST <= length <= LONGEST})


def _further(data: bytes, place: int, fixed: int) -> list[int]:
    """A count further behind. Before it is there, the least that must come is awaited."""
    return [fixed + data[place]] if len(data) > place else [fixed + 1]


def _further_16(data: bytes) -> list[int]:
    return [6 + int.from_bytes(data[2:4], "big")]


def _objects(data: bytes) -> list[int]:
    """The answer to 43/14: a head of eight bytes, then as many objects as it says, and the CRC."""
    if data[2] != 14:
        return []
    at = 8
    for _ in range(data[7] if len(data) > 7 else 0):
        if len(data) < at + 2:
            break  # the least that must come
        at += 2 + data[at + 1]
    return [at + 2]


def decode(frame: bytes) -> list[Field]:
    """Address, the protocol data unit, CRC."""
    r = Reader(frame, end=len(frame) - 2)
    r.read(HEAD)
    decode_unit(r, frame[1:-2])
    r.end += 2
    r.check("CRC", CRC.bytes_of(frame[:-2], "little"))
    return r.fields


def decode_unit(r: Reader, unit: bytes) -> None:
    """Read function and data. Request and response are told apart by what fits."""
    function = r.number("function", 1, _named(unit[:1]))
    if function & 0x80:
        r.number("exception", 1, EXCEPTIONS)
    elif function in (1, 2, 3, 4) and not _is_request(unit):
        _answer(r, function)
    elif function in (1, 2, 3, 4):
        r.read(READ)
    elif function == 5:
        r.read(WRITE_COIL)
    elif function == 6:
        r.read(WRITE)
    elif function in (15, 16):
        r.read(READ)
        if r.left:
            _values(r, function)
    elif function == 22:
        r.read(MASK)
    elif function == 23 and len(unit) > 1 and unit[1] == len(unit) - 2:
        _answer(r, 3)
    elif function == 23:
        r.read(WRITE_READ)
        _values(r, 16)
    r.rest("data")


def _is_request(unit: bytes) -> bool:
    """Whether somebody wants to read: an answer of three bytes of coils has the same length."""
    function, size, count = unit[0], unit[1:2], int.from_bytes(unit[3:5], "big")
    return len(unit) == 5 and (function > 2 or size != b"\3" or 1 <= count <= MOST_BITS)


def _named(byte: bytes) -> dict[int, str]:
    """The functions' names, those of their exceptions, for this one byte."""
    code = byte[0] if byte else 0
    name = FUNCTIONS.get(code & 0x7F, "")
    return {code: name and (f"{name}: exception" if code & 0x80 else name)} if name else {}


def _answer(r: Reader, function: int) -> None:
    _values(r, 16 if function in (3, 4) else 15)


def _values(r: Reader, function: int) -> None:
    """A count of bytes, then so many: registers for 16, coils else."""
    size = r.number("byte count", 1)
    if size != r.left:
        last = r.fields.pop()
        r.fields.append(last._replace(want=str(r.left)))
        size = min(size, r.left)
    if function == 16:
        for number in range(size // 2):
            r.number(f"register {number}", 2)
    elif size:
        r.raw("coils", size)


def sure(frame: bytes) -> bool:
    """The CRC says it."""
    return True


def summary(fields: list[Field]) -> str:
    """Function, then what it speaks of."""
    found = {field.name: field.shown for field in fields}
    names = ("start", "count", "value", "exception", "register 0", "coils")
    words = [f"{name} {found[name]}" for name in names if name in found]
    unit = found.get("address", found.get("unit", ""))
    return " ".join([found.get("function", ""), f"unit {unit}", *words])


def seal(body: bytes) -> bytes:
    """Append the CRC."""
    return body + CRC.bytes_of(body, "little")
