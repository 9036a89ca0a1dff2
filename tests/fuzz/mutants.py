"""Inputs that nobody foresaw: good ones, spoiled. The same seed gives the same ones again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

MOST_BYTES = 64 * 1024
_EDGES = [
    b"\0", b"\xff", b"\x7f", b"\x80", b"\r\n", b"\n\n", b" " * 64, b"\\", b"\\x", b'"', b"'", b"{",
    b"}" * 64, b"[" * 5000, b"%s%n", b"\x00\xff" * 8, b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff",
    b"\x80\0\0\0", b"9" * 400, b"-1", b"1e999", b"\xef\xbb\xbf", "中文".encode("gbk"),
    "中文€\u202e\U0001f600".encode(), b"\xed\xa0\x80", b"../../etc/passwd", b"<script>", b"=1+1",
    b"null", b"NaN", b"true", b"a" * 70_000,
]  # fmt: skip


def mutants(seeds: Sequence[bytes], random: Random) -> Iterator[bytes]:
    """Give the seeds themselves, each cut anywhere near its ends, then spoiled ones for ever."""
    yield b""
    for seed in seeds:
        yield seed
        for size in range(1, min(len(seed), 48)):
            yield seed[:size]
            yield seed[size:]
    while True:
        data = bytearray(random.choice(seeds) if seeds else b"")
        for _ in range(random.choice((1, 1, 2, 4, 16))):
            _spoil(data, seeds, random)
        yield bytes(data[:MOST_BYTES])


def _spoil(data: bytearray, seeds: Sequence[bytes], random: Random) -> None:
    at = random.randrange(len(data) + 1)
    end = min(len(data), at + random.choice((1, 1, 2, 4, 8, 64, len(data) or 1)))
    match random.randrange(8):
        case 0:
            if data:
                data[at % len(data)] ^= 1 << random.randrange(8)
        case 1:
            if data:
                data[at % len(data)] = random.randrange(256)
        case 2:
            del data[at:end]
        case 3:
            data[at:at] = random.choice(_EDGES)
        case 4:
            data[at:at] = data[at:end] * random.choice((1, 2, 50))
        case 5:
            data[at:end] = random.randbytes(end - at)
        case 6:
            other = random.choice(seeds) if seeds else b""
            data[at:end] = other[random.randrange(len(other) + 1) :]
        case _:
            del data[at:]
    del data[MOST_BYTES:]
