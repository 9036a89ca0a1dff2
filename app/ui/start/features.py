"""PySide's optional spellings (`from __feature__ import …`), of which no module of ours wants any.

To find that out PySide reads the source of every module that is imported after it: 50 to 100 ms of
a start. It looks at nothing else, and in a packaged program, where there is no source, it takes
the answer for no.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def want_no_features() -> None:
    """Answer for all modules that are imported from now on."""
    try:
        feature: Any = import_module("shibokensupport.feature")
    except ImportError:  # another version has it elsewhere: then it goes on asking
        return
    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = lambda _module: False
