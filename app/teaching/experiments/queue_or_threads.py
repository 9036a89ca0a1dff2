"""Two clients: first a server that serves one at a time, then one with a thread for each."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from app.journal.entry import Kind
from app.reply import EchoReply
from app.teaching.experiments.bench import Bench, Client
from app.teaching.experiments.facts import Code, Line, Result, Row, Table, Value, Word, yes_or_no

if TYPE_CHECKING:
    from app.teaching.experiments.lab import Lab

STEPS = (
    "one_a_answered", "one_b_connected", "one_a_again", "one_b_answered",
    "many_a_answered", "many_b_answered", "many_a_again",
)  # fmt: skip
A, B = Code("A"), Code("B")


def run(lab: Lab) -> Result:
    """Play the same scene twice."""
    one, waiting, served_alone = _one_thread(lab)
    many, served_beside = _many_threads(lab)
    empty: Line = ()
    lines = tuple((left or empty, right or empty) for left, right in zip_longest(one, many))
    return Result(
        (
            Row("waiting", 1, waiting),
            Row("served_alone", yes_or_no(False), yes_or_no(served_alone)),
            Row("served_beside", yes_or_no(True), yes_or_no(served_beside)),
            Row("order_one", (A, A, B), _speakers(one)),
            Row("order_many", (A, B, A), _speakers(many)),
        ),
        (Table(("column_one", "column_many"), lines),),
    )


def _one_thread(lab: Lab) -> tuple[list[Line], int | None, bool]:
    """Return what the server put out, how many waited, and whether B was served beside A."""
    bench = Bench(lab, reply=EchoReply(), single_threaded=True)
    a, session = bench.join()
    _talk(a, b"A1")
    lab.step("one_a_answered", a.did("send"), a.did("recv"), data=b"A1")
    b = Client(lab, bench.endpoint)  # its connect returns: the kernel accepts it, not the server
    b.send(b"B1")
    waiting = bench.server.waiting_clients
    lab.step("one_b_connected", b.did("connect"), b.did("send"), data=b"B1")
    _talk(a, b"A2")
    served_beside = b.has_news()
    lab.step(
        "one_a_again", a.did("send"), a.did("recv"), data=b"A2", served=yes_or_no(served_beside)
    )
    a.close()
    bench.wait_gone(session)
    heard = b.recv()
    lab.step("one_b_answered", b.did("recv"), data=heard)
    _leave(bench, b)
    return _output(bench, {a.endpoint.port: A, b.endpoint.port: B}), waiting, served_beside


def _many_threads(lab: Lab) -> tuple[list[Line], bool]:
    bench = Bench(lab, reply=EchoReply())
    a, session = bench.join()
    _talk(a, b"A1")
    lab.step("many_a_answered", a.did("send"), a.did("recv"), data=b"A1")
    b, _ = bench.join()
    _talk(b, b"B1")
    served_beside = session not in bench.gone
    lab.step(
        "many_b_answered",
        b.did("send"),
        b.did("recv"),
        data=b"B1",
        thread_count=bench.server.thread_count,
    )
    _talk(a, b"A2")
    lab.step("many_a_again", a.did("send"), a.did("recv"), data=b"A2")
    a.close()
    bench.wait_gone(session)
    _leave(bench, b)
    return _output(bench, {a.endpoint.port: A, b.endpoint.port: B}), served_beside


def _talk(client: Client, data: bytes) -> None:
    client.send(data)
    client.recv()


def _leave(bench: Bench, client: Client) -> None:
    session = bench.session_of(client.endpoint)
    client.close()
    if session is not None:
        bench.wait_gone(session)


def _output(bench: Bench, names: dict[int, Code]) -> list[Line]:
    """What the tutorial's server would print: who comes, what is said, who goes."""
    who = {s.client_id: names[s.endpoint.port] for s in bench.joins}
    shown = {Kind.ONLINE: Word("online"), Kind.OFFLINE: Word("offline")}
    lines: list[Line] = []
    for entry in bench.entries():
        kind = Kind(entry.kind)
        if kind is Kind.IN:
            lines.append((who[entry.client_id], entry.data))
        elif kind in shown:
            lines.append((who[entry.client_id], shown[kind]))
    return lines


def _speakers(lines: list[Line]) -> tuple[Value, ...]:
    return tuple(who for who, what in lines if isinstance(what, bytes))
