"""Which modules of the standard library a kit, or a user's own server, may count on.

From the source there are all of them; the packaged program has what it needs itself and these.
"""

from __future__ import annotations

MODULES = (
    "array", "base64", "binascii", "bisect", "calendar", "collections", "copy", "csv",
    "dataclasses", "datetime", "decimal", "enum", "fractions", "functools", "hashlib", "heapq",
    "hmac", "itertools", "json", "math", "operator", "queue", "random", "re", "secrets", "socket",
    "statistics", "string", "struct", "textwrap", "threading", "time", "typing", "zlib",
)  # fmt: skip
