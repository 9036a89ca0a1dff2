"""A forward in the middle: what it hears, what it could change, and what TLS leaves of that."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from app.journal.entry import Kind, Role
from app.net.forward_server import ForwardServer
from app.reply import FixedReply
from app.scratch import scratch_folder
from app.teaching.experiments.bench import Bench, reason_word
from app.teaching.experiments.eavesdropper import NAME, TlsClient
from app.teaching.experiments.facts import Code, Result, Row, Word, yes_or_no
from app.teaching.experiments.samples import ANSWER, FORGERY, PAYMENT
from app.teaching.experiments.stranger import Stranger

if TYPE_CHECKING:
    from app.net.session import Session
    from app.teaching.experiments.lab import Lab

STEPS = (
    "dialled", "passed", "answered", "recorded", "changed", "secured", "tampered", "impostor",
)  # fmt: skip
_TRUE, _FALSE = b"100", b"900"


def run(lab: Lab) -> Result:
    """Forward a payment; change one, in plain bytes and in TLS; pretend to be the bank."""
    payment = PAYMENT.encode("gbk")
    bank = Bench(lab, reply=FixedReply(ANSWER))
    middle = Bench(lab, ForwardServer, kind="forward", target=str(bank.endpoint))
    client, _ = middle.join()
    lab.wait_until(lambda: bool(bank.joins) and len(middle.joins) == 2)
    seen, out = bank.joins[0], _way_out(middle)
    addresses = {"client": Code(str(client.endpoint)), "out": Code(str(seen.endpoint))}
    lab.step("dialled", client.did("connect"), **addresses)
    client.send(payment)
    bank.wait_received(seen, len(payment))
    passed = b"".join(bank.chunks(seen)).decode("gbk")
    lab.step("passed", lab.did(seen.client_id, "recv"), text=passed)
    answer = client.recv().decode("gbk")
    lab.step("answered", client.did("recv"), text=answer)
    rows = len([e for e in middle.entries() if e.kind in (Kind.IN, Kind.OUT)])
    lab.step("recorded", n=rows)
    bank.close()
    plain = Stranger(lab, Bench(lab))
    forged = plain.deliver(payment, len(payment), _forge)[1].decode("gbk")
    lab.step("changed", plain.arriving, text=PAYMENT, forgery=forged)
    reason = _tamper(lab, payment)
    refused = _pretend(lab)
    lab.step("impostor")
    return Result(
        (
            Row("sees", Code(str(out.local)), addresses["out"]),
            Row("passed", PAYMENT, passed),
            Row("answered", ANSWER, answer),
            Row("rows", 4, rows),
            Row("changed", FORGERY, forged),
            Row("tampered", Word("tls_failed"), reason),
            Row("impostor", yes_or_no(True), yes_or_no(refused)),
        )
    )


def _way_out(middle: Bench) -> Session:
    return next(session for session in middle.joins if session.role is Role.WAY_OUT)


def _forge(letter: bytes) -> bytes:
    return letter.replace(_TRUE, _FALSE)


def _tamper(lab: Lab, payment: bytes) -> Word:
    """Change one bit of what a client says by TLS; return what that was to the server."""
    client = TlsClient(lab)
    client.say_hello()
    client.shake_hands()
    lab.step("secured", version=Code(client.tls.version() or ""))
    session = client.stranger.session
    client.send_changed(payment, lambda record: record[:-1] + bytes([record[-1] ^ 1]))
    client.bench.wait_gone(session)
    arrived = b"".join(client.bench.chunks(session))
    reason = reason_word(session)
    lab.step("tampered", client.stranger.arriving, n=len(arrived), reason=reason)
    return reason


def _pretend(lab: Lab) -> bool:
    """Take a client's TLS in the bank's place; return whether the client has noticed."""
    client = TlsClient(lab)  # it trusts this server's certificate alone
    with scratch_folder() as folder:
        target = str(client.bench.endpoint)
        middle = Bench(
            lab, ForwardServer, kind="forward", target=target, target_tls=True, accepts_tls=True,
            certificate_dir=str(folder),
        )  # fmt: skip
    lured, _ = middle.join()
    trusting = client.trusting
    coming, going = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = trusting.wrap_bio(coming, going, server_hostname=NAME)
    while True:
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            lured.send(going.read())
            coming.write(lured.recv())
        except ssl.SSLCertVerificationError:
            return True
        else:
            return False
