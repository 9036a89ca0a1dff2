"""Rules at work: compiled once for a server, with a state for each client."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from app.frames.cutting import Cutter, Part
from app.frames.framing import Framing, FramingFault, KitFraming
from app.frames.kits import Kit
from app.frames.shelf import KitShelf
from app.frames.written import read_framing
from app.net.answers import Answer, Answered, Deed, Replier, Reply
from app.paths import resource
from app.reply import FindKit
from app.reply.compiled import Compiled, compile_rule
from app.reply.conditions import Found
from app.reply.rules import Rule, RuleFault, RuleSet, read_rules
from app.reply.templates import Filling
from app.settings import ServerProfile
from app.text.decoder import EncodeFault, decode
from app.text.faults import TooSlow

GUARD_SILENCE_S = 1.0  # so long a client must be silent before rules go on


class RuleBook:
    """A server's rules. It is a `Reply`: any worker opens it. `hits` may be read by any thread."""

    def __init__(
        self,
        rules: RuleSet,
        find_kit: FindKit,
        before: RuleBook | None = None,
        framing: str = "none",
        *,
        strict: bool = True,
    ) -> None:
        """`before`: whose hits are counted on, by the rules' names. `framing`: the server's.

        Raises RuleFault; unless `strict`, rules that cannot be used are in `faults` and do nothing.
        """
        self.rules = rules
        self._framing = framing_of(rules.framing or framing, find_kit)
        by_kit = isinstance(self._framing, KitFraming)
        self.kit = find_kit(str(self._framing).partition(":")[2]) if by_kit else None
        self.faults: dict[str, RuleFault] = {}
        compiled = [self._compiled(rule, strict=strict) for rule in rules.rules]
        self.active = [one for one in compiled if one is not None and one.rule.on]
        self._lock = threading.Lock()
        known: dict[str, int] = before.hits if before else {}
        self.hits: dict[str, int] = {rule.name: known.get(rule.name, 0) for rule in rules.rules}
        self.paused: dict[str, str] = {}  # rule to why; until the rules are saved again

    def _compiled(self, rule: Rule, *, strict: bool) -> Compiled | None:
        try:
            return compile_rule(rule, self.kit)
        except RuleFault as fault:
            if strict:
                raise
            self.faults[rule.name] = fault
            return None

    def open(self, client: Answered) -> Replier:
        """Answer this client."""
        return RuleReplier(self, client)

    def new_cutter(self) -> Cutter | None:
        """Return what cuts a client's stream, if a rule looks at frames."""
        wanted = any(one.rule.when in ("frame", "bad_checksum") for one in self.active)
        return Cutter(self._framing) if wanted else None

    def hit(self, rule: str) -> None:
        """Count."""
        with self._lock:
            self.hits[rule] += 1

    def reset_hits(self) -> None:
        """Count from zero. Any thread."""
        with self._lock:
            self.hits = dict.fromkeys(self.hits, 0)

    def pause(self, rule: str, why: str) -> bool:
        """Let a rule do nothing any more; whether it did until now."""
        with self._lock:
            was_on = rule not in self.paused
            self.paused[rule] = why
            return was_on


def framing_of(text: str, find_kit: FindKit) -> Framing:
    """Read a framing as it is written, with the kits that are found. Raises RuleFault."""

    def split(name: str) -> Callable[[bytes], int] | None:
        kit = find_kit(name)
        return kit.split if kit else None

    try:
        return read_framing(text, split)
    except FramingFault as fault:
        raise RuleFault(f"framing_{fault.case}", fault.part) from None


def make_book(
    profile: ServerProfile,
    find_kit: FindKit | None,
    before: RuleBook | None = None,
    *,
    strict: bool = True,
) -> RuleBook:
    """Return the rules of a server's profile, ready for work. Raises RuleFault."""
    rules = read_rules(profile.reply_rules) if profile.reply_rules else RuleSet()
    return RuleBook(rules, find_kit or built_in_kit, before, profile.framing, strict=strict)


def built_in_kit(name: str) -> Kit | None:
    """Find one of our own kits."""
    return KitShelf(resource("kits"), Path()).find(name)


def book_of(reply: Reply | None) -> RuleBook | None:
    """Return the rules that a server answers with, also where the class hears first."""
    while reply is not None and not isinstance(reply, RuleBook):
        reply = getattr(reply, "other", None)
    return reply


