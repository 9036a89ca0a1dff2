"""Lines of one client's stream.

A line ends at its line break. Many clients send none: so what has come is told at once, and after
REST_S without more a line is over too.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from app.text.decoder import StreamDecoder
from app.text.guess import weigh

REST_S = 1.0
LONGEST = 120  # characters of a line that are looked at
_MOST_BYTES = 4 * LONGEST
_MOST_LINES = 64  # of one chunk: the last
_BREAK = re.compile(rb"[\r\n]")
# What text from a class comes in, whatever was chosen for it; and how much more must speak for it.
_USUAL, _BETTER = ("utf-8", "gbk"), 6.0


class Line(NamedTuple):
    """A line as far as it has come; only one that `is_whole` is certain not to go on."""

    number: int  # among the client's lines, from 1
    text: str
    is_whole: bool


class Lines:
    """Cuts one stream. Belongs to one thread at a time."""

    def __init__(self) -> None:
        self._open = b""
        self._number = 1  # of the open one
        self._came_s = 0.0

    def feed(self, chunk: bytes, encoding: str, now_s: float) -> list[Line]:
        """Return the lines that end in this chunk, then the one it leaves open; no blank ones.

        A line is read in `encoding`, unless it clearly is in another. `now_s`: of any clock.
        """
        ended = []
        if self._open and now_s - self._came_s >= REST_S:
            ended.append(self._open)
            self._open = b""
        self._came_s = now_s
        *more, rest = _cut(self._open + chunk, encoding)
        ended += more
        self._open = rest[:_MOST_BYTES]
        self._number += len(ended)
        lines = [
            Line(self._number - before, read_line(line, encoding), True)
            for before, line in zip(range(len(ended), 0, -1), ended, strict=True)
            if before <= _MOST_LINES and line
        ]
        if self._open:
            lines.append(Line(self._number, read_line(self._open, encoding), False))
        return [line for line in lines if line.text.strip()]


def _cut(data: bytes, encoding: str) -> list[bytes]:
    if not encoding.startswith("utf-16"):
        return _BREAK.split(data)
    breaks = {"\r".encode(encoding), "\n".encode(encoding)}
    cut, begin = [], 0
    for at in range(0, len(data), 2):
        if data[at : at + 2] in breaks:
            cut.append(data[begin:at])
            begin = at + 2
    return [*cut, data[begin:]]


def read_line(data: bytes, encoding: str) -> str:
    """Return what a line says, LONGEST characters at most.

    A name is short: other than for a whole stream, only the usual encodings are weighed.
    """
    sample = data[:_MOST_BYTES]
    if sample.isascii() and not encoding.startswith("utf-16"):
        return sample.decode("ascii")[:LONGEST]
    texts = {name: StreamDecoder(name).feed(sample) for name in (encoding, *_USUAL)}
    weights = {name: weigh(text, name) for name, text in texts.items()}
    best = max(weights, key=lambda name: weights[name])
    if weights[best] - weights[encoding] >= _BETTER:
        encoding = best
    return texts[encoding][:LONGEST]
