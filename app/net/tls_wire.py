"""TLS around a client's wire: what is written to the socket and read from it is encrypted.

OpenSSL works in memory here. The worker waits for ciphertext in the plain wire's `recv`, in its
turn and without a lock; then every call of OpenSSL is made under the wire's lock. (One TLS object
that a thread reads while another writes is a data race in OpenSSL; see its issue 18209.)

At most one record is written at a time, and none while the kernel has not taken the one before:
so what the journal calls sent is what the kernel took, but for that one record.
"""

from __future__ import annotations

import errno
import os
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from app.journal.entry import Kind
from app.net.facts import CloseReason
from app.net.oserrors import WireError
from app.net.wire_around import WireAround

if TYPE_CHECKING:
    from app.net.session import Session
    from app.net.wire import Wire

GREETING_S = 10.0  # for the handshake
RECORD_BYTES = 16_384  # of plaintext
_CIPHER_BYTES = RECORD_BYTES + 512  # the longest record with its header, padding and tag
_HANDSHAKE = 0x16  # the first byte of everybody who speaks TLS
_ALERT = 0x15

# Makes one connection's TLS object from what comes in and what goes out.
Secure = Callable[[ssl.MemoryBIO, ssl.MemoryBIO], ssl.SSLObject]


class _Gone:
    """Stands in the place of a TLS object that was given back."""

    def __getattr__(self, name: str) -> Any:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


_GONE = _Gone()


class TlsWire(WireAround):
    """TLS for one client, on either side."""

    __slots__ = (
        "_cipher",
        "_in",
        "_out",
        "_record_bytes",
        "_tls",
    )

    def __init__(self, inner: Wire, secure: Secure) -> None:
        super().__init__(inner)
        self.largest_send_bytes = RECORD_BYTES
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls: ssl.SSLObject | _Gone = secure(self._in, self._out)
        self._cipher = b""  # the kernel has not taken it yet
        self._record_bytes = 0  # of plaintext: the last record in it

    # -- the worker's thread -----------------------------------------------------------------

    def greet(self, client: Session) -> None:
        """Shake hands, and tell what was agreed on. Raises OSError."""
        self.inner.greet(client)
        client.outlet.greets_within(GREETING_S)
        is_first = not self._tls.server_side
        while not self._shake():
            if self._cipher:
                client.outlet.write_waiting()
            chunk = self.inner.recv(_CIPHER_BYTES)
            if not chunk:
                raise WireError(CloseReason.CUT_OFF)
            if not is_first and chunk[0] not in (_HANDSHAKE, _ALERT):
                client.record(chunk)  # what it says in plain text is not lost
                client.note_event(Kind.SPEAKS_PLAIN)
                raise WireError(CloseReason.TLS_FAILED)
            is_first = True
            self._feed(chunk)
        self.inner.step_aside()
        self._tell(client)
        self.is_ready = True

    def _shake(self) -> bool:
        """Take the handshake as far as it goes; return whether it is done. Raises WireError."""
        with self.lock:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                return False
            except ssl.SSLError as error:
                raise WireError(CloseReason.TLS_FAILED, said(error)) from error
            finally:
                self.flush()
        return True

    def _tell(self, client: Session) -> None:
        tls = self._tls
        cipher = tls.cipher()
        client.note_event(
            Kind.SECURED,
            version=tls.version() or "",
            cipher=cipher[0] if cipher else "",
            server_name=tls.server_hostname or getattr(tls, "asked_name", ""),
            alpn=tls.selected_alpn_protocol() or "",
        )

    def recv(self, size_bytes: int, /) -> bytes:
        """Wait for at most so many bytes; b"" is the end. Raises OSError."""
        while True:
            with self.lock:
                try:
                    return self._read_all(size_bytes)
                except ssl.SSLWantReadError:
                    pass
                except ssl.SSLZeroReturnError:  # close_notify
                    return b""
                except ssl.SSLError as error:
                    raise WireError(CloseReason.TLS_FAILED, said(error)) from error
                finally:
                    self.flush()  # OpenSSL has answered: a new key, an alert
            chunk = self.inner.recv(max(size_bytes, _CIPHER_BYTES))
            if not chunk:  # OpenSSL is not told: to it that is an error, after which none says bye
                self.is_cut_off = True
                return b""
            self._feed(chunk)

    def _read_all(self, size_bytes: int) -> bytes:
        """Return what is there, of any number of records. Under the lock. Raises SSLError."""
        chunk = self._tls.read(size_bytes)
        if len(chunk) < size_bytes and self._in.pending:
            parts, left_bytes = [chunk], size_bytes - len(chunk)
            with suppress(ssl.SSLError):  # whatever it is, the next call hears of it
                while left_bytes and parts[-1]:
                    parts.append(self._tls.read(left_bytes))
                    left_bytes -= len(parts[-1])
            return b"".join(parts)
        return chunk

    def _feed(self, chunk: bytes) -> None:
        with self.lock:
            self._in.write(chunk)

    # -- under the lock ----------------------------------------------------------------------

    def send(self, data: bytes | memoryview, /) -> int:
        """Encrypt one record and give it to the kernel. Raises BlockingIOError if nothing went."""
        if self._cipher or self._out.pending:
            self._push()
        try:
            taken_bytes = self._tls.write(memoryview(data)[:RECORD_BYTES])
        except ssl.SSLError as error:
            raise WireError(CloseReason.TLS_FAILED, said(error)) from error
        self._record_bytes = taken_bytes
        with suppress(BlockingIOError):
            self._push()
        return taken_bytes

    def flush(self) -> bool:
        """Give the kernel what it has not taken; return whether all is gone. Never raises.

        A connection that is broken takes nothing, and `recv` tells of it.
        """
        try:
            self._push()
        except BlockingIOError:
            return False
        except OSError:
            self._cipher = b""
        return True

    @property
    def unsent_bytes(self) -> int:
        """Bytes that `send` took and the kernel did not, at least not all of their record."""
        return self._record_bytes if self._cipher else 0

    def _push(self) -> None:
        """Raises BlockingIOError if something is left, OSError."""
        if self._out.pending:
            self._cipher += self._out.read()
        while self._cipher:
            self._cipher = self._cipher[self.inner.send(self._cipher) :]

    def end_stream(self) -> None:
        """Tell the peer that nothing more is sent: a goodbye, after which it may go on."""
        if self.is_ready:
            self._say_goodbye()
            self.flush()

    def reset_at_close(self) -> None:
        """Let `close` break the connection off, without a goodbye; never raises."""
        self.is_ready = False
        self.inner.reset_at_close()

    def close(self) -> None:
        """Say goodbye, give the descriptor back; the worker's last act."""
        if self.is_ready:
            self._say_goodbye()
            self.flush()
        self._cipher = b""
        self._tls = _GONE  # who looks at clients that have left would keep it: 20 KB each
        self.inner.close()

    def _say_goodbye(self) -> None:
        with suppress(ssl.SSLError):  # it waits for the peer's, or the connection has failed
            self._tls.unwrap()


def said(error: ssl.SSLError) -> str:
    """Return OpenSSL's reason in its words: "no shared cipher"."""
    return (error.reason or "").lower().replace("_", " ") or str(error)
