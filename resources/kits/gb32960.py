"""GB/T 32960.3-2016: electric vehicles report to a platform.

`##`, command, answer flag, 17 letters of VIN, encryption, length, data, and one byte that xors all
from the command on.
"""

from datetime import datetime

from portside.kit import Field, Layout, Reader, u8, u16, u32, xor8

NAME = "GB/T 32960"
EXAMPLES = [
    (
        "232301fe314731424c35325037545231313535323001001f0c0c1d0c13140001313233343536373839303132333435"
        "363738393001014398",
        "车辆登入",
    )
]
COMMANDS = {
    1: "车辆登入", 2: "实时信息上报", 3: "补发信息上报", 4: "车辆登出", 5: "平台登入",
    6: "平台登出", 7: "心跳", 8: "终端校时", 0x80: "查询命令", 0x81: "设置命令",
    0x82: "车载终端控制命令",
}  # fmt: skip
ANSWERS = {1: "成功", 2: "错误", 3: "VIN 重复", 0xFE: "命令"}
CIPHERS = {1: "不加密", 2: "RSA", 3: "AES128", 0xFE: "异常", 0xFF: "无效"}
HEAD_BYTES, LONGEST = 24, 24 + 65_531 + 1
HEAD = Layout(u8("命令", COMMANDS, base=16), u8("应答标志", ANSWERS, base=16))
VEHICLE = Layout(
    u8("车辆状态", {1: "启动", 2: "熄火", 3: "其他"}),
    u8("充电状态", {1: "停车充电", 2: "行驶充电", 3: "未充电", 4: "充电完成"}),
    u8("运行模式", {1: "纯电", 2: "混动", 3: "燃油"}),
    u16("车速", scale=0.1, unit="km/h"),
    u32("累计里程", scale=0.1, unit="km"),
    u16("总电压", scale=0.1, unit="V"),
    u16("总电流", scale=0.1, offset=-1000, unit="A"),
    u8("SOC", unit="%"),
    u8("DC/DC 状态", {1: "工作", 2: "断开"}),
    u8("挡位", base=16),
    u16("绝缘电阻", unit="kΩ"),
    u8("加速踏板", unit="%"),
    u8("制动踏板", unit="%"),
)
MOTOR = Layout(
    u8("序号"),
    u8("状态", {1: "耗电", 2: "发电", 3: "关闭", 4: "准备"}),
    u8("控制器温度", offset=-40, unit="°C"),
    u16("转速", offset=-20000, unit="r/min"),
    u16("转矩", scale=0.1, offset=-2000, unit="N·m"),
    u8("温度", offset=-40, unit="°C"),
    u16("控制器电压", scale=0.1, unit="V"),
    u16("控制器电流", scale=0.1, offset=-1000, unit="A"),
)
POSITION = Layout(u8("定位状态", base=16), u32("经度", scale=1e-6), u32("纬度", scale=1e-6))
ENGINE = Layout(
    u8("发动机状态", {1: "启动", 2: "关闭"}),
    u16("曲轴转速", unit="r/min"),
    u16("燃料消耗率", scale=0.01, unit="L/100km"),
)
EXTREMES = Layout(
    u8("最高电压子系统"),
    u8("最高电压单体"),
    u16("最高单体电压", scale=0.001, unit="V"),
    u8("最低电压子系统"),
    u8("最低电压单体"),
    u16("最低单体电压", scale=0.001, unit="V"),
    u8("最高温度子系统"),
    u8("最高温度探针"),
    u8("最高温度", offset=-40, unit="°C"),
    u8("最低温度子系统"),
    u8("最低温度探针"),
    u8("最低温度", offset=-40, unit="°C"),
)
ALARM = Layout(u8("最高报警等级"), u32("通用报警标志", base=16))


def split(data: bytes) -> int:
    """From `##`, as long as the head's last two bytes say."""
    start = data.find(b"##")
    if start:
        kept = 1 if start < 0 and data.endswith(b"#") else 0
        return -(start if start > 0 else len(data) - kept)
    if len(data) < HEAD_BYTES:
        return 0
    length = HEAD_BYTES + int.from_bytes(data[22:24], "big") + 1
    if length > LONGEST or data[2] not in COMMANDS:
        return -1
    return length if len(data) >= length else 0


