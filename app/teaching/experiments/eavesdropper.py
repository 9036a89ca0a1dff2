"""The same sentence at a plain port and at one with TLS, heard by a stranger in between."""

from __future__ import annotations

import ssl
import time
from typing import TYPE_CHECKING

from app.net.tls_server import TlsServer
from app.scratch import scratch_folder
from app.teaching.experiments.bench import Bench
from app.teaching.experiments.facts import Code, Result, Row, Seconds, yes_or_no
from app.teaching.experiments.samples import NEWS, SECRET
from app.teaching.experiments.stranger import Change, Stranger

if TYPE_CHECKING:
    from app.teaching.experiments.lab import Lab

STEPS = (
    "plain_sent", "plain_read", "hello", "secured", "sent", "read", "size", "seen", "decrypted",
)  # fmt: skip
NAME = "localhost"  # what the client calls the server


def run(lab: Lab) -> Result:
    """Say a secret through a stranger twice: as it is, and in TLS."""
    secret, news = SECRET.encode("gbk"), NEWS.encode("gbk")
    plain = Stranger(lab, Bench(lab))
    lab.step("plain_sent", text=SECRET, data=secret)
    plain_read = plain.deliver(secret, len(secret))[0].decode("gbk")
    lab.step("plain_read", plain.overhearing, text=plain_read)
    client = TlsClient(lab)
    stranger, began_s = client.stranger, time.monotonic()
    client.say_hello()
    hello = stranger.heard[0]
    lab.step("hello", stranger.overhearing, n=len(hello), name=NAME)
    client.shake_hands()
    cipher = client.tls.cipher()
    version, method = Code(client.tls.version() or ""), Code(cipher[0] if cipher else "")
    lab.step("secured", version=version, cipher=method)
    lab.step("sent", text=SECRET)
    overheard, arrived = client.send(secret)
    lab.step("read", stranger.overhearing, n=len(overheard), data=Code(overheard.hex(" ")))
    longer = len(client.send(news)[0]) - len(overheard)
    lab.step("size", stranger.overhearing, text=NEWS, n=longer)
    ends = (Code(str(stranger.client.endpoint)), Code(str(client.bench.endpoint)))
    heard, took = b"".join(stranger.heard), Seconds(time.monotonic() - began_s)
    lab.step("seen", client=ends[0], server=ends[1], n=len(heard), took=took)
    decrypted = arrived.decode("gbk")
    lab.step("decrypted", stranger.arriving, text=decrypted)
    return Result(
        (
            Row("plain", SECRET, plain_read),
            Row("hidden", yes_or_no(False), yes_or_no(secret in heard)),
            Row("name", yes_or_no(True), yes_or_no(NAME.encode() in hello)),
            Row("size", len(news) - len(secret), longer),
            Row("decrypted", SECRET, decrypted),
        )
    )


class TlsClient:
    """Speaks TLS in memory; what comes out of it goes through the stranger's hands."""

    def __init__(self, lab: Lab) -> None:
        """Open the server, with a certificate of its own that the client alone trusts."""
        with scratch_folder() as folder:
            self.bench = Bench(lab, TlsServer, kind="tls", certificate_dir=str(folder))
        assert isinstance(self.bench.server, TlsServer)
        self.trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.trusting.load_verify_locations(cadata="".join(self.bench.server.certificates))
        self._coming, self._going = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = self.trusting.wrap_bio(self._coming, self._going, server_hostname=NAME)
        self.stranger = Stranger(lab, self.bench)

    def say_hello(self) -> None:
        """Ask the server to speak TLS."""
        assert not self._has_shaken_hands()
        self.stranger.carry(self._going.read())

    def shake_hands(self) -> None:
        """Check the server's certificate, and agree on a key. Raises ssl.SSLError."""
        while True:
            self._coming.write(self.stranger.carry_back())
            if self._has_shaken_hands():
                break
        self.stranger.carry(self._going.read())

    def _has_shaken_hands(self) -> bool:
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def send(self, data: bytes) -> tuple[bytes, bytes]:
        """Return what the stranger has read of it, and what the server has."""
        self.tls.write(data)
        return self.stranger.deliver(self._going.read(), len(data))

    def send_changed(self, data: bytes, change: Change) -> None:
        """Let the stranger make something else of what passes through his hands."""
        self.tls.write(data)
        self.stranger.carry(self._going.read(), change)
