"""pcapng blocks with IP packets in them: headers, checksums, padding. Knows no journal.

The file is big-endian throughout, as the packets are: so one `Struct` packs a block's head and the
packet's. Blocks: draft-ietf-opsawg-pcapng; the link type is LINKTYPE_RAW, where a packet begins
with its IP header.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from struct import Struct
from typing import NamedTuple

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
TCP, UDP = 6, 17
INBOUND, OUTBOUND = 1, 2

_WORD = 0xFFFFFFFF
_SECTION, _INTERFACE, _PACKET = 0x0A0D0D0A, 1, 6
_COMMENT, _FLAGS, _PROGRAM, _NAME, _RESOLUTION = 1, 2, 4, 2, 9
_LINKTYPE_RAW = 101
_NANOSECONDS = b"\x09"
_COMMENT_BYTES = 60_000  # an option's length has 16 bits

_BLOCK = Struct(">II")
_OPTION = Struct(">HH")
_END = Struct(">I")
_WINDOW = 0xFFFF
_HOPS = 64

# An enhanced packet block's seven words, then the packet's headers.
_TCP4 = Struct(">7I HHIHH12s IIHHI")
_TCP6 = Struct(">7I IHH36s IIHHI")
_UDP4 = Struct(">7I HHIHH12s HH")
_UDP6 = Struct(">7I IHH36s HH")
_TCP_BYTES, _UDP_BYTES, _IP4_BYTES, _IP6_BYTES = 20, 8, 20, 40
_PADDING = (b"", b"\0", b"\0\0", b"\0\0\0")


class Party(NamedTuple):
    """One end of a connection."""

    host: IPv4Address | IPv6Address
    port: int


def file_head(program: str, comment: str) -> bytes:
    """Return the blocks that a file begins with."""
    section = Struct(">IHHq").pack(0x1A2B3C4D, 1, 0, -1)
    interface = Struct(">HHI").pack(_LINKTYPE_RAW, 0, 0)
    texts = _option(_COMMENT, comment.encode()) + _option(_PROGRAM, program.encode())
    kinds = _option(_NAME, b"portside") + _option(_RESOLUTION, _NANOSECONDS)
    return _block(_SECTION, section + texts + _END.pack(0)) + _block(
        _INTERFACE, interface + kinds + _END.pack(0)
    )


def _block(kind: int, body: bytes) -> bytes:
    size = 12 + len(body)
    return _BLOCK.pack(kind, size) + body + _END.pack(size)


def _option(code: int, value: bytes) -> bytes:
    return _OPTION.pack(code, len(value)) + value + _PADDING[-len(value) % 4]


def tail(direction: int, comment: str = "") -> bytes:
    """Return a packet block's options: its direction, and a comment."""
    said = comment.encode("utf-8", "replace")[:_COMMENT_BYTES].decode("utf-8", "ignore").encode()
    text = _option(_COMMENT, said) if said else b""
    return text + _option(_FLAGS, _END.pack(direction)) + _END.pack(0)


class Way:
    """One direction between two parties; makes packet blocks."""

    def __init__(self, source: Party, target: Party, protocol: int, direction: int) -> None:
        """Both hosts are of one version."""
        self._v6 = isinstance(source.host, IPv6Address)
        hosts = source.host.packed + target.host.packed
        ports = _OPTION.pack(source.port, target.port)
        self._addresses = hosts + ports
        self._kind = (protocol << 8 | _HOPS) if self._v6 else (_HOPS << 8 | protocol)
        self._ip_bytes = _IP6_BYTES if self._v6 else _IP4_BYTES
        # Sums of 16-bit words modulo 65,535 are what a checksum complements (RFC 1071), and a
        # number of any length is the sum of its words there.
        self._sum = int.from_bytes(hosts + ports) + protocol
        self._ip_sum = 0x4500 + 0x4000 + self._kind + int.from_bytes(hosts)
        self._pack = {TCP: (_TCP4, _TCP6), UDP: (_UDP4, _UDP6)}[protocol][self._v6].pack
        self.tail = tail(direction)
        self.mss = 1440 if self._v6 else 1460

    def segment(
        self,
        time_ns: int,
        seq: int,
        ack: int,
        flags: int,
        data: bytes = b"",
        tail: bytes = b"",
        options: int = 0,
    ) -> bytes:
        """Return a TCP segment's block; `options` is one word of TCP options, or 0 for none.

        `seq` and `ack` may exceed 32 bits; `tail` stands for the usual one.
        """
        words = 5 << 12 | flags
        if options:
            data, words = _END.pack(options) + data, 6 << 12 | flags
        seq &= _WORD
        ack &= _WORD
        size = _TCP_BYTES + len(data)
        check = -(self._sum + size + seq + ack + words + _WINDOW + _sum_of(data)) % 0xFFFF
        return self._block(
            time_ns, size, data, tail or self.tail, seq, ack, words, _WINDOW, check << 16
        )  # no urgent pointer

    def datagram(self, time_ns: int, data: bytes, tail: bytes = b"") -> bytes:
        """Return a UDP datagram's block."""
        size = _UDP_BYTES + len(data)
        # A sum of 0 would say that there is none.
        check = -(self._sum + 2 * size + _sum_of(data)) % 0xFFFF or 0xFFFF
        return self._block(time_ns, size, data, tail or self.tail, size, check)

    def _block(self, time_ns: int, size: int, data: bytes, tail: bytes, *words: int) -> bytes:
        """Return the block of a packet with `size` bytes behind its IP header."""
        packet = self._ip_bytes + size
        padding = -packet % 4
        block = 32 + packet + padding + len(tail)
        high, low = time_ns >> 32, time_ns & _WORD
        if self._v6:
            ip: tuple[int, ...] = (0x60000000, size, self._kind)
        else:
            ip = (0x4500, packet, 0x4000, self._kind, -(self._ip_sum + packet) % 0xFFFF)
        head = self._pack(
            _PACKET, block, 0, high, low, packet, packet, *ip, self._addresses, *words
        )
        return b"".join((head, data, _PADDING[padding], tail, _END.pack(block)))


def _sum_of(data: bytes) -> int:
    number = int.from_bytes(data)
    return number << 8 if len(data) % 2 else number
