"""The demo clients' habits: what each kind of client does, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum

GREETING = "Hello Neo"
QUESTION = "你好，请问交易处理好了吗？"  # typed, cut and glued by those who speak Chinese
TYPE_EVERY_S, TALK_EVERY_S, CUT_FOR_S = 0.4, 1.0, 0.8
GLUED = 3  # messages in one go
POLITE_WORDS = 3  # then it leaves


class Habit(StrEnum):
    """What a demo client is like."""

    TALKATIVE = "talkative"  # a greeting every second
    TYPIST = "typist"  # types slowly, one character after the other
    SPLITTER = "splitter"  # pauses in the middle of a Chinese character
    GLUER = "gluer"  # sends several messages in one go
    DEAF = "deaf"  # talks, and never reads what it is answered
    RESETTER = "resetter"  # says a word, then resets the connection (RST)
    LEAVER = "leaver"  # says a few words, then leaves politely (FIN)
    SILENT = "silent"  # neither sends nor closes


class Reset(Exception):
    """Raised by a script: the client closes with a RST."""


Send = Callable[[bytes], None]
# A script sends, and yields how long it waits (seconds; None: for ever). Its end is a FIN.
Script = Iterator[float | None]


def script_of(kind: Habit, send: Send, encoding: str) -> Script:
    """Return what a client of this kind does. `encoding` is what it speaks."""
    return _SCRIPTS[kind](send, encoding)


def reads(kind: Habit) -> bool:
    """Whether such a client reads what it is answered."""
    return kind is not Habit.DEAF


def _encoded(text: str, encoding: str) -> bytes:
    return text.encode(encoding, "replace")  # ASCII knows no Chinese


def _talkative(send: Send, encoding: str) -> Script:
    while True:
        send(_encoded(GREETING, encoding))
        yield TALK_EVERY_S


def _typist(send: Send, encoding: str) -> Script:
    while True:
        for character in QUESTION + "\n":
            send(_encoded(character, encoding))
            yield TYPE_EVERY_S


def _splitter(send: Send, encoding: str) -> Script:
    while True:
        for character in QUESTION:
            data = _encoded(character, encoding)
            send(data[:1])
            yield CUT_FOR_S
            send(data[1:])
            yield 0.0
        yield TALK_EVERY_S


def _gluer(send: Send, encoding: str) -> Script:
    while True:
        send(b"".join(_encoded(f"{n} {QUESTION}", encoding) for n in range(1, GLUED + 1)))
        yield TALK_EVERY_S


def _resetter(send: Send, encoding: str) -> Script:
    send(_encoded(GREETING, encoding))
    yield TALK_EVERY_S
    raise Reset


def _leaver(send: Send, encoding: str) -> Script:
    for _ in range(POLITE_WORDS):
        send(_encoded(GREETING, encoding))
        yield TALK_EVERY_S


def _silent(_send: Send, _encoding: str) -> Script:
    yield None


_SCRIPTS = {
    Habit.TALKATIVE: _talkative,
    Habit.TYPIST: _typist,
    Habit.SPLITTER: _splitter,
    Habit.GLUER: _gluer,
    Habit.DEAF: _talkative,
    Habit.RESETTER: _resetter,
    Habit.LEAVER: _leaver,
    Habit.SILENT: _silent,
}
