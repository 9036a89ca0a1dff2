"""HJ 212: pollutant monitoring (HJ 212-2017, HJ/T 212-2005).

`##`, four digits of length, the data segment, four hex digits of CRC, CR LF. The segment is a list
of `name=value;`, the last of which, CP, stands between `&&` and holds a list of its own. The CRC is
the standard's own: no catalogue has it.
"""

from portside.kit import Field, Reader, crc_hj212, find_checksum

NAME = "HJ 212"
EXAMPLES = [
    (
        "232330313031514e3d32303136303830313038353835373232333b53543d33323b434e3d313036323b50573d31"
        "30303030303b4d4e3d3031303030304138393030303136463030303136394443303b466c61673d353b43503d26"
        "26527464496e74657276616c3d33302626314338300d0a",
        "RtdInterval",
    )
]
HEAD = 6  # bytes: ## and the length
TAIL = 6  # the CRC, CR and LF
LONGEST = 1024 + HEAD + TAIL
MODBUS = find_checksum("crc16-modbus")
SYSTEMS = {
    "21": "地表水质量监测", "22": "空气质量监测", "23": "声环境质量监测", "24": "地下水质量监测",
    "25": "土壤质量监测", "26": "海水质量监测", "27": "挥发性有机物监测", "31": "大气环境污染源",
    "32": "地表水体环境污染源", "33": "地下水体环境污染源", "34": "海洋环境污染源",
    "35": "土壤环境污染源", "36": "声环境污染源", "37": "振动环境污染源",
    "38": "放射性环境污染源", "39": "工地扬尘污染源", "41": "电磁环境污染源",
    "51": "烟气排放过程监控", "52": "污水排放过程监控", "91": "系统交互",
}  # fmt: skip
COMMANDS = {
    "1000": "设置超时时间及重发次数", "1011": "提取/上传现场机时间", "1012": "设置现场机时间",
    "1013": "现场机时间校准请求", "1061": "提取/上传实时数据间隔", "1062": "设置实时数据间隔",
    "1063": "提取/上传分钟数据间隔", "1064": "设置分钟数据间隔", "1072": "设置现场机访问密码",
    "2011": "取/上传污染物实时数据", "2012": "停止察看污染物实时数据",
    "2021": "取/上传设备运行状态数据", "2022": "停止察看设备运行状态",
    "2031": "取/上传污染物日历史数据", "2041": "取/上传设备运行时间日历史数据",
    "2051": "取/上传污染物分钟数据", "2061": "取/上传污染物小时数据",
    "2081": "上传数采仪开机时间", "3011": "零点校准量程校准", "3012": "即时采样",
    "3013": "启动清洗/反吹", "3014": "比对采样", "3015": "超标留样", "3016": "设置采样时间周期",
    "3017": "提取/上传采样时间周期", "3018": "提取/上传出样时间", "3019": "提取/上传设备唯一标识",
    "3020": "提取/上传现场机信息", "3021": "设置现场机参数", "9011": "请求应答",
    "9012": "执行结果", "9013": "通知应答", "9014": "数据应答",
}  # fmt: skip


def split(data: bytes) -> int:
    """From `##`, as long as the digits say."""
    start = data.find(b"##")
    if start:
        kept = 1 if start < 0 and data.endswith(b"#") else 0
        return -(start if start > 0 else len(data) - kept)
    digits = data[2:HEAD]
    if not all(byte in b"0123456789" for byte in digits):
        return -1
    if len(digits) < 4:
        return 0
    length = HEAD + int(digits) + TAIL
    if length > LONGEST:
        return -1
    return length if len(data) >= length else 0


def decode(frame: bytes) -> list[Field]:
    """Length, the names and values, CRC."""
    r = Reader(frame, end=len(frame) - TAIL)
    r.mark(b"##")
    digits = r.take(4, "数据段长度")
    right = f"{len(frame) - HEAD - TAIL:04}"
    shown = int(digits) if digits.isdigit() else digits
    r.add("数据段长度", shown, 4, want="" if digits == right.encode() else right)
    segment = frame[HEAD:-TAIL]
    own, _, inner = segment.partition(b"CP=&&")
    _pairs(r, own)
    if inner or segment.endswith(b"CP=&&"):
        with r.group("CP"):
            r.take(5, "CP")
            _pairs(r, inner[:-2] if inner.endswith(b"&&") else inner)
            r.take(r.left)
    r.end = len(frame)
    _check(r, segment)
    r.mark(b"\r\n")
    return r.fields


def _pairs(r: Reader, data: bytes) -> None:
    """`a=1,b=2;c=3`: what a comma joins belongs together, and is listed one by one."""
    for group in data.split(b";"):
        parts = group.split(b",")
        for number, part in enumerate(parts):
            name, equals, value = part.partition(b"=")
            if equals:
                r.take(len(name) + 1)
                words = value.decode("gbk", "backslashreplace")
                r.take(len(value))
                r.add(name.decode("ascii", "backslashreplace"), _named(name, words), len(value))
            elif part:
                r.raw("?", len(part))
            if number + 1 < len(parts):
                r.take(1)
        if r.left and r.peek() == b";":
            r.take(1)


def _named(name: bytes, value: str) -> str:
    known = {b"ST": SYSTEMS, b"CN": COMMANDS}.get(name, {}).get(value)
    return f"{value} {known}" if known else value


def _check(r: Reader, segment: bytes) -> None:
    """The CRC's hex digits; a frame made with CRC-16/MODBUS, the usual mistake, is told so."""
    got = r.take(4, "CRC")
    right = f"{crc_hj212(segment):04X}".encode()
    bad = ""
    if got.upper() != right and got.upper() == f"{MODBUS.of(segment):04X}".encode():
        bad = "CRC-16/MODBUS"
    want = "" if got.upper() == right else right.decode()
    r.add("CRC", got.decode("ascii", "backslashreplace"), 4, bad=bad, want=want)


def sure(frame: bytes) -> bool:
    """Digits and CRC say it."""
    return True


def summary(fields: list[Field]) -> str:
    """Command, device, then the first values."""
    found = {field.name: field.shown for field in fields}
    values = [f"{field.name}={field.shown}" for field in fields if field.depth][:6]
    return " ".join([found.get("CN", ""), found.get("MN", ""), *values]).strip()


def seal(body: bytes) -> bytes:
    """Put length and CRC around a data segment."""
    return b"##%04d" % len(body) + body + b"%04X\r\n" % crc_hj212(body)
