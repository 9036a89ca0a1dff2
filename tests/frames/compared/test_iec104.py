"""IEC 104 as tshark reads it."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from tests.frames.compared.kits import built_in, read
from tests.frames.compared.packets import needs_tshark, tshark

pytestmark = needs_tshark
IEC = built_in("iec104")
_TIMED = {30, 31, 32, 33, 34, 35, 36, 37, 58, 59, 60, 61, 62, 63, 64, 103}
_QUALITY = {5, 7, 9, 11, 13, 32, 33, 34, 35, 36}
_VALUES = {  # by type: how many bytes, tshark's field, what it says from what we say
    1: (1, "siq.spi"), 30: (1, "siq.spi"), 3: (1, "diq.dpi"), 31: (1, "diq.dpi"),
    5: (1, "vti.v"), 32: (1, "vti.v"), 7: (4, "bitstring"), 33: (4, "bitstring"),
    9: (2, "normval"), 34: (2, "normval"), 21: (2, "normval"), 48: (2, "normval"),
    61: (2, "normval"), 11: (2, "scalval"), 35: (2, "scalval"), 49: (2, "scalval"),
    62: (2, "scalval"), 13: (4, "float"), 36: (4, "float"), 50: (4, "float"), 63: (4, "float"),
    15: (4, "bcr.count"), 37: (4, "bcr.count"), 45: (1, "sco.on"), 58: (1, "sco.on"),
    46: (1, "dco.on"), 59: (1, "dco.on"), 47: (1, "rco.up"), 60: (1, "rco.up"),
    51: (4, "bitstring"), 64: (4, "bitstring"), 70: (1, "coi_r"), 100: (1, "qoi"),
    101: (1, "rqt"), 102: (0, ""), 103: (0, ""), 105: (1, "qrp"),
}  # fmt: skip


def _moment(chance: random.Random) -> bytes:
    ms, minute, hour, day = (chance.randrange(n) for n in (60_000, 60, 24, 28))
    return struct.pack(
        "<H5B", ms, minute, hour, day + 1, chance.randrange(12) + 1, chance.randrange(70)
    )


def _element(kind: int, chance: random.Random) -> bytes:
    size, field = _VALUES[kind]
    if field == "float":
        data = struct.pack("<f", chance.uniform(-1e6, 1e6))
    else:
        data = chance.randbytes(size)
    if field in ("coi_r", "rqt"):
        data = bytes([data[0] & 0x3F])
    if kind in _QUALITY:
        data += bytes([chance.choice([0, 1, 0x10, 0x20, 0x40, 0x80, 0xF1])])
    if kind in (15, 37) or kind in (48, 49, 50, 61, 62, 63):
        data += chance.randbytes(1)
    return data + (_moment(chance) if kind in _TIMED else b"")


def _asdu(kind: int, chance: random.Random) -> bytes:
    most = 1 if kind >= 45 else 240 // (3 + len(_element(kind, chance)))
    count = chance.randint(1, min(most, 6))
    sequence = chance.random() < 0.5 and count > 1
    cause = chance.choice([1, 3, 5, 6, 7, 10, 20, 25, 37, 44]) | chance.choice([0, 0x40, 0x80])
    head = bytes([kind, count | sequence << 7, cause, chance.randrange(256)])
    parts = [head, struct.pack("<H", chance.randrange(65_536))]
    address = chance.randrange(2**24 - 10)
    for number in range(count):
        if number == 0 or not sequence:
            parts.append((address + number).to_bytes(3, "little"))
        parts.append(_element(kind, chance))
    body = b"".join(parts)
    control = struct.pack("<HH", chance.randrange(2**15) << 1, chance.randrange(2**15) << 1)
    return bytes([0x68, 4 + len(body)]) + control + body


def _said(kind: int, frame: bytes) -> dict[str, list[str]]:
    """What our kit says of an I frame, in tshark's words."""
    fields = read(IEC, frame)
    shown: dict[str, list[str]] = {"type": [str(kind)]}
    for field in fields:
        shown.setdefault(field.name, []).append(str(field.value))
    return shown