class RuleReplier:
    """The rules for one client. One thread at a time."""

    def __init__(
        self,
        book: RuleBook,
        client: Answered,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._book = book
        self._client = client
        self._clock = clock
        self._wall = wall
        self._cutter = book.new_cutter()
        self._silences = [one for one in book.active if one.rule.when == "silence"]
        self._silent = set[str]()  # rules that have noticed this silence
        self._heard_s = clock()
        self._counts: dict[str, int] = {}
        self._second = 0
        self._in_second: dict[str, int] = {}  # answers by rule; "" all
        self._guarded = False  # too many answers: nothing until the client is silent

    @property
    def patience_s(self) -> float | None:
        """After how long of silence something is to be done."""
        waits = [
            one.rule.silence_ms / 1000
            for one in self._silences
            if one.rule.name not in self._silent and self._is_on(one)
        ]
        if self._cutter is not None and self._cutter.waiting_bytes:
            waits.append(self._cutter.patience_ns / 1e9)
        if not waits:
            return None
        return max(0.0, min(waits) - (self._clock() - self._heard_s))

    def begin(self) -> Iterable[Answer]:
        """The client has come."""
        return self._answer("connect", b"")

    def feed(self, chunk: bytes) -> Iterable[Answer]:
        """It said something."""
        now_s = self._clock()
        if self._guarded and now_s - self._heard_s >= GUARD_SILENCE_S:
            self._guarded = False
        self._heard_s = now_s
        if self._silent:
            self._silent.clear()
        answers = self._answer("chunk", chunk)
        if self._cutter is not None:
            for piece in self._cutter.feed(chunk, int(now_s * 1e9)):
                if piece.part is Part.FRAME:
                    answers += self._frame(piece.data)
        return answers

    def overdue(self) -> Iterable[Answer]:
        """It is silent."""
        now_s, answers = self._clock(), list[Answer]()
        if self._cutter is not None and self._cutter.is_overdue(int(now_s * 1e9)):
            answers += self.finish()
        for one in self._silences:
            due = now_s - self._heard_s >= one.rule.silence_ms / 1000
            if due and one.rule.name not in self._silent:
                self._silent.add(one.rule.name)
                answers += self._try(one, b"") or ()
        return answers

    def finish(self) -> list[Answer]:
        """Nothing more comes: a frame that only a pause ends is complete."""
        pieces = self._cutter.finish() if self._cutter is not None else []
        return [a for piece in pieces if piece.part is Part.FRAME for a in self._frame(piece.data)]

    def _frame(self, frame: bytes) -> list[Answer]:
        if self._picks_first:
            return self._answer("frame", frame) or self._answer("bad_checksum", frame)
        return self._answer("frame", frame) + self._answer("bad_checksum", frame)

    @property
    def _picks_first(self) -> bool:
        return self._book.rules.pick == "first"

    def _answer(self, when: str, data: bytes) -> list[Answer]:
        answers: list[Answer] = []
        for one in self._book.active:
            if one.rule.when != when:
                continue
            found = self._try(one, data)
            if found is None:
                continue
            answers += found
            if self._picks_first:
                break
        return answers

    def _is_on(self, one: Compiled) -> bool:
        return one.rule.name not in self._book.paused and one.whom.has(self._client)

    def _try(self, one: Compiled, data: bytes) -> list[Answer] | None:
        """Return what a rule does about the bytes; None: it does not mean them."""
        if self._guarded or not self._is_on(one):
            return None
        rule, encoding = one.rule, self._client.encoding
        if rule.when == "bad_checksum" and self._is_right(one, data):
            return None
        try:
            found = one.condition.find(data, encoding)
        except TooSlow:
            if self._book.pause(rule.name, "timeout"):
                return [Answer(rule=rule.name, deed=Deed.PAUSED, text="timeout")]
            return None
        except EncodeFault:
            return None  # words that the client's encoding lacks never come
        if found is None:
            return None
        self._book.hit(rule.name)
        if not self._may(rule):
            return []
        if self._in_second[""] > self._book.rules.guard_per_s:
            self._guarded = True
            guard = str(self._book.rules.guard_per_s)
            return [Answer(rule=rule.name, deed=Deed.PAUSED, text=f"guard:{guard}")]
        return [self._made(one, found)]

    def _is_right(self, one: Compiled, frame: bytes) -> bool:
        if one.check is not None:
            return one.check.fits(frame)
        return self._book.kit is not None and not self._book.kit.check(frame)

    def _may(self, rule: Rule) -> bool:
        """Count an answer; False: it is above the rule's own limit."""
        second = int(self._clock())
        if second != self._second:
            self._second = second
            self._in_second.clear()
        mine = self._in_second.get(rule.name, 0)
        if rule.per_s and mine >= rule.per_s:
            return False
        self._in_second[""] = self._in_second.get("", 0) + 1
        self._in_second[rule.name] = mine + 1
        return True

    def _made(self, one: Compiled, found: Found) -> Answer:
        rule, encoding = one.rule, self._client.encoding
        count = self._counts[rule.name] = self._counts.get(rule.name, 0) + 1
        data, text = b"", ""
        if one.templates:
            template = one.templates[(count - 1) % len(one.templates)]
            filling = Filling(found, count, self._wall())
            if one.deed is Deed.SEND:
                data = template.fill(filling, encoding)
            else:
                text = template.fill(_shown(filling, encoding), "utf-8").decode()
        return Answer(
            data,
            rule.name,
            rule.delay_ms / 1000,
            one.deed,
            text,
            rule.piece_bytes,
            rule.every_ms / 1000,
        )


def _shown(filling: Filling, encoding: str) -> Filling:
    """What was captured as text: for a note, a mark, a path."""
    shown = {
        name: decode(data, encoding).encode("utf-8", "replace")
        for name, data in filling.captures.items()
    }
    return Filling(shown, filling.count, filling.time_s)


# -- the bench -----------------------------------------------------------------------------------


@dataclass(slots=True)
class BenchClient:
    """Somebody who is not there."""

    encoding: str = "gbk"
    client_id: int = 0
    note: str = ""
    address: str = "127.0.0.1:50000"


def try_out(book: RuleBook, chunk: bytes, client: Answered) -> list[Answer]:
    """Return what the rules would do about bytes that came; nothing is done. Raises EncodeFault."""
    replier = RuleReplier(book, client)
    return [*replier.feed(chunk), *replier.finish()]
