"""A wire around another one: what it does not do itself, that one does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.net.in_flight import InFlight
    from app.net.session import Session
    from app.net.wire import Wire


class WireAround:
    """A `Wire`. Not ready until its own `greet` has said so."""

    __slots__ = ("inner", "is_cut_off", "is_ready", "largest_send_bytes", "lock")

    def __init__(self, inner: Wire) -> None:
        self.inner = inner
        self.lock = inner.lock
        self.is_ready = self.is_cut_off = False
        self.largest_send_bytes = inner.largest_send_bytes

    def prepare(self, keepalive_s: int) -> None:
        """Set the socket's options; the worker's first act. Never raises."""
        self.inner.prepare(keepalive_s)

    def greet(self, client: Session) -> None:
        """Do what comes before the client's first byte. Raises OSError."""
        self.inner.greet(client)

    def recv(self, size_bytes: int, /) -> bytes:
        """Wait for at most so many bytes; b"" is the end of the stream. Raises OSError."""
        return self.inner.recv(size_bytes)

    def step_aside(self) -> None:
        """The worker is about to wait for something else: let others receive meanwhile."""
        self.inner.step_aside()

    def has_left(self) -> bool:
        """After `recv` has returned b"": return whether the peer certainly listens no longer."""
        return self.inner.has_left()

    def send(self, data: bytes | memoryview, /) -> int:
        """Give the kernel what it takes at once. Raises BlockingIOError if nothing, OSError."""
        return self.inner.send(data)

    def flush(self) -> bool:
        """Give the kernel what `send` took and it did not; return whether all is gone."""
        return self.inner.flush()

    @property
    def unsent_bytes(self) -> int:
        """Bytes that `send` took and the kernel did not."""
        return self.inner.unsent_bytes

    def end_stream(self) -> None:
        """Tell the peer that nothing more is sent. Raises OSError."""
        self.inner.end_stream()

    def fileno(self) -> int:
        """Return the descriptor's number, for a selector."""
        return self.inner.fileno()

    def in_flight(self) -> InFlight | None:
        """Return what is on its way and not acknowledged, where the system tells."""
        return self.inner.in_flight()

    def stop_receiving(self) -> None:
        """Make `recv` return; never raises."""
        self.inner.stop_receiving()

    def reset_at_close(self) -> None:
        """Let `close` break the connection off; never raises."""
        self.inner.reset_at_close()

    def close(self) -> None:
        """Give the descriptor back; the worker's last act."""
        self.inner.close()
