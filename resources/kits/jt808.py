"""JT/T 808: terminals of commercial vehicles (JT/T 808-2011, -2013, -2019).

A frame stands between two 7E; inside, 7D 02 means 7E and 7D 01 means 7D. Head, body, then one byte
that xors all before it. From 2019 on a bit of the head says that a version and a longer phone
number follow.
"""

from portside.kit import (
    Field,
    Layout,
    Reader,
    bcd,
    bcd_moment,
    escape,
    u8,
    u16,
    u32,
    unescape,
    xor8,
)

NAME = "JT/T 808"
EXAMPLES = [
    ("7e000200000200000000150003167e", "终端心跳"),
    (
        "7e0200003c01887663897200e5000000000004000001317a6706936851000e0000002717101919353801040000"
        "3fb2030200002504000000002a0200002b040000000030011f310100ab7e",
        "位置信息汇报",
    ),
    (
        "7e010000300000000015580001001f006e63643132337777772e3830382e636f6d000000000000000000373635"
        "3433323101b2e2413132333435363738357e",
        "测A12345678",
    ),
    ("7e80010005002002604323000900ee020000437e", "平台通用应答"),
]
ESCAPES = {b"\x7d\x02": 0x7E, b"\x7d\x01": 0x7D}

IDS = {
    0x0001: "终端通用应答", 0x0002: "终端心跳", 0x0003: "终端注销", 0x0004: "查询服务器时间请求",
    0x0005: "终端补传分包请求", 0x0100: "终端注册", 0x0102: "终端鉴权", 0x0104: "查询终端参数应答",
    0x0107: "查询终端属性应答", 0x0108: "终端升级结果通知", 0x0200: "位置信息汇报",
    0x0201: "位置信息查询应答", 0x0301: "事件报告", 0x0302: "提问应答", 0x0303: "信息点播/取消",
    0x0500: "车辆控制应答", 0x0608: "查询区域或线路数据应答", 0x0700: "行驶记录仪数据上传",
    0x0701: "电子运单上报", 0x0702: "驾驶员身份信息采集上报", 0x0704: "定位数据批量上传",
    0x0705: "CAN 总线数据上传", 0x0800: "多媒体事件信息上传", 0x0801: "多媒体数据上传",
    0x0805: "摄像头立即拍摄命令应答", 0x0900: "数据上行透传", 0x0901: "数据压缩上报",
    0x0A00: "终端 RSA 公钥", 0x8001: "平台通用应答", 0x8003: "补传分包请求",
    0x8004: "查询服务器时间应答", 0x8100: "终端注册应答", 0x8103: "设置终端参数",
    0x8104: "查询终端参数", 0x8105: "终端控制", 0x8106: "查询指定终端参数", 0x8107: "查询终端属性",
    0x8108: "下发终端升级包", 0x8201: "位置信息查询", 0x8202: "临时位置跟踪控制",
    0x8203: "人工确认报警消息", 0x8300: "文本信息下发", 0x8400: "电话回拨", 0x8500: "车辆控制",
    0x8600: "设置圆形区域", 0x8800: "多媒体数据上传应答", 0x8801: "摄像头立即拍摄命令",
    0x8900: "数据下行透传", 0x8A00: "平台 RSA 公钥",
}  # fmt: skip
RESULTS = {0: "成功/确认", 1: "失败", 2: "消息有误", 3: "不支持", 4: "报警处理确认"}
REGISTERED = {0: "成功", 1: "车辆已被注册", 2: "无该车辆", 3: "终端已被注册", 4: "无该终端"}
COLOURS = {0: "未上牌", 1: "蓝色", 2: "黄色", 3: "黑色", 4: "白色", 5: "绿色", 9: "其他"}
HEAD = Layout(u16("消息ID", IDS, base=16), u16("消息体属性", base=16))
HEAD_2013 = Layout(bcd("终端手机号", 6), u16("流水号"))
HEAD_2019 = Layout(u8("协议版本"), bcd("终端手机号", 10), u16("流水号"))
PARTS = Layout(u16("总包数"), u16("包序号"))
ANSWER = Layout(u16("应答流水号"), u16("应答ID", IDS, base=16), u8("结果", RESULTS))
POSITION = Layout(
    u32("报警标志", base=16), u32("状态", base=16), u32("纬度", scale=1e-6),
    u32("经度", scale=1e-6), u16("高程", unit="m"), u16("速度", scale=0.1, unit="km/h"),
    u16("方向"),
)  # fmt: skip
EXTRAS = {  # of a position; each is told by its number and its length
    int(item.name[5:7], 16): Layout(item)
    for item in (
        u32("附加 0x01 里程", scale=0.1, unit="km"), u16("附加 0x02 油量", scale=0.1, unit="L"),
        u16("附加 0x03 行驶记录速度", scale=0.1, unit="km/h"), u16("附加 0x04 人工确认报警事件"),
        u32("附加 0x25 扩展车辆信号状态", base=16), u16("附加 0x2A IO 状态", base=16),
        u32("附加 0x2B 模拟量", base=16), u8("附加 0x30 信号强度"), u8("附加 0x31 卫星数"),
    )
}  # fmt: skip


