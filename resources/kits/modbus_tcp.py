"""Modbus TCP (MODBUS Messaging on TCP/IP Implementation Guide V1.0b).

A head of seven bytes (transaction, protocol 0, length, unit), then function and data as in Modbus
RTU; no checksum.
"""

from portside.kit import Field, Layout, Reader, u8, u16
from portside.kits import modbus_rtu as rtu

NAME = "Modbus TCP"
PORTS = (502,)
EXAMPLES = [
    ("000000000006090300040001", "3 read holding registers"),
    ("0000000000050903020005", "register 0"),
]
LONGEST = 260
HEAD = Layout(u16("transaction"), u16("protocol"), u16("length"), u8("unit"))


def split(data: bytes) -> int:
    """Six bytes, then as many as the length says; what can't be a head is stepped over."""
    if len(data) < 6:
        return 0
    length = int.from_bytes(data[4:6], "big")
    if data[2:4] != b"\0\0" or not 2 <= length <= LONGEST - 6:
        return -1
    return 6 + length if len(data) >= 6 + length else 0


def decode(frame: bytes) -> list[Field]:
    """Head, then the protocol data unit."""
    r = Reader(frame)
    _, protocol, length, _ = r.read(HEAD)
    if protocol:
        r.fields[1] = r.fields[1]._replace(want="0")
    if length != len(frame) - 6:
        r.fields[2] = r.fields[2]._replace(want=str(len(frame) - 6))
    rtu.decode_unit(r, frame[7:])
    return r.fields


def sure(frame: bytes) -> bool:
    """Two zeros and the length say it."""
    return frame[6:7] != b"" and frame[7] & 0x7F in rtu.FUNCTIONS


summary = rtu.summary


def seal(body: bytes) -> bytes:
    """Put transaction 0 and the length before unit, function and data."""
    return bytes(4) + len(body).to_bytes(2, "big") + body
