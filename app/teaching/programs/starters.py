"""Programs to begin with: the tutorial's, and each of its mistakes alone, in files of their own."""

from __future__ import annotations

from app.paths import resource

# In the order of the list; each is a file of this name, and `myserver.starter_<name>` its words.
STARTERS = (
    "tutorial",
    "if_recv_data_1",
    "decode_alone",
    "no_close",
    "main_blocked",
    "encryption",
    "unreachable_close",
    "empty",
)


def starter(name: str) -> str:
    """Return the text of a starter. Raises OSError."""
    return (resource("starters") / f"{name}.py").read_text(encoding="utf-8")
