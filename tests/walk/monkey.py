"""Somebody who clicks and types whatever comes, while clients talk; the same again for a seed."""

from __future__ import annotations

import json
import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.walk.test_lessons import LESSONS
from tests.walk.walker import Walker

KEYS = (
    "Esc", "Enter", "Tab", "Space", "Up", "Down", "Left", "Right", "PgUp", "PgDown", "Home", "End",
    "Del", "F2", "F3", "F6", "F7", "F8", "Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+Z", "Ctrl+F", "Ctrl+L",
)  # fmt: skip
RULES = json.dumps({
    "version": 1,
    "rules": [
        {"name": "ping", "match": "text", "pattern": "ping", "answers": ["pong {count}"]},
        {"name": "late", "match": "regex", "pattern": "(x+x+)+y", "answers": ["y"], "delay_ms": 5},
        {"name": "quiet", "when": "silence", "silence_ms": 200, "answers": ["?"]},
    ],
})  # fmt: skip
CHANGES: dict[str, tuple[object, ...]] = {
    "language": ("en", "zh_CN"),
    "theme": ("light", "dark"),
    "type_percent": (75, 100, 150, 250),
    "log_mode": ("text", "hex", "mixed"),
    "encoding": ("gbk", "utf-8", "utf-16-le"),
    "recv_size_bytes": (1, 1024, 65536),
    "reply_mode": ("off", "text", "hex", "echo", "rules"),
    "reply_rules": (RULES, ""),
    "kind": ("tcp", "tcp", "tcp", "tls", "udp", "forward"),  # from the next opening on
    "target": ("127.0.0.1:9", ""),
    "framing": ("none", "delimiter:0D0A", "fixed:7", "gap:20", "kit:modbus_rtu"),
    "single_threaded": (False, False, True),
    "clients_per_address": (0, 0, 10),
    "idle_limit_s": (0, 0, 1),
    "first_byte_limit_s": (0, 0, 1),
    "alpn": ("", "http/1.1"),
}
SIZES = ((0, 0), (1000, 640), (1280, 720), (1366, 700), (1600, 900), (640, 480))
SAYINGS = ("你好".encode("gbk"), "你好".encode(), b"\x00\x01\x02\xff", b"ping\r\n", b"x" * 8192)
CLIENTS = 50
AGAIN_AFTER = 25  # acts: so often it is looked at how the program is
WEIGHTS = {
    "click": 12, "menu": 2, "double": 1, "wheel": 2, "key": 5, "type": 3, "trigger": 5, "size": 1,
    "change": 2, "serve": 2, "old": 1, "experiment": 1, "lesson": 1, "drag": 1,
}  # fmt: skip


