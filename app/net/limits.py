"""How many descriptors this process may have: each client takes one."""

from __future__ import annotations

import sys

# What the rest of the program opens: the journal, the window, libraries, a demo client or two.
RESERVED = 100
_MACOS_CEILING = 10_240  # OPEN_MAX: setrlimit refuses more, even where the hard limit is infinite


def raise_descriptor_limit() -> None:
    """Raise this process's soft limit to its hard one; do nothing where that is not allowed."""
    if sys.platform == "win32":
        return  # sockets are not limited by number there
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == hard:
        return
    for wanted in (hard, _MACOS_CEILING):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (ValueError, OSError):
            continue
        return


def most_clients(wanted: int) -> int:
    """Return `wanted`, or less if the descriptor limit does not allow so many clients."""
    if sys.platform == "win32":
        return wanted
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    return max(1, min(wanted, soft - RESERVED))
