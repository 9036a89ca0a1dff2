"""MessagePack, CBOR and JSON as other libraries write them are what our kits read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import cbor2
import msgpack
from hypothesis import given, settings
from hypothesis import strategies as st

from app.frames.fields import Field
from tests.frames.compared.kits import built_in, read

MSGPACK, CBOR, JSON = built_in("msgpack"), built_in("cbor"), built_in("json_lines")

Told = tuple[int, str, object]  # depth, name, value

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
floats = st.floats(allow_nan=False)
small = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), floats, texts)
scalars = st.one_of(small, st.binary(max_size=300), st.text("aß中", min_size=40, max_size=300))
keys = st.one_of(texts, st.integers(-(2**31), 2**31), st.booleans())


def trees(leaves: st.SearchStrategy[Any], names: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=20) | st.dictionaries(names, inner, max_size=20),
        max_leaves=40,
    )


def told(fields: list[Field]) -> list[Told]:
    return [(field.depth, field.name, field.value) for field in fields]


class Words:
    """How a kit names what has no number."""

    def __init__(self, nothing: str) -> None:
        self.of = {id(None): nothing, id(True): "true", id(False): "false"}

    def walk(self, name: str, value: Any, depth: int = 0) -> Iterator[Told]:
        if isinstance(value, cbor2.CBORTag):
            yield depth, name, f"tag {value.tag}"
            yield from self.walk("value", value.value, depth + 1)
        elif isinstance(value, dict):
            yield depth, name, f"map {len(value)}"
            for key, inner in value.items():
                yield from self.walk(self.key(key), inner, depth + 1)
        elif isinstance(value, list | tuple):
            yield depth, name, f"array {len(value)}"
            for place, inner in enumerate(value):
                yield from self.walk(str(place), inner, depth + 1)
        else:
            yield depth, name, self.of.get(id(value), value)

    def key(self, key: Any) -> str:
        return str(self.of.get(id(key), key)) or "?"


@settings(deadline=None)
@given(value=trees(scalars, keys))
def test_messagepack(value: Any) -> None:
    frame = msgpack.packb(value)
    back = msgpack.unpackb(frame, strict_map_key=False)
    assert told(read(MSGPACK, frame)) == list(Words("nil").walk("value", back))


@given(kind=st.integers(-128, 127), data=st.binary(max_size=300))
def test_messagepack_extensions_and_short_floats(kind: int, data: bytes) -> None:
    frame = msgpack.packb({"a": msgpack.ExtType(kind & 127, data)})
    (_, (_, name, value)) = told(read(MSGPACK, frame))
    assert (name, value) == ("a", bytes([kind & 127]) + data)
    (field,) = read(MSGPACK, msgpack.packb(0.5 + kind, use_single_float=True))
    assert field.value == 0.5 + kind


tagged = st.builds(cbor2.CBORTag, st.integers(1000, 50_000), st.one_of(scalars, st.just([1])))


@settings(deadline=None)
@given(
    value=trees(st.one_of(scalars, tagged), keys), canonical=st.booleans(), endless=st.booleans()
)
def test_cbor(value: Any, canonical: bool, endless: bool) -> None:
    frame = cbor2.dumps(value, canonical=canonical, indefinite_containers=endless)
    back = cbor2.loads(frame)
    mine = told(read(CBOR, frame))
    want = list(Words("null").walk("item", back))
    if endless:
        heads = ("array", "map")
        mine, want = (
            [
                (depth, name, v.split()[0] if isinstance(v, str) and v.startswith(heads) else v)
                for depth, name, v in each
            ]
            for each in (mine, want)
        )
    assert mine == want


def test_cbor_of_the_standard() -> None:
    """RFC 8949, appendix A: what a library does not write by itself."""
    for frame, value in (
        ("f97e00", "nan"), ("f90001", "5.960464477539063e-08"), ("f7", "undefined"),
        ("f0", "simple 16"), ("f8ff", "simple 255"), ("3bffffffffffffffff", str(-(2**64))),
        ("fa7f800000", "inf"),
    ):  # fmt: skip
        (field,) = read(CBOR, bytes.fromhex(frame))
        assert field.shown == value
    fields = read(CBOR, bytes.fromhex("7f657374726561646d696e67ff"))
    assert [field.value for field in fields] == ["text …", "strea", "ming"]
    fields = read(CBOR, bytes.fromhex("c249010000000000000000"))
    assert [field.value for field in fields] == ["tag 2", (2**64).to_bytes(9, "big")]


def flat(name: str, value: Any, depth: int) -> Iterator[Told]:
    """A JSON value as the kit lists it: objects at the top without a row of their own."""
    pairs = None
    if isinstance(value, dict):
        pairs = [(str(key), inner) for key, inner in value.items()]
    elif isinstance(value, list):
        pairs = [(str(place), inner) for place, inner in enumerate(value)]
    shown = max(depth - 1, 0)
    if pairs is None:
        plain = json.dumps(value) if value is None or isinstance(value, bool) else value
        yield shown, name or "value", plain
        return
    if depth or isinstance(value, list):
        yield shown, name or "[]", None
    for key, inner in pairs:
        yield from flat(key, inner, depth + 1)


@settings(deadline=None)
@given(value=trees(small, texts), ascii_only=st.booleans())
def test_json(value: Any, ascii_only: bool) -> None:
    frame = json.dumps(value, ensure_ascii=ascii_only).encode() + b"\r\n"
    assert told(read(JSON, frame)) == list(flat("", value, 0))


def test_json_that_python_takes_ill() -> None:
    """A number of 5,000 digits, a name that is there twice: neither raises nor gets lost."""
    (field,) = JSON.decode(b"[" + b"1" * 5_000 + b"]\n")
    assert "too long" in field.bad
    assert told(read(JSON, b'{"a":1,"a":2}\n')) == [(0, "a", 1), (0, "a", 2)]
