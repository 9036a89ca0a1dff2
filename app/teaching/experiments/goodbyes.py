"""Three ways to go: a FIN, a RST, and silence."""

from __future__ import annotations

import socket
import struct
import sys
import time
from typing import TYPE_CHECKING

from app.reply import EchoReply
from app.teaching.experiments.bench import Bench, reason_word
from app.teaching.experiments.facts import Result, Row, Seconds, Value, Word, yes_or_no

if TYPE_CHECKING:
    from app.net.session import Session
    from app.teaching.experiments.lab import Lab

STEPS = ("three", "fin", "reset", "silent", "probed", "silent_still")
KEEPALIVE_S = 1  # the shortest that the systems take
_LAST_ACK_AT = 56  # bytes into struct tcp_info: ms since the peer's kernel last acknowledged
_HALF_S = KEEPALIVE_S / 2


def run(lab: Lab) -> Result:
    """Let three clients go, each in its way."""
    bench = Bench(lab, reply=EchoReply(), keepalive_s=KEEPALIVE_S)
    (polite, polite_session), (rude, rude_session), (silent, silent_session) = (
        bench.join() for _ in range(3)
    )
    silent.send(b"1")
    silent.recv()
    silent_since_s = time.monotonic()
    lab.step("three", n=len(bench.server.sessions))
    polite.close()
    bench.wait_gone(polite_session)
    lab.step("fin", polite.did("close"), reason=reason_word(polite_session))
    rude.reset()
    bench.wait_gone(rude_session)
    lab.step("reset", rude.did("close"), reason=reason_word(rude_session))
    lab.step("silent", n=len(bench.server.sessions))
    probed = _wait_for_probe(lab, bench, silent_session, silent_since_s)
    is_online = silent_session not in bench.gone
    lab.step("silent_still", online=yes_or_no(is_online))
    return Result(
        (
            Row("fin", Word("fin"), reason_word(polite_session)),
            Row("reset", Word("reset"), reason_word(rude_session)),
            Row("probed", yes_or_no(True), probed),
            Row("silent", yes_or_no(True), yes_or_no(is_online)),
        )
    )


def _wait_for_probe(lab: Lab, bench: Bench, session: Session, since_s: float) -> Value | None:
    """Wait until the silent client's kernel has answered keepalive; None where nobody tells.

    Linux: TCP_INFO (tcp(7)) says how long ago the peer's kernel last acknowledged anything. The
    client has said nothing since, so what was acknowledged is keepalive's question.
    """
    if sys.platform != "linux":
        lab.step("probed", silent=Word("not_told"), ago=Word("not_told"))
        return None
    connection = bench.socket_of(session)

    def silent_and_ago_s() -> tuple[float, float]:
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LAST_ACK_AT + 4)
        ago_ms: int = struct.unpack_from("I", info, _LAST_ACK_AT)[0]
        return time.monotonic() - since_s, ago_ms / 1000

    def has_answered() -> bool:
        silent_s, ago_s = silent_and_ago_s()
        return silent_s - ago_s > _HALF_S

    lab.wait_until(has_answered)
    silent_s, ago_s = silent_and_ago_s()
    lab.step("probed", silent=Seconds(silent_s), ago=Seconds(ago_s))
    return yes_or_no(True)
