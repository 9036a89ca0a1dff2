"""DL/T 645-2007: electricity meters (and the frames of 1997).

Some FE to wake the line, 68, six bytes of address (lowest first), 68, control, length, data to each
byte of which 33 is added, the sum of all from the first 68, 16.
"""

from portside.kit import Field, Look, Reader, sum8

NAME = "DL/T 645"
EXAMPLES = [
    ("fefefefe68aaaaaaaaaaaa681300df16", "读通信地址"),
    ("6829250707212068910833333333a94a36332e16", "317.76"),
]
CONTROLS = {
    0x03: "安全认证", 0x08: "广播校时", 0x11: "读数据", 0x12: "读后续数据", 0x13: "读通信地址",
    0x14: "写数据", 0x15: "写通信地址", 0x16: "冻结命令", 0x17: "更改通信速率", 0x18: "修改密码",
    0x19: "最大需量清零", 0x1A: "电表清零", 0x1B: "事件清零", 0x1C: "跳合闸、报警、保电",
    0x01: "读数据 (1997)", 0x04: "写数据 (1997)",
}  # fmt: skip
ERRORS = (
    "其他错误",
    "无请求数据",
    "密码错/未授权",
    "通信速率不能更改",
    "年时区数超",
    "日时段数超",
    "费率数超",
)
KINDS = (
    "组合有功", "正向有功", "反向有功", "组合无功1", "组合无功2", "第一象限无功", "第二象限无功",
    "第三象限无功", "第四象限无功", "正向视在", "反向视在",
)  # fmt: skip
# The identifier's upper two bytes -> name, bytes of a value, digits behind the point, unit, signed.
QUANTITIES = {
    0x0201: ("电压", 2, 1, "V", False), 0x0202: ("电流", 3, 3, "A", True),
    0x0203: ("有功功率", 3, 4, "kW", True), 0x0204: ("无功功率", 3, 4, "kvar", True),
    0x0205: ("视在功率", 3, 4, "kVA", True), 0x0206: ("功率因数", 2, 3, "", True),
    0x0207: ("相角", 2, 1, "°", False),
}  # fmt: skip
PHASES = {0: "总", 1: "A 相", 2: "B 相", 3: "C 相", 0xFF: "数据块"}
TIMES = {0x04000101: "日期及星期", 0x04000102: "时间", 0x04000401: "通信地址", 0x04000402: "表号"}
SHORTEST = 12


def split(data: bytes) -> int:
    """Skip to 68, seven bytes on must be another; FE before it belong to the frame."""
    start = _start(data)
    if start:
        return -start
    lead = len(data) - len(data.lstrip(b"\xfe"))
    body = data[lead:]
    if len(body) > 7 and body[7] != 0x68:
        return -(lead + 1)
    if len(body) < 10:
        return 0
    length = SHORTEST + body[9]
    if len(body) < length:
        return 0
    return lead + length if body[length - 1] == 0x16 else -(lead + 1)


def _start(data: bytes) -> int:
    """Where a frame may begin: at 68, or at the FE before one (at the end: which may come)."""
    at = data.find(0x68)
    before = data if at < 0 else data[:at]
    return len(before.rstrip(b"\xfe"))


def decode(frame: bytes) -> list[Field]:
    """Address, control, length, data without the 33, check."""
    lead = len(frame) - len(frame.lstrip(b"\xfe"))
    r = Reader(frame, end=len(frame) - 2)
    if lead:
        r.take(lead, "前导")
        r.add("前导", lead, lead)
    r.mark(b"\x68")
    digits = r.take(6, "地址")[::-1].hex().upper()
    r.add("地址", digits + (" (通配)" if "A" in digits else ""), 6)
    r.mark(b"\x68")
    control = r.number("控制码", 1, {code: _control(code) for code in (frame[r.at],)}, base=16)
    size = r.number("长度", 1)
    if size != r.left:
        r.fields[-1] = r.fields[-1]._replace(want=str(r.left))
    _data(r, control)
    r.end = len(frame)
    r.check("CS", bytes((sum8(frame[lead : r.at]),)))
    r.mark(b"\x16")
    return r.fields


