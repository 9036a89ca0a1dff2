"""CBOR (RFC 8949): one data item after the other."""

from struct import unpack

from portside.kit import Field, Reader, Short

NAME = "CBOR"
EXAMPLES = [("a2636465766241316174f94de0", "23.5"), ("83010203", "3"), ("9f0102ff", "2")]
DEEPEST = 32
KINDS = ("unsigned", "negative", "bytes", "text", "array", "map", "tag", "simple")
SIMPLE = {20: "false", 21: "true", 22: "null", 23: "undefined"}
BREAK = 0xFF


def split(data: bytes) -> int:
    """One whole item."""
    try:
        return _end(data, 0, 0)
    except IndexError:
        return 0
    except ValueError:
        return -1


def _head(data: bytes, at: int) -> tuple[int, int, int | None]:
    """The kind, the bytes of the head, its number (None: of unknown length).

    Raises IndexError where it is not all there, ValueError where it is none.
    """
    first = data[at]
    kind, more = first >> 5, first & 31
    if more < 24:
        return kind, 1, more
    if more < 28:
        width = 1 << more - 24
        if at + 1 + width > len(data):
            raise IndexError
        return kind, 1 + width, int.from_bytes(data[at + 1 : at + 1 + width], "big")
    if more < 31 or kind in (0, 1, 6) or first == BREAK:
        raise ValueError
    return kind, 1, None


def _end(data: bytes, at: int, depth: int) -> int:
    """Where the item that begins at `at` ends. Raises IndexError, ValueError."""
    kind, head, number = _head(data, at)
    at += head
    if depth > DEEPEST:
        raise ValueError
    if kind in (2, 3) and number is not None:
        if at + number > len(data):
            raise IndexError
        return at + number
    if kind == 6:
        return _end(data, at, depth + 1)
    if kind in (2, 3, 4, 5) and number is None:
        while data[at] != BREAK:
            at = _end(data, at, depth + 1)
        return at + 1
    if kind in (4, 5) and number is not None:
        for _ in range(number * (kind - 3)):
            at = _end(data, at, depth + 1)
    return at


def decode(frame: bytes) -> list[Field]:
    """The item, those inside maps and arrays under their keys and numbers."""
    r = Reader(frame)
    _item(r, "item", 0)
    r.rest("rest")
    return r.fields


def _item(r: Reader, name: str, depth: int) -> None:
    try:
        kind, head, number = _head(r.data, r.at)
    except IndexError:
        raise Short(name, 1, r.fields, r.at) from None
    except ValueError:
        r.raw(name, 1)
        r.fields[-1] = r.fields[-1]._replace(bad="?")
        return
    if depth > DEEPEST:
        r.raw(name)
    elif kind in (4, 5) or (kind in (2, 3) and number is None):
        _inside(r, name, kind, head, number, depth)
    elif kind == 6:
        with r.group(name, f"tag {number}"):
            r.take(head, name)
            _item(r, "value", depth + 1)
    elif kind in (2, 3):
        r.take(head, name)
        data = r.take(number or 0, name)
        words = data.decode("utf-8", "backslashreplace") if kind == 3 else data
        r.add(name, words, head + len(data))
    else:
        data = r.take(head, name)
        r.add(name, _number(kind, data, number or 0), head)


def _inside(r: Reader, name: str, kind: int, head: int, number: int | None, depth: int) -> None:
    with r.group(name, f"{KINDS[kind]} {'…' if number is None else number}"):
        r.take(head, name)
        place = 0
        while number is None or place < number:
            if number is None and r.peek() == b"\xff":
                r.take(1)
                return
            if kind == 5:
                key_at, known = r.at, len(r.fields)
                _item(r, "key", depth + 1)
                key = r.fields[known].shown or "?"
                del r.fields[known:]
                _item(r, key, depth + 1)
                r.fields[known] = r.fields[known]._replace(start=key_at)
            else:
                _item(r, str(place), depth + 1)
            place += 1


def _number(kind: int, data: bytes, number: int):
    if kind < 2:
        return number if kind == 0 else -1 - number
    forms = {2: (">e", data[0] == 0xF9), 4: (">f", data[0] == 0xFA), 8: (">d", data[0] == 0xFB)}
    form, is_float = forms.get(len(data) - 1, ("", False))
    if is_float:
        return unpack(form, data[1:])[0]
    return SIMPLE.get(number, f"simple {number}")


def _named(key: bytes) -> bool:
    return key.isascii() and key.decode().isprintable()


def sure(frame: bytes) -> bool:
    """A map whose first key is a name."""
    return (
        frame[0] >> 5 == 5 and 0x62 <= frame[1] <= 0x77 and _named(frame[2 : 2 + frame[1] - 0x60])
    )


def summary(fields: list[Field]) -> str:
    """The first names and values."""
    return " ".join(f"{f.name}={f.shown}" for f in fields[:8])
