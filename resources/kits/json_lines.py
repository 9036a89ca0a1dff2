"""JSON lines: one JSON value (RFC 8259) a line."""

import json

from portside.kit import Field

NAME = "JSON lines"
EXAMPLES = [("7b22646576223a224131222c2274223a32332e357d0a", "23.5")]
DEEPEST = 20


class Pairs(list):
    """An object as it stands: of a name that is there twice both are shown."""


def split(data: bytes) -> int:
    """Through the line feed."""
    return data.find(b"\n") + 1


def decode(frame: bytes) -> list[Field]:
    """Every value by its path; a mistake at its place."""
    text = frame.rstrip(b"\r\n")
    if not text.strip():
        return []
    try:
        value = json.loads(text.decode("utf-8"), object_pairs_hook=Pairs)
    except UnicodeDecodeError as error:
        return [Field("JSON", frame[error.start : error.end], error.start, error.end, "UTF-8?")]
    except json.JSONDecodeError as error:
        at = len(text.decode("utf-8")[: error.pos].encode())
        return [Field("JSON", text.decode("utf-8"), at, len(text), error.msg)]
    except (RecursionError, ValueError):
        return [Field("JSON", None, 0, len(text), "nested too deeply, or a number too long")]
    fields: list[Field] = []
    _walk(fields, "", value, 0, len(text))
    return fields


def _walk(fields: list[Field], name: str, value: object, depth: int, size: int) -> None:
    if isinstance(value, list) and depth < DEEPEST:
        if depth or not isinstance(value, Pairs):
            fields.append(Field(name or "[]", None, 0, size, depth=max(depth - 1, 0)))
        pairs = value if isinstance(value, Pairs) else enumerate(value)
        for key, inner in pairs:
            _walk(fields, str(key), inner, depth + 1, size)
        return
    shown = value if isinstance(value, int | float | str | None) else json.dumps(value)
    fields.append(Field(name or "value", _plain(shown), 0, size, depth=max(depth - 1, 0)))


def _plain(value: object):
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return value


def sure(frame: bytes) -> bool:
    """An object or a list that has something in it."""
    return frame[:1] in b"{[" and frame.rstrip()[-1:] in b"}]" and len(frame) > 4


def summary(fields: list[Field]) -> str:
    """The first names and values."""
    return " ".join(f"{f.name}={f.shown}" for f in fields[:8] if f.value is not None)


def seal(body: bytes) -> bytes:
    """A line ends with LF."""
    return body + b"\n"
