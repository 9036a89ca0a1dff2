"""A Chinese character whose two bytes come in two recvs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.teaching.experiments.bench import Bench
from app.teaching.experiments.facts import Code, Result, Row, Value
from app.teaching.experiments.samples import HELLO
from app.text.decoder import StreamDecoder

if TYPE_CHECKING:
    from app.teaching.experiments.lab import Lab

STEPS = ("bytes", "first_part", "second_part", "strict", "naive", "incremental")


def run(lab: Lab) -> Result:
    """Cut a character, and read it in three ways."""
    data = HELLO.encode("gbk")
    bench = Bench(lab)
    client, session = bench.join()
    lab.step("bytes", text=HELLO, data=data)
    client.send(data[:3])
    bench.wait_received(session, 3)
    lab.step("first_part", lab.did(session.client_id, "recv"), data=data[:3])
    client.send(data[3:])
    bench.wait_received(session, len(data))
    lab.step("second_part", lab.did(session.client_id, "recv"), data=data[3:])
    chunks, recvs = bench.chunks(session), lab.did(session.client_id, "recv", 2)
    strict = _strictly(chunks[0])
    lab.step("strict", recvs[-1:], error=strict)
    naive: tuple[Value, ...] = tuple(chunk.decode("gbk", "replace") for chunk in chunks)
    lab.step("naive", recvs, texts=naive)
    decoder = StreamDecoder("gbk")
    incremental: tuple[Value, ...] = tuple(decoder.feed(chunk) for chunk in chunks)
    lab.step("incremental", recvs, texts=incremental)
    return Result(
        (
            Row("chunks", (data[:3], data[3:]), tuple(chunks)),
            Row("strict", Code("UnicodeDecodeError"), strict),
            Row("naive", _replaced(HELLO), naive),
            Row("incremental", (HELLO[0], HELLO[1]), incremental),
        )
    )


def _strictly(chunk: bytes) -> Code:
    try:
        return Code(repr(chunk.decode("gbk")))
    except UnicodeDecodeError as error:
        return Code(type(error).__name__)


def _replaced(text: str) -> tuple[Value, ...]:
    """The first character whole, and a replacement mark for each half of the second."""
    return text[0] + "\N{REPLACEMENT CHARACTER}", "\N{REPLACEMENT CHARACTER}"
