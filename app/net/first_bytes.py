"""What the first bytes of a stream tell of who speaks."""

from __future__ import annotations


def is_client_hello(data: bytes) -> bool:
    """Whether a TLS client speaks so."""
    return data.startswith(b"\x16\x03") and data[5:6] in (b"\x01", b"")
