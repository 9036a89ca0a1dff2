"""IEC 60870-5-104: telecontrol over TCP (IEC 60870-5-104:2006, elements of -5-101).

68, length, four bytes of control; an I frame goes on with type, count, cause, common address and
the information objects.
"""

from datetime import datetime
from struct import unpack

from portside.kit import Field, Reader

NAME = "IEC 104"
PORTS = (2404,)
EXAMPLES = [("680407000000", "STARTDT act"), ("680e0000000064010600010000000014", "C_IC_NA_1")]
U_FRAMES = {
    0x07: "STARTDT act", 0x0B: "STARTDT con", 0x13: "STOPDT act", 0x23: "STOPDT con",
    0x43: "TESTFR act", 0x83: "TESTFR con",
}  # fmt: skip
TYPES = {
    1: "M_SP_NA_1", 3: "M_DP_NA_1", 5: "M_ST_NA_1", 7: "M_BO_NA_1", 9: "M_ME_NA_1",
    11: "M_ME_NB_1", 13: "M_ME_NC_1", 15: "M_IT_NA_1", 20: "M_PS_NA_1", 21: "M_ME_ND_1",
    30: "M_SP_TB_1", 31: "M_DP_TB_1", 32: "M_ST_TB_1", 33: "M_BO_TB_1", 34: "M_ME_TD_1",
    35: "M_ME_TE_1", 36: "M_ME_TF_1", 37: "M_IT_TB_1", 38: "M_EP_TD_1", 39: "M_EP_TE_1",
    40: "M_EP_TF_1", 45: "C_SC_NA_1", 46: "C_DC_NA_1", 47: "C_RC_NA_1", 48: "C_SE_NA_1",
    49: "C_SE_NB_1", 50: "C_SE_NC_1", 51: "C_BO_NA_1", 58: "C_SC_TA_1", 59: "C_DC_TA_1",
    60: "C_RC_TA_1", 61: "C_SE_TA_1", 62: "C_SE_TB_1", 63: "C_SE_TC_1", 64: "C_BO_TA_1",
    70: "M_EI_NA_1", 100: "C_IC_NA_1", 101: "C_CI_NA_1", 102: "C_RD_NA_1", 103: "C_CS_NA_1",
    105: "C_RP_NA_1", 107: "C_TS_TA_1", 110: "P_ME_NA_1", 111: "P_ME_NB_1", 112: "P_ME_NC_1",
    113: "P_AC_NA_1", 120: "F_FR_NA_1", 121: "F_SR_NA_1", 122: "F_SC_NA_1", 123: "F_LS_NA_1",
    124: "F_AF_NA_1", 125: "F_SG_NA_1", 126: "F_DR_TA_1", 127: "F_SC_NB_1",
}  # fmt: skip
CAUSES = {
    1: "periodic", 2: "background", 3: "spontaneous", 4: "initialised", 5: "request",
    6: "activation", 7: "activation con", 8: "deactivation", 9: "deactivation con",
    10: "activation term", 11: "remote command", 12: "local command", 13: "file transfer",
    20: "interrogated", **{20 + n: f"group {n} interrogated" for n in range(1, 17)},
    37: "counters interrogated", **{37 + n: f"counter group {n} interrogated" for n in range(1, 5)},
    44: "unknown type", 45: "unknown cause", 46: "unknown common address",
    47: "unknown object address",
}  # fmt: skip
QUALITY = {0x01: "OV", 0x10: "BL", 0x20: "SB", 0x40: "NT", 0x80: "IV"}
DOUBLE = ("indeterminate", "off", "on", "indeterminate")
SINGLE = ("off", "on")
STEP = ("?", "lower", "higher", "?")


def split(data: bytes) -> int:
    """68, then as many bytes as the next one says."""
    start = data.find(0x68)
    if start:
        return -(start if start > 0 else len(data))
    if len(data) < 2:
        return 0
    if not 4 <= data[1] <= 253:
        return -1
    return 2 + data[1] if len(data) >= 2 + data[1] else 0


def decode(frame: bytes) -> list[Field]:
    """Control field, then the application data of an I frame."""
    r = Reader(frame)
    r.mark(b"\x68")
    length = r.number("length", 1)
    if length != len(frame) - 2:
        r.fields[-1] = r.fields[-1]._replace(want=str(len(frame) - 2))
    control = r.take(4, "control")
    sending, receiving = (int.from_bytes(control[at : at + 2], "little") >> 1 for at in (0, 2))
    if control[0] & 3 == 3:
        known = control[0] in U_FRAMES
        r.add("U", U_FRAMES.get(control[0], control), 4, bad="" if known else "?")
    elif control[0] & 3 == 1:
        r.add("S", f"N(R)={receiving}", 4)
    else:
        r.add("I", f"N(S)={sending} N(R)={receiving}", 4)
        _application(r)
    r.rest("rest")
    return r.fields


