"""From a socket to a thread: one client says a word, is answered, and leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reply import FixedReply
from app.teaching.experiments.bench import Bench, Client, reason_word
from app.teaching.experiments.facts import Code, Result, Row, Word
from app.teaching.experiments.samples import ANSWER, HELLO

if TYPE_CHECKING:
    from app.teaching.experiments.lab import Lab

STEPS = ("listening", "connected", "joined", "sent", "received", "answered", "gone")


def run(lab: Lab) -> Result:
    """Follow one word through the server."""
    bench = Bench(lab, reply=FixedReply(ANSWER))
    without = bench.server.thread_count
    lab.step(
        "listening", lab.did("main", "listen"), where=Code(str(bench.endpoint)), threads=without
    )
    client = Client(lab, bench.endpoint)
    lab.step("connected", client.did("connect"), where=Code(str(client.endpoint)))
    session = bench.welcomed(client)
    with_client = bench.server.thread_count
    lab.step(
        "joined",
        lab.did("listener", "accept"),
        thread=Code(session.thread_name),
        threads=with_client,
    )
    said = HELLO.encode("gbk")
    client.send(said)
    lab.step("sent", client.did("send"), data=said)
    bench.wait_received(session, len(said))
    heard = b"".join(bench.chunks(session))
    lab.step("received", lab.did(session.client_id, "recv"), data=heard, text=heard.decode("gbk"))
    answer = client.recv()
    lab.step("answered", client.did("recv"), data=answer, text=answer.decode("gbk"))
    client.close()
    bench.wait_gone(session)
    lab.wait_until(lambda: bench.server.thread_count == without)
    reason = reason_word(session)
    lab.step("gone", client.did("close"), reason=reason, threads=bench.server.thread_count)
    return Result(
        (
            Row("heard", HELLO, heard.decode("gbk")),
            Row("answer", ANSWER, answer.decode("gbk")),
            Row("more_threads", 1, with_client - without),
            Row("reason", Word("fin"), reason),
            Row("threads_after", without, bench.server.thread_count),
        )
    )
