"""The built-in kits: published frames are read right, and no bytes make a kit stumble."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.frames.cutting import Cutter, Part, Piece
from app.frames.framing import KitFraming
from app.frames.kits import Kit, KitFault, load_kit
from app.paths import resource

VECTORS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("vectors.json").read_text(encoding="utf-8")
)
KITS = {path.stem: load_kit(path) for path in sorted(resource("kits").glob("*.py"))}
LONGEST_KIT = 200  # lines: a model to read
# Each byte of such a frame is under a checksum, or is a mark, or a length that is checked.
CHECKED = ("dlt645", "gb32960", "hj212", "jt808", "modbus_rtu", "nmea")

each_kit = pytest.mark.parametrize("kit", KITS.values(), ids=lambda kit: kit.id)


def test_every_built_in_kit_loads() -> None:
    assert len(KITS) == 15


@each_kit
def test_a_built_in_kit_is_short_enough_to_be_a_model(kit: Kit) -> None:
    assert kit.path.read_text(encoding="utf-8").count("\n") <= LONGEST_KIT
    assert kit.examples


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["hex"][:16])
def test_a_published_frame_is_read_right(vector: dict[str, Any]) -> None:
    kit = KITS[vector["kit"]]
    frame = bytes.fromhex(vector["hex"])
    assert kit.split(frame) == len(frame)
    fields = kit.decode(frame)
    shown = {field.name: field.shown for field in fields}
    assert {name: shown[name] for name in vector["fields"]} == vector["fields"]
    assert not [field for field in fields if field.is_wrong]
    assert kit.check(frame) == ""


def spoiled(frame: bytes) -> list[bytes]:
    """The frame with each of its bytes changed, in four ways."""
    chance = random.Random(len(frame))
    return [
        frame[:place] + bytes((frame[place] ^ change,)) + frame[place + 1 :]
        for place in range(len(frame))
        for change in (1, 0x80, 0xFF, chance.randrange(1, 256))
    ]


@each_kit
def test_no_spoiled_or_cut_frame_makes_a_kit_stumble(kit: Kit) -> None:
    for frame in known(kit):
        for bad in (*spoiled(frame), *(frame[:size] for size in range(1, len(frame)))):
            assert kit.rule is None or -len(bad) <= kit.rule(bad) <= len(bad)
            assert not [field for field in kit.decode(bad) if field.name == "!"], bad.hex()


def known(kit: Kit) -> list[bytes]:
    """A kit's examples, and the published frames of its protocol."""
    published = [bytes.fromhex(v["hex"]) for v in VECTORS if v["kit"] == kit.id]
    return [*(frame for frame, _ in kit.examples), *published]


