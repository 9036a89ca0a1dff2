"""A large journal to measure with: what a class and its machines might have said all day.

    python -m tests.bench.large_fill FILE [--entries N]

It is written by the journal itself. Of every 128 entries

* 32 are client 1's, the busy one: GBK, received and sent;
* 42 are those of 14 other GBK clients, 30 those of ten UTF-8 clients, each line with some ASCII;
* 24 belong to 15 clients whose streams, received and sent, hold nothing but Chinese characters in
  GBK: no byte below 0x30, and every other chunk ends in the middle of a character.

A rare client speaks once in 50,000 entries. The texts to be found come once each, near the end, two
of them cut in the middle of a character with thousands of other entries between the halves.
"""

from __future__ import annotations

import argparse
import math
import random
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from app.journal.entry import ClientRecord, Kind
from app.journal.journal import Journal

LIMIT_BYTES = 64 * 1024**3
ROUND = 128  # entries
VARIANTS = 61  # of a client's lines

BUSY, RARE = 1, 1_000
RARE_EVERY = 50_000  # entries
GBK, UTF8, CHINESE = range(2, 16), range(16, 26), range(26, 41)
CUT_GBK, CUT_UTF8 = 3_001, 3_002
CHUNK_BYTES = 97  # of the Chinese streams: an odd number

ASCII_TEXT, CHINESE_TEXT = "needle-4711", "罕见的词句"
CUT_GBK_TEXT, CUT_UTF8_TEXT = "跨块的文字", "另一句跨块的话"
ABSENT = {"ASCII": "not-in-here", "Chinese": "不在其中"}

_LINE = "温度 {} 压力 101.3 kPa 状态 正常；请确认收到，谢谢。第 {} 号线 OK\r\n"
_POEM = "春眠不觉晓处处闻啼鸟夜来风雨声花落知多少白日依山尽黄河入海流欲穷千里目更上一层楼"


class Chunk(NamedTuple):
    """What one entry says."""

    client_id: int
    kind: int
    data: bytes
    encoding: str = ""


class Part(NamedTuple):
    """One stream's turn in a round: `chunks` one after another, and again from the first."""

    chunks: tuple[Chunk, ...]


def fill(path: Path, entries: int) -> None:
    """Write a journal of so many entries and close it."""
    journal = Journal(path, limit_bytes=LIMIT_BYTES)
    for client_id, encoding in _encodings().items():
        where = ClientRecord(client_id, "192.168.1.7", 50_000 + client_id, encoding, 1)
        journal.add_client(where)
    parts, special = _round(), _special(entries)
    offsets: defaultdict[tuple[int, int], int] = defaultdict(int)
    for number in range(entries):
        chunk = special.get(number)
        if chunk is None and number % RARE_EVERY == RARE_EVERY // 2:
            chunk = Chunk(RARE, Kind.IN, b"still here\r\n")
        if chunk is None:
            chunks = parts[number % ROUND].chunks
            chunk = chunks[number // ROUND % len(chunks)]
        client_id, kind, data, encoding = chunk
        journal.append(client_id, kind, data, offsets[client_id, kind], encoding)
        offsets[client_id, kind] += len(data)
        if journal.crowded:
            journal.wait_for_room()
    journal.close()


def _encodings() -> dict[int, str]:
    gbk = (BUSY, *GBK, *CHINESE, RARE, CUT_GBK)
    return dict.fromkeys(gbk, "gbk") | dict.fromkeys((*UTF8, CUT_UTF8), "utf-8")


def _round() -> list[Part]:
    parts = [_lines(BUSY, Kind.IN, "gbk")] * 26 + [_lines(BUSY, Kind.OUT, "gbk")] * 6
    for clients, encoding in ((GBK, "gbk"), (UTF8, "utf-8")):
        for client_id in clients:
            parts += [_lines(client_id, Kind.IN, encoding)] * 2
            parts.append(_lines(client_id, Kind.OUT, encoding))
    parts += [_chinese(client_id, Kind.IN) for client_id in CHINESE]
    parts += [_chinese(client_id, Kind.OUT) for client_id in CHINESE[: ROUND - len(parts)]]
    random.Random(1).shuffle(parts)
    return parts


def _lines(client_id: int, kind: Kind, encoding: str) -> Part:
    sent_in = encoding if kind == Kind.OUT else ""
    return Part(
        tuple(
            Chunk(client_id, kind, _LINE.format(20 + n / 10, client_id).encode(encoding), sent_in)
            for n in range(VARIANTS)
        )
    )


def _chinese(client_id: int, kind: Kind) -> Part:
    shift = client_id % len(_POEM)
    verse = (_POEM[shift:] + _POEM[:shift]).encode("gbk")
    stream = verse * (math.lcm(len(verse), CHUNK_BYTES) // len(verse))
    sent_in = "gbk" if kind == Kind.OUT else ""
    return Part(
        tuple(
            Chunk(client_id, kind, stream[at : at + CHUNK_BYTES], sent_in)
            for at in range(0, len(stream), CHUNK_BYTES)
        )
    )


def _special(entries: int) -> dict[int, Chunk]:
    """The entries with the texts to be found, by number."""
    found = {
        entries * 95 // 100: Chunk(BUSY, Kind.IN, f"one {ASCII_TEXT} here\r\n".encode()),
        entries * 97 // 100: Chunk(UTF8[0], Kind.IN, f"有个{CHINESE_TEXT}。\r\n".encode()),
    }
    apart = min(5_000, entries // 100)
    for at, client_id, text, encoding in (
        (entries * 90 // 100, CUT_GBK, CUT_GBK_TEXT, "gbk"),
        (entries * 92 // 100, CUT_UTF8, CUT_UTF8_TEXT, "utf-8"),
    ):
        data = f"前文{text}后文".encode(encoding)
        cut = len(f"前文{text[:2]}".encode(encoding)) - 1  # in the middle of a character
        found[at] = Chunk(client_id, Kind.IN, data[:cut])
        found[at + apart] = Chunk(client_id, Kind.IN, data[cut:])
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", type=Path)
    options.add_argument("--entries", type=int, default=1_000_000)
    chosen = options.parse_args()
    fill(chosen.file, chosen.entries)


if __name__ == "__main__":
    main()
