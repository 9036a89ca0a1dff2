"""The tutorial program: a whole server in one small file, with the settings of the moment.

`resources/tutorial/<language>.py.txt` holds it once, with every variant: a line that ends with
`#@name` belongs to the programs that have that trait, all others to every program. The constants
at its head are replaced by the settings' values, each as a Python literal, so whatever a user
typed stays text.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from app.net.addresses import EVERYWHERE
from app.paths import resource
from app.reply import FixedReply, reply_draft
from app.text.decoder import EncodeFault
from app.text.encodings import find_encoding

if TYPE_CHECKING:
    from app.settings import ServerProfile

_TRAIT = re.compile(r"[ ]*#@(\w+)$")


def tutorial_source(profile: ServerProfile, language: str) -> str:
    """Return the program as these settings would have it, commented in `language`."""
    template = resource(f"tutorial/{language}.py.txt").read_text(encoding="utf-8")
    return _filled(_chosen(template, _traits(profile)), _constants(profile))


def check_reply(profile: ServerProfile) -> None:
    """Raise EncodeFault if the program could not send its reply in its encoding."""
    if profile.reply_mode == "text":
        FixedReply(*reply_draft(profile))(profile.encoding, b"")


def _traits(profile: ServerProfile) -> set[str]:
    host = profile.host
    fixed = "text" if isinstance(_reply(profile), str) else "bytes"
    traits = {
        "one" if profile.single_threaded else "many",
        "echo" if profile.reply_mode == "echo" else fixed,
        "scoped" if "%" in host else "plain",
    }
    if host == EVERYWHERE:
        return traits | {"v6", "both"}
    return traits | ({"v6", "v6only"} if ":" in host else {"v4"})


def _constants(profile: ServerProfile) -> dict[str, object]:
    return {
        "HOST": "::" if profile.host == EVERYWHERE else profile.host,
        "PORT": profile.port,
        "BACKLOG": profile.backlog,
        "RECV_SIZE": profile.recv_size_bytes,
        "ENCODING": find_encoding(profile.encoding).codec,
        "REPLY": _reply(profile),
    }


def _reply(profile: ServerProfile) -> str | bytes:
    """Return the fixed reply: its text, or the bytes where Python would not make them of a text."""
    if profile.reply_mode not in ("text", "hex"):
        return ""
    try:
        data = FixedReply(*reply_draft(profile))(profile.encoding, b"")
    except EncodeFault:
        return profile.reply_text  # the program shows what was typed, and cannot send it
    codec = find_encoding(profile.encoding).codec
    try:
        text = data.decode(codec)
        return text if profile.reply_mode == "text" and text.encode(codec) == data else data
    except UnicodeError:
        return data


def _chosen(template: str, traits: set[str]) -> str:
    lines = []
    for line in template.splitlines():
        trait = _TRAIT.search(line)
        if trait is None:
            lines.append(line)
        elif trait[1] in traits:
            lines.append(line[: trait.start()])
    return "\n".join(lines) + "\n"


def _filled(source: str, values: dict[str, object]) -> str:
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name, old = node.targets[0].id, node.value
            if name in values:
                # The constants stand in ASCII: columns in bytes are columns in characters.
                line = lines[node.lineno - 1]
                begin, end = old.col_offset, old.end_col_offset
                lines[node.lineno - 1] = f"{line[:begin]}{_literal(values[name])}{line[end:]}"
    return "\n".join(lines) + "\n"


def _literal(value: object) -> str:
    """Python's own repr: what cannot be printed, or reorders the line, is escaped."""
    text = repr(value)
    plain = isinstance(value, str) and not {"'", '"'} & set(value)
    return f'"{text[1:-1]}"' if plain else text