class Monkey:
    """Acts at random upon the program of a walker."""

    def __init__(self, walker: Walker, seed: int, home: Path) -> None:
        self._walker = walker
        self._random = random.Random(seed)
        self._home = home
        self._actions = [n for n in walker.ask("actions")["names"] if n != "quit"]
        self._process = psutil.Process(walker.child.process.pid)
        self.trail: list[str] = []  # what was done last
        self.health: list[dict[str, Any]] = []

    def play(self, duration_s: float) -> None:
        """Act for so long; the walker takes down what goes wrong."""
        end = time.monotonic() + duration_s
        with noise() as port:
            while time.monotonic() < end:
                for _ in range(AGAIN_AFTER):
                    self._act()
                port[0] = self._walker.ask("port")["port"]
                self._look()

    def _look(self) -> None:
        self._walker.hear("after " + ", ".join(self.trail[-AGAIN_AFTER:]))
        del self._walker.child.out[:-1]
        self.health.append({
            "acts": len(self.trail),
            "widgets": self._walker.ask("count_widgets")["count"],
            "threads": self._process.num_threads(),
            "descriptors": self._process.num_fds(),
            "rss": self._process.memory_info().rss // 2**20,
        })  # fmt: skip

    def _act(self) -> None:
        seen = self._walker.controls(enabled=True, in_sight=True)
        on_top = [s for s in seen if s["popup"]] or [s for s in seen if s["modal"]]
        act = self._random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        if on_top and act not in ("click", "double", "wheel", "type", "key"):
            act = "leave"
        getattr(self, f"_{act}")(self._targets(seen, on_top))

    def _targets(self, seen: list[Any], on_top: list[Any]) -> list[Any]:
        """What a click can reach: with something on top nothing else."""
        if on_top:
            x, y, width, height = on_top[-1]["at"]
            seen = [
                s for s in seen
                if x <= s["at"][0] < x + width and y <= s["at"][1] < y + height
            ]  # fmt: skip
        return [s for s in seen if s["kind"] != "QMenuBar"]  # its entries are triggered

    def _note(self, what: str) -> None:
        self.trail.append(what)

    def _place(self, targets: list[Any]) -> list[int]:
        controls = [s for s in targets if s["base"]]
        target = self._random.choice(
            controls if controls and self._random.random() < 0.7 else targets
        )
        self.trail[-1] += f" {target['kind']} {(target['text'] or target['spoken'])[:20]!r}"
        x, y, width, height = target["click"]
        if target["base"] and target["kind"] != "QMenu":
            return [x, y, width, height]
        return [
            x + self._random.randrange(max(width, 1)),
            y + self._random.randrange(max(height, 1)),
            1,
            1,
        ]

    def _click(self, targets: list[Any]) -> None:
        self._note("click")
        self._walker.hands.click(self._place(targets))

    def _menu(self, targets: list[Any]) -> None:
        self._note("right click")
        self._walker.hands.click(self._place(targets), 3)

    def _double(self, targets: list[Any]) -> None:
        self._note("double click")
        at = self._place(targets)
        self._walker.hands.click(at)
        self._walker.hands.click(at)

    def _wheel(self, targets: list[Any]) -> None:
        self._note("wheel")
        at, button = self._place(targets), self._random.choice((4, 5))
        for _ in range(5):
            self._walker.hands.click(at, button)

    def _drag(self, targets: list[Any]) -> None:
        self._note("drag")
        self._walker.hands.drag(self._place(targets), self._random.randint(-200, 200))

    def _key(self, _targets: list[Any]) -> None:
        self._note(self._random.choice(KEYS))
        self._walker.hands.press(self.trail[-1])

    def _leave(self, _targets: list[Any]) -> None:
        self._note("Esc")
        self._walker.hands.press("Esc")

    def _type(self, _targets: list[Any]) -> None:
        self._note(self._random.choice(("ab 12", "8080", "0 0 0", "x")))
        self._walker.hands.type(self.trail[-1])

    def _trigger(self, _targets: list[Any]) -> None:
        self._note(self._random.choice(self._actions))
        self._walker.ask("trigger", name=self.trail[-1])

    def _size(self, _targets: list[Any]) -> None:
        width, height = self._random.choice(SIZES)
        self._note(f"{width}x{height}")
        self._walker.ask("size", width=width, height=height)

    def _change(self, _targets: list[Any]) -> None:
        name = self._random.choice(list(CHANGES))
        value = self._random.choice(CHANGES[name])
        self._note(f"{name}={value}")
        self._walker.ask("change", **{name: value})

    def _serve(self, _targets: list[Any]) -> None:
        self._note("serve")
        self._walker.ask("change", host="127.0.0.1", port=0)
        self._walker.ask("serve")

    def _old(self, _targets: list[Any]) -> None:
        journals = sorted(self._home.rglob("*.db"))
        if journals:
            self._note("an old journal")
            self._walker.ask("show_old", path=str(self._random.choice(journals)))

    def _experiment(self, _targets: list[Any]) -> None:
        if self._walker.controls(kind="^ExperimentsPiece$"):
            name = self._random.choice(self._walker.ask("experiments")["ids"])
            self._note(f"experiment {name}")
            self._walker.ask("choose_experiment", name=name)
            self._walker.hands.press("F8")

    def _lesson(self, _targets: list[Any]) -> None:
        if self._walker.controls(kind="^LessonsPiece$"):
            self._note("a link")
            links = self._walker.ask("open_lesson", key=self._random.choice(LESSONS))["links"]
            found = self._walker.ask("find_link", position=self._random.choice(links)["position"])
            self._walker.hands.click(found["at"])


@contextmanager
def noise() -> Iterator[list[int]]:
    """Let clients talk, flood and reset until the block ends, at the port in the list."""
    port, over = [0], threading.Event()
    thread = threading.Thread(target=_make_noise, args=(port, over), name="noise")
    thread.start()
    try:
        yield port
    finally:
        over.set()
        thread.join()


def _make_noise(port: list[int], over: threading.Event) -> None:
    chance = random.Random(1)
    clients: dict[int, socket.socket] = {}
    while not over.wait(0.01):
        number = chance.randrange(CLIENTS)
        client = clients.get(number)
        try:
            if client is None:
                if port[0]:
                    clients[number] = socket.create_connection(("127.0.0.1", port[0]), 1)
                    clients[number].setblocking(False)
                continue
            _behave(client, chance)
        except BlockingIOError:
            pass
        except OSError:
            if client is not None:
                clients.pop(number).close()
    for client in clients.values():
        client.close()


def _behave(client: socket.socket, chance: random.Random) -> None:
    way = chance.random()
    if way < 0.03:  # RST
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise OSError
    if way < 0.05:
        client.shutdown(socket.SHUT_WR)
    for _ in range(64 if way > 0.95 else 1):
        client.send(chance.choice(SAYINGS))
    if way < 0.6 and not client.recv(65536):
        raise OSError
