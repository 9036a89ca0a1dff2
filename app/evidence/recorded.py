"""Rules out of what went through a forward: a simulator of the target, as it answered then.

A request is what a device sent before the target answered: a frame, or all the chunks in between.
Each rule gives back the very bytes, or it is not made.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from app.evidence.selection import Selection
from app.evidence.source import Source
from app.frames.cutting import Cutter, Part, Piece
from app.frames.framing import Framing, Gap, NoFraming
from app.journal.entry import Entry, Kind, Role
from app.reply.compiled import compile_rule
from app.reply.rules import MOST_CHARACTERS, Rule, RuleFault
from app.reply.templates import Filling
from app.text.decoder import EncodeFault, decode
from app.text.hexa import format_hex
from app.text.visible import escaped

MOST_MADE = 300  # rules
MOST_ANSWERS = 20  # of one rule, in rotation
MOST_BYTES = 16 * 1024  # of a request, or of an answer
_MOST_REQUESTS = 10_000  # that are told apart
_NAME_CHARACTERS = 24
_IN = int(Kind.IN)


class Recorded(NamedTuple):
    """What was made."""

    rules: tuple[Rule, ...]  # the most frequent first, all of them off
    exchanges: int  # requests that were answered
    left_out: int  # different requests for which there is no rule: too many, or too long
    found_forward: bool  # whether anything went through one


@dataclass(slots=True)
class _Answers:
    """What one request was answered with."""

    count: int = 0
    answers: dict[bytes, None] = field(default_factory=dict)  # different ones, in their order


class _Talk:
    """One device and the target behind the forward."""

    def __init__(self, framing: Framing) -> None:
        self._framed = not isinstance(framing, NoFraming)
        self._by_gap = isinstance(framing, Gap)
        self._cutters = (Cutter(framing), Cutter(framing))  # of the device, of the target
        self._open: deque[bytes] = deque()  # requests that are not answered yet
        self._request: bytes | None = None  # the one that is being answered; b"": on connecting
        self._answer = b""
        self.done: list[tuple[bytes, bytes]] = []

    def feed(self, entry: Entry, *, of_target: bool) -> None:
        """Take a chunk."""
        if not self._framed:
            self._take(entry.data, of_target=of_target)
            return
        if self._by_gap:  # who is answered has said all
            self._take_frames(self._cutters[not of_target].finish(), of_target=not of_target)
        pieces = self._cutters[of_target].feed(entry.data, entry.mono_ns)
        self._take_frames(pieces, of_target=of_target)

    def finish(self) -> None:
        """Nothing more comes."""
        for of_target in (False, True) if self._framed else ():
            self._take_frames(self._cutters[of_target].finish(), of_target=of_target)
        self._close()

    def _take_frames(self, pieces: list[Piece], *, of_target: bool) -> None:
        for piece in pieces:
            if piece.part is Part.FRAME:
                self._take(piece.data, of_target=of_target)

    def _take(self, data: bytes, *, of_target: bool) -> None:
        if of_target:
            if self._open:  # pipelined requests are answered in their order
                self._close()
                self._request = self._open.popleft()
            elif self._request is None:
                self._request = b""
            self._answer += data[: MOST_BYTES + 1 - len(self._answer)]
        elif self._framed or not self._open:
            self._open.append(data)
            if self._request is not None and len(self._open) == 1:
                self._close()
                self._request = None
        else:
            self._open[0] = (self._open[0] + data)[: MOST_BYTES + 1]

    def _close(self) -> None:
        if self._request is not None and self._answer:
            self.done.append((self._request, self._answer))
        self._answer = b""


def record_rules(source: Source, framing: Framing, encoding: str) -> Recorded:
    """Return rules for what the devices of forwards asked, and were answered.

    Only the clients of the source's selection, if it names some. `encoding`: of the server that
    will answer. Raises JournalUnreadable, Cancelled.
    """
    devices = _pairs(source)
    found: dict[bytes, _Answers] = {}
    left_out = set[bytes]()
    kinds = frozenset({_IN, int(Kind.OFFLINE)})
    ranges = source.selection.ranges
    source.selection = Selection(ranges, frozenset(devices), kinds)
    talks: dict[int, _Talk] = {}
    for entries in source.batches() if devices else ():
        for entry in entries:
            device = devices[entry.client_id]
            if entry.kind == Kind.OFFLINE:
                if entry.client_id != device and device in talks:
                    _settle(talks.pop(device), found, left_out)
                continue
            talk = talks.get(device)
            if talk is None:
                talk = talks[device] = _Talk(framing)
            talk.feed(entry, of_target=entry.client_id != device)
            if len(talk.done) > 1:
                _count(talk.done, found, left_out)
    for talk in talks.values():
        _settle(talk, found, left_out)
    exchanges = sum(each.count for each in found.values())
    made = _made(found, left_out, encoding, framed=not isinstance(framing, NoFraming))
    return Recorded(made, exchanges, len(left_out), bool(devices))


def _pairs(source: Source) -> dict[int, int]:
    """Return the device of each client that is one, or the way out of one."""
    wanted = source.selection.clients
    found: dict[int, int] = {}
    for number, record in source.reader.clients().items():
        device = record.peer_id
        is_meant = wanted is None or device in wanted or number in wanted
        if record.role == Role.WAY_OUT and device and is_meant:
            found[number] = found[device] = device
    return found


def _settle(talk: _Talk, found: dict[bytes, _Answers], left_out: set[bytes]) -> None:
    talk.finish()
    _count(talk.done, found, left_out)


def _count(
    done: list[tuple[bytes, bytes]], found: dict[bytes, _Answers], left_out: set[bytes]
) -> None:
    for request, answer in done:
        known = found.get(request)
        fits = len(request) <= MOST_BYTES and len(answer) <= MOST_BYTES
        if not fits or (known is None and len(found) >= _MOST_REQUESTS):
            left_out.add(request[:256])
            continue
        if known is None:
            known = found[request] = _Answers()
        known.count += 1
        if len(known.answers) < MOST_ANSWERS:
            known.answers[answer] = None
    done.clear()


def _made(
    found: dict[bytes, _Answers], left_out: set[bytes], encoding: str, *, framed: bool
) -> tuple[Rule, ...]:
    # A pattern without its line ending means one with it, too: the longer one stands first.
    groups: dict[bytes, list[bytes]] = {}
    for request in found:
        groups.setdefault(request.rstrip(b"\r\n"), []).append(request)
    by_count = sorted(groups.values(), key=lambda group: -max(found[r].count for r in group))
    order = [request for group in by_count for request in sorted(group, key=len, reverse=True)]
    rules: list[Rule] = []
    for request in order:
        rule = None
        if len(rules) < MOST_MADE:
            rule = _rule(request, list(found[request].answers), encoding, framed=framed)
        if rule is None:
            left_out.add(request[:256])
        else:
            rules.append(rule)
    return _named(rules)


def _rule(request: bytes, answers: list[bytes], encoding: str, *, framed: bool) -> Rule | None:
    """Return a rule that gives these answers to this request: as text, or else as hex."""
    name = escaped(decode(request, encoding))
    if not _is_text(request, encoding):
        name = format_hex(request[:8])
    rule = Rule(name[:_NAME_CHARACTERS], on=False, when="frame" if framed else "chunk")
    rule = replace(rule, match="equals", pattern=_written(request, encoding))
    if not request:
        rule = Rule("", on=False, when="connect")
    as_text = replace(rule, answers=tuple(_written(a, encoding, braces=True) for a in answers))
    as_hex = replace(rule, mode="hex", answers=tuple(format_hex(answer) for answer in answers))
    all_text = all(_is_text(answer, encoding) for answer in answers)
    for one in (as_text, as_hex) if all_text else (as_hex,):
        if _gives(one, request, answers, encoding):
            return one
    return None


def _gives(rule: Rule, request: bytes, answers: list[bytes], encoding: str) -> bool:
    """Whether it does so, to the byte."""
    if any(len(text) > MOST_CHARACTERS for text in (rule.pattern, *rule.answers)):
        return False
    try:
        ready = compile_rule(replace(rule, on=True), None)
        if ready.condition.find(request, encoding) is None:
            return False
        filling = Filling({}, 1, 0)
        return [one.fill(filling, encoding) for one in ready.templates] == answers
    except (RuleFault, EncodeFault):
        return False


def _is_text(data: bytes, encoding: str) -> bool:
    """Whether people read it as text: no control but line ends and tabs, nothing undecodable."""
    text = decode(data, encoding)
    return all(c.isprintable() or c in "\r\n\t" for c in text)


def _written(data: bytes, encoding: str, *, braces: bool = False) -> str:
    r"""Return text with escapes that means these bytes; a brace as `\x7B`: it fills nothing."""
    if not _is_text(data, encoding):
        return "".join(f"\\x{byte:02X}" for byte in data)
    text = escaped(decode(data, encoding))
    return text.replace("{", "\\x7B") if braces else text


def _named(rules: list[Rule]) -> tuple[Rule, ...]:
    """Give each a name of its own."""
    taken = set[str]()
    named = []
    for rule in rules:
        base = rule.name.strip() or rule.when
        name, n = base, 1
        while name in taken:
            n += 1
            name = f"{base} {n}"
        taken.add(name)
        named.append(replace(rule, name=name))
    return tuple(named)
