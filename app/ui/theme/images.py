"""The sheet's images: our icons in the colours of a theme, as files that `url()` can name.

A sheet can colour lines and surfaces but not an SVG. So the few icons that it draws (arrows,
check marks) are recoloured in memory and put into Qt's resource system, in the form in which
`rcc` writes it: a tree of nodes, a table of names, the data (QtCore, qresource.cpp, version 1).
Qt renders them when a control first needs one, as sharp as the screen is.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import qRegisterResourceData

from app.ui.theme.icons import svg_in

_DIRECTORY = 2  # a node's flag
_ANY_LANGUAGE = 1  # QLocale::C: the file serves every language


_WHOLE = (0, 0, 24, 24)


class _Image(NamedTuple):
    icon: str
    token: str
    bold: bool = False  # a line of 1.75 / 24 is too fine for a check box
    crop: tuple[float, float, float, float] = _WHOLE  # of 24 x 24: x, y, width, height


IMAGES: Mapping[str, _Image] = {
    "arrow-down": _Image("chevron-down", "mark"),
    "arrow-down-off": _Image("chevron-down", "disabled_text"),
    "arrow-right": _Image("chevron-right", "mark"),
    "sort-up": _Image("chevron-up", "link", bold=True, crop=(5, 7.5, 14, 8)),
    "sort-down": _Image("chevron-down", "link", bold=True, crop=(5, 8.5, 14, 8)),
    "check": _Image("check", "on_accent", bold=True),
    "check-off": _Image("check", "disabled_text", bold=True),
    "dash": _Image("minus", "on_accent", bold=True),
    "tick": _Image("check", "link", bold=True),
    "question": _Image("question", "link"),
    "info": _Image("info", "link"),
    "warning": _Image("warning", "warning"),
    "error": _Image("error", "error"),
    "close": _Image("close-x", "mark", bold=True, crop=(3, 3, 18, 18)),
    "float": _Image("float", "mark", bold=True, crop=(3, 3, 18, 18)),
}

_registered: dict[str, tuple[bytes, bytes, bytes]] = {}  # Qt keeps pointers into these


def image_folder(name: str, tokens: Mapping[str, str]) -> str:
    """Return the folder of the images in the colours `tokens`, which are called `name`."""
    folder = f"portside-{name}"
    if folder not in _registered:
        files = {f"{key}.svg": _drawn(image, tokens) for key, image in IMAGES.items()}
        _registered[folder] = _packed(folder, files)
        qRegisterResourceData(1, *_registered[folder])
    return f":/{folder}"


def _drawn(image: _Image, tokens: Mapping[str, str]) -> bytes:
    svg = svg_in(image.icon, tokens[image.token]).decode("utf-8")
    if image.bold:
        svg = svg.replace('stroke-width="1.75"', 'stroke-width="3"')
    _, _, width, height = image.crop
    frame = f'width="{width}" height="{height}" viewBox="{" ".join(map(str, image.crop))}"'
    return svg.replace('width="24" height="24" viewBox="0 0 24 24"', frame).encode("utf-8")


def _packed(folder: str, files: Mapping[str, bytes]) -> tuple[bytes, bytes, bytes]:
    """Return tree, names and data of one folder: node 0 the root, 1 the folder, then its files."""
    names, data = _name(folder), b""
    nodes = [
        struct.pack(">IHII", 0, _DIRECTORY, 1, 1),
        struct.pack(">IHII", 0, _DIRECTORY, len(files), 2),
    ]
    for name in sorted(files, key=_hash):  # Qt searches the children by halves
        nodes.append(struct.pack(">IHHHI", len(names), 0, 0, _ANY_LANGUAGE, len(data)))
        names += _name(name)
        data += struct.pack(">I", len(files[name])) + files[name]
    return b"".join(nodes), names, data


def _name(text: str) -> bytes:
    return struct.pack(">HI", len(text), _hash(text)) + text.encode("utf-16-be")


def _hash(text: str) -> int:
    """Qt's hash of a name in a resource tree (qt_hash, qhash.cpp)."""
    value = 0
    for character in text:
        value = (value << 4) + ord(character)
        value ^= (value & 0xF0000000) >> 23
        value &= 0x0FFFFFFF
    return value