def _control(code: int) -> str:
    name = CONTROLS.get(code & 0x1F, "")
    if not code & 0x80:
        return name
    return f"{name}{'异常应答' if code & 0x40 else '应答'}{'，有后续' if code & 0x20 else ''}"


def _data(r: Reader, control: int) -> None:
    size = r.left
    plain = bytes(byte - 0x33 & 0xFF for byte in r.peek(size))
    if control & 0x40 and size:
        r.take(1)
        words = [words for bit, words in enumerate(ERRORS) if plain[0] >> bit & 1]
        r.add("错误", "、".join(words) or plain[0], 1)
    elif control & 0x1F in (0x11, 0x12, 0x14) and size >= 4:
        identifier = int.from_bytes(plain[:4], "little")
        r.take(4)
        r.add("数据标识", f"{identifier:08X} {_title(identifier)}".strip(), 4)
        if control & 0x1F == 0x14 and not control & 0x80 and r.left >= 8:
            r.take(4)
            r.add("密码", plain[4:8][::-1].hex(), 4)
            r.take(4)
            r.add("操作者代码", plain[8:12][::-1].hex(), 4)
        _values(r, identifier, plain[size - r.left :])
    elif control & 0x1F in (0x13, 0x15) and size == 6:
        r.take(6)
        r.add("通信地址", plain[::-1].hex().upper(), 6)
    if r.left:
        rest = plain[size - r.left :]
        r.take(r.left)
        r.add("数据", rest, len(rest))


def _title(identifier: int) -> str:
    group, kind, tariff = identifier >> 24, identifier >> 16 & 0xFF, identifier >> 8 & 0xFF
    if group == 0 and kind < len(KINDS):
        name = "总" if tariff == 0 else "数据块" if tariff == 0xFF else f"费率 {tariff}"
        return f"{KINDS[kind]}{name}电能"
    if identifier >> 16 in QUANTITIES:
        return f"{PHASES.get(tariff, '')}{QUANTITIES[identifier >> 16][0]}"
    return TIMES.get(identifier, "")


def _values(r: Reader, identifier: int, plain: bytes) -> None:
    """The numbers that stand behind an identifier, lowest byte first."""
    kind = identifier >> 16
    if kind >> 8 == 0 and kind < len(KINDS):
        name, size, digits, unit, signed = "值", 4, 2, "kWh", True
        unit = "kvarh" if 3 <= kind <= 8 else "kVAh" if kind > 8 else "kWh"
    elif kind in QUANTITIES:
        name, size, digits, unit, signed = QUANTITIES[kind]
    else:
        return
    count = len(plain) // size
    for number in range(count):
        part = plain[number * size : (number + 1) * size]
        r.take(size)
        title = name if count == 1 else f"{name} {number + 1}"
        try:
            r.add(title, _decimal(part, digits, signed), size, Look(unit=unit))
        except ValueError:
            r.add(title, part[::-1], size, bad="BCD?")


def _decimal(data: bytes, digits: int, signed: bool) -> float:
    """Read BCD, lowest byte first; the top bit may be the sign. Raises ValueError."""
    top = data[-1]
    minus = signed and bool(top & 0x80)
    value = int(bytes((*data[:-1], top & 0x7F if minus else top))[::-1].hex())
    return round((-value if minus else value) / 10**digits, digits)


def sure(frame: bytes) -> bool:
    """Marks, length and sum say it."""
    return True


def summary(fields: list[Field]) -> str:
    """Control, address, and what was read."""
    found = {field.name: field.shown for field in fields}
    values = [field.shown for field in fields if isinstance(field.value, float)][:4]
    words = [found.get("控制码", ""), found.get("地址", ""), found.get("数据标识", ""), *values]
    return " ".join(word for word in words if word)


def seal(body: bytes) -> bytes:
    """Append sum and end: the body begins with 68, its data already has the 33 added."""
    return body + bytes((sum8(body), 0x16))
