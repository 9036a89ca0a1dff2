"""Names of application protocols that TLS may agree on (ALPN), as a user lists them."""

from __future__ import annotations

MOST_BYTES = 255  # of one name
MOST_NAMES = 64


class BadProtocol(ValueError):
    """A text among the names that cannot be one."""


def read_protocols(text: str) -> tuple[str, ...]:
    """Return the names in `text`, the best first, separated by commas or white space.

    Raises BadProtocol with the first that is too long or not ASCII, or where there are too many.
    """
    names = text.replace(",", " ").replace("，", " ").split()
    for name in names:
        if len(name) > MOST_BYTES or not (name.isascii() and name.isprintable()):
            raise BadProtocol(name)
    if len(names) > MOST_NAMES:
        raise BadProtocol(names[MOST_NAMES])
    return tuple(names)
