"""The user's own kits as files: a new one, a copy of one of ours."""

from __future__ import annotations

import re
from pathlib import Path

from app.paths import make_folder

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")

TEMPLATE = '''"""My protocol: two bytes AA 55, a length, that many bytes, and their sum."""

from portside.kit import Field, Layout, Reader, raw, sum8, u8

NAME = "My protocol"
# Frames in hex, and words that their fields must contain: checked whenever this file is saved.
EXAMPLES = [("aa5502010203", "value 258")]

HEAD = Layout(raw("mark", 2), u8("length"))


def split(data: bytes) -> int:
    """How many bytes the first frame takes; 0: not all there; below 0: so many are no frame."""
    start = data.find(b"\\xaa\\x55")
    if start:
        return -(start if start > 0 else len(data))
    if len(data) < 3:
        return 0
    size = 3 + data[2] + 1
    return size if len(data) >= size else 0


def decode(frame: bytes) -> list[Field]:
    """The fields of one frame."""
    r = Reader(frame)
    _, length = r.read(HEAD)
    r.number("value", length)
    r.check("sum", bytes([sum8(frame[3:-1])]))
    return r.fields


def summary(fields: list[Field]) -> str:
    """One line for the log."""
    return " ".join(field.shown for field in fields if field.name == "value")


def seal(body: bytes) -> bytes:
    """What to send: mark, length and sum around what was typed."""
    return b"\\xaa\\x55" + bytes([len(body)]) + body + bytes([sum8(body)])
'''


def is_name(name: str) -> bool:
    """Whether a kit's file can have this name."""
    return _NAME.fullmatch(name) is not None


def new_kit(folder: Path, name: str) -> Path:
    """Write a kit that works, to be changed. Raises OSError; FileExistsError if there is one."""
    return _write(folder, name, TEMPLATE.encode())


def copy_kit(source: Path, folder: Path) -> Path:
    """Copy one of our kits into the user's folder. Raises OSError."""
    return _write(folder, source.stem, source.read_bytes())


def _write(folder: Path, name: str, text: bytes) -> Path:
    make_folder(folder)
    path = folder / f"{name}.py"
    with path.open("xb") as file:
        file.write(text)
    return path