@each_kit
def test_swapped_glued_and_dirty_frames_make_no_kit_stumble(kit: Kit) -> None:
    for frame in known(kit):
        swapped = [
            frame[:at] + frame[at + 1 : at + 2] + frame[at : at + 1] + frame[at + 2 :]
            for at in range(len(frame) - 1)
        ]
        dirty = [junk + frame + junk for junk in (b"\0", b"\xff\xff", b"GET ", frame[:3])]
        halves = [frame + frame, frame[len(frame) // 2 :] + frame, frame[:-1] + frame]
        for bad in (*swapped, *dirty, *halves):
            assert kit.rule is None or -len(bad) <= kit.rule(bad) <= len(bad)
            assert not [field for field in kit.decode(bad) if field.name == "!"], bad.hex()
            assert b"".join(piece.data for piece in cut(kit, bad, [])) == bad


@pytest.mark.parametrize("name", CHECKED)
def test_a_changed_byte_is_noticed_and_told_what_would_be_right(name: str) -> None:
    kit = KITS[name]
    for frame in known(kit):
        for bad in spoiled(frame):
            wrong = [field for field in kit.decode(bad) if field.is_wrong]
            assert wrong, bad.hex()
            assert kit.check(bad)


@each_kit
@given(data=st.binary(min_size=1, max_size=200))
def test_no_bytes_make_a_kit_stumble(kit: Kit, data: bytes) -> None:
    assert kit.rule is None or -len(data) <= kit.rule(data) <= len(data)
    assert not [field for field in kit.decode(data) if field.name == "!"]


def cut(kit: Kit, stream: bytes, sizes: list[int]) -> list[Piece]:
    cutter, pieces, at = Cutter(KitFraming(kit.id, kit.split)), [], 0
    for size in sizes:
        pieces += cutter.feed(stream[at : at + size])
        at += size
    return [*pieces, *cutter.feed(stream[at:]), *cutter.finish()]


@each_kit
@given(data=st.data())
def test_a_stream_gives_the_same_frames_however_it_is_cut(kit: Kit, data: st.DataObject) -> None:
    frames = [frame for frame, _ in kit.examples]
    parts = st.one_of(st.sampled_from(frames), st.binary(max_size=20))
    stream = b"".join(data.draw(st.lists(parts, min_size=1, max_size=12)))
    sizes = data.draw(st.lists(st.integers(1, 40), max_size=30))
    whole = cut(kit, stream, [])
    assert cut(kit, stream, sizes) == whole
    assert b"".join(piece.data for piece in whole) == stream


@each_kit
def test_frames_glued_together_come_apart(kit: Kit) -> None:
    frames = [frame for frame, _ in kit.examples] * 3
    pieces = cut(kit, b"".join(frames), [1] * 50)
    assert [piece.data for piece in pieces if piece.part is Part.FRAME] == frames


def test_what_a_kit_seals_it_takes_apart_again() -> None:
    for name, body in (("jt808", bytes.fromhex("0002000002000000001500037d7e")),
                       ("modbus_rtu", bytes.fromhex("01030000000a")),
                       ("hj212", b"QN=20160801085857223;ST=32;CN=1062"), ("nmea", b"HEHDT,12.5,T"),
                       ("modbus_tcp", bytes.fromhex("090300040001"))):  # fmt: skip
        kit = KITS[name]
        assert kit.sealer is not None
        frame = kit.sealer(body)
        assert kit.split(frame) == len(frame)
        assert not [field for field in kit.decode(frame) if field.want and "长度" not in field.name]


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.py"
    path.write_text(text, encoding="utf-8")
    return path


GOOD = """from portside.kit import Field

NAME = "Mine"
EXAMPLES = [("0102", "one 1")]


def split(data):
    return 2 if len(data) >= 2 else 0


def decode(frame):
    return [Field("one", frame[0], 0, 1)]
"""


def test_a_kit_of_ones_own_is_loaded(tmp_path: Path) -> None:
    kit = load_kit(write(tmp_path, GOOD))
    assert (kit.id, kit.name) == ("mine", "Mine")
    assert [field.shown for field in kit.decode(b"\x07\x00")] == ["7"]


@pytest.mark.parametrize(
    ("text", "case", "line"),
    [
        ("NAME = 'a'\ndef (", "cannot_load", 2),
        ("NAME = 'a'\n\n1 / 0\n", "cannot_load", 3),
        ("import no_such_module\n", "no_module", 1),
        ("x = 1\n", "no_name", 0),
        (GOOD.replace("one 1", "two"), "bad_example", 0),
        (GOOD.replace("0102", "01"), "bad_example", 0),
        (GOOD.replace("0102", "xy"), "bad_example", 0),
        (GOOD.replace("2 if", "3 if"), "bad_example", 0),
    ],
)
def test_a_kit_that_cannot_be_used_says_why(
    tmp_path: Path, text: str, case: str, line: int
) -> None:
    with pytest.raises(KitFault) as caught:
        load_kit(write(tmp_path, text))
    assert (caught.value.case, caught.value.line) == (case, line)


def test_what_a_kit_raises_stands_in_its_row(tmp_path: Path) -> None:
    kit = load_kit(write(tmp_path, GOOD.replace("frame[0]", "{1: 1}[frame[0]]")))
    assert [field.bad for field in kit.decode(b"\x07\x00")] == ["KeyError: 7 (mine.py:12)"]
    kit = load_kit(write(tmp_path, GOOD.replace("2 if len(data) >= 2 else 0", "data[1]")))
    assert kit.split(b"\x07") == -1