def decode(frame: bytes) -> list[Field]:
    """Head, data unit, check."""
    r = Reader(frame, end=len(frame) - 1)
    r.mark(b"##")
    command, _ = r.read(HEAD)
    r.text("VIN", 17, "ascii")
    cipher = r.number("加密", 1, CIPHERS, base=16)
    length = r.number("数据长度", 2)
    if length != r.left:
        r.fields[-1] = r.fields[-1]._replace(want=str(r.left))
    if cipher != 1:
        r.rest("密文")
    elif r.left:
        _unit(r, command)
    r.rest("其余")
    r.end += 1
    r.check("BCC", bytes((xor8(frame[2:-1]),)))
    return r.fields


def _unit(r: Reader, command: int) -> None:
    if command in (0x80, 0x81, 0x82) or r.left < 6:
        return
    r.when("时间", 6, _moment)
    if command == 1 and r.left:
        r.number("流水号", 2)
        r.text("ICCID", 20, "ascii")
        count = r.number("可充电储能子系统数", 1)
        size = r.number("编码长度", 1)
        for number in range(1, count + 1 if size else 1):
            r.text(f"编码 {number}", size, "ascii")
    elif command in (2, 3):
        while r.left:
            kind = r.peek()[0]
            if kind not in REPORTS:
                return
            with r.group(REPORTS[kind][0], kind):
                r.take(1)
                REPORTS[kind][1](r)
    elif command in (4, 6) and r.left:
        r.number("流水号", 2)
    elif command == 5 and r.left:
        r.number("流水号", 2)
        r.text("用户名", 12, "ascii")
        r.text("密码", 20, "ascii")
        r.number("加密规则", 1, CIPHERS, base=16)


def _motors(r: Reader) -> None:
    for _ in range(r.number("个数", 1)):
        r.read(MOTOR)


def _fuel_cell(r: Reader) -> None:
    r.number("电压", 2, scale=0.1, unit="V")
    r.number("电流", 2, scale=0.1, unit="A")
    r.number("燃料消耗率", 2, scale=0.01, unit="kg/100km")
    for number in range(1, r.number("温度探针总数", 2) + 1):
        r.number(f"探针 {number}", 1, offset=-40, unit="°C")
    r.number("最高温度", 2, scale=0.1, offset=-40, unit="°C")
    r.number("最高温度探针", 1)
    r.number("最高氢浓度", 2, unit="mg/kg")
    r.number("最高氢浓度传感器", 1)
    r.number("最高压力", 2, scale=0.1, unit="MPa")
    r.number("最高压力传感器", 1)
    r.number("高压 DC/DC 状态", 1)


def _alarms(r: Reader) -> None:
    r.read(ALARM)
    for name in ("储能装置故障", "驱动电机故障", "发动机故障", "其他故障"):
        for number in range(1, r.number(f"{name}总数", 1) + 1):
            r.number(f"{name} {number}", 4, base=16)


REPORTS = {
    1: ("整车数据", lambda r: r.read(VEHICLE)),
    2: ("驱动电机数据", _motors),
    3: ("燃料电池数据", _fuel_cell),
    4: ("发动机数据", lambda r: r.read(ENGINE)),
    5: ("车辆位置数据", lambda r: r.read(POSITION)),
    6: ("极值数据", lambda r: r.read(EXTREMES)),
    7: ("报警数据", _alarms),
}


def _moment(data: bytes) -> datetime:
    return datetime(2000 + data[0], *data[1:])


def sure(frame: bytes) -> bool:
    """Marks, length and check say it."""
    return True


def summary(fields: list[Field]) -> str:
    """Command, VIN, then speed, charge and place if they are there."""
    found = {field.name: field.shown for field in fields}
    words = [f"{name} {found[name]}" for name in ("车速", "SOC", "经度", "纬度") if name in found]
    return " ".join([found.get("命令", ""), found.get("VIN", ""), *words])


def seal(body: bytes) -> bytes:
    """Put `##` before, the check behind: the body begins with the command."""
    return b"##" + body + bytes((xor8(body),))