def _application(r: Reader) -> None:
    kind = r.number("type", 1, TYPES)
    count = r.number("objects", 1)
    sequence, count = bool(count & 0x80), count & 0x7F
    cause = r.take(2, "cause")
    flags = ("negative ",)[: cause[0] >> 6 & 1] + ("test ",)[: cause[0] >> 7]
    name = CAUSES.get(cause[0] & 0x3F, "")
    r.add("cause", f"{cause[0] & 0x3F} {''.join(flags)}{name}".strip(), 2)
    r.number("common address", 2, order="little")
    address = 0
    for number in range(count):
        if number == 0 or not sequence:
            address = int.from_bytes(r.take(3, "object address"), "little")
            r.add("object address", address, 3)
        else:
            address += 1
        if kind not in ELEMENTS:
            return
        with r.group(f"object {address}"):
            for element in ELEMENTS[kind]:
                element(r)


def _quality(r: Reader) -> None:
    byte = r.take(1, "quality")[0]
    _add_quality(r, byte)


def _add_quality(r: Reader, byte: int) -> None:
    words = [word for bit, word in QUALITY.items() if byte & bit]
    r.add("quality", " ".join(words) or "good", 1)


def _state(words: tuple[str, ...]):
    def element(r: Reader) -> None:
        byte = r.take(1, "value")[0]
        r.add("value", words[byte & len(words) - 1], 1)
        _add_quality(r, byte & 0xF0)

    return element


def _step(r: Reader) -> None:
    byte = r.take(1, "value")[0]
    r.add("value", (byte & 0x7F) - (byte << 1 & 0x80), 1)


def _bits(r: Reader) -> None:
    r.number("value", 4, order="little", base=16)


def _normalised(r: Reader) -> None:
    r.number("value", 2, order="little", signed=True, scale=1 / 32768)


def _whole(r: Reader) -> None:
    r.number("value", 2, order="little", signed=True)


def _floating(r: Reader) -> None:
    data = r.take(4, "value")
    r.add("value", round(unpack("<f", data)[0], 6), 4)


def _counter(r: Reader) -> None:
    r.number("value", 4, order="little", signed=True)
    r.number("sequence", 1, base=16)


def _command(words: tuple[str, ...]):
    def element(r: Reader) -> None:
        byte = r.take(1, "command")[0]
        mode = "select" if byte & 0x80 else "execute"
        r.add("command", f"{words[byte & len(words) - 1]} ({mode})", 1)

    return element


def _qualifier(name: str):
    return lambda r: r.number(name, 1)


def _moment(r: Reader) -> None:
    """CP56Time2a: ms, minute, hour, day, month, year, each with flags in its upper bits."""

    def moment(d: bytes) -> datetime:
        ms = int.from_bytes(d[:2], "little")
        day = datetime(2000 + (d[6] & 0x7F), d[5] & 0x0F, d[4] & 0x1F, d[3] & 0x1F, d[2] & 0x3F)
        return day.replace(second=ms // 1000, microsecond=ms % 1000 * 1000)

    r.when("time", 7, moment)


ELEMENTS = {
    1: (_state(SINGLE),), 3: (_state(DOUBLE),), 5: (_step, _quality), 7: (_bits, _quality),
    9: (_normalised, _quality), 11: (_whole, _quality), 13: (_floating, _quality),
    15: (_counter,), 21: (_normalised,), 30: (_state(SINGLE), _moment),
    31: (_state(DOUBLE), _moment), 32: (_step, _quality, _moment), 33: (_bits, _quality, _moment),
    34: (_normalised, _quality, _moment), 35: (_whole, _quality, _moment),
    36: (_floating, _quality, _moment), 37: (_counter, _moment), 45: (_command(SINGLE),),
    46: (_command(DOUBLE),), 47: (_command(STEP),), 48: (_normalised, _qualifier("QOS")),
    49: (_whole, _qualifier("QOS")), 50: (_floating, _qualifier("QOS")), 51: (_bits,),
    58: (_command(SINGLE), _moment), 59: (_command(DOUBLE), _moment),
    60: (_command(STEP), _moment), 61: (_normalised, _qualifier("QOS"), _moment),
    62: (_whole, _qualifier("QOS"), _moment), 63: (_floating, _qualifier("QOS"), _moment),
    64: (_bits, _moment), 70: (_qualifier("COI"),), 100: (_qualifier("QOI"),),
    101: (_qualifier("QCC"),), 102: (), 103: (_moment,), 105: (_qualifier("QRP"),),
}  # fmt: skip


def sure(frame: bytes) -> bool:
    """The mark and the length say it."""
    return True


def summary(fields: list[Field]) -> str:
    """The frame's kind; of an I frame type, cause and the first values."""
    shown = [f"{field.name} {field.shown}" for field in fields if field.name in ("U", "S", "I")]
    shown += [field.shown for field in fields if field.name in ("type", "cause")]
    shown += [field.shown for field in fields if field.name in ("value", "command")][:4]
    return " ".join(shown)