def test_information_of_iec_104(tmp_path: Path) -> None:
    chance = random.Random(104)
    kinds = [kind for kind in sorted(_VALUES) for _ in range(6)]
    frames = [_asdu(kind, chance) for kind in kinds]
    asdu = [
        "typeid",
        "causetx",
        "nega",
        "test",
        "addr",
        "ioa",
        "qds",
        "cp56time.ms",
        "cp56time.year",
    ]
    names = ["iec60870_104.tx", "iec60870_104.rx", *(f"iec60870_asdu.{name}" for name in asdu)]
    values = sorted({field for _, field in _VALUES.values() if field})
    found = tshark(
        tmp_path, "iec60870_104", frames, [*names, *(f"iec60870_asdu.{v}" for v in values)]
    )
    for kind, frame, cells in zip(kinds, frames, found, strict=True):
        theirs = dict(zip([*names[:2], *asdu, *values], cells, strict=True))
        shown = _said(kind, frame)
        label = f"{kind} {frame.hex()} {shown} {theirs}"
        tx, rx = theirs["iec60870_104.tx"], theirs["iec60870_104.rx"]
        assert shown["I"] == [f"N(S)={tx[0]} N(R)={rx[0]}"]
        assert theirs["typeid"] == [str(kind)]
        cause = shown["cause"][0].split()
        assert cause[0] == theirs["causetx"][0]
        assert ("negative" in cause, "test" in cause) == (
            theirs["nega"] in (["1"], ["True"]),
            theirs["test"] in (["1"], ["True"]),
        ), label
        assert shown["common address"] == theirs["addr"]
        objects = [
            name.split()[1] for name in shown if name.startswith("object ") and name[7:].isdigit()
        ]
        assert objects == list(dict.fromkeys(theirs["ioa"])), label
        _same_values(_VALUES[kind][1], shown, theirs, label)
        if kind in _TIMED:
            seconds = [float(when[17:]) for when in shown["time"]]
            assert seconds == [pytest.approx(int(ms) / 1000) for ms in theirs["cp56time.ms"]], label
            assert [int(when[:4]) - 2000 for when in shown["time"]] == [
                int(year) for year in theirs["cp56time.year"]
            ]


_BOOLEANS = {"True": "on", "False": "off", "1": "on", "0": "off"}


def _same_values(
    name: str, shown: dict[str, list[str]], theirs: dict[str, list[str]], label: str
) -> None:
    if not name:
        return
    got = theirs[name]
    if name == "siq.spi":
        assert shown["value"] == [_BOOLEANS[each] for each in got], label
    elif name == "sco.on":
        assert [each.split()[0] for each in shown["command"]] == [
            _BOOLEANS[each] for each in got
        ], label
    elif name == "diq.dpi":
        words = ["indeterminate", "off", "on", "indeterminate"]
        assert shown["value"] == [words[int(each)] for each in got], label
    elif name in ("dco.on", "rco.up"):
        words = ["indeterminate", "off", "on", "indeterminate"]
        words = words if name == "dco.on" else ["?", "lower", "higher", "?"]
        assert [each.split()[0] for each in shown["command"]] == [
            words[int(each)] for each in got
        ], label
    elif name in ("float", "normval"):
        assert [float(each) for each in shown["value"]] == [
            pytest.approx(float(each), rel=1e-5, abs=1e-5) for each in got
        ], label
    elif name in ("qoi", "qrp", "coi_r", "rqt"):
        ours = {"qoi": "QOI", "qrp": "QRP", "coi_r": "COI", "rqt": "QCC"}[name]
        assert [
            int(each) & 0x7F if name == "coi_r" else int(each) & (0x3F if name == "rqt" else 255)
            for each in shown[ours]
        ] == [int(each) for each in got], label
    elif name == "bitstring":  # tshark takes the first byte for the highest, devices for the lowest
        assert [int(each).to_bytes(4, "little") for each in shown["value"]] == [
            int(each, 0).to_bytes(4, "big") for each in got
        ], label
    else:
        assert [int(each) for each in shown["value"]] == [int(each, 0) for each in got], label


def test_control_of_iec_104(tmp_path: Path) -> None:
    chance = random.Random(4)
    kinds = (0x07, 0x0B, 0x13, 0x23, 0x43, 0x83)
    frames = [bytes([0x68, 4, kind, 0, 0, 0]) for kind in kinds]
    frames += [struct.pack("<BBHH", 0x68, 4, 1, chance.randrange(2**15) << 1) for _ in range(20)]
    found = tshark(tmp_path, "iec60870_104", frames, ["iec60870_104.utype", "iec60870_104.rx"])
    for frame, (utype, rx) in zip(frames, found, strict=True):
        (field,) = read(IEC, frame)[1:]
        if utype:
            assert (field.name, field.value) == ("U", IEC_U[int(utype[0], 0)])
        else:
            assert (field.name, field.value) == ("S", f"N(R)={rx[0]}")


IEC_U = {1: "STARTDT act", 2: "STARTDT con", 4: "STOPDT act", 8: "STOPDT con", 16: "TESTFR act",
         32: "TESTFR con"}  # fmt: skip
