"""The figures' words in Chinese, for README.zh-CN.md."""

from __future__ import annotations

CHINESE = {
    # hold
    "clients held": "同时在线的客户端",
    "of those that came": "占全部来客的比例",
    "threads per client": "每个客户端的线程",
    "descriptors per client": "每个客户端的描述符",
    "connect rate, paced": "连接速率（按接受队列调节）",
    "memory per client": "每个客户端的内存",
    "window answers a ping meanwhile, p99": "其间窗口应答 ping，p99",
    "window answers a ping meanwhile, longest": "其间窗口应答 ping，最长",
    "the same, longest": "同上，最长",
    "the same, p99": "同上，p99",
    "processor while all are idle": "全部空闲时的处理器占用",
    "repaints a second while all are idle": "全部空闲时每秒重绘",
    "all leave at once: every row says offline after": "全部同时离开：每一行都显示离线",
    "threads and descriptors left then": "之后剩下的线程和描述符",
    "port closed under all of them after": "全部在线时关闭端口",
    # flood
    "1 client, 64 KiB chunks: recorded": "1 个客户端，64 KiB 一块：写入日志文件",
    "50 clients, 64 KiB chunks: recorded": "50 个客户端，64 KiB 一块：写入日志文件",
    "1 client, 1,024-byte chunks: recorded": "1 个客户端，1,024 字节一块：写入日志文件",
    "50 clients, 1,024-byte chunks: recorded": "50 个客户端，1,024 字节一块：写入日志文件",
    "400 clients, 1,024-byte chunks: recorded (bare: by us from 50)": (
        "400 个客户端，1,024 字节一块：写入日志文件（裸程序一栏：本程序，50 个客户端）"
    ),
    "1,500 clients, 1,024-byte chunks: recorded (bare: by us from 50)": (
        "1,500 个客户端，1,024 字节一块：写入日志文件（裸程序一栏：本程序，50 个客户端）"
    ),
    "4,000 clients, 1,024-byte chunks: recorded (bare: by us from 50)": (
        "4,000 个客户端，1,024 字节一块：写入日志文件（裸程序一栏：本程序，50 个客户端）"
    ),
    "16 KiB of one that is quiet else are received after": "平时安静的一个发来 16 KiB，多久收完",
    "the port closed under them, every worker gone": "在它们发送时停止，所有工作线程结束",
    "memory grows by": "内存增加",
    "clients with equal SHA-256 of sent and journal": "发送与日志文件的 SHA-256 相同的客户端",
    # chat
    "50 clients × 20/s, log following: processor": (
        "50 个客户端 × 每秒 20 条，数据日志跟随：处理器占用"
    ),
    "in class, 100 lanes, a student's program serves 50 × 20/s: processor": (
        "上课中，时间线上有 100 个线程，学生的程序为 50 × 20 条/s 服务：处理器"
    ),
    "from send to screen meanwhile, p50": "其间从发送到显示，p50",
    "from send to repaint (XDamage), one client alone, p50": (
        "只有一个客户端时从发送到重绘（XDamage），p50"
    ),
    "automatic reply (echo) in that chat: round trip, p50": (
        "同样的聊天加自动回复（回显）：往返，p50"
    ),
    "messages without an answer": "没有得到回复的消息",
    # send
    "1 KiB to 1,000 clients, 20 never read: all readers have it after": (
        "1 KiB 发给 1,000 个客户端，其中 20 个从不读：其余全部收到"
    ),
    "the same while another client floods": "同上，同时另一个客户端全速发送",
    "12 MiB to each of 10 that read 1 MiB/s: arrived whole": (
        "向 10 个每秒只读 1 MiB 的客户端各发 12 MiB：完整到达"
    ),
    "40 others' round trips (bare: the same ones without), p50": (
        "其间另外 40 个客户端的往返（裸程序一栏：没有发送时），p50"
    ),
    # own
    "a large journal: entries in it": "大日志文件：条目数",
    "opened, first rows painted": "打开到画出第一页",
    "scroll, page, drag, both ends: a frame, slowest kind, p99": (
        "滚动、翻页、拖动、到两端：一帧，最慢的一种，p99"
    ),
    "the same, longest of all": "同上，最长的一帧",
    "filter by client: first page, slowest kind": "按客户端筛选：第一页，最慢的一种",
    "find the next match, also split: per 1,000,000 entries, slowest kind": (
        "查找下一处（包括被拆开的）：每 1,000,000 条，最慢的一种"
    ),
    "memory, peak": "内存峰值",
    "start to the first complete picture (bare: a window with one label)": (
        "启动到第一次完整画面（裸程序一栏：只有一个标签的窗口）"
    ),
    "trace points while nobody looks: of a flooded chunk's time": (
        "没有人看时跟踪点的代价：占全速接收时一块的时间"
    ),
    "the same, of an answered chunk's time": "同上，占自动回复时一块的时间",
    "TLS, 1 client floods: recorded (bare: a threaded ssl server)": (
        "TLS，1 个客户端全速发送：记录（裸程序一栏：多线程 ssl 服务器）"
    ),
    "TLS handshakes": "TLS 握手",
    "UDP, 512 bytes: recorded (bare: a recvfrom loop)": (
        "UDP，512 字节：记录（裸程序一栏：recvfrom 循环）"
    ),
    "the same: dropped by the kernel, counted and told": "同上：内核丢弃的，已计数并提示",
    "forward, 64 KiB chunks, both sides recorded (bare: socat)": (
        "转发，64 KiB 的块，两侧都记录（裸程序一栏：socat）"
    ),
    "a forward adds to a round trip, p50": "转发给一次往返增加的时间，p50",
}