def split(data: bytes) -> int:
    """From one 7E to the next."""
    start = data.find(0x7E)
    if start:
        return -(start if start > 0 else len(data))
    end = data.find(0x7E, 1)
    return -1 if end == 1 else end + 1


def decode(frame: bytes) -> list[Field]:
    """Head, body, check."""
    body, places = unescape(frame[1:-1], ESCAPES)
    places = range(1, len(body) + 2) if len(body) == len(frame) - 2 else [1 + p for p in places]
    r = Reader(body, places, end=len(body) - 1)
    for at in {0, max(len(frame) - 1, 0)}:
        found = frame[at : at + 1]
        if found != b"\x7e":
            r.fields.append(Field("mark", found, at, at + len(found), want="7E"))
    first = len(r.fields)
    kind, bits = r.read(HEAD)
    fields = r.fields
    length = bits & 0x3FF
    version_2019 = bool(bits & 0x4000)
    r.read(HEAD_2019 if version_2019 else HEAD_2013)
    if bits & 0x2000:
        r.read(PARTS)
    want = "" if length == r.left else str(r.left)
    bit_field = fields[first + 1]
    fields.insert(first + 2, Field("消息体长度", length, bit_field.start, bit_field.end, want=want))
    if bits & 0x1C00:
        r.raw("密文")
    elif kind in BODIES:
        BODIES[kind](r, version_2019)
    r.rest("其余" if kind in BODIES else "消息体")
    r.end += 1
    r.check("校验码", bytes((xor8(body[:-1]),)))
    return r.fields


def _register(r: Reader, version_2019: bool) -> None:
    r.number("省域ID", 2)
    r.number("市县域ID", 2)
    # 2011: 5, 8, 7 bytes; 2013: 5, 20, 7; 2019: 11, 30, 30. Then colour and plate.
    maker, model, device = (11, 30, 30) if version_2019 else (5, 20, 7)
    if not version_2019 and r.left < 33:
        model = 8
    r.text("制造商ID", maker)
    r.text("终端型号", model)
    r.text("终端ID", device)
    colour = r.number("车牌颜色", 1, COLOURS)
    r.text("车牌" if colour else "VIN")


def _registered(r: Reader, version_2019: bool) -> None:
    r.number("应答流水号", 2)
    if r.number("结果", 1, REGISTERED) == 0:
        r.text("鉴权码")


def _login(r: Reader, version_2019: bool) -> None:
    if version_2019:
        r.text("鉴权码", r.number("鉴权码长度", 1))
        r.text("IMEI", 15)
        r.text("软件版本", 20)
    else:
        r.text("鉴权码")


def _position(r: Reader, version_2019: bool) -> None:
    r.read(POSITION)
    r.when("时间", 6, bcd_moment)
    while r.end - r.at >= 2:
        kind, size = r.take(2)
        extra = EXTRAS.get(kind)
        if extra is not None and extra.size == size:
            r.read(extra)
        else:
            r.raw(f"附加 0x{kind:02X}", size)


def _positions(r: Reader, version_2019: bool) -> None:
    count = r.number("数据项个数", 2)
    r.number("位置数据类型", 1, {0: "正常位置批量汇报", 1: "盲区补报"})
    for number in range(1, count + 1):
        with r.group(f"位置 {number}"):
            end = r.number("长度", 2) + r.at
            whole, r.end = r.end, min(end, r.end)
            _position(r, version_2019)
            r.end = whole


BODIES = {
    0x0001: lambda r, _: r.read(ANSWER),
    0x8001: lambda r, _: r.read(ANSWER),
    0x0100: _register,
    0x0102: _login,
    0x0200: _position,
    0x0704: _positions,
    0x8100: _registered,
}


def sure(frame: bytes) -> bool:
    """The marks, the length and the check say it."""
    return len(frame) >= 15


def summary(fields: list[Field]) -> str:
    """The message's name, its phone, and where it is."""
    found = {field.name: field.shown for field in fields}
    words = [found.get("消息ID", ""), found.get("终端手机号", "")]
    if "经度" in found:
        words += [f"{found['经度']}, {found.get('纬度', '')}", found.get("速度", "")]
    elif "应答ID" in found:
        words += ["应答", found["应答ID"], found.get("结果", "")]
    return " ".join(word for word in words if word)


def seal(body: bytes) -> bytes:
    """Append the check, escape, put the marks around."""
    return b"\x7e" + escape(body + bytes((xor8(body),)), ESCAPES) + b"\x7e"
