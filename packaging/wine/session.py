"""The window program at work: it serves clients from outside, and a person closes its window."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

from bundlelib.calls import Failure, call, end_group

from wine.box import Box

START_S = 40
CLOSE_S = 30
TALK_S = 20
PAINT_S = 1.0
GREETING = "你好 Portside".encode("gbk")
ANSWER = "交易正在处理"
# A window with text in many greys and colours; an empty screen has one, a bare window few.
LEAST_COLOURS = 200


class Session:
    """One run of the window program with an open port, on a screen of its own."""

    def __init__(self, box: Box, program: Path) -> None:
        self._box = box
        self._program = program
        self.port = _free_port()

    def __enter__(self) -> Session:
        """Start it, and return when the port is open. Raises Failure."""
        options = ("--listen", "--host", "127.0.0.1", "--port", str(self.port))
        reply = ("--encoding", "gbk", "--auto-reply", ANSWER, "--language", "zh_CN")
        self._process = self._box.start(self._program, *options, *reply)
        until = time.monotonic() + START_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                if time.monotonic() > until or self._process.poll() is not None:
                    end_group(self._process)
                    raise Failure("the window program opened no port") from None
                time.sleep(0.2)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it the hard way if it is still there; otherwise its group is Wine's desktop."""
        if self._process.poll() is None:
            end_group(self._process)

    def talk(self) -> None:
        """Be two clients: one that sends a Chinese character in two parts, one after it."""
        for cut in (1, 4):
            with socket.create_connection(("127.0.0.1", self.port), TALK_S) as client:
                client.sendall(GREETING[:cut])
                self._hear_answer(client)
                client.sendall(GREETING[cut:])
                self._hear_answer(client)

    def _hear_answer(self, client: socket.socket) -> None:
        wanted = ANSWER.encode("gbk")
        heard = b""
        while len(heard) < len(wanted) and (part := client.recv(len(wanted) - len(heard))):
            heard += part
        if heard != wanted:
            raise Failure(f"the client heard {heard!r}")

    def photograph(self, path: Path) -> str:
        """Write a picture of the screen to `path` and say how many colours it has."""
        environment = self._box.environment()
        command: list[str | Path] = ["import", "-window", "root", path]
        deadline = time.monotonic() + TALK_S
        while True:
            time.sleep(PAINT_S)
            call(command, deadline_s=30, environment=environment)
            said = call(["identify", "-format", "%k", path], deadline_s=30)
            if int(said) >= LEAST_COLOURS:
                return f"{said} colours, {path.name}"
            if time.monotonic() > deadline:
                raise Failure(f"the window is not drawn: {said} colours in {path}")

    def close_window(self) -> None:
        """Close its window as a person does; it must end with 0. Raises Failure."""
        # Without /F it sends WM_CLOSE to every window of the program.
        said = self._box.run("taskkill", "/IM", self._program.name, deadline_s=CLOSE_S).output
        try:
            code = self._process.wait(CLOSE_S)
        except subprocess.TimeoutExpired:
            raise Failure(f"closing its window did not end the program: {said}") from None
        if code != 0:
            raise Failure(f"the program ended with {code}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
