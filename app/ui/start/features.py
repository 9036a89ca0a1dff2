"""PySide's optional spellings (`from __feature__ import …`), of which no module of ours wants any.

To look for them PySide puts itself in the place of Python's import, and reads the source of every
module that is imported: 50 to 100 ms of a start.
"""

from __future__ import annotations

import builtins


def want_no_features() -> None:
    """Let Python import by itself again. After PySide6 was imported for the first time."""
    own = getattr(builtins, "__orig_import__", None)
    if own is not None:  # another version has it elsewhere: then it goes on looking
        builtins.__import__ = own
